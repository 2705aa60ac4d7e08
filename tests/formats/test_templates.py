"""How the pages' templates are kept: what one start compiles, the next one need not."""

import subprocess
import sys

import pytest

PROGRAM = """
import time
from syndicator.formats.pages import templating
compiled = []
compile_ = templating.Environment.compile
templating.Environment.compile = lambda *args, **more: compiled.append(args[2]) or compile_(*args, **more)
for language in ("bg", "en"):
    templating._environment(language).get_template("article.html.j2")
print(*compiled)
"""


def compiled(folder, **environment):
    """Return which templates a new process compiles, with Python's compiled files in a folder."""
    told = {"PYTHONPYCACHEPREFIX": str(folder), "PATH": "/usr/bin:/bin", **environment}
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=told, capture_output=True, text=True, check=True
    )
    return ran.stdout.split()


def kept(folder):
    return [file for file in folder.rglob("page-*") if file.is_file()]


def test_templates_are_compiled_once_and_kept_where_python_keeps_modules(tmp_path):
    assert compiled(tmp_path) == ["article.html.j2"]
    assert compiled(tmp_path) == []
    assert all(file.suffix == ".pyc" for file in kept(tmp_path))


@pytest.mark.parametrize("left", [0, 40])
def test_a_file_that_a_power_cut_halved_is_made_anew(tmp_path, left):
    compiled(tmp_path)
    for file in kept(tmp_path):
        file.write_bytes(file.read_bytes()[:left])
    assert compiled(tmp_path) == ["article.html.j2"]
    assert compiled(tmp_path) == []


def test_nothing_is_written_where_python_may_not_write(tmp_path):
    assert compiled(tmp_path, PYTHONDONTWRITEBYTECODE="1") == ["article.html.j2"]
    assert kept(tmp_path) == []
    (tmp_path / "file").write_text("in the way")
    assert compiled(tmp_path / "file") == ["article.html.j2"]
