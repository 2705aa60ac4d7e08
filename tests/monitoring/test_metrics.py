"""What /metrics says, and that Prometheus's own tools and the shipped rules and dashboard agree with it."""

import ast
import json
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard
from prometheus_client.parser import text_string_to_metric_families

import syndicator
from syndicator.runtime.monitoring.exposition import exposition
from syndicator.runtime.monitoring.figures import FINDINGS, TERM, figures_of, hold_name, is_off, looking
from syndicator.runtime.monitoring.pulse import HUNG, Pulse
from syndicator.translation import check

SHIPPED = Path(syndicator.__file__).parent / "runtime" / "monitoring"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)

with_promtool = pytest.mark.skipif(not shutil.which("promtool"), reason="apt-get install prometheus")


@pytest.fixture(scope="module")
def text(lived):
    pulse = Pulse(NOW)
    pulse.beat()
    pulse.scheduler(running=True)
    pulse.scheduled("due")
    pulse.round_ended(NOW, well=True)
    pulse.config_read(NOW, accepted=False)
    with looking(lived) as workshop:
        return exposition(figures_of(workshop), pulse.condition()).decode()


@pytest.fixture(scope="module")
def samples(text):
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(samples, name, **labels):
    return samples[f"syndicator_{name}", tuple(sorted(labels.items()))]


def test_it_tells_what_happened(samples):
    assert value(samples, "store_up") == 1
    assert value(samples, "source_last_success_timestamp_seconds", source="pasted") > 1.7e9
    assert value(samples, "source_last_new_timestamp_seconds", source="pasted") > 1.7e9
    assert (
        value(samples, "source_silent_after_timestamp_seconds", source="pasted")
        > datetime.now(UTC).timestamp()
    )
    assert value(samples, "source_articles", source="pasted") == 2
    assert value(samples, "source_failures", source="silent") == 1
    assert value(samples, "backlog_articles", language="en", state="pending") == 1
    assert value(samples, "finished_articles", language="en") == 1
    assert value(samples, "finished_articles", language="bg") == 2
    assert value(samples, "backlog_oldest_timestamp_seconds", language="it") > 1.7e9
    assert value(samples, "engine_up", engine="libre") == 0
    assert value(samples, "engine_requests_total", engine="libre") >= 1
    assert value(samples, "engine_errors_total", engine="libre") >= 1
    assert value(samples, "engine_budget_remaining_characters", engine="libre", period="day") == 5000
    assert value(samples, "engine_budget_characters", engine="libre", period="month") == 90000
    assert value(samples, "feed_last_published_timestamp_seconds", feed="all", language="it") > 1.7e9
    assert value(samples, "feed_entries", feed="all", language="bg") == 2
    assert value(samples, "config_last_reload_successful") == 0
    assert value(samples, "config_last_reload_success_timestamp_seconds") == NOW.timestamp()
    assert value(samples, "scheduler_events_total", event="due") == 1
    assert value(samples, "scheduler_events_total", event="missed") == 0
    assert value(samples, "scheduler_running") == 1
    assert value(samples, "rounds_total", outcome="done") == 1
    assert value(samples, "disk_free_bytes", place="database") > 0


def test_what_never_was_has_no_moment(samples):
    names = {(name, labels) for name, labels in samples if ("source", "silent") in labels}
    assert ("syndicator_source_failures", (("source", "silent"),)) in names
    assert not any("timestamp" in name for name, _ in names)


def test_labels_are_few_and_never_an_address_or_an_article(lived, samples):
    labels = {(name, value) for _, pairs in samples for name, value in pairs}
    assert {name for name, _ in labels} <= {
        *("source", "engine", "feed", "language", "state", "period", "place"),
        *("reason", "event", "outcome", "version", "python"),
    }
    with looking(lived) as workshop, workshop.database.reading() as connection:
        ids = {row[0] for row in connection.exec_driver_sql("SELECT public_id FROM articles")}
    assert ids
    assert not any("://" in value or value in ids for _, value in labels)


def test_a_store_that_cannot_be_read_is_a_metric_too():
    told = exposition(None, None).decode()
    assert "syndicator_store_up 0.0" in told
    assert "syndicator_build_info{" in told


