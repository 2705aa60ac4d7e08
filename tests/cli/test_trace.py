"""``articles trace``, and the same article in the log: its life from the arrival to the feeds."""

import json

from .conftest import BRIDGE, MARKET, SCHOOL


def trace(desk, article):
    return desk.run("articles", "trace", article, "--json").json


def steps(life, language=None):
    return [event["step"] for event in life["events"] if language in (None, event["language"])]


def ids(desk):
    return {one["title"]: one["id"] for one in desk.run("articles", "list", "--json").json["articles"]}


def test_a_whole_life_in_the_store_and_in_the_log(desk):
    desk.site.titles = [BRIDGE, SCHOOL]
    desk.libre.fault, desk.libre.about = "echo", "библиотека с 3000"
    process = desk.run_process("once")
    bridge, school = (ids(desk)[title] for title in (BRIDGE, SCHOOL))
    life = trace(desk, bridge)
    assert (life["id"], life["source"], life["title"]) == (bridge, "city", BRIDGE)
    assert steps(life)[:2] == ["offered", "taken in"]
    assert steps(life, "en") == ["answered", "translated", "published"]
    answered = next(event for event in life["events"] if event["step"] == "answered")
    assert (answered["by"], answered["engine"], answered["segments"]) == ("bought", "libre", 4)
    times = [event["time"] for event in life["events"]]
    assert times == sorted(times)

    held = trace(desk, school[:6])
    refused = [event for event in held["events"] if event["step"] == "refused"]
    assert {event["engine"] for event in refused} == {"libre"}
    assert all("echo" in event["reason"] for event in refused)
    assert held["events"][-1]["step"] in ("pending", "held")
    assert held["events"][-1]["attempts"] == 1

    log = [json.loads(line) for line in process.err.splitlines()]
    of_bridge = [(line["event"], line.get("language")) for line in log if line.get("article") == bridge]
    assert of_bridge[0] == ("article taken in", None)
    assert ("article translated", "it") in of_bridge
    assert of_bridge[-1][0] == "article published"
    of_school = [line["event"] for line in log if line.get("article") == school]
    assert "article not translated" in of_school

    shown = desk.run("articles", "trace", bridge).out
    assert "sentences bought from libre: 4" in shown
    assert "in the feed all" in shown


def test_what_the_memory_knew_and_what_was_withdrawn(desk):
    desk.site.titles = [BRIDGE]
    desk.run("once")
    (desk.folder / "inbox" / "again.txt").write_text(
        "Ремонтът продължи 14 месеца и беше платен от общината.\n\n"
        "Пешеходците получиха нова алея с пейки и осветление.\n"
        "Мостът над реката в центъра на града беше отворен отново за движение във вторник.\n",
        "utf-8",
    )
    desk.site.titles = [BRIDGE, MARKET]
    desk.run("once")
    again = next(one for one in ids(desk).values() if trace(desk, one)["source"] == "pasted")
    answered = [event for event in trace(desk, again)["events"] if event["step"] == "answered"]
    assert {(event["by"], event["engine"]) for event in answered} == {("memory", "libre")}
    desk.run("articles", "withdraw", again)
    assert trace(desk, again)["events"][-1]["step"] == "withdrawn"


def test_nobody_of_that_name(desk):
    desk.run("once")
    ran = desk.run("articles", "trace", "zzz")
    assert ran.code == 1
    assert "articles list" in ran.err
