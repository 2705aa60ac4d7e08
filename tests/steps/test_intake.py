"""From a site on loopback to stored articles."""

import os
from dataclasses import replace
from datetime import timedelta

import pytest

from syndicator.model import Match, SourceKind
from syndicator.steps import reading
from syndicator.steps.intake import take_in_source
from syndicator.steps.reading import VISITS


def take(line, source=None):
    return take_in_source(line.world, source or line.sources[0])


def later(line):
    line.now += timedelta(hours=1)


def stored(line):
    works = []
    for source in line.sources:
        line.store.open_language(source.id, "xx", None)
    for work in line.store.work("xx", [one.id for one in line.sources], line.now, "f", ignore_backoff=True):
        works.append(work.stored.article)
    return works


def test_new_items_become_articles_and_the_next_poll_finds_nothing_new(line, website):
    website.items = [line.item(2), line.item(1)]
    intake = take(line)
    assert (intake.new, intake.changed, intake.error) == (2, True, "")
    assert [article.title for article in stored(line)] == [website.items[1].title, website.items[0].title]
    again = take(line)
    assert (again.new, again.updated, again.changed) == (0, 0, False)


def test_an_edited_item_is_an_update(line, website):
    website.items = [line.item(1)]
    take(line)
    website.items[0].title = "Поправено заглавие на новината"
    assert take(line).updated == 1
    assert [article.title for article in stored(line)] == ["Поправено заглавие на новината"]


def test_a_moved_guid_is_no_new_article(line, website):
    website.items = [line.item(1)]
    take(line)
    later(line)
    website.items[0].guid = "moved"
    intake = take(line)
    assert (intake.new, intake.duplicate) == (0, 1)
    later(line)
    website.items[0].title = "Поправено заглавие на новината"
    assert take(line).updated == 1
    assert len(stored(line)) == 1


def test_a_summary_is_completed_from_its_page(line, website):
    website.items = [line.item(1, summary_only=True)]
    take(line)
    (article,) = stored(line)
    assert "Участниците разгледаха три стопанства" in article.body
    assert "/1" in website.asked


def test_a_page_in_trouble_is_waited_for(line, website):
    website.items = [line.item(1, summary_only=True, page_status=500), line.item(2)]
    intake = take(line)
    assert (intake.new, len(intake.waiting)) == (1, 1)
    assert "500" in intake.waiting[0]
    website.items[0].page_status = 200
    assert take(line).new == 1
    assert "Участниците разгледаха" in stored(line)[1].body


def test_an_item_that_changes_while_its_page_is_in_trouble_is_taken_as_it_is_then(line, website):
    website.items = [line.item(1, summary_only=True, page_status=500)]
    take(line)
    website.items[0].title = "Поправено заглавие на новината"
    take(line)
    website.items[0].page_status = 200
    assert take(line).new == 1
    assert [article.title for article in stored(line)] == ["Поправено заглавие на новината"]


def test_changing_at_every_poll_does_not_keep_an_item_with_a_broken_page_waiting_for_ever(line, website):
    text = "Това е кратка новина за една среща, която се проведе вчера в голямата зала на общината."
    website.items = [line.item(1, text=text, summary_only=True, page_status=500)]
    for visit in range(VISITS):
        website.items[0].title = f"Стопани от селото посрещнаха гости, {visit} коментара"
        intake = take(line)
    assert intake.new == 1
    assert website.asked.count("/1") == VISITS


def test_a_page_that_is_gone_leaves_what_the_feed_carries(line, website):
    text = "Това е кратка новина за една среща, която се проведе вчера в голямата зала на общината."
    website.items = [line.item(1, text=text, summary_only=True, page_status=404)]
    assert take(line).new == 1
    assert "кратка новина" in stored(line)[0].body


def test_a_page_that_goes_after_it_was_read_does_not_shrink_its_article(line, website):
    website.items = [line.item(1, summary_only=True)]
    take(line)
    before = stored(line)
    website.items[0].page_status = 404
    website.items[0].title = "Поправено заглавие на новината"
    intake = take(line)
    assert (intake.updated, intake.rejected) == (0, 1)
    assert "stays as it was" in intake.refusals[0]
    assert stored(line) == before


def test_another_language_is_rejected_and_named(line, website):
    english = "The guests from Italy saw three farms and talked about the work that they will do together. "
    website.items = [line.item(1, title="The farmers had guests from Italy", text=english * 20)]
    line.sources = [line.source(kind=SourceKind.PAGE, url=f"{website.url}/1")]
    intake = take(line)
    assert (intake.new, intake.rejected) == (0, 1)
    assert "not in the source's language (bg)" in intake.refusals[0]


def test_a_filter_takes_only_what_it_names(line, website):
    website.items = [line.item(1, title="Гости от Трастена посрещнаха стопани"), line.item(2)]
    line.sources = [line.source(match=Match(any=("Трастена",)))]
    intake = take(line)
    assert (intake.new, intake.rejected) == (1, 1)


def test_a_source_that_is_down_is_told_and_loses_nothing(line, website):
    website.items = [line.item(1, summary_only=True, page_status=500)]
    take(line)
    website.status = 503
    website.items[0].page_status = 200
    intake = take(line)
    assert "503" in intake.error
    assert intake.new == 1


def test_backfill_takes_the_newest_whatever_the_feeds_order(line, website):
    website.items = [line.item(1), line.item(2), line.item(3)]  # the oldest first
    line.sources = [line.source(backfill=1)]
    intake = take(line)
    assert (intake.new, intake.rejected) == (1, 2)
    assert [article.title for article in stored(line)] == [website.items[2].title]
    website.items[0].title = "Поправено заглавие на старата новина"
    website.items.append(line.item(4))
    assert take(line).new == 1


