"""From settings to the plain values of the rest."""

from datetime import UTC, datetime, timedelta

from syndicator.model import FeedSpec, Match, Publish, SiteRules, Source, SourceKind
from syndicator.settings import values


def test_a_short_source(good, check):
    read, _ = check(good)
    assert values.sources(read) == (
        Source(
            id="stzagora",
            kind=SourceKind.FEED,
            name={"": "Стара Загора днес"},
            url="https://example.bg/rss",
            path="",
            language="bg",
            publish=Publish.SUMMARY,
        ),
    )


def test_a_long_source(good, check, tmp_path):
    (tmp_path / "inbox").mkdir()
    longer = """\
    publish: full
    permission: {by: the editor, until: 2028-12-31}
    language: tr
    every: 6h
    settle: 10m
    backfill: 20
    full_text: false
    tags: [a, b]
    rules: {body: div, remove: [p, b], title: h1, date: time, author: i}
    match: {any: [x], all: [y], none: [z]}
    engines: [google]
    rights: {bg: Права, en: Rights}
"""
    text = good.replace("    publish: summary\n", longer).replace("kind: feed", "kind: inbox")
    read, problems = check(text.replace("url: https://example.bg/rss", "path: inbox"))
    assert problems == ()
    (source,) = values.sources(read)
    assert source == Source(
        id="stzagora",
        kind=SourceKind.INBOX,
        name={"": "Стара Загора днес"},
        url="",
        path=str(tmp_path / "inbox"),
        language="tr",
        publish=Publish.FULL,
        every=timedelta(hours=6),
        settle=timedelta(minutes=10),
        backfill=20,
        full_text=False,
        tags=("a", "b"),
        rules=SiteRules(body="div", title="h1", date="time", author="i", remove=("p", "b")),
        match=Match(any=("x",), all=("y",), none=("z",)),
        engines=("google",),
        rights={"bg": "Права", "en": "Rights"},
        has_permission=True,
        permitted_until=datetime(2028, 12, 31, 22, tzinfo=UTC),  # midnight in Sofia
    )


def test_a_feed_comes_in_the_source_language_and_the_targets(good, check):
    read, _ = check(good.replace("targets: [en, it]", "targets: [en, bg, it]"))
    expected = FeedSpec(id="all", title={"": "News"}, languages=("bg", "en", "it"), sources=())
    assert values.feeds(read) == (expected,)


def test_a_narrow_feed(good, check):
    narrow = (
        "title: News\n    languages: [it]\n    sources: [stzagora]\n    tags: [a]\n    match: {any: [x]}\n"
    )
    narrow += "    formats: [json]\n    limit: 5\n    description: {en: All}\n"
    read, _ = check(good.replace("    title: News\n", "    " + narrow))
    (feed,) = values.feeds(read)
    assert feed == FeedSpec(
        id="all",
        title={"": "News"},
        languages=("it",),
        sources=("stzagora",),
        tags=("a",),
        match=Match(any=("x",)),
        formats=("json",),
        limit=5,
        description={"en": "All"},
    )


def test_notices_of_the_config_come_first(good, check):
    given = (
        "  notices: {tlh: {line: 'mu {language}', mark: mu}, it: {line: '{language}!', mark: IA}}\n  engines:"
    )
    read, _ = check(good.replace("  engines:", given).replace("[en, it]", "[en, it, tlh]"))
    notices = values.notices(read)
    assert (notices["tlh"].line, notices["tlh"].mark) == ("mu {language}", "mu")
    assert notices["tlh"].original == notices["en"].original
    assert (notices["it"].mark, notices["it"].source) == ("IA", "Fonte:")
    assert notices["de"].line.startswith("Maschinelle")
