"""One contract for every published tree; an implementation is a subclass with a fixture ``tree``."""

import pytest

from syndicator.errors import OutputError
from syndicator.output.local import LocalTree


class TreeContract:
    """What every published tree does, wherever it lies. ``tree`` is an empty one."""

    def test_a_written_file_can_be_read(self, tree):
        assert tree.write("en/all.rss", b"one") is True
        assert tree.read("en/all.rss") == b"one"
        assert tree.exists("en/all.rss")

    def test_a_changed_file_is_replaced_and_an_equal_one_is_not_written(self, tree):
        tree.write("en/all.rss", b"one")
        assert tree.write("en/all.rss", b"one") is False
        assert tree.write("en/all.rss", b"two") is True
        assert tree.read("en/all.rss") == b"two"

    def test_several_files_are_written_together(self, tree):
        tree.write("en/all.rss", b"one")
        files = {"en/all.rss": b"one", "en/b.rss": b"two", "it/new/c.rss": b"<x/>" * 200}
        assert tree.write_all(files) == 2
        assert {path: tree.read(path) for path in tree.paths()} == files
        assert tree.write_all({**files, "en/b.rss": b"three"}) == 1
        assert tree.read("en/b.rss") == b"three"
        ready = {"en/c.rss": tree.ready("en/c.rss", b"four"), "en/all.rss": tree.ready("en/all.rss", b"one")}
        assert tree.write_all(ready) == 1
        assert tree.read("en/c.rss") == b"four"
        assert tree.write_all({}) == 0

    def test_an_empty_file_is_a_file(self, tree):
        assert tree.write("empty", b"") is True
        assert tree.write("empty", b"") is False
        assert tree.read("empty") == b""

    def test_a_removed_file_is_gone(self, tree):
        tree.write("en/all.rss", b"one")
        assert tree.remove("en/all.rss") is True
        assert tree.remove("en/all.rss") is False
        assert tree.remove("xx/none.rss") is False
        assert not tree.exists("en/all.rss")
        with pytest.raises(OutputError, match=r"en/all\.rss"):
            tree.read("en/all.rss")

    def test_paths_are_told_in_order(self, tree):
        assert list(tree.paths()) == []
        for path in ("it/all.rss", "en/all.rss", "index.html", "en/articles/2018/1.html"):
            tree.write(path, b"x")
        assert list(tree.paths()) == ["en/all.rss", "en/articles/2018/1.html", "index.html", "it/all.rss"]

    def test_a_folder_is_told_with_what_is_in_it(self, tree):
        assert list(tree.folders("private")) == []
        assert list(tree.paths("private")) == []
        for path in ("private/b/en/x.rss", "private/a/x.rss", "private/x.rss", "privates/c/x.rss"):
            tree.write(path, b"x")
        assert list(tree.folders("private")) == ["a", "b"]
        assert list(tree.paths("private")) == ["private/a/x.rss", "private/b/en/x.rss", "private/x.rss"]
        assert list(tree.paths("private/b")) == ["private/b/en/x.rss"]

    def test_a_folder_is_gone_with_its_last_file(self, tree):
        tree.write("private/a/en/x.rss", b"x")
        tree.write("private/b/x.rss", b"x")
        tree.remove("private/a/en/x.rss")
        assert list(tree.folders("private")) == ["b"]
        tree.write("private/a/x.rss", b"x")
        assert list(tree.folders("private")) == ["a", "b"]

    def test_a_tree_without_leftovers_has_nothing_to_sweep(self, tree):
        tree.write("en/all.rss", b"one")
        assert tree.sweep() == 0
        assert list(tree.paths()) == ["en/all.rss"]

    @pytest.mark.parametrize(
        "path",
        ["", "/", "/etc/passwd", "../x", "en/../../x", "en//x", "./x", "en/.", "a\\b", "a\0b", "новини/x"],
    )
    def test_a_path_that_leads_elsewhere_is_refused(self, tree, path):
        for act in (lambda: tree.write(path, b"x"), lambda: tree.read(path), lambda: tree.remove(path)):
            with pytest.raises(OutputError, match="not a path inside"):
                act()
        with pytest.raises(OutputError, match="not a path inside"):
            tree.exists(path)


class TestLocalTree(TreeContract):
    @pytest.fixture
    def tree(self, tmp_path):
        return LocalTree(tmp_path / "feeds")


class TestCompressingLocalTree(TreeContract):
    @pytest.fixture
    def tree(self, tmp_path):
        return LocalTree(tmp_path / "feeds", compress=True)
