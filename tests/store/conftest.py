from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syndicator.extract.identity import content_hash
from syndicator.model import Article, FeedItem, Mark, Rendition, TranslationState
from syndicator.ports import Arrival, Became, Offer, Outcome, PollCount, ReadArticle, SourceState, Work
from syndicator.store import articles
from syndicator.store.database import Database
from syndicator.store.store import SqlStore

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
FINGERPRINT = "engines and glossary"


def offer(key: str, said: str = "a") -> Offer:
    item = FeedItem(key=key, url=f"https://a.example/{key}", title=f"{key} {said}", summary=said, content="")
    return Offer(key, f"{key}{said}", item)


def article(key: str = "1", **changes: object) -> Article:
    plain = Article(
        title=f"Новина {key}",
        summary="",
        body=f"<p>Текстът на новина {key}.</p>",
        language="bg",
        url=f"https://a.example/{key}",
    )
    return replace(plain, **changes)


def rendition(language: str, title: str) -> Rendition:
    return Rendition(language, title, "", "<p>Text.</p>", Mark.MACHINE)


class Desk:
    """A store with the shortest way to do what tests have to do over and over."""

    offer = staticmethod(offer)
    article = staticmethod(article)
    rendition = staticmethod(rendition)

    def __init__(self, database: Database) -> None:
        self.database = database
        self.store = SqlStore(database)

    def poll(
        self, *offers: Offer, source: str = "s", now: datetime = NOW, newest: int | None = None
    ) -> PollCount:
        return self.store.record_poll(source, offers, SourceState(body_hash="x"), now, newest=newest)

    def waiting(self, source: str = "s", now: datetime = NOW) -> list[Arrival]:
        return list(self.store.waiting(source, now, ignore_backoff=False))

    def take(self, key: str, text: Article, source: str = "s", now: datetime = NOW, said: str = "") -> Became:
        """Offer something under a key, changed in every call, and take it in."""
        self.poll(offer(key, said or repr((text, now))), source=source, now=now)
        (arrival,) = [one for one in self.waiting(source, now) if one.key == key]
        read = ReadArticle(arrival, text, content_hash(text))
        (became,) = self.store.take_in([read], "e.example,2026-11-24", now)
        return became

    def work(self, language: str = "en", now: datetime = NOW, fingerprint: str = FINGERPRINT) -> list[Work]:
        for source in ("s", "t"):
            self.store.open_language(source, language, None)
        return list(self.store.work(language, ["s", "t"], now, fingerprint, ignore_backoff=False))

    def settle(self, work: Work, title: str, now: datetime = NOW) -> None:
        done = Outcome(TranslationState.DONE, rendition=rendition(work.language, title))
        self.store.settle([(work, done, None)], FINGERPRINT, now)

    def finish(self, language: str = "en", now: datetime = NOW) -> None:
        for work in self.work(language, now):
            self.settle(work, f"{work.stored.article.title} ({language})", now)

    def entries(self, limit: int = 50, since: datetime = NOW + 999 * HOUR) -> list[str]:
        found = self.store.entries("f", "en", ["s", "t"], limit, since)
        return [one.stored.article.title for one in found]

    def enter_all(self, now: datetime = NOW) -> None:
        found = self.store.candidates("f", "en", ["s", "t"])
        self.store.enter("f", "en", [one.stored.article_id for one in found], now)

    def erase(self, article_id: int) -> None:
        with self.database.writing() as connection:
            articles.erase(connection, article_id, NOW)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(f"sqlite:///{tmp_path}/var/s.db") as database:
        yield database


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)
