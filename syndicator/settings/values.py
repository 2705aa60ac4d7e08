"""Turn settings into the plain values that the rest of the program works with."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from syndicator.model import FeedSpec, Length, Match, Notice, PageWords, SiteRules, Source
from syndicator.settings.schema import FeedSettings, MatchSettings, RulesSettings, Settings, SourceSettings
from syndicator.text.notices import NOTICES, notice_for
from syndicator.text.page_words import WORDS, words_for


def sources(settings: Settings) -> tuple[Source, ...]:
    """Return every source, in the config's order, with the defaults of ``languages`` filled in."""
    return tuple(source_of(source, settings) for source in settings.sources)


def source_of(source: SourceSettings, settings: Settings) -> Source:
    """Return one source."""
    permission = source.permission
    until = permission.until if permission else None
    return Source(
        id=source.id,
        kind=source.kind,
        name=dict(source.name),
        url=source.url or "",
        path=str(source.path or ""),
        keep=source.keep,
        language=source.language or settings.languages.source,
        publish=source.publish,
        every=source.every,
        cron=source.cron or "",
        settle=source.settle,
        backfill=source.backfill,
        full_text=source.full_text,
        tags=source.tags,
        rules=rules_of(source.rules),
        pages=source.pages,
        paths=source.paths,
        recent=source.recent,
        match=match_of(source.match),
        max_age=source.max_age,
        min_length=source.min_length or Length(),
        accept=source.accept,
        priority=source.priority,
        on_gone=source.on_gone,
        engines=source.engines or (),
        confidential=source.confidential,
        rights=dict(source.rights or {}),
        has_permission=permission is not None,
        permitted_until=end_of(until, settings.site.timezone) if until else None,
        index_pages=source.index_pages,
    )


def end_of(day: date, timezone: str) -> datetime:
    """Return the first moment after a day at a place, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(timezone)).astimezone(UTC)


def rules_of(rules: RulesSettings | None) -> SiteRules:
    """Return the hints for a site."""
    if rules is None:
        return SiteRules()
    return SiteRules(
        body=rules.body or "",
        title=rules.title or "",
        date=rules.date or "",
        author=rules.author or "",
        remove=rules.remove,
        links=rules.links or "",
        next=rules.next or "",
    )


def match_of(match: MatchSettings | None) -> Match:
    """Return a keyword filter."""
    return Match(match.any, match.all, match.none, match.in_) if match else Match()


def feeds(settings: Settings) -> tuple[FeedSpec, ...]:
    """Return every feed, in the config's order; where it names no languages, the source's and the targets."""
    return tuple(feed_of(feed, settings) for feed in settings.feeds)


def feed_of(feed: FeedSettings, settings: Settings) -> FeedSpec:
    """Return one feed."""
    everywhere = dict.fromkeys((settings.languages.source, *settings.languages.targets))
    return FeedSpec(
        id=feed.id,
        title=dict(feed.title),
        languages=feed.languages or tuple(everywhere),
        sources=feed.sources or (),
        tags=feed.tags or (),
        match=match_of(feed.match),
        formats=tuple(map(str, feed.formats)),
        limit=feed.limit,
        description=dict(feed.description or {}),
        max_age=feed.max_age,
        min_length=feed.min_length or Length(),
        content=feed.content,
        combined=feed.combined,
        bilingual=feed.bilingual,
        # What is older than `max_age` is left out on purpose; a combined file has no places of its own.
        archives=(not feed.combined and feed.max_age is None) if feed.archives is None else feed.archives,
        private=feed.private,
    )


def notices(settings: Settings) -> Mapping[str, Notice]:
    """Return the words of every language that has any, those of the config first.

    What ``translation.notices`` leaves out is said as the program says it in that language, else in English.
    """
    given = {
        language: replace(notice_for(language), **notice.model_dump(exclude_none=True, exclude={"pages"}))
        for language, notice in settings.translation.notices.items()
    }
    return {**NOTICES, **given}


def page_words(settings: Settings) -> Mapping[str, PageWords]:
    """Return the words of the pages in every language that has any, those of the config first."""
    given = {
        language: replace(words_for(language), **notice.pages.model_dump(exclude_none=True))
        for language, notice in settings.translation.notices.items()
        if notice.pages is not None
    }
    return {**WORDS, **given}
