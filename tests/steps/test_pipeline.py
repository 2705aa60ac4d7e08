"""Whole cycles: what readers see, what engines see, and what a failure at any point costs."""

from datetime import timedelta
from itertools import count

import pytest

from syndicator.errors import RenderError, StoreError
from syndicator.model import FeedSpec, Match, Pair, Publish, Remembered
from syndicator.pipeline import sources_for, wanted_languages
from syndicator.steps import feed_files
from syndicator.translation.segment import normalised

MARK = "Участниците разгледаха три стопанства"
LATE = "След това те опитаха вина"  # beyond what a summary takes of a body


def texts(line, engine=0):
    return [one.split(": ", 1)[1] for one in line.engines[engine].asked]


def test_articles_stand_in_every_language_whole(line, website):
    website.items = [line.item(2), line.item(1)]
    cycle = line.cycle()
    assert cycle.feeds_written == 6
    assert line.titles() == [website.items[0].title, website.items[1].title]
    assert line.titles("en") == [line.said(title) for title in line.titles()]
    for entry in line.entries("en"):
        assert entry["language"] == "en"
        assert line.said(MARK).split()[1] in entry["content_html"]


def test_a_cycle_without_news_touches_and_buys_nothing(line, website):
    website.items = [line.item(1)]
    line.cycle()
    files, asked = line.files(), len(texts(line))
    assert line.cycle(1).feeds_written == 0
    assert line.cycle(30).feeds_written == 0
    assert line.files() == files
    assert len(texts(line)) == asked


def test_a_lost_file_is_written_again_as_it_was(line, website):
    website.items = [line.item(1)]
    line.cycle()
    before = line.tree.read("en/all.rss")
    line.tree.remove("en/all.rss")
    assert line.cycle(1).feeds_written == 1
    assert line.tree.read("en/all.rss") == before


def test_an_edit_keeps_the_id_and_changes_the_date_of_its_entry_only(line, website):
    website.items = [line.item(2), line.item(1)]
    line.cycle()
    before = line.entries()
    website.items[1].title = "Поправено заглавие на новината"
    line.cycle(1)
    after = line.entries()
    assert [entry["id"] for entry in after] == [entry["id"] for entry in before]
    assert after[0] == before[0]
    assert after[1]["title"] == line.said("Поправено заглавие на новината")
    assert after[1]["date_modified"] > before[1]["date_modified"]
    assert after[1]["date_published"] == before[1]["date_published"]


def test_ids_differ_by_language_and_article(line, website):
    website.items = [line.item(2), line.item(1)]
    line.cycle()
    ids = [entry["id"] for language in ("bg", "en") for entry in line.entries(language)]
    assert len(set(ids)) == 4
    assert all(one.startswith("tag:e.example,2026-11-24:") for one in ids)


def test_nothing_half_translated_is_published_or_stored_as_done(line, website):
    website.items = [line.item(2), line.item(1)]
    line.engines[0].echoes = "номер 1 от нашия"
    line.cycle()
    assert line.titles("en") == [line.said(website.items[0].title)]
    assert len(line.titles("bg")) == 2
    ((state, reason),) = line.unfinished()
    assert state == "pending"
    assert "echo" in reason
    asked = len(texts(line))
    line.engines[0].echoes = "\0"
    line.cycle(1)
    assert len(line.titles("en")) == 2
    assert len(texts(line)) == asked + 1  # the one sentence that was missing


def test_an_edit_that_cannot_be_translated_leaves_the_previous_version(line, website):
    website.items = [line.item(1)]
    line.cycle()
    before = line.entries()
    website.items[0].title = "Поправено заглавие на новината"
    line.engines[0].echoes = "Поправено"
    line.cycle(1)
    assert line.titles("bg") == ["Поправено заглавие на новината"]
    assert line.entries() == before


def test_what_is_held_waits_for_other_engines_and_buys_nothing(line, website):
    website.items = [line.item(1)]
    line.engines[0].echoes = "номер 1 от нашия"
    for _ in range(3):
        line.cycle(1)
    assert [state for state, _ in line.unfinished()] == ["held"]
    asked = len(texts(line))
    line.cycle(1)
    assert len(texts(line)) == asked
    line.engines[0].echoes = "\0"
    line.fingerprint = "other engines"
    line.cycle(1)
    assert len(line.entries()) == 1


def test_backoff_is_kept_by_the_worker(line, website):
    website.items = [line.item(1)]
    line.ignore_backoff = False
    line.engines[0].echoes = "номер 1 от нашия"
    line.cycle()
    asked = len(texts(line))
    line.cycle(1 / 60)
    assert len(texts(line)) == asked
    line.cycle(1)
    assert len(texts(line)) == asked + 1


@pytest.mark.parametrize(
    ("publish", "sent"), [(Publish.SUMMARY, True), (Publish.TITLE, False)], ids=["summary", "title"]
)
def test_what_may_not_be_published_is_not_sent_either(line, website, publish, sent):
    website.items = [line.item(1)]
    line.sources = [line.source(publish=publish)]
    line.cycle()
    assert len(line.entries()) == 1
    assert not any(LATE in text for text in texts(line))
    assert any("новина номер 1" in text for text in texts(line)) == sent
    for language in ("bg", "en"):
        assert LATE not in str(line.entries(language))


