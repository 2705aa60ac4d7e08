import pytest

from syndicator.formats.content import EXCERPT_LENGTH, content_html, headline, summary_text
from syndicator.formats.paths import feed_path
from syndicator.model import Mark


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>аг<b>ро</b>ном</p><p>втори</p>", "агроном втори"),
        ("<ul><li>едно</li><li>две</li></ul>", "едно две"),
        ("<p>ред<br>нов ред</p>", "ред нов ред"),
        ("<!-- нищо -->", "Fonte: Stara Zagora dnes"),
        ("", "Fonte: Stara Zagora dnes"),
    ],
)
def test_the_beginning_of_the_text_stands_in_for_a_summary(make_entry, body, expected):
    assert summary_text(make_entry(mark=Mark.ORIGINAL, summary="", body=body)) == expected


def test_a_long_text_is_cut_between_words(make_entry):
    summary = summary_text(make_entry(mark=Mark.ORIGINAL, summary="", body="<p>" + "дума, " * 200 + "</p>"))
    assert len(summary) <= EXCERPT_LENGTH + 1
    assert summary.endswith("дума…")


@pytest.mark.parametrize(("mark", "head"), [(Mark.MACHINE, "[Traduzione automatica] "),
                                            (Mark.REVIEWED, "[Traduzione rivista] "),
                                            (Mark.ORIGINAL, "Si è")])  # fmt: skip
def test_the_mark_heads_the_summary(make_entry, mark, head):
    assert summary_text(make_entry(mark=mark)).startswith(head)


def test_a_source_that_permits_a_summary_or_a_title_only_still_gives_content(make_entry):
    summary_only = content_html(make_entry(body="", summary="a < b"))
    assert summary_only.endswith("<p>a &lt; b</p>")
    title_only = content_html(make_entry(body="", summary=""))
    assert title_only.startswith("<p><em>Traduzione automatica")
    assert title_only.endswith("</em></p>")


def test_a_missing_title_is_taken_from_the_text(make_entry):
    assert headline(make_entry(title="")) == "Si è tenuto a Mantova un incontro internazionale."
    assert headline(make_entry(title="", summary="", body="")) == "Stara Zagora dnes"


def test_the_notice_is_told_in_english_where_a_language_has_none(make_entry):
    assert content_html(make_entry(language="ja")).startswith("<p><em>Machine-translated from Bulgarian.")


def test_paths_are_those_of_the_contract():
    assert feed_path("all", "en", "rss") == "en/all.rss"
