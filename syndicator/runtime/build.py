"""From settings to the parts that do the work."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import structlog

from syndicator import __version__
from syndicator.errors import DataFileError
from syndicator.fetch.inbox import LocalInbox
from syndicator.model import FeedSpec, Pair, Site, Source, TranslationState
from syndicator.ports import Engine, Failure, Translated, Translator, nobody
from syndicator.runtime.glossary_files import GlossaryFile, read_or_kept
from syndicator.runtime.reviewed import follow_reviews
from syndicator.settings import values
from syndicator.settings.schema import (
    DeepLSettings,
    DeepTranslatorSettings,
    EngineSettings,
    FirefoxSettings,
    LibreTranslateSettings,
    OpenAISettings,
    Provider,
    Robots,
    Settings,
)
from syndicator.steps.translating import Policy
from syndicator.store.database import Database
from syndicator.store.store import SqlHosts, SqlLedger, SqlMemory, SqlStore
from syndicator.text.messages import tr
from syndicator.translation.glossary import Glossary, merged
from syndicator.translation.tmx import stream_tmx

if TYPE_CHECKING:
    from syndicator.engines.chain import Chain
    from syndicator.fetch.pictures import HttpPictures
    from syndicator.fetch.polite import PoliteFetcher

log = structlog.get_logger(__name__)


@dataclass
class Workshop:
    """Everything that a command works with, built from one config.

    Parts that cost are built when asked for.
    """

    settings: Settings
    now: datetime
    database: Database
    problems: list[str] = field(default_factory=list)  # of memory files: told, but no reason to stop
    beat: Callable[[], None] = lambda: None  # called whenever the work has gone on a little

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The configured sources."""
        return values.sources(self.settings)

    @cached_property
    def feeds(self) -> tuple[FeedSpec, ...]:
        """The configured feeds."""
        return values.feeds(self.settings)

    @cached_property
    def site(self) -> Site:
        """What every feed says of its publisher."""
        site = self.settings.site
        return Site(
            title=dict(site.title),
            base_url=site.base_url,
            contact=site.contact or "",
            funding=dict(site.funding.text) if site.funding else {},
            funding_image=(site.funding.image or "") if site.funding else "",
            index_pages=site.index_pages,
            hubs=self.settings.websub.hubs if self.settings.websub else (),
        )

    @cached_property
    def timezone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.settings.site.timezone)

    @cached_property
    def host(self) -> str:
        """The host of the published tree."""
        return urlsplit(self.site.base_url).hostname or "localhost"

    @cached_property
    def store(self) -> SqlStore:
        """Articles, sources and feeds."""
        return SqlStore(self.database)

    @cached_property
    def memory(self) -> SqlMemory:
        """The translation memory."""
        return SqlMemory(self.database, self.policy.fingerprint, self.now)

    @cached_property
    def glossary(self) -> Glossary:
        """All glossary files as one; of one with mistakes, the last content that had none."""
        return merged([one.glossary for one in self.glossary_files if one.glossary is not None])

    @property
    def glossary_mistakes(self) -> list[str]:
        """What is wrong with the glossary files, each with its line, and what is in force instead."""
        return [one.told for one in self.glossary_files if one.told]

    @cached_property
    def glossary_files(self) -> tuple[GlossaryFile, ...]:
        """The configured glossary files as they count now."""
        return tuple(
            read_or_kept(path, self.database, self.now) for path in self.settings.translation.glossary
        )

    @cached_property
    def policy(self) -> Policy:
        """What the operator decided about translating."""
        translation = self.settings.translation
        told = [
            engine.model_dump(mode="json", include={"id", "kind", "provider", "url", "model"})
            for engine in translation.engines
        ]
        fingerprint = hashlib.sha256(repr((told, self.glossary.fingerprint)).encode()).hexdigest()
        return Policy(
            glossary=self.glossary,
            fingerprint=fingerprint,
            publish_doubtful=translation.on_suspect == "publish",
            local_engines=frozenset(engine.id for engine in translation.engines if engine.local),
            free={engine.kind for engine in translation.engines} == {"firefox"},
        )

    @contextmanager
    def pictures(self) -> "Iterator[HttpPictures | None]":
        """Give what gets articles' pictures; None where they stay at their sites."""
        images = self.settings.images
        if not images.mirror:
            yield None
            return
        from syndicator.fetch.pictures import HttpPictures

        with self.fetcher(images.max_bytes) as fetcher:
            yield HttpPictures(fetcher, images.max_width, self.beat)

    def fetcher(self, max_bytes: int = 0) -> "PoliteFetcher":
        """Return a client for sources that keeps to what sites say; close it after use.

        ``max_bytes``: of one answer; 0: as ``fetch.max_bytes`` says.
        """
        from syndicator.fetch.client import HttpFetcher
        from syndicator.fetch.polite import PoliteFetcher

        fetch = self.settings.fetch
        given = (urlsplit(source.url).port for source in self.sources if source.url)
        inner = HttpFetcher(
            user_agent=user_agent(self.settings),
            timeout=fetch.timeout,
            max_bytes=max_bytes or fetch.max_bytes,
            allow_private=fetch.allow_private,
            per_host_concurrency=fetch.per_host.concurrency,
            per_host_delay=fetch.per_host.delay,
            ports=frozenset(fetch.ports) | frozenset(port for port in given if port),
        )
        obey = fetch.robots is Robots.OBEY
        return PoliteFetcher(inner, SqlHosts(self.database), lambda: datetime.now(UTC), obey=obey)

    def inbox(self) -> LocalInbox:
        """Return the reader of inbox folders."""
        return LocalInbox(self.settings.fetch.max_bytes)

    def translator(self, chain: "Chain") -> Translator:
        """Return what translates: the chain; nothing at all without a glossary that is free of mistakes."""
        unusable = [one.told for one in self.glossary_files if one.glossary is None]
        return Withheld("; ".join(unusable)) if unusable else chain

    def terms(self, pair: Pair, segments: Collection[str]) -> dict[str, tuple[tuple[str, str], ...]]:
        """Return the glossary's terms that stand in segments, with their renderings, by segment."""
        codes = (pair.source, pair.target)
        found = ((segment, self.glossary.missing(segment, "", codes)) for segment in segments)
        return {segment: terms for segment, terms in found if terms}

    def similar(self, pair: Pair, segments: Collection[str]) -> dict[str, tuple[tuple[str, str], ...]]:
        """Return remembered sentences nearly like segments, with their translations, by segment."""
        found = self.memory.similar(pair, segments)
        return {segment: tuple((one.segment, one.text) for one in near) for segment, near in found.items()}

    def chain(self, progress: Callable[[int], None] = lambda _: None, *, patient: bool = False) -> "Chain":
        """Return the engines behind the memory; ``patient`` as in :class:`SupervisedEngine`."""
        from syndicator.engines.chain import Chain
        from syndicator.engines.supervised import Limits, SupervisedEngine

        ledger = BeatingLedger(self.database, self.now, self.beat)
        engines = []
        for settings in self.settings.translation.engines:
            budget = settings.budget
            limits = Limits(
                settings.requests_per_second,
                budget.characters_per_day if budget else None,
                budget.characters_per_month if budget else None,
            )
            engines.append(SupervisedEngine(engine_of(settings), ledger, self.now, limits, patient=patient))
        return Chain(
            engines,
            self.memory,
            routes=self.routes(),
            pivot=self.settings.translation.pivot,
            keep=self.glossary.keep,
            publish_doubtful=self.policy.publish_doubtful,
            progress=progress,
            terms=self.terms,
            similar=self.similar,
        )

    def routes(self) -> Mapping[Pair, tuple[str, ...]]:
        """Return the engines of pairs that have an order of their own."""
        return {Pair(route.from_, route.to): route.engines for route in self.settings.translation.routes}

    def import_memory(self) -> None:
        """Read the configured TMX files that changed.

        One with mistakes is told in ``problems`` and leaves the memory as it is.
        """
        for path in self.settings.translation.memory:
            try:
                self.import_memory_file(path)
            except DataFileError as error:
                self.problems.append(str(error))

    def import_memory_file(self, path: Path) -> int | None:
        """Import a TMX file; return its number of units, or None where this content was imported before.

        Raises DataFileError.
        """
        with _opened(path) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            if self.memory.knows_digest(digest):
                return None
            file.seek(0)
            units = self.memory.import_stream(stream_tmx(file, str(path)), digest)
        follow_reviews(self)
        log.info("memory imported", file=str(path), units=units)
        return units

    def file_mistakes(self) -> list[str]:
        """Return what is wrong with the glossary and memory files as they are now, importing nothing."""
        mistakes = list(self.glossary_mistakes)
        for path in self.settings.translation.memory:
            try:
                with _opened(path) as file:
                    if self.memory.knows_digest(hashlib.file_digest(file, "sha256").hexdigest()):
                        continue
                    file.seek(0)
                    for _ in stream_tmx(file, str(path)):
                        pass
            except DataFileError as error:
                mistakes.append(str(error))
        return mistakes