@with_promtool
def test_promtool_finds_nothing(text):
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@with_promtool
@pytest.mark.parametrize("command", [("check", "rules", "alerts.yml"), ("test", "rules", "alerts.test.yml")])
def test_promtool_takes_the_shipped_rules(command):
    done = subprocess.run(["promtool", *command], cwd=SHIPPED, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def queries():
    board = json.loads((SHIPPED / "dashboard.json").read_text("utf-8"))
    told = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    told += [each["expr"] for each in board["annotations"]["list"]]
    return [*told, board["templating"]["list"][1]["query"]["query"]]


# What stands in the text only once there is something to count.
LATER = {"syndicator_held_articles"}


def test_what_rules_and_dashboard_ask_for_is_exported(text):
    exported = {name for name, _ in map(str.split, re.findall(r"^# TYPE (\S+ \S+)$", text, re.MULTILINE))}
    rules = (SHIPPED / "alerts.yml").read_text("utf-8")
    asked = set(re.findall(r"\b(?:syndicator|process)_[a-z_]+", " ".join(queries()) + rules))
    assert asked
    assert asked <= exported | LATER, asked - exported
    ours = {name for name in exported if name.startswith("syndicator_")}
    shown = set(re.findall(r"\bsyndicator_[a-z_]+", " ".join(queries()) + rules))
    assert ours - shown == set(), "a metric that nobody looks at"


@with_promtool
def test_promtool_takes_every_query_of_the_dashboard(tmp_path):
    def plain(query):
        found = re.fullmatch(r"label_values\((\w+), \w+\)", query)
        query = found[1] if found else query
        return query.replace("$__rate_interval", "5m").replace("$instance", ".*")

    rules = [{"record": f"q:{at}", "expr": plain(query)} for at, query in enumerate(queries())]
    path = tmp_path / "rules.yml"
    path.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}), "utf-8")
    done = subprocess.run(
        ["promtool", "check", "rules", str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def lost(told, kept, path=""):
    """Yield the places of what is in one JSON value and not the same in the other."""
    if isinstance(told, dict) and isinstance(kept, dict):
        for key, value in told.items():
            yield from lost(value, kept.get(key), f"{path}/{key}")
    elif isinstance(told, list) and isinstance(kept, list) and len(told) == len(kept):
        for at, (one, other) in enumerate(zip(told, kept, strict=True)):
            yield from lost(one, other, f"{path}/{at}")
    elif told != kept:
        yield path


def test_grafanas_own_model_takes_the_dashboard_and_loses_nothing():
    register_default_plugins()
    board = json.loads((SHIPPED / "dashboard.json").read_text("utf-8"))
    read = Dashboard.from_json(board)
    again = json.loads(JSONEncoder().encode(read))
    # An annotation's title belongs to the data source of Prometheus, which the model leaves open.
    assert set(lost(board, again)) <= {"/annotations/list/0/titleFormat"}
    misspelt = board | {"panels": [{**board["panels"][0], "fieldConfigs": {}}]}
    again = json.loads(JSONEncoder().encode(Dashboard.from_json(misspelt)))
    assert "/panels/0/fieldConfigs" in set(lost(misspelt, again))


def test_panels_do_not_overlap():
    taken = set()
    for panel in json.loads((SHIPPED / "dashboard.json").read_text("utf-8"))["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken
        assert max(x for x, _ in cells) < 24
        taken |= cells


def test_holds_are_named_by_the_checks_own_names():
    names = set()
    for node in ast.walk(ast.parse(Path(check.__file__).read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding":
            severity = node.args[1].attr
            if severity != "WARN":
                names.add(node.args[0].value)
    assert names <= set(FINDINGS)
    for name in FINDINGS:
        assert hold_name(f"отказано: {name}: 1 × 2 — „нещо“") == name
    assert hold_name("АРИР: not “SZREDA” in the translation") == TERM


def test_when_an_engine_is_off():
    early, late = NOW.replace(hour=9), NOW
    assert not is_off(None, None, 0, None)
    assert not is_off(late, early, 0, None)
    assert not is_off(NOW.replace(hour=11, minute=59), NOW, 0, None), "it stumbled once"
    assert is_off(early, late, 0, None)
    assert is_off(None, late, 0, None)
    assert is_off(NOW.replace(hour=11, minute=59), NOW, 2, NOW)


def test_a_pulse_that_stops_is_noticed():
    moments = [0.0]
    pulse = Pulse(NOW, clock=lambda: moments[0])
    assert not pulse.condition().working
    pulse.beat()
    moments[0] = HUNG - 1
    assert pulse.condition().working
    moments[0] = HUNG + 1
    assert not pulse.condition().working
