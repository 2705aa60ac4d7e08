"""What a tree in a folder promises beyond the contract of all trees."""

import errno
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from syndicator.errors import OutputError
from syndicator.output.local import LocalTree, _refused

WRITER = """
import sys, pathlib
from syndicator.output.local import LocalTree
tree = LocalTree(pathlib.Path(sys.argv[1]))
print("ready", flush=True)
while True:
    for letter in (b"a", b"b"):
        tree.write("en/all.rss", letter * 3_000_000)
"""


@pytest.fixture
def tree(tmp_path):
    return LocalTree(tmp_path / "feeds")


def test_an_equal_file_keeps_its_date_and_its_inode(tree):
    tree.write("en/all.rss", b"one")
    file = tree.root / "en/all.rss"
    os.utime(file, (1_000_000_000, 1_000_000_000))
    before = file.stat()
    tree.write("en/all.rss", b"one")
    assert (file.stat().st_mtime, file.stat().st_ino) == (before.st_mtime, before.st_ino)


def test_a_web_server_can_read_whatever_the_umask_is(tree):
    old = os.umask(0o077)
    try:
        tree.write("en/articles/1.html", b"x")
    finally:
        os.umask(old)
    modes = [
        stat.S_IMODE((tree.root / path).stat().st_mode)
        for path in ("en", "en/articles", "en/articles/1.html")
    ]
    assert modes == [0o755, 0o755, 0o644]


def test_a_reader_of_the_old_file_keeps_it_whole(tree):
    tree.write("en/all.rss", b"old")
    with (tree.root / "en/all.rss").open("rb") as reader:
        tree.write("en/all.rss", b"newer")
        assert reader.read() == b"old"


def test_a_killed_writer_leaves_a_whole_file_and_its_leftovers_are_swept(tree):
    whole = {b"a" * 3_000_000, b"b" * 3_000_000}
    tree.write("en/all.rss", b"a" * 3_000_000)
    (tree.root / "en" / ".syndicator-leftover").write_bytes(b"half")
    for attempt in range(5):
        command = [sys.executable, "-c", WRITER, str(tree.root)]
        source = str(Path(__file__).parents[2])
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": source}
        ) as writer:
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(0.02 + attempt * 0.013)
            writer.send_signal(signal.SIGKILL)
        assert tree.read("en/all.rss") in whole
    assert tree.paths() == ["en/all.rss"]
    assert tree.sweep() >= 1
    assert [file.name for file in (tree.root / "en").iterdir()] == ["all.rss"]


def test_files_of_others_are_neither_told_nor_swept(tree):
    tree.write("en/all.rss", b"x")
    (tree.root / ".htaccess").write_text("x")
    assert tree.sweep() == 0
    assert tree.paths() == ["en/all.rss"]
    assert (tree.root / ".htaccess").exists()


def test_a_link_that_leads_out_is_refused(tree, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    tree.root.mkdir()
    (tree.root / "en").symlink_to(outside)
    with pytest.raises(OutputError, match="symbolic link"):
        tree.write("en/all.rss", b"x")
    assert list(outside.iterdir()) == []


def test_the_tree_itself_may_be_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "feeds").symlink_to(tmp_path / "real")
    tree = LocalTree(tmp_path / "feeds")
    assert tree.write("en/all.rss", b"x")
    assert tree.paths() == ["en/all.rss"]


@pytest.mark.parametrize("act", ["write", "read", "remove"])
def test_a_folder_in_place_of_a_file_is_told(tree, act):
    (tree.root / "en/all.rss").mkdir(parents=True)
    arguments = [b"x"] if act == "write" else []
    with pytest.raises(OutputError, match=r"en/all\.rss"):
        getattr(tree, act)("en/all.rss", *arguments)


def test_a_file_in_place_of_a_folder_is_told(tree):
    tree.write("en", b"x")
    with pytest.raises(OutputError, match="in the way"):
        tree.write("en/all.rss", b"x")


def test_a_write_that_fails_half_way_is_told_and_leaves_nothing_behind(tmp_path):
    """The process's own limit on the size of files stands in for a full disk."""
    program = f"""
import resource, signal, pathlib
from syndicator.errors import OutputError
from syndicator.output.local import LocalTree
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    LocalTree(pathlib.Path({str(tmp_path)!r})).write("en/all.rss", b"x" * 5000)
except OutputError as error:
    print(error)
"""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert "en/all.rss" in done.stdout
    assert list((tmp_path / "en").iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_of_another_user_is_told(tree):
    tree.root.mkdir()
    tree.root.chmod(0o555)
    with pytest.raises(OutputError, match="no permission"):
        tree.write("en/all.rss", b"x")


@pytest.mark.parametrize(
    ("code", "way_out"),
    [
        (errno.ENOSPC, "free some space"),
        (errno.EDQUOT, "raise the quota"),
        (errno.EROFS, "mount it writable"),
        (errno.EACCES, "give the folder to the user"),
        (errno.ENOTDIR, "remove it"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_every_refusal_names_the_place_and_the_way_out(code, way_out):
    message = str(_refused(Path("/srv/feeds/en/all.rss"), OSError(code, os.strerror(code))))
    assert message.startswith("/srv/feeds/en/all.rss: ")
    assert way_out in message
