"""What only shows when several keys of a config are seen together.

Every check takes a :class:`Draft` and yields findings. A draft holds the parts that are right in themselves,
so that one wrong source does not hide what is wrong with a feed.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

from syndicator.model import Content, OnGone, Pair, Publish, SourceKind
from syndicator.settings.document import Document, Finding, Loc, Value
from syndicator.settings.scalars import Bucket
from syndicator.settings.schema import (
    DeepTranslatorSettings,
    EngineSettings,
    FeedSettings,
    FirefoxSettings,
    LanguagesSettings,
    PageWordsSettings,
    Provider,
    RouteSettings,
    SiteSettings,
    SourceSettings,
    StorageSettings,
    TargetSettings,
    TranslationSettings,
)
from syndicator.settings.wording import nearest, value_at
from syndicator.text.languages import is_cyrillic_language, primary_language
from syndicator.text.messages import tr
from syndicator.text.notices import has_notice
from syndicator.text.page_words import has_words
from syndicator.text.transliterate import has_cyrillic
from syndicator.translation.model_files import ModelNames, folder_of, names_in, needed_pairs, pair_of

NOTICE_OF_END = timedelta(days=30)  # before a permission ends


@dataclass(frozen=True, slots=True)
class Draft:
    """The parts of a config that are right in themselves, each of a list with its index."""

    document: Document  # for what stands in the file, right or wrong
    site: SiteSettings | None
    storage: StorageSettings | None
    languages: LanguagesSettings | None
    translation: TranslationSettings | None  # as far as it is right without its engines and routes
    sources: tuple[tuple[int, SourceSettings], ...]
    engines: tuple[tuple[int, EngineSettings], ...]
    routes: tuple[tuple[int, RouteSettings], ...]
    feeds: tuple[tuple[int, FeedSettings], ...]
    targets: tuple[tuple[str, int, TargetSettings], ...] = ()  # with the key and the index that they stand at


Check = Callable[[Draft], Iterator[Finding]]


def cross_check(draft: Draft, now: datetime) -> Iterator[Finding]:
    """Yield what is wrong, or worth telling, about the parts of a config as they stand together."""
    yield from chain.from_iterable(check(draft) for check in CHECKS)
    yield from ended_permissions(draft, now)


def items(draft: Draft, loc: Loc) -> tuple[Value, ...]:
    """Return the items of a list as they stand in the file."""
    found = value_at(draft.document.data, loc)
    return found if isinstance(found, tuple) else ()


def ids(draft: Draft, loc: Loc) -> list[str]:
    """Return the ids in a list as they stand in the file, of wrong items too."""
    found = [item.get("id") for item in items(draft, loc) if isinstance(item, dict)]
    return [each for each in found if isinstance(each, str)]


def shown_path(draft: Draft, loc: Loc, path: Path | None) -> str:
    """Return a path as a message may show it: whole, but for what a placeholder hides."""
    raw = draft.document.raws.get(loc, "")
    return raw if "${" in raw else str(path)


def duplicate_ids(draft: Draft) -> Iterator[Finding]:
    """An id names one thing."""
    for loc in (("sources",), ("translation", "engines"), ("feeds",)):
        first: dict[str, int] = {}
        for index, item in enumerate(items(draft, loc)):
            given = item.get("id") if isinstance(item, dict) else None
            if not isinstance(given, str):
                continue
            if given in first:
                line = draft.document.values[(*loc, first[given], "id")].line
                text = tr('"{id}" is taken (line {line}); give this one another id', id=given, line=line)
                yield Finding((*loc, index, "id"), text)
            first.setdefault(given, index)


def unknown_names(draft: Draft) -> Iterator[Finding]:
    """Feeds name sources, sources and routes name engines: each must exist."""
    sources, engines = ids(draft, ("sources",)), ids(draft, ("translation", "engines"))
    for index, feed in draft.feeds:
        yield from unknown(draft, ("feeds", index, "sources"), feed.sources, sources)
    for index, source in draft.sources:
        yield from unknown(draft, ("sources", index, "engines"), source.engines, engines)
    for index, route in draft.routes:
        yield from unknown(draft, ("translation", "routes", index, "engines"), route.engines, engines)


def unknown(draft: Draft, loc: Loc, names: Collection[str] | None, known: list[str]) -> Iterator[Finding]:
    """Yield a finding for each name that nothing has."""
    if any("${" in each for each in known):
        return  # what the placeholder stands for is nobody's business here
    for index, name in enumerate(names or ()):
        raw = draft.document.raws.get((*loc, index), "")
        if name in known or "${" in raw:
            continue
        near = nearest(name, known)
        if near:
            text = tr('nothing has the id "{name}"; did you mean {near}?', name=name, near=near)
        else:
            listed = ", ".join(known) or tr("none")
            text = tr('nothing has the id "{name}"; there are: {known}', name=name, known=listed)
        yield Finding((*loc, index), text)


def source_places(draft: Draft) -> Iterator[Finding]:
    """An inbox has a path, every other source an address."""
    for index, source in draft.sources:
        loc = ("sources", index)
        if source.kind is SourceKind.INBOX:
            yield from inbox_place(draft, loc, source)
            continue
        if source.path:
            text = tr("only an inbox has a path; a {kind} has `url:`", kind=source.kind)
            yield Finding((*loc, "path"), text, at_key=True)
        if not source.url:
            text = tr(
                "is missing; a {kind} needs its address: `url: https://example.bg/rss`", kind=source.kind
            )
            yield Finding((*loc, "url"), text)


def inbox_place(draft: Draft, loc: Loc, source: SourceSettings) -> Iterator[Finding]:
    """An inbox is a folder, and has no address."""
    path = shown_path(draft, (*loc, "path"), source.path)
    if source.url:
        yield Finding(
            (*loc, "url"), tr("an inbox has no address but a folder: `path: ../inbox`"), at_key=True
        )
    if not source.path:
        yield Finding((*loc, "path"), tr("is missing; an inbox needs its folder: `path: ../inbox`"))
    elif source.path.exists() and not source.path.is_dir():
        yield Finding((*loc, "path"), tr("{path} is a file; an inbox is a folder", path=path))
    elif not source.path.exists():
        text = tr("the folder {path} is not there; create it before the first cycle", path=path)
        yield Finding((*loc, "path"), text, warning=True)


def same_address_twice(draft: Draft) -> Iterator[Finding]:
    """Two sources with one address are mostly a slip of the copying hand."""
    first: dict[str, str] = {}
    for index, source in draft.sources:
        place = source.url or str(source.path or "")
        if place in first:
            text = tr('the source "{id}" reads the same place; delete one of the two', id=first[place])
            yield Finding(("sources", index, "url" if source.url else "path"), text, warning=True)
        elif place:
            first[place] = source.id


def schedules(draft: Draft) -> Iterator[Finding]:
    """A source is polled at intervals or by cron, not both."""
    for index, source in draft.sources:
        if source.cron and "every" in source.model_fields_set:
            yield Finding(("sources", index, "cron"), tr("`every` and `cron` exclude each other; delete one"))


def permissions(draft: Draft) -> Iterator[Finding]:
    """Full text wants a permission on record."""
    for index, source in draft.sources:
        if source.publish is Publish.FULL and not source.permission:
            text = tr(
                "full text is published without a `permission:`; "
                "add one such as {example}, or write `publish: summary`",
                example='permission: {by: "the editor", date: 2026-03-01}',
            )
            yield Finding(("sources", index, "publish"), text, warning=True)


def ended_permissions(draft: Draft, now: datetime) -> Iterator[Finding]:
    """A permission that has ended is worth telling at once."""
    today = today_at(draft.site, now)
    for index, source in draft.sources:
        until = source.permission.until if source.permission else None
        if until and until < today:
            text = tr("the permission ended on {until}; renew it, or write `publish: summary`", until=until)
            yield Finding(("sources", index, "permission", "until"), text, warning=True)
        elif until and until - today <= NOTICE_OF_END:
            text = tr(
                "the permission ends on {until}, and full text is withdrawn after that day; renew it",
                until=until,
            )
            yield Finding(("sources", index, "permission", "until"), text, warning=True)


def today_at(site: SiteSettings | None, now: datetime) -> date:
    """Return the day it is where the site is at home."""
    return now.astimezone(ZoneInfo(site.timezone if site else "UTC")).date()


def accepted_languages(draft: Draft) -> Iterator[Finding]:
    """What a source accepts is another language than its own, named once."""
    for index, source in draft.sources:
        own = source.language or (draft.languages.source if draft.languages else None)
        for position, language in enumerate(source.accept):
            loc = ("sources", index, "accept", position)
            if language == own:
                yield Finding(
                    loc, tr("{language} is the source's own language; delete it", language=language)
                )
            elif language in source.accept[:position]:
                yield Finding(loc, tr("{language} stands here twice; delete one", language=language))


def pages_of_inboxes(draft: Draft) -> Iterator[Finding]:
    """What an inbox holds has no page that could be gone."""
    for index, source in draft.sources:
        if source.kind is SourceKind.INBOX and source.on_gone is OnGone.WITHDRAW:
            text = tr("an inbox has no pages that could be gone; use `syndicator articles withdraw` instead")
            yield Finding(("sources", index, "on_gone"), text)


def shapes_of_feeds(draft: Draft) -> Iterator[Finding]:
    """A bilingual feed carries full texts, and `mul` is where combined feeds lie."""
    for index, feed in draft.feeds:
        if feed.bilingual and feed.content is Content.SUMMARY:
            text = tr("a feed of summaries cannot show the original; write `content: full`, or delete this")
            yield Finding(("feeds", index, "bilingual"), text)
        if feed.archives and feed.combined:
            text = tr(
                "a feed of several languages in one file has no archives; delete this, or add a feed "
                "without `combined`"
            )
            yield Finding(("feeds", index, "archives"), text)
        elif feed.archives and feed.max_age is not None:
            text = tr("`max_age` leaves out what archives would keep; delete one of the two")
            yield Finding(("feeds", index, "archives"), text)


def keys_of_other_kinds(draft: Draft) -> Iterator[Finding]:
    """What means something for listings and sitemaps only is not written at other sources."""
    lists = {SourceKind.LISTING, SourceKind.SITEMAP}
    meant = {"pages": {SourceKind.LISTING}, "paths": lists, "recent": {SourceKind.SITEMAP}}
    for index, source in draft.sources:
        loc = ("sources", index)
        for key, kinds in meant.items():
            if key in source.model_fields_set and source.kind not in kinds:
                text = tr(
                    "means something for {kinds} only; delete it, or write another kind",
                    kinds=", ".join(sorted(kinds)),
                )
                yield Finding((*loc, key), text, at_key=True)
        if source.rules and source.kind is not SourceKind.LISTING:
            for key in ("links", "next"):
                if getattr(source.rules, key):
                    text = tr(
                        "means something for {kinds} only; delete it, or write another kind", kinds="listing"
                    )
                    yield Finding((*loc, "rules", key), text, at_key=True)


def ignored_robots(draft: Draft) -> Iterator[Finding]:
    """Who ignores robots.txt must be allowed to; elsewhere it binds all the same."""
    if value_at(draft.document.data, ("fetch", "robots")) != "ignore":
        return
    for index, source in draft.sources:
        if source.kind is not SourceKind.INBOX and not source.permission:
            text = tr(
                "`fetch.robots: ignore` holds only where a source has a `permission:`; "
                "here robots.txt is obeyed all the same"
            )
            yield Finding(("sources", index), text, warning=True)


def provider_keys(draft: Draft) -> Iterator[Finding]:
    """Microsoft and Yandex want a key, the other providers take none; only Microsoft has regions."""
    for index, engine in draft.engines:
        if not isinstance(engine, DeepTranslatorSettings):
            continue
        loc = ("translation", "engines", index)
        keyed = engine.provider in (Provider.MICROSOFT, Provider.YANDEX)
        if keyed and engine.api_key is None:
            text = tr(
                "is missing; {provider} needs one: `api_key: {example}`",
                provider=engine.provider,
                example="${credential:NAME}",
            )
            yield Finding((*loc, "api_key"), text)
        elif not keyed and engine.api_key is not None:
            text = tr("{provider} takes no key; delete this", provider=engine.provider)
            yield Finding((*loc, "api_key"), text, at_key=True)
        if engine.region is not None and engine.provider is not Provider.MICROSOFT:
            text = tr("only microsoft has regions; delete this")
            yield Finding((*loc, "region"), text, at_key=True)
        if engine.provider is Provider.YANDEX and engine.url is None:
            text = tr("Yandex gives out no new keys for the version of its API that is used here")
            yield Finding((*loc, "provider"), text, warning=True)


def missing_models(draft: Draft) -> Iterator[Finding]:
    """A local engine needs its models; only a warning, for the command that adds them needs the config."""
    languages, translation = draft.languages, draft.translation
    if not languages or not translation:
        return
    spoken = dict.fromkeys(
        (languages.source, *(source.language for _, source in draft.sources if source.language))
    )
    for index, engine in draft.engines:
        if not isinstance(engine, FirefoxSettings):
            continue
        loc = ("translation", "engines", index, "models")
        shown = shown_path(draft, loc, engine.models)
        if engine.models.exists() and not engine.models.is_dir():
            yield Finding(loc, tr("{path} is a file; models need a folder", path=shown))
            continue
        present = models_in(engine.models)
        needed = needed_pairs(spoken, languages.targets, translation.pivot, present)
        lacking = [folder_of(pair) for pair in needed if pair not in present]
        if lacking:
            text = tr(
                "there is no model for {pairs} in {path}; add it: syndicator models add {command}",
                pairs=", ".join(lacking),
                path=shown,
                command=" ".join(lacking),
            )
            yield Finding(loc, text, warning=True)


def models_in(folder: Path) -> frozenset[Pair]:
    """Return the pairs that a folder of models holds all files of."""
    found = set()
    for each in folder.iterdir() if folder.is_dir() else ():
        pair = pair_of(each.name) if each.is_dir() else None
        if pair and isinstance(names_in(file.name for file in each.iterdir()), ModelNames):
            found.add(pair)
    return frozenset(found)


def same_hub_twice(draft: Draft) -> Iterator[Finding]:
    """A hub is told once."""
    hubs = items(draft, ("websub", "hubs"))
    for index, hub in enumerate(hubs):
        if hub in hubs[:index]:
            yield Finding(("websub", "hubs", index), tr("this hub stands here twice; delete one"))


def engines_needed(draft: Draft) -> Iterator[Finding]:
    """What is to be translated needs an engine."""
    languages = draft.languages
    if not languages or items(draft, ("translation", "engines")):
        return
    if any(target != languages.source for target in languages.targets):
        text = tr(
            "is missing; translating into {targets} needs one, such as {example}",
            targets=", ".join(languages.targets),
            example="- {id: google, kind: deep-translator, provider: google}",
        )
        yield Finding(("translation", "engines"), text)


def claims_of_locality(draft: Draft) -> Iterator[Finding]:
    """A public web service is not local, and a confidential text must not reach it by a wrong word."""
    for index, engine in draft.engines:
        if isinstance(engine, DeepTranslatorSettings) and engine.local and not engine.url:
            text = tr(
                "{provider} is a public web service, not local; write false, or give the `url:` of your own",
                provider=engine.provider,
            )
            yield Finding(("translation", "engines", index, "local"), text)


def confidential_sources(draft: Draft) -> Iterator[Finding]:
    """A confidential source needs an engine that keeps its text at home."""
    known = {engine.id: engine.local for _, engine in draft.engines}
    if len(known) != len(items(draft, ("translation", "engines"))):
        return  # some engine is wrong in itself, and might be the local one
    for index, source in draft.sources:
        allowed = source.engines or known
        if source.confidential and not any(known.get(each, True) for each in allowed):
            text = tr(
                "no engine that this source may use is declared `local: true`, "
                "so nothing of it could be translated; add such an engine, or write false"
            )
            yield Finding(("sources", index, "confidential"), text)


def targets(draft: Draft) -> Iterator[Finding]:
    """A target is listed once, and is not what the sources are written in."""
    if not draft.languages:
        return
    of_sources = {source.language or draft.languages.source for _, source in draft.sources}
    seen: set[str] = set()
    for index, target in enumerate(draft.languages.targets):
        loc = ("languages", "targets", index)
        if target in seen:
            yield Finding(loc, tr("{language} stands here twice; delete one", language=target))
        elif target == draft.languages.source and of_sources <= {target}:
            text = tr(
                "the sources are in {language} already, and their feeds need no translation; delete it",
                language=target,
            )
            yield Finding(loc, text, warning=True)
        seen.add(target)


def notices(draft: Draft) -> Iterator[Finding]:
    """Readers of every target must be told of the machine in their own language."""
    if not draft.languages or not draft.translation:
        return
    for index, target in enumerate(draft.languages.targets):
        if not has_notice(target) and not draft.translation.notices.keys() & {
            target,
            primary_language(target),
        }:
            text = tr(
                "no notice of machine translation is known in {language}; write one: {example}",
                language=target,
                example='translation: {notices: {%s: {line: "… {language}", mark: "…"}}}' % target,  # noqa: UP031
            )
            yield Finding(("languages", "targets", index), text)


def page_words(draft: Draft) -> Iterator[Finding]:
    """The words of the pages are English where the program knows none in a target."""
    if not draft.languages or not draft.translation:
        return
    for index, target in enumerate(draft.languages.targets):
        given = draft.translation.notices.get(target)
        pages = given.pages if given else None
        lacking = [word for word, text in (pages or PageWordsSettings()).model_dump().items() if text is None]
        if lacking and not has_words(target):
            text = tr(
                "the pages in {language} say in English: {words}; write them under {key}",
                language=target,
                words=", ".join(lacking),
                key=f"translation.notices.{target}.pages",
            )
            yield Finding(("languages", "targets", index), text, warning=True)


def feed_languages(draft: Draft) -> Iterator[Finding]:
    """A feed comes in languages that something is written in or translated into."""
    if not draft.languages or len(draft.sources) != len(items(draft, ("sources",))):
        return
    known = {
        draft.languages.source,
        *draft.languages.targets,
        *(source.language for _, source in draft.sources if source.language),
        *(language for _, source in draft.sources for language in source.accept),
    }
    for index, feed in draft.feeds:
        seen: set[str] = set()
        for position, language in enumerate(feed.languages or ()):
            loc = ("feeds", index, "languages", position)
            if language in seen:
                yield Finding(loc, tr("{language} stands here twice; delete one", language=language))
            elif language not in known:
                text = tr(
                    "nothing is translated into {language}; add it to languages.targets", language=language
                )
                yield Finding(loc, text)
            seen.add(language)


def repeated_formats(draft: Draft) -> Iterator[Finding]:
    """A feed comes in each format once."""
    for index, feed in draft.feeds:
        for position, kind in enumerate(feed.formats):
            if kind in feed.formats[:position]:
                text = tr("{format} stands here twice; delete one", format=kind)
                yield Finding(("feeds", index, "formats", position), text)


def titles(draft: Draft) -> Iterator[Finding]:
    """A title that a language lacks is taken from another one, which readers notice."""
    if not draft.languages:
        return
    everywhere = (draft.languages.source, *draft.languages.targets)
    if draft.site:
        yield from lacking_titles(("site", "title"), draft.site.title, everywhere)
    for index, feed in draft.feeds:
        yield from lacking_titles(("feeds", index, "title"), feed.title, feed.languages or everywhere)


def lacking_titles(loc: Loc, title: dict[str, str], languages: tuple[str, ...]) -> Iterator[Finding]:
    """Yield a warning for each language that a title is not given in."""
    plain = title.get("")
    if plain is not None:
        unreadable = [each for each in languages if has_cyrillic(plain) and not is_cyrillic_language(each)]
        if unreadable:
            text = tr(
                "this title is transliterated for {languages}; write one for each: {{bg: …, en: …}}",
                languages=", ".join(dict.fromkeys(unreadable)),
            )
            yield Finding(loc, text, warning=True)
        return
    lacking = [each for each in languages if not title.keys() & {each, primary_language(each)}]
    if lacking:
        text = tr(
            "there is no title in {languages}; that of another language is taken over, "
            "transliterated if need be",
            languages=", ".join(dict.fromkeys(lacking)),
        )
        yield Finding(loc, text, warning=True)


def routes(draft: Draft) -> Iterator[Finding]:
    """A route leads from one language to another, and stands there once."""
    seen: set[tuple[str, str]] = set()
    for index, route in draft.routes:
        loc = ("translation", "routes", index)
        if route.from_ == route.to:
            yield Finding((*loc, "to"), tr("a route leads into another language than it comes from"))
        elif (route.from_, route.to) in seen:
            text = tr(
                "a route from {first} to {second} stands here already", first=route.from_, second=route.to
            )
            yield Finding((*loc, "to"), text)
        seen.add((route.from_, route.to))


def files(draft: Draft) -> Iterator[Finding]:
    """Files of terms and of reviewed translations must be there."""
    if not draft.translation:
        return
    for key, paths in (("glossary", draft.translation.glossary), ("memory", draft.translation.memory)):
        for index, path in enumerate(paths):
            loc = ("translation", key, index)
            shown = shown_path(draft, loc, path)
            if path.is_dir():
                yield Finding(loc, tr("{path} is a folder; name the file in it", path=shown))
            elif not path.exists():
                text = tr("there is no file {path}; create it, or delete the line", path=shown)
                yield Finding(loc, text)
            elif path in paths[:index]:
                yield Finding(loc, tr("this file stands here twice; delete one"))


def exposed_state(draft: Draft) -> Iterator[Finding]:
    """What is not for the public does not lie in the public folder."""
    if not draft.storage:
        return
    feeds = draft.storage.feeds
    if isinstance(feeds, Bucket):
        return
    shown = shown_path(draft, ("storage", "feeds"), feeds)
    if feeds.exists() and not feeds.is_dir():
        yield Finding(("storage", "feeds"), tr("{path} is a file; feeds need a folder", path=shown))
    database = Path(draft.storage.database.removeprefix("sqlite:///"))
    if database.is_relative_to(feeds):
        text = tr("the database lies in the published folder {path}; put it elsewhere", path=shown)
        yield Finding(("storage", "database"), text)
    if database.is_dir():
        text = tr(
            "{path} is a folder; name a file in it", path=shown_path(draft, ("storage", "database"), database)
        )
        yield Finding(("storage", "database"), text)
    page = draft.storage.status_page
    if page and page.is_relative_to(feeds):
        text = tr("the status page lies in the published folder {path}; put it elsewhere", path=shown)
        yield Finding(("storage", "status_page"), text)
    elif page and page.is_dir():
        shown_page = shown_path(draft, ("storage", "status_page"), page)
        yield Finding(
            ("storage", "status_page"), tr("{path} is a folder; name a file in it", path=shown_page)
        )
    for index, source in draft.sources:
        if source.path and source.path.is_relative_to(feeds):
            text = tr("the inbox lies in the published folder {path}; put it elsewhere", path=shown)
            yield Finding(("sources", index, "path"), text)


def bucket(draft: Draft) -> Iterator[Finding]:
    """What concerns a store stands beside a place in one, and what needs a folder does not."""
    if not draft.storage:
        return
    is_bucket = isinstance(draft.storage.feeds, Bucket)
    s3 = draft.storage.s3
    if s3 is not None and not is_bucket:
        yield Finding(("storage", "s3"), tr("storage.feeds is a folder, so this has no use; delete it"))
    if s3 is not None and (s3.access_key_id is None) != (s3.secret_access_key is None):
        text = tr("a key has two parts: write access_key_id and secret_access_key, or neither of them")
        yield Finding(("storage", "s3"), text)
    if is_bucket and value_at(draft.document.data, ("serve",)) is not None:
        text = tr(
            "the built-in server shows a folder, not {place}; delete this, and let the store's own web"
            " address or a CDN show it",
            place=draft.storage.feeds,
        )
        yield Finding(("serve",), text)


def emptiness(draft: Draft) -> Iterator[Finding]:
    """A config can be right and yet do nothing."""
    if not items(draft, ("sources",)):
        yield Finding(("sources",), tr("no source is named, so nothing will come in"), warning=True)
    if not items(draft, ("feeds",)):
        text = tr(
            "no feed is named, so nothing will be published; add {example}",
            example="- {id: all, title: News}",
        )
        yield Finding(("feeds",), text, warning=True)
    if draft.site and not draft.site.contact:
        text = tr("no contact is named, so nobody can ask before blocking; add `contact: ops@example.eu`")
        yield Finding(("site", "contact"), text, warning=True)


def unreachable_tree(draft: Draft) -> Iterator[Finding]:
    """A base address that only this machine can reach helps no reader."""
    if draft.site and re.match(r"https?://(?:localhost|127\.|\[::1\])", draft.site.base_url):
        text = tr("only this machine can reach this address; readers' programs will not follow it")
        yield Finding(("site", "base_url"), text, warning=True)


CHECKS: tuple[Check, ...] = (
    duplicate_ids,
    unknown_names,
    source_places,
    same_address_twice,
    schedules,
    permissions,
    accepted_languages,
    pages_of_inboxes,
    shapes_of_feeds,
    keys_of_other_kinds,
    ignored_robots,
    missing_models,
    provider_keys,
    same_hub_twice,
    engines_needed,
    claims_of_locality,
    confidential_sources,
    targets,
    notices,
    page_words,
    feed_languages,
    repeated_formats,
    titles,
    routes,
    files,
    exposed_state,
    bucket,
    emptiness,
    unreachable_tree,
)