def test_confidential_texts_reach_local_engines_only(line, website):
    website.items = [line.item(1)]
    away = line.engines[0]
    away.local = False
    line.sources = [line.source(confidential=True)]
    line.cycle()
    assert away.asked == []
    assert [state for state, _ in line.unfinished()] == ["failed"]
    home = type(away)("home")
    line.engines.append(home)
    line.cycle(1)
    assert away.asked == []
    assert home.asked
    assert len(line.entries()) == 1


def test_a_source_may_name_its_engines(line, website):
    website.items = [line.item(1)]
    line.engines.append(type(line.engines[0])("second"))
    line.sources = [line.source(engines=("second",))]
    line.cycle()
    assert line.engines[0].asked == []
    assert line.engines[1].asked


def test_an_article_settles_first(line, website):
    website.items = [line.item(1)]
    line.sources = [line.source(settle=timedelta(hours=2))]
    line.cycle()
    assert line.entries() == line.entries("bg") == []
    website.items[0].title = "Поправено заглавие на новината"
    line.cycle(1)
    line.cycle(1.5)
    assert line.entries() == []
    line.cycle(1)
    assert line.titles() == ["Поправено заглавие на новината"]
    assert not any(website.items[0].title not in text and "посрещнаха" in text for text in texts(line))


def test_a_withdrawn_article_keeps_its_id_and_carries_a_notice(line, website):
    website.items = [line.item(2), line.item(1)]
    line.cycle()
    before = line.entries()
    line.now += timedelta(hours=1)
    line.withdraw(website.items[1].title)
    line.cycle()
    after = line.entries()
    assert [entry["id"] for entry in after] == [entry["id"] for entry in before]
    assert after[0] == before[0]
    assert MARK.split(maxsplit=1)[0] not in str(line.entries("bg")[1])
    assert line.said(MARK).split()[1] not in str(after[1])
    assert "ithdraw" in str(after[1])
    assert after[1]["date_modified"] > before[1]["date_modified"]


def test_an_erased_article_is_gone_and_does_not_return(line, website):
    website.items = [line.item(2), line.item(1)]
    line.cycle()
    gone = website.items[1].title
    line.erase(gone)
    line.cycle(1)
    assert line.titles() == [website.items[0].title]
    website.items[1].text = website.items[1].text.replace("Това", "Тази")
    line.cycle(1)
    website.items[1].guid = "moved"
    line.cycle(1)
    assert line.titles() == [website.items[0].title]
    assert not any(gone.encode() in data for data, _ in line.files().values())


def test_the_end_of_a_permission_withdraws_until_it_is_renewed(line, website):
    website.items = [line.item(1)]
    line.sources = [line.source(permitted_until=line.now + timedelta(hours=2))]
    line.cycle()
    (before,) = line.entries()
    line.cycle(3)
    (ended,) = line.entries()
    assert ended["_syndicator"]["withdrawn"] is True
    assert MARK not in str(ended)
    assert ended["date_modified"] > before["date_modified"]
    website.items.insert(0, line.item(2))
    asked = len(texts(line))
    line.cycle(1)
    assert [entry["id"] for entry in line.entries()] == [before["id"]]
    assert len(texts(line)) == asked
    line.sources = [line.source(permitted_until=line.now + timedelta(days=2))]
    line.cycle(1)
    new, renewed = line.entries()
    assert (renewed["id"], renewed["content_html"]) == (before["id"], before["content_html"])
    assert renewed["date_modified"] > ended["date_modified"]
    assert new["id"] != before["id"]


def test_feeds_carry_what_their_tags_words_and_sources_say(line, website):
    website.items = [line.item(2, tags=("вино",)), line.item(1, title="Нов мост над реката свърза селата")]
    titles = [item.title for item in website.items]
    languages = ("bg",)
    line.feeds = [
        FeedSpec("wine", {"": "Wine"}, languages, (), tags=("Вино",)),
        FeedSpec("bridges", {"": "Bridges"}, languages, (), match=Match(any=("мост",))),
        FeedSpec("others", {"": "Others"}, languages, ("t",)),
        FeedSpec("one", {"": "One"}, languages, ("s",), limit=1, formats=("json",)),
    ]
    line.cycle()
    assert [[entry["title"] for entry in line.entries("bg", feed.id)] for feed in line.feeds] == [
        titles[:1],
        titles[1:],
        [],
        titles,  # the limit yields to 48 hours
    ]
    line.cycle(49)
    assert len(line.entries("bg", "one")) == 1
    assert not line.tree.exists("bg/one.rss")


