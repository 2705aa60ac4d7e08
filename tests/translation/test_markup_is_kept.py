"""Whatever an engine makes of the words, a sentence is published to the letter and no link is lost."""

import re

import lxml.html
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.model import Article, Pair, Remembered
from syndicator.text.html import clean_html
from syndicator.translation.plan import Language, assemble, first_need, second_need

LANGUAGE = Language(Pair("bg", "en"))
WORDS = st.sampled_from("вино мед град село мост 2018 къща. река, хора! „дом“".split())
INLINE = ["b", "em", "sub", "sup", "a", "strong"]


def wrapped(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    parts = st.tuples(st.sampled_from(INLINE), st.lists(children, min_size=1, max_size=3), st.integers(0, 99))
    return parts.map(lambda drawn: _element(drawn[0], " ".join(drawn[1]), drawn[2]))


def _element(tag: str, inner: str, number: int) -> str:
    link = f' href="https://a.bg/{number}"' if tag == "a" else ""
    return f"<{tag}{link}>{inner}</{tag}>"


PARTS = st.recursive(WORDS, wrapped, max_leaves=6) | st.just("<br>")
TEXT = st.lists(PARTS, min_size=1, max_size=6).map(" ".join)
BLOCK = TEXT.flatmap(
    lambda text: st.sampled_from(
        [f"<p>{text}</p>", f"<ul><li>{text}</li></ul>", f"<table><tr><td>{text}</td></tr></table>"]
    )
)


def permuted(segment: str) -> str:
    """A translator that turns the words round and keeps nothing of the marks' order."""
    return " ".join(f"w{sum(map(ord, word)) % 97}" for word in reversed(segment.split())) + "."


def links(body: str) -> list[str]:
    root = lxml.html.fragment_fromstring(body, create_parent="div")
    return [str(link.get("href")) for link in root.iter("a") if str(link.text_content()).strip()]


def breaks(body: str) -> list[str]:
    root = lxml.html.fragment_fromstring(body, create_parent="div")
    return [str(element.tag) for element in root.iter() if element.tag in {"li", "td", "p", "br"}]


@settings(max_examples=150, deadline=None)
@given(st.lists(BLOCK, min_size=1, max_size=3).map("".join))
def test_no_link_is_lost_and_no_sentence_damaged(raw: str) -> None:
    body = clean_html(raw, "https://a.bg/")
    article = Article("Среща", "", body, "bg", "")
    need = first_need(article, LANGUAGE)
    known = {one: Remembered(permuted(one), "fake") for one in (*need.required, *need.helpful)}
    for probe in second_need(article, LANGUAGE, known).helpful:
        known[probe] = Remembered(permuted(probe), "fake")
    made = assemble(article, LANGUAGE, known).body
    assert set(links(made)) == set(links(body))
    plain = re.sub(r"\s", "", str(lxml.html.fragment_fromstring(made, create_parent="div").text_content()))
    for segment in need.required:
        assert segment == article.title or re.sub(r"\s", "", permuted(segment)) in plain
    assert breaks(made) == breaks(body)
