"""The status page: it says it all, for eyes, for screen readers, in the dark; and where it may lie."""

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from lxml import html

from syndicator.runtime.build import open_workshop
from syndicator.runtime.monitoring.charts import bar, columns
from syndicator.runtime.monitoring.figures import Figures, figures_of, looking
from syndicator.runtime.monitoring.history import DAYS, History, history_of
from syndicator.runtime.monitoring.page import MOST_SOURCES, status_page
from syndicator.runtime.monitoring.status_file import page_of, write_status_file
from syndicator.runtime.telling.troubles import Kind, Trouble, troubles
from syndicator.settings.load import examine

from .conftest import configure, settings_of

BROWSER = Path(__file__).parents[1] / "browser"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SOFIA = ZoneInfo("Europe/Sofia")


@pytest.fixture(scope="module")
def page(lived):
    with looking(lived) as workshop:
        return page_of(workshop)


def test_it_shows_the_figures_as_charts_and_as_tables(page):
    tree = html.fromstring(page)
    assert [heading.text for heading in tree.iter("h2")] == [
        *("Sources", "Articles per day", "Backlog", "Engines", "Feeds"),
    ]
    labels = [svg.get("aria-label") for svg in tree.iter("svg")]
    assert "pending 1, held 0, failed 0" in labels
    assert "taken in: 2 in 30 days, at most 2 a day" in labels
    assert "published in en: 1 in 30 days, at most 1 a day" in labels
    assert all(svg.get("role") == "img" for svg in tree.iter("svg"))
    rows = {row[0].text_content(): row.text_content() for row in tree.iter("tr")}
    assert rows["pasted"].endswith("2")
    today = datetime.now(UTC).date().isoformat()
    assert rows[today]
    assert len([name for name in rows if re.fullmatch(r"\d{4}-\d\d-\d\d", name)]) == DAYS
    assert "the engine libre does not translate" in tree.text_content()


def test_it_needs_nothing_else(page):
    tree = html.fromstring(page)
    assert not list(tree.iter("script", "link", "img", "iframe"))
    assert b"url(" not in page
    assert not tree.xpath("//@href | //@src")


def test_markup_in_what_others_say_stays_text(lived):
    with looking(lived) as workshop:
        figures, history = figures_of(workshop), history_of(workshop)
    found = [Trouble(Kind.ENGINE_OFF, "x", "<script>alert(1)</script> & more")]
    page = status_page("<b>News</b>", figures, history, found, SOFIA)
    assert b"<script>" not in page
    assert b"&lt;b&gt;News" in page


def test_an_empty_service_has_a_page(tmp_path):
    now = datetime(2026, 11, 24, tzinfo=UTC)
    empty = Figures(now, (), (), (), (), (), (), 0)
    page = status_page("News", empty, History(("2026-11-24",), {}, {}, {}), (), SOFIA)
    assert b"Nothing is wrong." in page


def test_many_sources_are_bounded(lived):
    with looking(lived) as workshop:
        figures, history = figures_of(workshop), history_of(workshop)
    many = tuple(figures.sources[0].__class__(f"s{n}", 1, None, None, None, 0, "", 0) for n in range(1000))
    page = status_page(
        "News", figures.__class__(figures.now, many, (), (), (), (), (), 0), history, (), SOFIA
    )
    assert f"… and {1000 - MOST_SOURCES} more".encode() in page
    assert len(page) < 100_000


def test_charts_keep_within_their_frames():
    days = ["2026-11-23", "2026-11-24"]
    drawn = html.fromstring(columns(days, {"2026-11-24": 7}, 7, "x", "one"))
    [rect] = drawn.iter("rect")
    assert (rect.get("height"), rect.get("y")) == ("60.0", "0.0")
    shares = html.fromstring(bar([(0.7, "one"), (0.6, "bad")], "x"))
    widths = [float(rect.get("width")) for rect in shares.iter("rect")][1:]
    assert widths == pytest.approx([70, 30])


def test_the_file_lies_beside_the_database_and_not_for_everybody(tmp_path):
    settings = settings_of(configure(tmp_path / "a"))
    with open_workshop(settings) as workshop:
        write_status_file(workshop)
        write_status_file(workshop)
    path = tmp_path / "a" / "var" / "status.html"
    assert path.stat().st_mode & 0o777 == 0o640
    assert not list(path.parent.glob("*.new"))


def test_it_can_be_elsewhere_or_nowhere_but_never_for_the_public(tmp_path):
    path = configure(tmp_path / "a")
    text = path.read_text("utf-8")
    for written, there in (("false", False), ("elsewhere/page.html", True)):
        path.write_text(text.replace("feeds: feeds,", f"feeds: feeds, status_page: {written},"), "utf-8")
        settings = settings_of(path)
        with open_workshop(settings) as workshop:
            write_status_file(workshop)
        assert (tmp_path / "a" / "elsewhere" / "page.html").exists() is there
    assert not (tmp_path / "a" / "var" / "status.html").exists()
    path.write_text(text.replace("feeds: feeds,", "feeds: feeds, status_page: feeds/status.html,"), "utf-8")
    _, problems = examine(path, {}, datetime.now(UTC))
    assert any("lies in the published folder" in problem.message for problem in problems)


def test_a_place_that_cannot_be_written_stops_nothing(tmp_path):
    path = configure(tmp_path / "a")
    (tmp_path / "a" / "file").write_text("")
    text = path.read_text("utf-8")
    path.write_text(text.replace("feeds: feeds,", "feeds: feeds, status_page: file/status.html,"), "utf-8")
    with open_workshop(settings_of(path)) as workshop:
        write_status_file(workshop)


def test_a_source_is_silent_after_three_intervals_of_failures(lived):
    with looking(lived) as workshop:
        figures = figures_of(workshop)
    pasted = next(one for one in figures.sources if one.id == "pasted")
    assert pasted.silent_after - pasted.last_success >= timedelta(minutes=90)
    late = figures.__class__(
        figures.now + timedelta(hours=5),
        (pasted, pasted.__class__("down", 1, pasted.last_success, None, pasted.silent_after, 4, "no", 0)),
        *((),) * 5,
        0,
    )
    assert [(one.kind, one.subject) for one in troubles(late)] == [(Kind.SOURCE_SILENT, "down")]


@pytest.mark.skipif(not CHROMIUM or not shutil.which("node"), reason="apt-get install chromium nodejs npm")
@pytest.mark.skipif(not (BROWSER / "node_modules").is_dir(), reason="run `npm ci` in tests/browser first")
def test_a_browser_shows_it_to_everybody(page, tmp_path):
    path = tmp_path / "status.html"
    path.write_bytes(page)
    phone = {"width": 360, "height": 740}
    asked = [{"url": path.as_uri()}, {"url": path.as_uri(), "dark": True, **phone}]
    done = subprocess.run(
        ["node", str(BROWSER / "look.mjs")],
        input=json.dumps({"chromium": CHROMIUM, "pages": asked}),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for told in json.loads(done.stdout):
        assert (told["violations"], told["problems"], told["wider"]) == ([], [], 0)
