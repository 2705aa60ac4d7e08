"""Section pages and sitemaps on a real site; pages that change after they were taken in."""

from datetime import timedelta

import pytest

from syndicator.model import SourceKind
from syndicator.steps.intake import take_in_source


class Paths:
    """Answers for single paths, before the site's own."""

    def __init__(self, website):
        self.website, self.own, self.answers = website, website.answer, {}
        website.answer = self.answer

    def answer(self, path):
        return self.answers.get(path) or self.own(path)

    def page(self, path, body):
        self.answers[path] = (200, "text/html; charset=utf-8", f"<html><body>{body}</body></html>")

    def xml(self, path, body):
        self.answers[path] = (200, "application/xml", body)


@pytest.fixture
def paths(website):
    return Paths(website)


def links(website, numbers, more=""):
    rows = (
        f"<li><h3><a href='/{n}'>Стопани от село номер {n} посрещнаха гости</a></h3></li>" for n in numbers
    )
    return f"<ul>{''.join(rows)}</ul>{more}"


def listing(line, **changes):
    return line.source("l", SourceKind.LISTING, url=f"{line.website.url}/news", **changes)


def sitemap(line, **changes):
    return line.source("m", SourceKind.SITEMAP, url=f"{line.website.url}/sitemap.xml", **changes)


def urlset(website, dated):
    rows = (
        f"<url><loc>{website.url}/{n}</loc>{f'<lastmod>{date}</lastmod>' if date else ''}</url>"
        for n, date in dated
    )
    return f"<urlset>{''.join(rows)}</urlset>"


def asked(website, path):
    return website.asked.count(path)


def test_the_pages_of_a_list_become_articles_and_only_new_ones_are_followed(line, website, paths):
    website.items = [line.item(n) for n in range(1, 6)]
    paths.page("/news", links(website, (3, 2, 1)))
    assert take_in_source(line.world, listing(line)).new == 3
    paths.page("/news", links(website, (4, 3, 2)))
    assert take_in_source(line.world, listing(line)).new == 1
    assert [asked(website, f"/{n}") for n in (1, 2, 3, 4)] == [1, 1, 1, 1]


def test_further_pages_are_read_while_they_bring_news_and_within_bounds(line, website, paths):
    website.items = [line.item(n) for n in range(1, 13)]
    for page in range(1, 5):
        more = f"<a rel=next href='/news?page={page + 1}'>Следваща</a>"
        path = "/news" if page == 1 else f"/news?page={page}"
        paths.page(path, links(website, range(page * 3 - 2, page * 3 + 1), more))
    assert take_in_source(line.world, listing(line)).new == 9
    assert asked(website, "/news?page=3") == 1
    assert asked(website, "/news?page=4") == 0
    paths.page(
        "/news", links(website, (1, 2, 3), "<!-- changed --><a rel=next href='/news?page=2'>Следваща</a>")
    )
    take_in_source(line.world, listing(line))
    assert asked(website, "/news?page=2") == 1


def test_paths_choose_what_is_followed(line, website, paths):
    website.items = [line.item(n) for n in (1, 2, 33)]
    paths.page("/news", links(website, (1, 2, 33)))
    assert take_in_source(line.world, listing(line, paths=("/?",))).new == 2
    paths.page("/news", links(website, (33, 2, 1)))
    assert "paths" in take_in_source(line.world, listing(line, paths=("/x/*",))).error


def test_a_linked_page_that_is_gone_stops_nothing(line, website, paths):
    website.items = [line.item(1), line.item(2)]
    paths.page("/news", links(website, (1, 2, 9)))
    intake = take_in_source(line.world, listing(line))
    assert (intake.new, intake.rejected, intake.error, intake.waiting) == (2, 1, "", ())


def test_a_page_without_a_list_is_a_failed_source(line, website, paths):
    paths.page("/news", "<h1>Начало</h1>")
    assert "rules: links" in take_in_source(line.world, listing(line)).error


