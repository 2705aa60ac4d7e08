"""``run``: the worker as a process, with its schedule, its signals and its config."""

import json
import shutil
import signal
import socket
import time

import httpx
import pytest

SECONDS = 30


def wait(condition, told=lambda: ""):
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {SECONDS} s {told()}")


@pytest.fixture
def worker(desk):
    """Start workers; none outlives its test."""
    started = []

    def start():
        text = desk.config.read_text("utf-8")
        if "every:" not in text:
            desk.config.write_text(text.replace("    publish:", "    every: 1s\n    publish:"), "utf-8")
        started.append(desk.start("run"))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def stop(process, number=signal.SIGTERM):
    process.send_signal(number)
    _, err = process.communicate(timeout=20)
    assert "Traceback" not in err, err
    return process.returncode, err


def events(err):
    return [json.loads(line) for line in err.splitlines()]


def test_it_publishes_goes_on_and_ends_with_0(desk, worker):
    process = worker()
    wait(lambda: desk.titles("it") == desk.titles_but("it"))
    asked = len(desk.libre.asked)
    (desk.folder / "inbox" / "market.txt").write_text(
        "Пазарът на плодове се мести на площада\n\n"
        "От събота пазарът на плодове и зеленчуци ще се провежда на големия площад пред читалището.\n"
        "Търговците искат повече сянка и чешма с вода.\n",
        "utf-8",
    )
    wait(lambda: len(desk.feed("bg")) >= len(desk.titles_but("bg")))
    time.sleep(2)
    code, err = stop(process)
    assert code == 0
    assert len(desk.libre.asked) == asked, "what the memory knows is bought once"
    assert events(err)[-1]["event"] == "stopped"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_engine_that_hangs_does_not_hold_the_end_up(desk, worker, number):
    desk.libre.delay = 60.0
    process = worker()
    assert desk.libre.busy.wait(SECONDS)
    began = time.monotonic()
    code, _ = stop(process, number)
    assert time.monotonic() - began < 20
    assert code == 0
    desk.libre.delay = 0.0
    assert desk.run("once").code == 0
    assert desk.titles("en") == desk.titles_but("en")


def test_a_second_worker_and_once_are_told_who_holds_the_database(desk, worker):
    process = worker()
    wait(lambda: desk.feed("bg"))
    for command in ("run", "once"):
        ran = desk.run_process(command)
        assert ran.code == 75
        assert f"{process.pid} (syndicator run" in ran.err
    assert stop(process)[0] == 0


def test_a_changed_config_is_taken_over_without_a_signal_and_a_bad_one_is_not(desk, worker):
    process = worker()
    wait(lambda: desk.titles("en") == desk.titles_but("en"))
    good = desk.config.read_text("utf-8")
    desk.config.write_text(good.replace("id: all\n", "id: all\n    limit: 1\n"), "utf-8")
    time.sleep(7)
    assert desk.titles("en") == desk.titles_but("en"), "entries stay for 48 hours whatever the limit"
    desk.config.write_text(good + "oops: 1\n", "utf-8")
    process.send_signal(signal.SIGHUP)
    time.sleep(2)
    code, err = stop(process)
    assert code == 0
    told = events(err)
    assert {"feed all: limit 50 → 1"} <= {line.get("change") for line in told}
    assert any("oops" in str(line.get("problem")) for line in told)


def test_an_editors_change_is_published_within_a_minute(desk, worker):
    process = worker()
    wait(lambda: desk.titles("en") == desk.titles_but("en"))
    identity = desk.run("articles", "list", "--json").json["articles"][0]["id"]
    assert desk.run("articles", "withdraw", identity).code == 0
    wait(lambda: any("withdrawn" in json.dumps(item).lower() for item in desk.feed("en")))
    assert stop(process)[0] == 0


def test_a_broken_config_ends_it_with_78(desk):
    desk.config.write_text("sources: [\n", "utf-8")
    assert desk.run_process("run").code == 78


