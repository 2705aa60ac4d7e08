"""``once``: whole cycles against a real site and engine, good and bad."""

import json
import signal
import time

import pytest

from tests.cli.conftest import BODIES

BRIDGE = "Мостът над реката е отворен отново"


def test_a_cycle_publishes_every_article_in_every_language(desk):
    ran = desk.run("once")
    assert ran.code == 0, ran
    for language in ("bg", "en", "it"):
        assert desk.titles(language) == desk.titles_but(language)
        for ending in ("rss", "atom", "json"):
            assert (desk.folder / "feeds" / language / f"all.{ending}").is_file()
    assert (desk.folder / "feeds" / "feeds.opml").is_file()
    assert (desk.folder / "feeds" / "index.html").is_file()


def test_the_json_has_the_shape_of_the_contract(desk):
    ran = desk.run("once", "--json")
    assert ran.code == 0
    told = ran.json
    numbers = {
        "sources": ["ok", "unchanged", "failed"],
        "articles": ["new", "updated", "unchanged", "duplicate", "rejected"],
        "translations": ["done", "pending", "held", "failed"],
        "segments": ["from_memory", "from_engine"],
    }
    for name, keys in numbers.items():
        assert all(type(told[name][key]) is int for key in keys), name
    account = told["engines"]["libre"]
    assert all(type(account[key]) is int for key in ("requests", "characters", "errors"))
    assert (told["articles"]["new"], told["translations"]["done"], told["feeds_written"]) == (3, 6, 9)
    assert type(told["seconds"]) is float
    for line in ran.err.splitlines():
        assert json.loads(line)["event"], "what is no result goes to the log"


def test_a_second_cycle_changes_and_buys_nothing(desk):
    desk.run("once")
    before = {path: path.stat().st_mtime_ns for path in (desk.folder / "feeds").rglob("*.*")}
    asked = len(desk.libre.asked)
    told = desk.run("once", "--json").json
    assert told["sources"] == {"ok": 0, "unchanged": 2, "failed": 0}
    assert (told["feeds_written"], told["translations"]["done"]) == (0, 0)
    assert {path: path.stat().st_mtime_ns for path in (desk.folder / "feeds").rglob("*.*")} == before
    assert len(desk.libre.asked) == asked


@pytest.mark.parametrize(
    "fault", ["timeout", "429", "500", "403", "no json", "empty", "echo", "error page", "half a sentence"]
)
def test_a_bad_engine_spoils_no_feed_and_everything_goes_on(desk, fault):
    desk.libre.fault = fault
    ran = desk.run("once")
    assert ran.code == 3
    assert desk.titles("bg") == desk.titles_but("bg")
    assert not desk.feed("en")
    assert not desk.feed("it")
    assert ran.out.count(BRIDGE) == 2, "each language's translation is named"
    status = desk.run("status")
    assert status.code == 3
    assert status.out.count(BRIDGE) == 2
    desk.libre.fault = ""
    if fault == "half a sentence":
        return  # refused answers count; see the next test
    ended = desk.run("once")
    assert ended.code == 0, ended.out
    assert desk.titles("en") == desk.titles_but("en")


@pytest.mark.parametrize("fault", ["empty", "echo", "error page", "half a sentence"])
def test_one_bad_sentence_holds_its_article_alone(desk, fault):
    desk.libre.fault, desk.libre.about = fault, "Ремонтът"
    assert desk.run("once").code == 3
    for language in ("en", "it"):
        assert desk.titles(language) == desk.titles_but(language, BRIDGE)


def test_the_same_bad_answer_three_times_is_held_and_not_bought_again(desk):
    desk.libre.fault, desk.libre.about = "half a sentence", "Ремонтът"
    for _ in range(3):
        desk.run("once")
    assert desk.run("status", "--json").json["languages"]["en"]["held"] == 1
    asked = len(desk.libre.asked)
    ran = desk.run("once")
    assert ran.code == 3
    assert len(desk.libre.asked) == asked
    shown = desk.run("articles", "list", "--state", "held")
    assert "The repair lasted 14 months" in shown.out, "the refused answer stands beside its source"
    identity = desk.run("articles", "list", "--state", "held", "--json").json["articles"][0]["id"]
    desk.libre.fault = ""
    assert desk.run("articles", "retry", identity).code == 0
    assert desk.run("once").code == 0
    assert desk.titles("en") == desk.titles_but("en")


def test_a_wrong_key_is_failed_until_the_operator_acts(desk):
    desk.libre.fault = "403"
    desk.run("once")
    told = desk.run("status", "--json").json
    assert told["languages"]["en"]["failed"] == 3
    assert told["engines"]["libre"]["state"] == "failing"
    assert "check api_key" in desk.run("status").out


