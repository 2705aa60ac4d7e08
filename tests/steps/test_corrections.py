"""Corrections and withdrawals, in every format and on the page."""

import re

import pytest
from lxml import etree

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def line(line, website):
    website.items = [line.item(1)]
    line.cycle()
    return line


def contents(line, language):
    """Return the entry's content in each format, and its page."""
    (entry,) = line.entries(language)
    rss = etree.fromstring(line.tree.read(f"{language}/all.rss"))
    atom = etree.fromstring(line.tree.read(f"{language}/all.atom"))
    page = line.tree.read(entry["url"].removeprefix("https://e.example/")).decode()
    ids = {entry["id"], rss.findtext(".//guid"), atom.findtext(f"{ATOM}entry/{ATOM}id")}
    assert len(ids) == 1
    told = [entry["content_html"], rss.findtext(f".//{CONTENT}"), atom.findtext(f".//{ATOM}content")]
    return ids.pop(), told, page


def test_a_correction_says_so_in_the_reader_s_language(line, website):
    before = {language: contents(line, language) for language in ("bg", "en")}
    assert "Corrected" not in "".join(before["en"][1])
    website.items[0].text = website.items[0].text.replace("новина", "поправена новина")
    line.cycle(1)
    for language, words in (("bg", "Поправено: 24 ноември 2026"), ("en", "Corrected: November 24, 2026")):
        entry_id, told, page = contents(line, language)
        assert entry_id == before[language][0]
        for content in told:
            assert words in content
        assert words in re.sub("<[^>]*>", "", page)
    assert line.entries("en")[0]["_syndicator"]["corrected"].startswith("2026-11-24T")
    after = line.files()
    line.cycle(1)
    assert line.files() == after


def test_a_withdrawal_says_so_and_nothing_else(line, website):
    website.items[0].text = website.items[0].text.replace("новина", "поправена новина")
    line.cycle(1)
    before = {language: contents(line, language)[0] for language in ("bg", "en")}
    line.withdraw(line.titles()[0])
    line.cycle(1)
    for language, words in (("bg", "Тази статия беше оттеглена"), ("en", "This article was withdrawn")):
        entry_id, told, page = contents(line, language)
        assert entry_id == before[language]
        for content in told:
            assert re.fullmatch(rf"<p>{words}[^<]*</p>", content)
        assert words in page
        assert "Corrected" not in page
