"""Kills at any system call, for real: what is visible stays whole, and the next run goes on.

The whole measurement is benchmarks/crash_points.py; here are all points of one file, and a few of a cycle.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from crash_tracer import why_not  # noqa: E402

from syndicator.store.database import HEAD  # noqa: E402

if reason := why_not():
    pytest.skip(reason, allow_module_level=True)


def run(script, *arguments):
    command = [sys.executable, str(ROOT / script), *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300, cwd=ROOT)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def trials(tmp_path_factory):
    code, told = run("tests/crash/published_file.py", tmp_path_factory.mktemp("published"))
    assert code == 0, told
    return json.loads(told)


@pytest.mark.parametrize("loss", ["NOTHING", "DATA", "NAMES"])
def test_a_file_and_its_forms_are_whole_whenever_the_process_is_killed(trials, loss):
    assert trials[loss]["wrong"] == []
    assert trials[loss]["calls"] > 20


@pytest.mark.parametrize("control", ["DATA without fsync", "NOTHING in place"])
def test_the_controls_fail(trials, control):
    """Without fsync, or written in place, the same file does get broken: so what passes means something."""
    assert any("neither the old nor the new" in wrong for wrong in trials[control]["wrong"])


def test_the_first_database_survives_a_power_cut_with_its_folders(tmp_path):
    code, told = run("tests/crash/first_database.py", tmp_path)
    assert (code, told.strip()) == (0, HEAD), told


def test_a_cycle_that_is_killed_is_completed_by_the_next_one():
    code, told = run("benchmarks/crash_points.py", "--stage", "first", "--points", "4", "--controls", "0")
    assert code == 0, told
    assert "0 runs were over before their point" in told