@dataclass(frozen=True, slots=True)
class Withheld:
    """Translates nothing while a glossary file has mistakes and never was without.

    Without its terms the articles would be published with wrong ones, and nobody would notice.
    """

    reason: str

    def translate(
        self,
        pair: Pair,
        segments: Collection[str],
        *,
        helpers: Collection[str] = (),
        allowed: Collection[str] | None = None,
        room: Callable[[], None] = nobody,
    ) -> Translated:
        """Return that every segment is pending, and why."""
        del pair, helpers, allowed, room
        failure = Failure(TranslationState.PENDING, self.reason)
        return Translated({}, dict.fromkeys(segments, failure))

    def get_ready(self, pair: Pair, *, allowed: Collection[str] | None = None) -> None:
        """Do nothing: nothing will be asked for."""


class BeatingLedger(SqlLedger):
    """The ledger of a worker: every request to an engine, good or bad, proves that the work goes on."""

    def __init__(self, database: Database, now: datetime, beat: Callable[[], None]) -> None:
        super().__init__(database, now)
        self._beat = beat

    def record(
        self,
        engine: str,
        *,
        requests: int = 0,
        characters: int = 0,
        errors: int = 0,
        seconds: float = 0,
        error: str = "",
    ) -> None:
        """See the port."""
        super().record(
            engine, requests=requests, characters=characters, errors=errors, seconds=seconds, error=error
        )
        self._beat()


