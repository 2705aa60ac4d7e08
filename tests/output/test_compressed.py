"""The compressed forms beside the published files."""

import gzip

import brotli
import pytest
import zstandard

from syndicator.errors import OutputError
from syndicator.formats.codings import ENDINGS, is_coded_form
from syndicator.output.compressed import compressed
from syndicator.output.local import LocalTree

SUFFIXES = tuple(ENDINGS.values())
TEXT = "Новина от малкия град. ".encode() * 200
LATER = b"Another text. " * 200

READERS = {".gz": gzip.decompress, ".br": brotli.decompress, ".zst": zstandard.decompress}


@pytest.fixture
def tree(tmp_path):
    return LocalTree(tmp_path / "feeds", compress=True)


def forms(tree, path="en/all.rss"):
    """Return what each compressed form of a file says."""
    found = {suffix: tree.root / f"{path}{suffix}" for suffix in SUFFIXES}
    return {suffix: READERS[suffix](file.read_bytes()) for suffix, file in found.items() if file.exists()}


def names(tree):
    return sorted(file.name for file in tree.root.rglob("*") if file.is_file())


def test_every_form_gives_the_text_back_and_is_smaller():
    made = compressed({"all.rss": TEXT})["all.rss"]
    assert {suffix: READERS[suffix](form) for suffix, form in made.items()} == dict.fromkeys(SUFFIXES, TEXT)
    assert all(len(form) < len(TEXT) / 4 for form in made.values())
    assert made == compressed({"all.rss": TEXT})["all.rss"]


def test_large_files_have_the_forms_that_each_would_have_alone():
    files = {"all.rss": TEXT * 50, "all.atom": LATER * 50, "a.html": TEXT, "a.png": TEXT}
    made = compressed(files)
    assert list(made) == list(files)
    assert made == {name: compressed({name: data})[name] for name, data in files.items()}
    assert {suffix: READERS[suffix](form) for suffix, form in made["all.atom"].items()} == dict.fromkeys(
        SUFFIXES, LATER * 50
    )


@pytest.mark.parametrize(("name", "data"), [("a.png", TEXT), ("a", TEXT), ("a.rss", b"short")])
def test_what_gains_nothing_has_no_forms(name, data):
    assert compressed({name: data}) == {name: {}}


@pytest.mark.parametrize(("text", "expected"), [(TEXT, {".gz"}), (TEXT * 5, {".br", ".gz"})])
def test_a_page_has_no_form_that_brings_it_no_sooner(tree, text, expected):
    tree.write("en/a.html", text)
    assert forms(tree, "en/a.html") == dict.fromkeys(expected, text)
    assert tree.exists("en/a.html")


def test_a_page_that_becomes_short_keeps_no_form_of_the_long_one(tree):
    tree.write("en/a.html", TEXT * 5)
    tree.write("en/a.html", TEXT)
    assert forms(tree, "en/a.html") == {".gz": TEXT}


def test_a_form_that_an_earlier_program_made_of_a_page_goes_with_its_text(tree):
    tree.write("en/a.html", TEXT)
    tree.write("en/b.html", TEXT)
    for name in ("a", "b"):
        (tree.root / f"en/{name}.html.br").write_bytes(brotli.compress(TEXT))
        (tree.root / f"en/{name}.html.zst").write_bytes(zstandard.compress(TEXT))
    tree.write("en/a.html", LATER)
    tree.remove("en/b.html")
    assert names(tree) == ["a.html", "a.html.gz"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("all.rss.gz", True),
        ("all.json.zst", True),
        ("all.rss", False),
        ("data.gz", False),
        ("a.png.br", False),
    ],
)
def test_a_form_is_told_by_its_name(name, expected):
    assert is_coded_form(name) is expected


def test_a_file_has_its_forms_from_the_first_and_takes_them_along(tree):
    tree.write("en/all.rss", TEXT)
    assert forms(tree) == dict.fromkeys(SUFFIXES, TEXT)
    assert tree.paths() == ["en/all.rss"]
    tree.write("en/all.rss", LATER)
    assert forms(tree) == dict.fromkeys(SUFFIXES, LATER)
    assert tree.remove("en/all.rss")
    assert names(tree) == []


@pytest.mark.parametrize("compress", [True, False])
def test_a_file_that_was_made_ready_is_written_like_another(tmp_path, compress):
    at_once, ready = (LocalTree(tmp_path / name, compress=compress) for name in ("one", "two"))
    for data in (TEXT, LATER):
        files = {"en/all.rss": data, "en/all.atom": data[:9]}
        assert at_once.write_all(files) == 2
        assert ready.write_all({path: ready.ready(path, data) for path, data in files.items()}) == 2
        assert ready.write_all({path: ready.ready(path, data) for path, data in files.items()}) == 0
        assert names(at_once) == names(ready)
        assert all(at_once.read(path) == ready.read(path) for path in at_once.paths())
        assert forms(at_once) == forms(ready) == (dict.fromkeys(SUFFIXES, data) if compress else {})


def test_forms_bear_their_files_date(tree):
    tree.write("en/all.rss", TEXT)
    dates = {(tree.root / f"en/all.rss{suffix}").stat().st_mtime_ns for suffix in ("", *SUFFIXES)}
    assert len(dates) == 1


def test_a_text_that_has_become_short_loses_its_forms(tree):
    tree.write("en/all.rss", TEXT)
    tree.write("en/all.rss", b"short")
    assert names(tree) == ["all.rss"]


def test_without_compression_no_older_form_stays(tree):
    tree.write("en/all.rss", TEXT)
    LocalTree(tree.root).write("en/all.rss", LATER)
    assert names(tree) == ["all.rss"]


def test_a_file_from_before_gets_its_forms_and_counts_as_unchanged(tree):
    LocalTree(tree.root).write("en/all.rss", TEXT)
    before = (tree.root / "en/all.rss").stat()
    assert not tree.exists("en/all.rss")
    assert tree.write("en/all.rss", TEXT) is False
    assert tree.exists("en/all.rss")
    assert forms(tree) == dict.fromkeys(SUFFIXES, TEXT)
    after = (tree.root / "en/all.rss").stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)


def test_forms_that_a_killed_process_left_ahead_of_their_file_are_made_anew(tree):
    tree.write("en/all.rss", TEXT)
    form = tree.root / "en/all.rss.gz"
    form.write_bytes(gzip.compress(LATER))
    assert not tree.exists("en/all.rss")
    tree.write("en/all.rss", TEXT)
    assert forms(tree) == dict.fromkeys(SUFFIXES, TEXT)


def test_forms_without_a_file_are_swept_and_archives_of_others_are_not(tree):
    tree.write("en/all.rss", TEXT)
    (tree.root / "en/all.rss").unlink()
    (tree.root / "photos.gz").write_bytes(b"an archive")
    assert tree.sweep() == 3
    assert names(tree) == ["photos.gz"]


def test_a_form_that_cannot_be_put_in_place_leaves_the_file_as_it_was(tree):
    tree.write("en/all.rss", TEXT)
    (tree.root / "en/all.rss.zst").unlink()
    (tree.root / "en/all.rss.zst").mkdir()
    with pytest.raises(OutputError, match="in the way"):
        tree.write("en/all.rss", LATER)
    assert tree.read("en/all.rss") == TEXT
    assert not [name for name in names(tree) if name.startswith(".")]
