"""Cycles in which no engine charges: reading, translating and writing side by side come to the same."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

import pytest

from syndicator.errors import StoreError
from syndicator.model import Match, SourceKind, TranslationState
from tests.steps.conftest import Tongue

MANY = 58
NEWEST = "Пчеларят"


@pytest.fixture
def begun(line, website):
    """A line that has run before: its languages are open, and its tree is not new."""
    website.items = [line.item(59)]
    line.free = True
    line.cycle()
    return line


def offer_many(line, website, numbers=range(1, MANY + 1)):
    """Let the site offer articles in an order that is not that of their dates."""
    chance = Random(4)
    items = [line.item(number) for number in numbers]
    for item in items:  # each with a sentence that no other one has but for its number
        word = "".join(chance.choices("абвгдежзиклмнопрст", k=12))
        item.text = f"{NEWEST if item.number == MANY else word} разказа новина от нашия край. {item.text}"
    chance.shuffle(items)
    website.items = [*items, line.item(59)]
    return {item.title for item in items}


@dataclass
class Free(Tongue):
    """An engine that costs nothing, and does something whenever it is asked."""

    costs_nothing: bool = True
    max_texts: int = 20
    first: Callable[[list[str]], None] = lambda _: None

    def translate(self, texts, pair):
        self.first(texts)
        return super().translate(texts, pair)


def wait_until(it_is_so):
    ends = time.monotonic() + 30
    while not it_is_so() and time.monotonic() < ends:
        time.sleep(0.02)


def all_is_taken_in(line):
    with line.database.reading() as connection:
        taken = connection.exec_driver_sql("select count(*) from arrivals where state = 'taken'")
        return taken.scalar() == MANY + 1


def pages(line):
    return [path for path in line.tree.paths("en") if "/articles/" in path and ".side." not in path]


def test_feeds_and_pages_come_out_as_one_after_the_other(begun, website):
    offer_many(begun, website)
    begun.engines = [Free()]
    begun.cycle(1)
    titles = begun.titles("bg")
    dates = [entry["date_published"] for entry in begun.entries("bg") if "59" not in entry["title"]]
    assert len(titles) == MANY + 1
    assert dates == sorted(dates, reverse=True)
    assert begun.titles("en") == [begun.said(title) for title in titles]
    assert len(pages(begun)) == MANY + 1
    files = begun.files()
    begun.free = False
    begun.cycle(1)
    assert begun.files() == files


def test_pages_are_written_before_the_last_article_is_translated(begun, website):
    offer_many(begun, website)
    before: list[int] = []

    def wait(texts):
        if any(NEWEST in text for text in texts):  # the newest comes last
            wait_until(lambda: len(pages(begun)) > 1)
            before.append(len(pages(begun)))
        else:
            wait_until(lambda: all_is_taken_in(begun))

    begun.engines = [Free(first=wait)]
    begun.cycle(1)
    assert 2 <= before[0] < MANY
    assert len(pages(begun)) == MANY + 1


def test_what_has_come_is_translated_while_another_source_is_read(begun, website):
    offer_many(begun, website)
    asked = threading.Event()
    answer = website.answer

    def wait_for_the_engine(path):
        if path == "/late":
            assert asked.wait(30)
            path = "/rss"
        return answer(path)

    website.answer = wait_for_the_engine
    begun.engines = [Free(first=lambda _: asked.set())]
    begun.sources = [*begun.sources, begun.source("late", url=f"{website.url}/late")]
    intakes = {one.source_id: one for one in begun.cycle(1).intakes}
    assert intakes["late"].error == ""
    assert intakes["s"].new + intakes["late"].new == MANY, "both offer the same articles"


def test_the_engine_loads_as_soon_as_a_source_offers_something_new(begun, website):
    offer_many(begun, website, range(1, 4))
    loaded = threading.Event()

    @dataclass
    class Loading(Free):
        def get_ready(self, pair):
            assert (pair.source, pair.target) == ("bg", "en")
            assert self.asked == []
            loaded.set()

    begun.engines = [Loading(first=lambda _: wait_until(loaded.is_set))]
    begun.cycle(1)
    assert loaded.is_set()
    assert len(begun.titles("en")) == 1 + 3
    loaded.clear()
    begun.cycle(1)
    assert not loaded.is_set(), "nothing is new"


def test_what_fails_has_one_turn_in_a_cycle(begun, website):
    offer_many(begun, website)
    begun.engines = [Free(echoes="от нашия")]
    begun.cycle(1)
    with begun.database.reading() as connection:
        attempts = connection.exec_driver_sql(
            "select distinct attempts from renditions where language = 'en' and state != 'done'"
        )
        assert list(attempts.scalars()) == [1]
    assert {state for state, _ in begun.unfinished()} == {TranslationState.PENDING}


def test_no_more_is_translated_than_is_allowed(begun, website):
    offer_many(begun, website)
    left = begun.cycle(1, at_most=27).left_over
    assert len(begun.titles("en")) == 1 + 27
    assert left == MANY - 27
    assert begun.cycle(1, at_most=100).left_over == 0
    assert len(begun.titles("en")) == MANY + 1


class Failing:
    """A store that fails when the second group is stored."""

    def __init__(self, store):
        self.store = store
        self.settled = 0

    def __getattr__(self, name):
        return getattr(self.store, name)

    def settle(self, settled, fingerprint, now):
        if settled and settled[0][0].language == "en":
            self.settled += 1
            if self.settled == 2:
                raise StoreError("the disk is full")
        self.store.settle(settled, fingerprint, now)


def test_a_failure_beside_ends_the_cycle_and_the_next_one_goes_on(begun, website):
    offer_many(begun, website)
    begun.engines = [Free()]
    with pytest.raises(StoreError, match="the disk is full"):
        begun.cycle(1, store=Failing(begun.store))
    asked = len(begun.engines[0].asked)
    begun.cycle(1)
    assert len(begun.titles("en")) == MANY + 1
    assert len(set(begun.engines[0].asked)) == len(begun.engines[0].asked) >= asked


def test_a_source_that_is_new_decides_how_far_back_it_goes_once_all_is_read(begun, website):
    offer_many(begun, website)
    begun.sources = [replace(begun.source("fresh"), backfill=3)]
    begun.engines = [Free()]
    begun.cycle(1)
    assert len(begun.titles("en")) <= 1 + 3


def test_an_inbox_is_translated_like_any_other_source(begun, website):
    begun.sources = [begun.source("inbox", SourceKind.INBOX)]
    begun.cycle()
    for number in range(30):
        text = " ".join(f"Изречение {number} за работата на нашия музей и неговите гости." for _ in range(4))
        (begun.inbox / f"{number}.txt").write_text(f"Новина номер {number}\n\n{text}\n", "utf-8")
    begun.cycle(1)
    assert begun.unfinished() == []


def test_a_failure_of_the_engines_side_ends_the_wait_for_a_slow_source(begun, website):
    offer_many(begun, website, range(1, 13))  # one group, and no second one
    let_go = threading.Event()
    served = []
    answer = website.answer

    def take_long(path):
        if path == "/slow":
            let_go.wait(3)  # less than the fetcher waits
            served.append(path)
            path = "/rss"
        return answer(path)

    def stop(_):
        raise KeyboardInterrupt

    website.answer = take_long
    begun.engines = [Free(first=stop)]
    begun.sources = [*begun.sources, begun.source("slow", url=f"{website.url}/slow")]
    try:
        with pytest.raises(KeyboardInterrupt):
            begun.cycle(1)
        assert served == []
    finally:
        let_go.set()


def test_what_a_filter_may_refuse_loads_no_engine(begun, website):
    offer_many(begun, website, range(1, 4))
    loaded = []

    @dataclass
    class Loading(Free):
        def get_ready(self, pair):
            loaded.append(pair)

    begun.engines = [Loading()]
    begun.sources = [replace(source, match=Match(any=("нищо такова",))) for source in begun.sources]
    begun.cycle(1)
    assert loaded == []
