"""Wrong usage, help, languages, and what goes to which stream."""

import json
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from syndicator.cli import app

ROOT = Path(__file__).resolve().parents[2]


def commands():
    """Return every command with its words: ``articles list``."""
    top = typer.main.get_command(app)
    for name, command in sorted(top.commands.items()):
        below = getattr(command, "commands", None)
        yield from ([f"{name} {each}" for each in below] if below else [name])


COMMANDS = list(commands())


@pytest.mark.parametrize(
    "arguments",
    [["nope"], ["once", "--nope"], ["once", "too much"], ["articles", "show"], ["-c"], ["articles", "nope"]],
)
def test_wrong_usage_ends_with_2(desk, arguments):
    ran = desk.run(*arguments, config=False)
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err


def test_the_config_is_named_before_the_command(desk):
    assert desk.run("once", "-c", desk.config, config=False).code == 2
    assert desk.run("--config", desk.config, "check", config=False).code == 0


def test_version_and_help_end_with_0(desk):
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", desk.run("--version", config=False).out)
    for command in ([], *(each.split() for each in COMMANDS)):
        ran = desk.run(*command, "--help", config=False)
        assert ran.code == 0
        assert "Usage: syndicator" in ran.out


@pytest.mark.parametrize("language", ["C.UTF-8", "bg_BG.UTF-8"])
def test_help_fits_the_line(desk, language):
    desk.environ["LC_ALL"] = language
    for group in ([], ["articles"], ["memory"]):
        told = desk.run_process(*group, "--help", config=False).out
        assert "..." not in told.replace("[ARGS]...", ""), told


def test_help_costs_little(desk):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    desk.run_process("--help", config=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert seconds < 0.4, "twice the aim, for machines that are slower or busy"


def test_help_imports_nothing_heavy(desk):
    code = "import sys, syndicator.cli; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=desk.environment(), check=True
    ).stdout.split()
    heavy = {"rich.console", "sqlalchemy", "pydantic", "httpx", "lxml", "structlog", "babel", "ruamel.yaml"}
    assert not heavy & set(loaded)


def test_what_reads_articles_is_loaded_when_there_is_one_to_read(desk):
    code = (
        "import sys\nfrom syndicator.cli import main\nsys.argv[0] = 'syndicator'\n"
        "try:\n    main()\nfinally:\n    print('syndicator.extract.item' in sys.modules, file=sys.stderr)"
    )

    def loads() -> str:
        ran = subprocess.run(
            [sys.executable, "-c", code, "-c", desk.config, "once"],
            cwd=desk.folder,
            capture_output=True,
            text=True,
            env=desk.environment(),
            check=False,
        )
        return ran.stderr.splitlines()[-1]

    assert loads() == "True"
    assert loads() == "False", "nothing is new"


def test_messages_are_bulgarian_in_a_bulgarian_locale(desk):
    desk.environ["LC_ALL"] = "bg_BG.UTF-8"
    ran = desk.run_process("--help", config=False)
    assert ran.code == 0
    assert "Проверява конфигурацията" in ran.out
    ran = desk.run("once")
    assert ran.code == 0
    assert "Статии: нови 3" in ran.out
    assert "готово" in desk.run("articles", "list").out
    keys = desk.run("status", "--json").json.keys()
    assert "sources" in keys, "what programs read is never translated"


def test_json_is_all_that_stdout_holds(desk):
    for command in (["plan"], ["once"], ["status"], ["articles", "list"], ["memory", "stats"]):
        ran = desk.run_process(*command, "--json")
        assert isinstance(json.loads(ran.out), dict), command


def test_a_reader_that_hangs_up_is_no_failure_to_shout_about(desk):
    desk.run("once")
    process = desk.start("articles", "list")
    process.stdout.close()
    process.stdout = None
    _, err = process.communicate(timeout=30)
    assert "Traceback" not in err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command):
    readme = ROOT / "README.md"
    if not readme.exists():
        pytest.skip("there is no README.md yet")
    pages = [readme, *(ROOT / "docs").glob("*.md")]
    told = "\n".join(page.read_text("utf-8") for page in pages)
    words = command.split()
    # `articles list`, or in a row of one group: `articles list`, `show ID`, `retry ID`
    found = command in told or (words[0] in told and re.search(rf"`{words[-1]}\b", told))
    assert found, f"`{command}` stands neither in README.md nor in docs/"
