"""Pages in the manner of Bulgarian content management systems, each a file with its article beside it.

What is expected is a title, an empty line, and the text. Words read are compared with words wanted: F1 of the
bags of words. Where a page is not clean without site rules, ``NAME.rules.yaml`` holds such as make it so.
"""

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from ruamel.yaml import YAML

from syndicator.errors import SourceError
from syndicator.extract.page import read_page
from syndicator.model import FetchedDocument, SiteRules, Validators
from syndicator.text.html import plain_text

CORPUS = Path(__file__).parent / "corpus"
NAMES = sorted(path.stem for path in CORPUS.glob("*.html"))
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SOFIA = ZoneInfo("Europe/Sofia")
FLOOR = 0.98  # of the mean
LOWEST = 0.85  # of a single page


def words(text: str) -> Counter[str]:
    """Return the words of a text and how often each stands there."""
    return Counter(re.findall(r"\w+", text.casefold()))


def f1(found: Counter[str], wanted: Counter[str]) -> float:
    """Return the harmonic mean of precision and recall of words."""
    common = sum((found & wanted).values())
    return 2 * common / (found.total() + wanted.total()) if common else 0.0


def rules_of(name: str) -> SiteRules:
    """Return the site rules beside a page."""
    told = YAML(typ="safe").load(CORPUS / f"{name}.rules.yaml")
    return SiteRules(
        title=told.get("title", ""), body=told.get("body", ""), remove=tuple(told.get("remove", ()))
    )


def found(name: str, rules: SiteRules = SiteRules()) -> tuple[str, str]:  # noqa: B008
    """Return the title and text that are read on a page, ``""`` where no article is found."""
    body = (CORPUS / f"{name}.html").read_bytes()
    url = f"https://vesti.example/{name}"
    document = FetchedDocument(url, url, 200, body, "text/html", Validators("", ""), NOW)
    try:
        article = read_page(document, rules, "bg", NOW, SOFIA)
    except SourceError:
        return "", ""
    return article.title, plain_text(article.body)


def expected(name: str) -> tuple[str, str]:
    """Return the title and text of the article on a page, as its author wrote them."""
    title, _, text = (CORPUS / f"{name}.expected.txt").read_text("utf-8").partition("\n\n")
    return title, text


def scores() -> dict[str, float]:
    """Return each page's F1 without rules."""
    return {name: f1(words(found(name)[1]), words(expected(name)[1])) for name in NAMES}


def squeezed(text: str) -> str:
    """Return a text with each run of white space as one blank."""
    return " ".join(text.split())


def test_articles_come_out_of_the_corpus_without_rules() -> None:
    measured = scores()

    assert len(measured) >= 60
    assert {name: score for name, score in measured.items() if score < LOWEST} == {}
    assert sum(measured.values()) / len(measured) >= FLOOR


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_clean_at_least_with_its_rules(name: str) -> None:
    has_rules = (CORPUS / f"{name}.rules.yaml").exists()

    title, text = found(name, rules_of(name)) if has_rules else found(name)

    assert title == expected(name)[0]
    assert squeezed(text) == squeezed(expected(name)[1])
