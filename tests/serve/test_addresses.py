"""No address leads out of the tree, whatever is in it."""

from urllib.parse import quote_from_bytes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicator.serve.addresses import tree_path


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        (b"/", "index.html"),
        (b"/en/", "en/index.html"),
        (b"/en/all.rss", "en/all.rss"),
        (b"/en/%61ll%2Erss", "en/all.rss"),
        (b"/en/a+b~c.rss", "en/a+b~c.rss"),
    ],
)
def test_a_published_file_is_found_by_its_address(raw, path):
    assert tree_path(raw) == path


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"*",
        b"en/all.rss",
        b"//en/all.rss",
        b"/en//all.rss",
        b"/../state.db",
        b"/en/../../state.db",
        b"/en/%2e%2E/%2e%2e/state.db",
        b"/en%2f..%2f..%2fstate.db",
        b"/en%5c..%5cstate.db",
        b"/en/..\\state.db",
        b"/%252e%252e/state.db",
        b"/en/all.rss%00.html",
        b"/en/\x00",
        b"/.syndicator-x",
        b"/.git/config",
        b"/en/.hidden",
        b"/en/%2ehidden",
        b"/en/%",
        b"/en/%4",
        b"/en/%zz",
        b"/en/\xd0\xbd",
        b"/en/%D0%BD",
        b"/en/a b",
        b"/" + b"a" * 2000,
    ],
)
def test_nothing_else_is_anything(raw):
    assert tree_path(raw) is None


@pytest.mark.parametrize("raw", [b"/news/en/all.rss", b"/en/all.rss"])
def test_a_tree_below_a_path_is_found_with_and_without_it(raw):
    assert tree_path(raw, b"/news/") == "en/all.rss"


ODD = rb".. . / // %2e %2E%2e %2f %5c \ %00 %25 ; ~ %c0%ae %u002e en all.rss secret outside link"
PIECES = st.sampled_from([*ODD.split(), b"\x00", b" ", b"\xff"])
RAW = st.one_of(
    st.lists(PIECES, max_size=12).map(lambda pieces: b"/" + b"".join(pieces)),
    st.binary(max_size=60),
    st.binary(max_size=40).map(lambda data: b"/" + quote_from_bytes(data).encode()),
)


@given(RAW, st.sampled_from([b"/", b"/en/", b"/a/b/"]))
def test_every_path_is_plain(raw, prefix):
    path = tree_path(raw, prefix)
    if path is not None:
        parts = path.split("/")
        assert path.isascii()
        assert path.isprintable()
        assert all(part and not part.startswith(".") and "\\" not in part for part in parts)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(RAW)
def test_no_address_shows_what_lies_outside_or_is_hidden(ask, raw):
    outside = ask.tree.root.parent
    if not (outside / "secret").exists():
        (outside / "secret").write_bytes(b"SECRET")
        (ask.tree.root / ".secret").write_bytes(b"SECRET")
        (ask.tree.root / "en/link").symlink_to(outside / "secret")
        (ask.tree.root / "outside").symlink_to(outside)
    said = ask(raw.decode("latin-1"))
    assert b"SECRET" not in said.body
    assert said.status in (200, 301, 404)
    assert ask("/outside/secret").status == ask("/en/link").status == 404