def test_systemd_is_told_when_it_is_ready_that_it_lives_and_that_it_ends(desk, worker, tmp_path):
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(path))
        listener.settimeout(SECONDS)
        desk.environ |= {"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": "800000"}
        process = worker()
        told = [listener.recv(4096).decode() for _ in range(4)]
        assert told[0].startswith("READY=1")
        assert "WATCHDOG=1" in told
        process.send_signal(signal.SIGHUP)
        wait(lambda: "RELOADING=1" in (told.append(listener.recv(4096).decode()) or told[-1]))
        stop(process)
        listener.settimeout(0.2)
        wait(lambda: listener.recv(4096).decode().startswith("STOPPING=1"))


def test_a_round_that_fails_is_told_and_the_next_one_works(desk, worker):
    process = worker()
    feeds = desk.folder / "feeds"
    wait(lambda: desk.titles("en") == desk.titles_but("en"))
    process.send_signal(signal.SIGSTOP)  # so that it does not write while the folder goes
    shutil.rmtree(feeds)
    feeds.write_text("in the way", "utf-8")
    process.send_signal(signal.SIGCONT)
    time.sleep(3)
    assert process.poll() is None
    feeds.unlink()
    code, err = stop(process)
    assert code == 0
    assert any(line["event"] == "round failed" and str(feeds) in line["error"] for line in events(err))
    assert desk.run("once").code == 0
    assert desk.titles("en") == desk.titles_but("en")


def test_with_serve_in_the_config_it_serves_and_follows_a_changed_place(desk, worker):
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        first, second = (f"127.0.0.1:{found.getsockname()[1]}" for found in (one, other))
    good = desk.config.read_text("utf-8")
    desk.config.write_text(f'{good}serve: {{bind: "{first}"}}\n', "utf-8")
    process = worker()
    wait(lambda: answers(first))
    wait(lambda: desk.titles("en") == desk.titles_but("en"))
    assert httpx.get(f"http://{first}/en/all.json").json()["items"] == desk.feed("en")
    moved = desk.config.read_text("utf-8").replace(first, second)
    desk.config.write_text(moved, "utf-8")
    process.send_signal(signal.SIGHUP)
    wait(lambda: answers(second))
    assert not answers(first)
    assert stop(process)[0] == 0
    assert not answers(second)


def answers(place):
    """Return whether a server lives at a place."""
    try:
        return httpx.get(f"http://{place}/livez").text == "ok\n"
    except httpx.TransportError:
        return False


def test_it_tells_its_own_state_to_prometheus(desk, worker):
    with socket.create_server(("127.0.0.1", 0)) as free:
        place = f"127.0.0.1:{free.getsockname()[1]}"
    heard = desk.folder / "heard.jsonl"
    extra = f'serve: {{bind: "{place}"}}\non_alert: [{{kind: command, command: [tee, -a, "{heard}"]}}]\n'
    desk.config.write_text(desk.config.read_text("utf-8") + extra, "utf-8")
    process = worker()

    def asked(path):
        try:
            return httpx.get(f"http://{place}/{path}")
        except httpx.TransportError:
            return None

    wait(lambda: (said := asked("readyz")) and said.status_code == 200)
    wait(lambda: 'syndicator_rounds_total{outcome="done"} 0.0' not in asked("metrics").text)
    told = asked("metrics").text
    assert "syndicator_scheduler_running 1.0" in told
    assert "syndicator_worker_working 1.0" in told
    assert 'syndicator_scheduler_events_total{event="missed"} 0.0' in told
    assert "syndicator_config_last_reload_successful 1.0" in told
    desk.config.write_text(desk.config.read_text("utf-8").replace("publish:", "publihs:"), "utf-8")
    wait(lambda: "syndicator_config_last_reload_successful 0.0" in asked("metrics").text)
    wait(lambda: heard.exists() and "reload_refused" in heard.read_text("utf-8"))
    desk.config.write_text(desk.config.read_text("utf-8").replace("publihs:", "publish:"), "utf-8")
    wait(lambda: heard.read_text("utf-8").count("reload_refused") == 2)
    assert "<h2>" in asked("status").text
    assert stop(process)[0] == 0
    assert (desk.folder / "status.html").exists()
