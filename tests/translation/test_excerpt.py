"""What may be published, and the summary of an article that brings none."""

import pytest

from syndicator.model import Article, Image, Publish
from syndicator.translation.excerpt import excerpt, publishable

ARTICLE = Article(
    title="Заглавие",
    summary="",
    body="<h2>Глава</h2><p>Първо изречение. Второ изречение.</p>",
    language="bg",
    url="",
    image=Image("https://a.bg/s.png"),
)


def test_full_text_stays_as_it_is() -> None:
    assert publishable(ARTICLE, Publish.FULL) is ARTICLE


def test_summary_only() -> None:
    kept = publishable(ARTICLE, Publish.SUMMARY)
    assert (kept.summary, kept.body) == ("Първо изречение. Второ изречение.", "")
    assert kept.image == ARTICLE.image


def test_title_only() -> None:
    kept = publishable(ARTICLE, Publish.TITLE)
    assert (kept.title, kept.summary, kept.body, kept.image) == ("Заглавие", "", "", None)


@pytest.mark.parametrize(
    ("body", "characters", "expected"),
    [
        ("<p>Едно. Две. Три.</p>", 10, "Едно. Две."),
        ("<p>Едно. Две. Три.</p>", 9, "Едно."),
        ("<p>Много дълго изречение. Друго.</p>", 5, "Много дълго изречение."),
        ("<p>Едно.</p><p>Две.</p>", 99, "Едно. Две."),
        ("", 99, ""),
        ("<figure><img src='https://a.bg/s.png' alt='x'></figure>", 99, ""),
    ],
)
def test_excerpt_holds_whole_sentences_that_fit(body: str, characters: int, expected: str) -> None:
    assert excerpt(body, characters) == expected
