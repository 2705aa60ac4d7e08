import contextlib
import hashlib
import stat
import zipfile
from io import BytesIO

import pytest

from syndicator.errors import ParseError, SourceError
from syndicator.fetch.inbox import LocalInbox
from syndicator.text.archives import MOST_MEMBERS

TEXT = "Нова спирка в квартал „Опълченски“ ще има от понеделник.".encode()


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "inbox"
    path.mkdir()
    return path


@pytest.fixture
def inbox():
    return LocalInbox(100_000)


def archive(files, **changes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            for key, value in changes.items():
                setattr(info, key, value)
            target.writestr(info, data)
    return file.getvalue()


def dealt_with(inbox, folder, refused=""):
    """Everything that is in the inbox, as read, with one reason why it was refused."""
    found = {}
    for name in inbox.files(str(folder)):
        try:
            found[name] = (hashlib.sha256(inbox.read(str(folder), name)).hexdigest(), refused)
        except SourceError as error:
            found[name] = ("", str(error))
    return found


def tree(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_files_in_archives_have_names_of_their_own(inbox, folder):
    names = {
        "mart/a.txt": TEXT,
        "b.eml": b"Subject: x",
        "c.png": b"x",
        "__MACOSX/d.txt": b"x",
        ".e.txt": b"x",
    }
    (folder / "vesti.zip").write_bytes(archive(names))
    assert sorted(inbox.files(str(folder))) == ["vesti.zip/b.eml", "vesti.zip/mart/a.txt"]
    assert inbox.read(str(folder), "vesti.zip/mart/a.txt") == TEXT


def test_names_in_code_page_866(inbox, folder):
    data = archive({"XXXXXXX.txt": TEXT}).replace(b"XXXXXXX", "новина1".encode("cp866"))
    (folder / "a.zip").write_bytes(data)
    assert list(inbox.files(str(folder))) == ["a.zip/новина1.txt"]
    assert inbox.read(str(folder), "a.zip/новина1.txt") == TEXT


BAD = {
    "slip": archive({"../../etc/a.txt": TEXT}),
    "absolute": archive({"/etc/a.txt": TEXT}),
    "backslashes": archive({"..\\a.txt": TEXT}),
    "drive": archive({"C:/a.txt": TEXT}),
    "link": archive({"a.txt": b"/etc/passwd"}, external_attr=(stat.S_IFLNK | 0o777) << 16, create_system=3),
    "bomb": archive({"a.txt": bytes(90_000_000)}),
    "many": archive({f"{number}.txt": b"" for number in range(MOST_MEMBERS + 1)}),
    "together": archive({f"{number}.txt": bytes(99_000) for number in range(30)}),
    "nested": archive({"b.zip": archive({"a.txt": TEXT})}),
    "damaged": archive({"a.txt": TEXT})[:60],
    "no archive": b"nothing",
    "nothing in it": archive({"a.png": b"x"}),
    "empty": b"",
}


@pytest.mark.parametrize("name", BAD)
def test_bad_archives_are_refused_as_a_whole(inbox, folder, name):
    (folder / "a.zip").write_bytes(BAD[name])
    assert list(inbox.files(str(folder))) == ["a.zip"]
    with pytest.raises(ParseError, match=r"a\.zip"):
        inbox.read(str(folder), "a.zip")
    inbox.put_away(str(folder), dealt_with(inbox, folder))
    assert tree(folder) == ["failed/a.zip", "failed/a.zip.why.txt"]


def test_a_member_that_lies_about_its_size(inbox, folder):
    data = archive({"a.txt": TEXT * 100})
    size = len(TEXT * 100).to_bytes(4, "little")
    (folder / "a.zip").write_bytes(data.replace(size, (50).to_bytes(4, "little")))
    with contextlib.suppress(ParseError):
        assert len(inbox.read(str(folder), "a.zip/a.txt")) <= 50


def test_taken_files_go_to_done_and_refused_ones_to_failed_with_a_note(inbox, folder):
    (folder / "mart").mkdir()
    (folder / "mart" / "a.txt").write_bytes(TEXT)
    inbox.put_away(str(folder), dealt_with(inbox, folder))
    (folder / "b.txt").write_bytes(b"x")
    inbox.put_away(str(folder), dealt_with(inbox, folder, "too short"))
    assert tree(folder) == ["done/mart/a.txt", "failed/b.txt", "failed/b.txt.why.txt"]
    assert (folder / "failed/b.txt.why.txt").read_text() == "b.txt: too short\n"
    assert inbox.files(str(folder)) == []


def test_an_archive_goes_when_all_its_files_are_dealt_with(inbox, folder):
    (folder / "a.zip").write_bytes(archive({"a.txt": TEXT, "b.txt": TEXT * 2}))
    done = dealt_with(inbox, folder)
    inbox.put_away(str(folder), {"a.zip/a.txt": done["a.zip/a.txt"]})
    assert tree(folder) == ["a.zip"]
    inbox.put_away(str(folder), done)
    assert tree(folder) == ["done/a.zip"]


@pytest.mark.parametrize("name", ["letter.doc", "старо.odt", "photo.JPG", "README"])
def test_a_file_of_another_kind_is_named_and_put_aside(inbox, folder, name):
    (folder / name).write_bytes(b"\xd0\xcf\x11\xe0 old Word")
    (folder / "a.txt").write_bytes(TEXT)
    assert set(inbox.files(str(folder))) == {name, "a.txt"}
    with pytest.raises(ParseError, match=rf"{name} is none of \.txt, .*\.zip: save it as one of these"):
        inbox.read(str(folder), name)
    inbox.put_away(str(folder), dealt_with(inbox, folder))
    assert tree(folder) == sorted(["done/a.txt", f"failed/{name}", f"failed/{name}.why.txt"])
    assert "save it as" in (folder / f"failed/{name}.why.txt").read_text("utf-8")


@pytest.mark.parametrize(
    "name", ["~$letter.docx", "a.txt~", "big.docx.part", "x.TMP", ".a.txt.swp", "Thumbs.db", "desktop.ini"]
)
def test_what_programs_leave_beside_a_file_is_left_alone(inbox, folder, name):
    (folder / name).write_bytes(b"half of it")
    assert not list(inbox.files(str(folder)))
    inbox.put_away(str(folder), {})
    assert tree(folder) == [name]


def test_a_file_that_changed_meanwhile_stays(inbox, folder):
    (folder / "a.txt").write_bytes(TEXT)
    done = dealt_with(inbox, folder)
    (folder / "a.txt").write_bytes(TEXT * 2)
    inbox.put_away(str(folder), done)
    assert tree(folder) == ["a.txt"]


def test_a_second_file_of_the_same_name_does_not_overwrite_the_first(inbox, folder):
    for times in (1, 2, 3):
        (folder / "a.txt").write_bytes(TEXT * times)
        inbox.put_away(str(folder), dealt_with(inbox, folder))
    assert tree(folder) == ["done/a.2.txt", "done/a.3.txt", "done/a.txt"]
    assert (folder / "done/a.3.txt").read_bytes() == TEXT * 3


def test_a_kill_between_the_two_names_loses_nothing(inbox, folder):
    (folder / ".a.txt.taking").write_bytes(TEXT)
    (folder / ".b.txt.taking").write_bytes(TEXT)
    (folder / "b.txt").write_bytes(TEXT * 2)  # a newer one came meanwhile
    inbox.put_away(str(folder), {})
    assert tree(folder) == ["a.txt", "b.2.txt", "b.txt"]