def test_a_wrong_key_is_told_once_and_never_printed(desk):
    key = "dd0f5e11c2a94b7c"
    text = desk.config.read_text("utf-8").replace("local: true", 'local: true, api_key: "${env:ENGINE_KEY}"')
    desk.config.write_text(text, "utf-8")
    desk.environ["ENGINE_KEY"] = key
    desk.libre.fault = "403"
    once = desk.run("once", "--json")
    assert desk.libre.keys == [key]
    told = [problem for problem in once.json["problems"] if "check api_key" in problem]
    assert [problem.split(":")[0] for problem in told] == [
        "3 articles are failed in en",
        "3 articles are failed in it",
    ]
    listed = desk.run("articles", "list", "--json")
    shown = [once, listed]
    ids = [article["id"] for article in listed.json["articles"]]
    assert all(one in problem for one in ids for problem in told)
    for command in (("status",), ("status", "--json"), ("articles", "trace", ids[0]), ("check", "--online")):
        shown.append(desk.run(*command))
    (desk.folder / "text.txt").write_text(BRIDGE, "utf-8")
    shown.append(desk.run("engines", "compare", desk.folder / "text.txt"))
    assert len(desk.libre.keys) > 1
    assert not [ran for ran in shown if key in ran.out + ran.err]
    files = [path for path in desk.folder.rglob("*") if path.is_file()]
    assert not [path for path in files if key.encode() in path.read_bytes()]


def test_a_reserved_site_is_not_read_without_a_permission_and_stops_nothing_else(desk):
    desk.site.reserved = True
    permission = "permission: {by: the editor, date: 2026-03-01}"
    config = desk.config.read_text("utf-8")
    desk.config.write_text(config.replace(permission, "rights: ours", 1), "utf-8")
    (desk.folder / "inbox" / "bridge.txt").write_text(
        "Мостът над реката е отворен отново\n\n" + "\n\n".join(BODIES["Мостът над реката е отворен отново"]),
        "utf-8",
    )
    ran = desk.run("once")
    assert ran.code == 3
    assert "source city failed" in ran.out
    assert "reserves its texts" in ran.out
    assert desk.titles("bg") == {BRIDGE}, "the inbox came in all the same"
    assert "reserves its texts" in desk.run("status").out
    desk.config.write_text(config, "utf-8")
    assert desk.run("once").code == 0
    assert desk.titles("en") == desk.titles_but("en")


def test_an_ended_permission_withdraws_and_a_later_one_restores_under_the_same_ids(desk):
    desk.run("once")
    before = {entry["id"]: entry["title"] for entry in desk.feed("en")}
    config = desk.config.read_text("utf-8")
    ended = config.replace("date: 2026-03-01}", "date: 2026-03-01, until: 2026-03-31}", 1)
    desk.config.write_text(ended, "utf-8")
    assert desk.run("once").code == 0
    withdrawn = desk.feed("en")
    assert {entry["id"] for entry in withdrawn} == set(before)
    assert all(entry["_syndicator"]["withdrawn"] for entry in withdrawn)
    assert "The repair lasted" not in (desk.folder / "feeds" / "en" / "all.rss").read_text("utf-8")
    desk.config.write_text(
        config.replace("date: 2026-03-01}", "date: 2026-03-01, until: 2099-03-31}", 1), "utf-8"
    )
    assert desk.run("once").code == 0
    assert {entry["id"]: entry["title"] for entry in desk.feed("en")} == before


def test_a_broken_source_stops_nothing_else(desk):
    (desk.folder / "inbox" / "market.txt").write_text(
        "Пазарът на плодове се мести на площада\n\n"
        "От събота пазарът на плодове и зеленчуци ще се провежда на големия площад пред читалището.\n"
        "Търговците искат повече сянка и чешма с вода.\n",
        "utf-8",
    )
    desk.site.broken = True
    ran = desk.run("once")
    assert ran.code == 3
    assert "source city failed" in ran.out
    assert "500" in ran.out
    assert len(desk.feed("en")) == 1
    status = desk.run("status")
    assert status.code == 3
    assert "500" in status.out
    desk.site.broken = False
    assert desk.run("once").code == 0
    assert desk.run("status").code == 0


def test_a_dead_engine_leaves_everything_pending(desk):
    desk.configure(engine_url="http://127.0.0.1:9")
    ran = desk.run("once", "--json")
    assert ran.code == 3
    assert ran.json["translations"] == {"done": 0, "pending": 6, "held": 0, "failed": 0}
    assert desk.titles("bg") == desk.titles_but("bg")