def test_only_languages_and_sources_that_a_feed_carries_are_translated(line, website):
    website.items = [line.item(1)]
    line.sources = [line.source(), line.source("t")]
    line.feeds = [FeedSpec("f", {"": "F"}, ("bg", "it"), ("t",)), FeedSpec("g", {"": "G"}, ("bg",), ("s",))]
    assert wanted_languages(line.press) == ("bg", "it")
    assert [source.id for source in sources_for(line.press, "it")] == ["t"]


def test_a_new_language_gets_its_backfill_from_what_is_there(line, website):
    line.sources = [line.source(backfill=1)]
    line.cycle()
    website.items = [line.item(2), line.item(1)]
    line.cycle(1)
    asked = len(texts(line))
    assert len(line.entries()) == 2
    line.languages = ("bg", "en", "it")
    line.cycle(1)
    assert [entry["title"] for entry in line.entries("it")] == [line.said(website.items[0].title)]
    assert len(texts(line)) > asked


def test_reviewed_translations_are_marked_so(line, website):
    website.items = [line.item(1, title="Гости")]
    line.sources = [line.source(publish=Publish.TITLE)]
    line.memory.remember(Pair("bg", "en"), {normalised("Гости"): Remembered("Guests", "reviewed")})
    line.cycle()
    assert line.titles("en") == ["Guests"]
    assert texts(line) == []


def test_one_feed_that_comes_out_broken_stops_no_other(line, website, monkeypatch):
    website.items = [line.item(1)]
    render = feed_files.render_feed

    def broken(feed, fmt):
        if feed.language == "bg" and fmt == "json":
            raise RenderError("bg/all.json came out broken")
        return render(feed, fmt)

    monkeypatch.setattr(feed_files, "render_feed", broken)
    with pytest.raises(RenderError, match="bg/all"):
        line.cycle()
    assert line.tree.exists("en/all.rss")
    assert not line.tree.exists("bg/all.rss")
    assert line.tree.exists("index.html")
    monkeypatch.setattr(feed_files, "render_feed", render)
    line.cycle()
    assert len(line.entries("bg")) == 1


class Faulty:
    """A store whose call number ``at`` fails before it does anything, or after it has."""

    def __init__(self, store, at, late=False):
        self.store, self.at, self.late = store, at, late
        self.calls = []
        self.failed = ""

    def __getattr__(self, name):
        call = getattr(self.store, name)

        def faulty(*args, **options):
            self.calls.append(name)
            is_it = len(self.calls) == self.at
            if is_it:
                self.failed = name
            if is_it and not self.late:
                raise StoreError("the disk broke")
            result = call(*args, **options)
            if is_it:
                raise StoreError("the disk broke")
            return result

        return faulty


@pytest.mark.parametrize("late", [False, True], ids=["before the call", "after the call"])
def test_a_failure_at_any_store_call_loses_nothing_and_buys_nothing_twice(line, website, tmp_path, late):
    website.items = [line.item(3, summary_only=True), line.item(2), line.item(1)]
    line.sources = [line.source(), line.source("t")]

    def tried(at):
        folder = tmp_path / str(at)
        folder.mkdir()
        line.database.copy_to(folder / "s.db")  # empty: to migrate each anew would cost more than all else
        run = type(line)(folder, website, line.fetcher)
        run.sources = line.sources
        faulty = Faulty(run.store, at, late)
        try:
            run.cycle(store=faulty)
        except StoreError:
            assert faulty.failed
        run.cycle(1)
        run.database.close()
        for language in ("bg", "en"):
            titles = run.titles(language)
            assert len(titles) == len(set(titles)) == 3, (at, faulty.failed, titles)
        asked = texts(run)
        assert len(asked) == len(set(asked)), (at, faulty.failed)
        return faulty

    seen = set()
    # What is stored is the same after one call and before the next: each is tried in one of the two ways.
    for at in count(2 if late else 1, 2):
        faulty = tried(at)
        if not faulty.failed:
            break
        seen.add(faulty.failed)
    for name in {"take_in", "settle", "enter"} - seen:
        tried(faulty.calls.index(name) + 1)


def test_a_kill_between_the_files_of_a_feed_is_made_good(line, website, monkeypatch):
    website.items = [line.item(1)]
    write = line.tree.write
    left = count()

    def killed(path, data):
        if next(left) == 4:
            raise KeyboardInterrupt
        return write(path, data)

    monkeypatch.setattr(line.tree, "write", killed)
    with pytest.raises(KeyboardInterrupt):
        line.cycle()
    monkeypatch.setattr(line.tree, "write", write)
    line.cycle(1)
    assert len(line.entries("bg")) == len(line.entries("en")) == 1
    assert line.tree.exists("en/all.atom")
    files = line.files()
    line.cycle(1)
    assert line.files() == files


def test_eight_sources_at_once_lose_nothing(line, website):
    website.items = [line.item(number) for number in range(1, 6)]
    line.sources = [line.source(f"s{number}") for number in range(8)]
    cycle = line.cycle()
    assert sum(intake.new for intake in cycle.intakes) == 5
    assert sum(intake.duplicate for intake in cycle.intakes) == 35
    assert len(line.entries()) == 5