def test_a_sitemap_is_followed_as_far_back_as_is_recent(line, website, paths):
    website.items = [line.item(n) for n in range(1, 5)]
    day = line.now.date()
    paths.xml("/sitemap.xml", urlset(website, [(1, day), (2, day - timedelta(days=3)), (3, "2019-01-01")]))
    assert take_in_source(line.world, sitemap(line)).new == 2
    assert asked(website, "/3") == 0
    website.items[1].title = "Поправено заглавие на новината"
    paths.xml("/sitemap.xml", urlset(website, [(1, day), (2, day - timedelta(days=1)), (4, day)]))
    intake = take_in_source(line.world, sitemap(line))
    assert (intake.new, intake.updated) == (1, 1)
    assert asked(website, "/1") == 1


def test_of_pages_without_dates_the_first_poll_takes_a_few(line, website, paths):
    website.items = [line.item(n) for n in range(1, 40)]
    paths.xml("/sitemap.xml", urlset(website, [(n, "") for n in range(1, 31)]))
    assert take_in_source(line.world, sitemap(line)).new == 20
    paths.xml("/sitemap.xml", urlset(website, [(n, "") for n in range(1, 33)]))
    assert take_in_source(line.world, sitemap(line)).new == 2


def test_an_index_leads_to_its_recent_sitemaps_only(line, website, paths):
    website.items = [line.item(1)]
    day, url = line.now.date(), website.url
    paths.xml(
        "/sitemap.xml",
        f"<sitemapindex><sitemap><loc>{url}/old.xml</loc><lastmod>2019-01-01</lastmod></sitemap>"
        f"<sitemap><loc>{url}/new.xml</loc><lastmod>{day}</lastmod></sitemap>"
        f"<sitemap><loc>{url}/gone.xml</loc><lastmod>{day}</lastmod></sitemap></sitemapindex>",
    )
    paths.xml("/new.xml", urlset(website, [(1, day)]))
    assert take_in_source(line.world, sitemap(line)).new == 1
    assert asked(website, "/old.xml") == 0


def test_a_sitemap_that_lists_itself_ends(line, website, paths):
    url = website.url
    rows = "".join(f"<sitemap><loc>{url}/s.xml?{n}</loc></sitemap>" for n in range(100))
    paths.answers.update(
        {f"/s.xml?{n}": (200, "application/xml", f"<sitemapindex>{rows}</sitemapindex>") for n in range(100)}
    )
    paths.xml(
        "/sitemap.xml", f"<sitemapindex>{rows}<sitemap><loc>{url}/sitemap.xml</loc></sitemap></sitemapindex>"
    )
    take_in_source(line.world, sitemap(line))
    assert len(website.asked) <= 22


def test_an_edit_of_a_page_behind_a_summary_arrives(line, website):
    website.items = [line.item(1, summary_only=True)]
    source = line.sources[0]
    assert take_in_source(line.world, source).new == 1
    line.now += timedelta(minutes=30)
    assert take_in_source(line.world, source).updated == 0
    assert asked(website, "/1") == 1  # not asked again so soon
    website.items[0].text = website.items[0].text + " Добавено е важно изречение за събитието."
    line.now += timedelta(days=3)
    # The feed tells nothing of the edit: its summary is the same.
    assert take_in_source(line.world, source).updated == 1
    line.now += timedelta(minutes=5)
    take_in_source(line.world, source)
    assert asked(website, "/1") == 2


def test_a_page_that_is_gone_twice_a_day_apart_is_noted(line, website):
    website.items = [line.item(1, summary_only=True)]
    source = line.sources[0]
    take_in_source(line.world, source)
    website.items[0].page_status = 410
    seen = []
    for hours in (72, 2, 30):
        line.now += timedelta(hours=hours)
        assert take_in_source(line.world, source).error == ""
        seen.append(gone(line))
    first, again = seen[-1]
    assert seen[0] == (first, None) == seen[1]
    assert again - first >= timedelta(days=1)
    website.items[0].page_status = 200
    line.now += timedelta(days=20)
    take_in_source(line.world, source)
    assert gone(line) == (None, None)


def gone(line):
    from sqlalchemy import select

    from syndicator.store.schema import source_pages

    with line.database.reading() as connection:
        return tuple(connection.execute(select(source_pages.c.gone_at, source_pages.c.gone_again_at)).one())
