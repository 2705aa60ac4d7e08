"""Logs as systemd gets them: one JSON object a line, with its priority before it."""

import json
import subprocess
import sys

PROGRAM = """
import structlog
from syndicator.runtime.logs import configure_logs

configure_logs(verbose=False, quiet=False)
log = structlog.get_logger("x")
log.debug("not shown")
log.info("article taken in", article="k7m2c9xw4hpr", title="Мостът")
log.warning("source failed")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("a bug")
"""


def lines(**environ):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, env=environ
    )
    assert done.stdout == ""
    return done.stderr.splitlines()


def test_under_systemd_each_line_has_its_priority():
    found = lines(JOURNAL_STREAM="8:1234")
    assert [line[:3] for line in found] == ["<6>", "<4>", "<3>"]
    told = [json.loads(line[3:]) for line in found]
    assert told[0]["article"] == "k7m2c9xw4hpr"
    assert told[0]["title"] == "Мостът"
    assert "ZeroDivisionError" in told[2]["exception"]


def test_elsewhere_they_are_plain_json():
    assert [json.loads(line)["level"] for line in lines()] == ["info", "warning", "error"]