TMX = """\
<?xml version="1.0" encoding="UTF-8"?>
<tmx version="1.4"><header srclang="bg" datatype="plaintext" segtype="sentence" creationtool="x"
 creationtoolversion="1" o-tmf="x" adminlang="en"/><body>
<tu><tuv xml:lang="bg"><seg>Търговците искат повече сянка и чешма с вода.</seg></tuv>
<tuv xml:lang="en"><seg>The sellers wish for more shade and a fountain with water.</seg></tuv></tu>
</body></tmx>
"""


def test_a_memory_file_with_mistakes_is_told_and_the_old_one_stays_in_force(desk):
    memory = desk.folder / "good.tmx"
    memory.write_text(TMX, "utf-8")
    desk.configure(extra="  memory: [good.tmx]")
    desk.site.titles = [BRIDGE]
    assert desk.run("once").code == 0
    memory.write_text(TMX.replace("<seg>Т", "<sag>Т"), "utf-8")
    desk.site.titles = [BRIDGE, "Пазарът на плодове се мести на площада"]
    ran = desk.run("once")
    assert ran.code == 3
    assert "good.tmx:4" in ran.out
    assert desk.titles("en") == desk.titles_but("en")
    assert "The sellers wish" in json.dumps(desk.feed("en"))
    status = desk.run("status")
    assert status.code == 3
    assert "good.tmx:4" in status.out
    memory.write_text(TMX, "utf-8")
    assert desk.run("once").code == 0
    assert desk.run("status").code == 0


def test_nothing_is_translated_without_the_terms_of_a_broken_glossary(desk):
    glossary = desk.folder / "terms.yaml"
    glossary.write_text("terms:\n  - bg: [площад]\n    en: plaza\n  - bg: Ремонтът\n", "utf-8")
    desk.configure(extra="  glossary: [terms.yaml]")
    ran = desk.run("once")
    assert ran.code == 3
    assert "terms.yaml:4" in ran.out
    assert desk.titles("bg") == desk.titles_but("bg")
    assert desk.libre.asked == []
    assert "terms.yaml:4" in desk.run("status").out
    glossary.write_text("terms:\n  - keep: [INTERREG]\n", "utf-8")
    assert desk.run("once").code == 0
    assert desk.titles("it") == desk.titles_but("it")


def test_a_second_process_is_told_who_holds_the_lock(desk):
    desk.libre.delay = 0.8
    first = desk.start("once", "--json")
    assert desk.libre.busy.wait(20)
    second = desk.run("once", "--json")
    assert second.code == 75
    assert second.out == ""
    assert str(first.pid) in second.err
    assert "syndicator once" in second.err
    assert desk.run("status").code == 3, "looking needs no lock"
    out, err = first.communicate(timeout=30)
    assert first.returncode == 0, err
    assert json.loads(out)["translations"]["done"] == 6


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_cycle_and_the_next_goes_on(desk, number):
    desk.libre.delay = 0.9
    first = desk.start("once")
    assert desk.libre.busy.wait(20)
    began = time.monotonic()
    first.send_signal(number)
    out, err = first.communicate(timeout=20)
    assert time.monotonic() - began < 5
    assert first.returncode == 128 + number
    assert "Traceback" not in err
    assert "the next run goes on from here" in err
    assert out == ""
    desk.libre.delay = 0.0
    assert desk.run("once").code == 0
    for language in ("bg", "en", "it"):
        assert desk.titles(language) == desk.titles_but(language)


def test_a_slow_source_does_not_hold_a_signal_up(desk):
    desk.site.delay = 4.0
    first = desk.start("once")
    assert desk.site.busy.wait(20)
    began = time.monotonic()
    first.send_signal(signal.SIGTERM)
    first.communicate(timeout=20)
    assert time.monotonic() - began < 3


def test_an_unwritable_tree_is_named(desk):
    (desk.folder / "feeds").write_text("in the way", "utf-8")
    ran = desk.run("once")
    assert ran.code in (1, 78)
    assert str(desk.folder / "feeds") in ran.err
    assert ran.out == ""


def test_a_database_that_is_none_is_named(desk):
    (desk.folder / "state.db").write_bytes(b"not a database at all" * 100)
    for command in (["once"], ["status"], ["plan"], ["articles", "list"], ["memory", "stats"]):
        ran = desk.run(*command)
        assert ran.code == 1, command
        assert str(desk.folder / "state.db") in ran.err
        assert "restore a backup" in ran.err
