"""From settings to the parts that do the work."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import structlog

from syndicator import __version__
from syndicator.errors import DataFileError
from syndicator.fetch.inbox import LocalInbox
from syndicator.model import FeedSpec, Pair, Site, Source, TranslationState
from syndicator.ports import Engine, Failure, Translated, Translator
from syndicator.settings import values
from syndicator.settings.glossary import read_glossary
from syndicator.settings.schema import (
    DeepTranslatorSettings,
    EngineSettings,
    FirefoxSettings,
    LibreTranslateSettings,
    Settings,
)
from syndicator.steps.translating import Policy
from syndicator.store.database import Database
from syndicator.store.store import SqlLedger, SqlMemory, SqlStore
from syndicator.text.messages import tr
from syndicator.translation.glossary import Glossary, merged
from syndicator.translation.tmx import read_tmx

if TYPE_CHECKING:
    from syndicator.engines.chain import Chain
    from syndicator.fetch.client import HttpFetcher

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
        """All glossary files as one, without those that have mistakes (see ``glossary_mistakes``)."""
        return merged([read for read in self._glossaries if isinstance(read, Glossary)])

    @property
    def glossary_mistakes(self) -> list[str]:
        """What is wrong with the glossary files, each with its line."""
        return [str(read) for read in self._glossaries if isinstance(read, DataFileError)]

    @cached_property
    def _glossaries(self) -> tuple["Glossary | DataFileError", ...]:
        return tuple(map(_glossary_or_mistake, self.settings.translation.glossary))

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
        )

    @property
    def user_agent(self) -> str:
        """Who asks, told to sources and hubs."""
        contact = f"; {self.site.contact}" if self.site.contact else ""
        return f"syndicator/{__version__} (+{self.site.base_url}{contact})"

    def fetcher(self) -> "HttpFetcher":
        """Return a client for sources; close it after use."""
        from syndicator.fetch.client import HttpFetcher

        fetch = self.settings.fetch
        return HttpFetcher(
            user_agent=self.user_agent,
            timeout=fetch.timeout,
            max_bytes=fetch.max_bytes,
            allow_private=fetch.allow_private,
            per_host_concurrency=fetch.per_host.concurrency,
            per_host_delay=fetch.per_host.delay,
        )

    def inbox(self) -> LocalInbox:
        """Return the reader of inbox folders."""
        return LocalInbox(self.settings.fetch.max_bytes)

    def translator(self, chain: "Chain") -> Translator:
        """Return what translates: the chain, or nothing at all while the glossary has mistakes."""
        return Withheld("; ".join(self.glossary_mistakes)) if self.glossary_mistakes else chain

    def chain(self, progress: Callable[[int], None] = lambda _: None) -> "Chain":
        """Return the engines behind the memory."""
        from syndicator.engines.chain import Chain
        from syndicator.engines.supervised import Limits, SupervisedEngine

        ledger = SqlLedger(self.database, self.now)
        engines = []
        for settings in self.settings.translation.engines:
            budget = settings.budget
            limits = Limits(
                settings.requests_per_second,
                budget.characters_per_day if budget else None,
                budget.characters_per_month if budget else None,
            )
            engines.append(SupervisedEngine(engine_of(settings), ledger, self.now, limits))
        return Chain(
            engines,
            self.memory,
            routes=self.routes(),
            pivot=self.settings.translation.pivot,
            keep=self.glossary.keep,
            publish_doubtful=self.policy.publish_doubtful,
            progress=progress,
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
        data = _content(path)
        if self.memory.knows_file(data):
            return None
        units = read_tmx(data, str(path))
        self.memory.import_units(units, data)
        log.info("memory imported", file=str(path), units=len(units))
        return len(units)

    def file_mistakes(self) -> list[str]:
        """Return what is wrong with the glossary and memory files as they are now, importing nothing."""
        mistakes = list(self.glossary_mistakes)
        for path in self.settings.translation.memory:
            try:
                data = _content(path)
                if not self.memory.knows_file(data):
                    read_tmx(data, str(path))
            except DataFileError as error:
                mistakes.append(str(error))
        return mistakes


@dataclass(frozen=True, slots=True)
class Withheld:
    """Translates nothing while a glossary file has mistakes.

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
    ) -> Translated:
        """Return that every segment is pending, and why."""
        del pair, helpers, allowed
        failure = Failure(TranslationState.PENDING, self.reason)
        return Translated({}, dict.fromkeys(segments, failure))


def _glossary_or_mistake(path: Path) -> "Glossary | DataFileError":
    try:
        return read_glossary(path)
    except DataFileError as error:
        return error


def _content(path: Path) -> bytes:
    """Return the bytes of a memory file. Raises DataFileError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataFileError(
            tr("{path}: cannot be read: {reason}", path=path, reason=error.strerror)
        ) from error


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
        from syndicator.engines.google import GoogleEngine

        return GoogleEngine(
            settings.id,
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
    raise AssertionError(f"check lets no other kind through: {type(settings).__name__}")


@contextmanager
def open_workshop(settings: Settings, now: datetime | None = None) -> Iterator[Workshop]:
    """Open the database of a config and give everything that works on it. Raises StoreError."""
    with Database(settings.storage.database) as database:
        yield Workshop(settings, now or datetime.now(UTC), database)