@contextmanager
def _opened(path: Path) -> Iterator[BufferedReader]:
    """Open a memory file. Raises DataFileError."""
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise DataFileError(
            tr("{path}: cannot be read: {reason}", path=path, reason=error.strerror)
        ) from error


def user_agent(settings: Settings | None) -> str:
    """Return how we call ourselves to sites, and whom they can ask; without a config, the name alone."""
    if settings is None:
        return f"syndicator/{__version__}"
    contact = f"; {settings.site.contact}" if settings.site.contact else ""
    return f"syndicator/{__version__} (+{settings.site.base_url}{contact})"


def engine_of(settings: EngineSettings) -> Engine:
    """Return the engine that settings describe."""
    timeout = settings.timeout.total_seconds()
    if isinstance(settings, LibreTranslateSettings):
        from syndicator.engines.libretranslate import LibreTranslateEngine

        return LibreTranslateEngine(
            settings.id,
            settings.url,
            api_key=settings.api_key.get_secret_value() if settings.api_key else "",
            local=settings.local,
            timeout=timeout,
            max_characters=settings.max_characters,
        )
    if isinstance(settings, DeepTranslatorSettings):
        return _provider(settings, timeout)
    if isinstance(settings, DeepLSettings):
        from syndicator.engines.deepl import DeepLEngine

        return DeepLEngine(
            settings.id,
            settings.api_key.get_secret_value(),
            url=settings.url or "",
            local=settings.local,
            timeout=timeout,
            max_characters=settings.max_characters,
        )
    if isinstance(settings, FirefoxSettings):
        from syndicator.engines.firefox import FirefoxEngine
        from syndicator.engines.model_workers import shared_workers

        return FirefoxEngine(
            settings.id,
            settings.models,
            workers=shared_workers(settings.processes),
            timeout=timeout,
            max_characters=settings.max_characters,
        )
    if isinstance(settings, OpenAISettings):
        from syndicator.engines.openai import OpenAIEngine

        return OpenAIEngine(
            settings.id,
            settings.url,
            settings.model,
            api_key=settings.api_key.get_secret_value() if settings.api_key else "",
            local=settings.local,
            timeout=timeout,
            max_characters=settings.max_characters,
        )
    raise AssertionError(f"check lets no other kind through: {type(settings).__name__}")


def _provider(settings: DeepTranslatorSettings, timeout: float) -> Engine:
    """Return the engine of one of deep-translator's providers."""
    from syndicator.engines.google import GoogleEngine
    from syndicator.engines.microsoft import MicrosoftEngine
    from syndicator.engines.mymemory import MyMemoryEngine
    from syndicator.engines.yandex import YandexEngine

    key = settings.api_key.get_secret_value() if settings.api_key else ""
    url, local, most = settings.url or "", settings.local, settings.max_characters
    match settings.provider:
        case Provider.GOOGLE:
            return GoogleEngine(settings.id, url=url, local=local, timeout=timeout, max_characters=most)
        case Provider.MYMEMORY:
            return MyMemoryEngine(settings.id, url=url, local=local, timeout=timeout)
        case Provider.YANDEX:
            return YandexEngine(settings.id, key, url=url, local=local, timeout=timeout, max_characters=most)
        case Provider.MICROSOFT:
            return MicrosoftEngine(
                settings.id,
                key,
                region=settings.region or "",
                url=url,
                local=local,
                timeout=timeout,
                max_characters=most,
            )


@contextmanager
def open_workshop(
    settings: Settings, now: datetime | None = None, beat: Callable[[], None] = lambda: None
) -> Iterator[Workshop]:
    """Open the database of a config and give everything that works on it. Raises StoreError."""
    with Database(settings.storage.database) as database:
        yield Workshop(settings, now or datetime.now(UTC), database, beat=beat)
