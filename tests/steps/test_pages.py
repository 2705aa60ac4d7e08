"""The articles' pages: what readers find there, and that nothing is touched that did not change."""

import json
import posixpath
import re
from dataclasses import replace
from urllib.parse import unquote

import pytest
from lxml import html

from syndicator.model import Publish


def pages(line, language="en"):
    return [path for path in line.tree.paths() if re.fullmatch(rf"{language}/articles/\w+\.html", path)]


def page(line, path):
    return html.document_fromstring(line.tree.read(path).decode())


@pytest.fixture
def published(line, website):
    website.items = [line.item(1), line.item(2)]
    line.cycle()
    return line


def test_an_entry_leads_to_its_page_in_the_reader_s_language(published):
    for language in ("bg", "en"):
        for entry in published.entries(language):
            path = entry["url"].removeprefix("https://e.example/")
            assert path in pages(published, language)
            found = page(published, path)
            assert found.get("lang") == language
            assert found.findtext(".//h1") == entry["title"]
            source = found.xpath("//article/header/p[1]/a/@href")
            assert source == [entry["external_url"]], "the source comes first"


def test_a_translation_says_so_to_people_and_machines(published):
    found = page(published, pages(published)[0])
    assert "Machine-translated from Bulgarian" in found.xpath("string(//p[@class='notice'])")
    told = json.loads(found.xpath("string(//script[@type='application/ld+json'])"))
    assert told["@type"] == "NewsArticle"
    assert told["inLanguage"] == "en"
    assert told["translationOfWork"]["inLanguage"] == "bg"
    assert told["translator"][0]["name"] == "tongue"
    assert told["digitalSourceType"].endswith("trainedAlgorithmicMedia")
    assert found.xpath("//meta[@name='robots']/@content") == ["noindex"]
    languages = found.xpath("//link[@rel='alternate'][@hreflang]/@hreflang")
    assert languages == ["bg", "en", "x-default"]
    assert not re.search("[а-яА-Я]", html.tostring(found, encoding="unicode"))


def test_the_original_stands_beside_its_translation_paragraph_by_paragraph(published):
    found = page(published, pages(published)[0].replace(".html", ".side.html"))
    rows = found.xpath("//div[@class='pair']")
    assert rows
    assert all(len(row) == 2 and row[1].get("lang") == "bg" for row in rows)
    assert all(row[0].text_content().strip() and row[1].text_content().strip() for row in rows)


def test_all_links_within_the_tree_lead_somewhere(published):
    paths = set(published.tree.paths())
    for path in (path for path in paths if path.endswith(".html")):
        for address in page(published, path).xpath("//@href | //@src"):
            within = address.removeprefix("https://e.example/")
            if address.startswith("https://e.example/"):
                assert within in {*paths, ""}, (path, address)
            elif not re.match(r"[a-z]+:|#", address):
                target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(address)))
                assert target in paths, (path, address)


def test_an_edit_touches_the_pages_of_its_article_and_the_lists_only(published, website):
    before = published.files()
    published.cycle(1)
    assert published.files() == before
    website.items[0].text = website.items[0].text.replace("новина", "голяма новина")
    published.cycle(1)
    after = published.files()
    touched = {path for path in after if before.get(path) != after[path] and "/articles/" in path}
    assert {path.split("/")[0] for path in touched} == {"bg", "en"}
    assert len({re.sub(r"\..*", "", path.split("/")[-1]) for path in touched}) == 1
    edited = page(published, next(path for path in touched if re.fullmatch(r"en/articles/\w+\.html", path)))
    assert "Corrected:" in edited.xpath("string(//p[@class='byline'])")


def test_a_withdrawn_article_keeps_its_page_with_a_notice(published):
    title = published.titles("bg")[0]
    kept = pages(published)
    published.withdraw(title)
    published.cycle(1)
    assert pages(published) == kept
    url = published.entries("en")[0]["url"].removeprefix("https://e.example/")
    text = page(published, url).text_content()
    assert "This article was withdrawn by its publisher." in text
    assert published.tree.read(url) == published.tree.read(url.replace(".html", ".side.html"))


def test_an_erased_article_s_pages_are_gone(published):
    published.erase(published.titles("bg")[0])
    published.website.items.pop()
    published.cycle(1)
    assert [len(pages(published, language)) for language in ("bg", "en")] == [1, 1]


def test_no_more_is_shown_than_the_source_permits(published):
    published.sources = [replace(published.sources[0], publish=Publish.TITLE)]
    published.cycle(1)
    for path in pages(published):
        found = page(published, path)
        assert not found.xpath("//div[@class='text']/*")
        assert "The full text is at the source." in found.text_content()


def test_a_tree_that_was_cleared_is_written_anew(published):
    before = published.files()
    for path in published.tree.paths():
        if not path.endswith((".rss", ".atom", ".json")):
            published.tree.remove(path)
    published.cycle(1)
    assert published.files().keys() == before.keys()
    assert all(published.files()[path][0] == data for path, (data, _) in before.items() if "articles" in path)