def test_a_page_is_one_article_that_changes(line, website):
    website.items = [line.item(1)]
    line.sources = [line.source(kind=SourceKind.PAGE, url=f"{website.url}/1")]
    assert take(line).new == 1
    assert website.asked == ["/1"]
    assert take(line).unchanged == 0
    website.items[0].title = "Поправено заглавие на новината"
    assert take(line).updated == 1
    assert len(stored(line)) == 1


def write(line, name, text=""):
    sentence = "Това е новина от пощата. "
    (line.inbox / name).write_text(
        f"Гости от Италия посрещнати в {name[0]}\n\n{text or sentence * 20}", "utf-8"
    )


@pytest.fixture
def inbox(line):
    line.sources = [line.source(kind=SourceKind.INBOX)]
    return line


def test_files_of_an_inbox_become_articles_and_change(inbox):
    write(inbox, "a.txt")
    write(inbox, "b.txt")
    assert take(inbox).new == 2
    assert take(inbox).changed is False
    write(inbox, "a.txt", "Съвсем друг текст стои тук. " * 20)
    assert take(inbox).updated == 1


def test_a_file_that_is_too_large_stops_no_other(inbox):
    (inbox.inbox / "big.txt").write_text("а" * 60_000, "utf-8")
    write(inbox, "a.txt")
    intake = take(inbox)
    assert (intake.error, intake.new, len(intake.waiting)) == ("", 1, 1)
    assert "big.txt" in intake.waiting[0]
    write(inbox, "big.txt")
    assert take(inbox).new == 1


def test_what_was_read_before_a_bug_strikes_is_kept(inbox, monkeypatch):
    read = reading.read

    def faulty(world, source, arrival, documents):
        if arrival.key == "b.txt":
            raise ZeroDivisionError
        return read(world, source, arrival, documents)

    monkeypatch.setattr(reading, "read", faulty)
    for name in ("a.txt", "b.txt", "c.txt"):
        write(inbox, name)
    with pytest.raises(ZeroDivisionError):
        take(inbox)
    assert [article.title for article in stored(inbox)] == ["Гости от Италия посрещнати в a"]
    monkeypatch.setattr(reading, "read", read)
    assert take(inbox).new == 2


def test_a_name_that_is_no_utf8_is_taken_under_a_name_that_can_be_stored(inbox):
    write(inbox, "a.txt")
    os.rename(inbox.inbox / "a.txt", os.fsencode(inbox.inbox) + b"/\xcd\xee\xe2.txt")  # noqa: PTH104
    intake = take(inbox)
    assert (intake.error, intake.new, intake.waiting) == ("", 1, ())
    assert take(inbox).changed is False


def test_a_link_out_of_the_inbox_is_rejected(inbox, tmp_path):
    (tmp_path / "secret.txt").write_text("тайна " * 100, "utf-8")
    (inbox.inbox / "link.txt").symlink_to(tmp_path / "secret.txt")
    intake = take(inbox)
    assert (intake.new, intake.rejected) == (0, 1)
    assert "leads out of the inbox" in intake.refusals[0]


def test_a_missing_inbox_is_told(inbox):
    inbox.inbox.rmdir()
    assert "does not exist" in take(inbox).error


def test_two_sources_with_the_same_item_have_one_article(line, website):
    website.items = [line.item(1)]
    line.sources = [line.source(), line.source("t")]
    assert take(line).new == 1
    assert take(line, line.sources[1]).duplicate == 1
    assert len(stored(line)) == 1


def test_the_settings_of_a_source_may_change_between_polls(line, website):
    website.items = [line.item(1)]
    take(line)
    line.sources = [replace(line.sources[0], match=Match(none=("гости",)))]
    website.items[0].title = "Нови гости и ново заглавие"
    assert take(line).rejected == 1
    assert len(stored(line)) == 1


def test_an_inbox_that_does_not_keep_moves_what_was_taken(line):
    line.sources = [line.source("in", SourceKind.INBOX, keep=False)]
    write(line, "a.txt")
    (line.inbox / "b.txt").write_text("Само един ред.", "utf-8")
    intake = take(line)
    assert (intake.new, intake.rejected) == (1, 1)
    assert sorted(path.name for path in line.inbox.rglob("*.txt")) == ["a.txt", "b.txt", "b.txt.why.txt"]
    assert (line.inbox / "done" / "a.txt").exists()
    assert "b.txt" in (line.inbox / "failed" / "b.txt.why.txt").read_text("utf-8")
    assert take(line).changed is False
    write(line, "a.txt", "Съвсем друг текст стои тук. " * 20)
    assert take(line).updated == 1
    assert (line.inbox / "done" / "a.2.txt").exists()


@pytest.mark.parametrize("left_as", ["a.txt", ".a.txt.taking"])
def test_a_file_that_a_killed_run_had_dealt_with_is_moved_by_the_next(line, left_as):
    line.sources = [line.source("in", SourceKind.INBOX, keep=True)]
    write(line, "a.txt")
    assert take(line).new == 1
    (line.inbox / "a.txt").rename(line.inbox / left_as)
    line.sources = [line.source("in", SourceKind.INBOX, keep=False)]
    intake = take(line)
    assert (intake.new, intake.updated, intake.error) == (0, 0, "")
    assert [path.name for path in line.inbox.rglob("*") if path.is_file()] == ["a.txt"]
    assert (line.inbox / "done" / "a.txt").exists()
