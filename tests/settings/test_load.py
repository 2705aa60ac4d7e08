"""Whole configs: found, read, and told apart from broken ones."""

# ruff: noqa: E501 - the tables read best with one case a line

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.errors import ConfigError
from syndicator.settings.load import SYSTEM, examine, find_config, load
from syndicator.settings.schema import DeepTranslatorSettings, LibreTranslateSettings

REPOSITORY = Path(__file__).parents[2]
NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)

# The example of the operators' reference, without what is not built yet.
WHOLE = """\
site:
  title: {bg: Новини от INNOGROW, en: INNOGROW News, it: Notizie di INNOGROW}
  base_url: https://feeds.example.eu/news
  contact: ops@example.eu
  timezone: Europe/Sofia
  funding: {text: "Co-funded by the European Union", image: https://example.eu/emblem.png}
storage:
  database: sqlite:///../var/syndicator.db
  feeds: ../feeds
languages:
  source: bg
  targets: [en, it]
fetch:
  allow_private: [127.0.0.1, 10.0.0.0/8, wiki.local, "::1"]
  timeout: 30s
  max_bytes: 10MB
  per_host: {concurrency: 1, delay: 0.5s}
sources:
  - id: stzagora
    name: Стара Загора днес
    kind: feed
    url: https://example.bg/rss
    publish: full
    permission: {by: "the editor", date: 2026-03-01, reference: "e-mail", until: 2028-12-31}
    language: bg
    every: 15m
    settle: 0s
    backfill: 20
    full_text: true
    tags: [innogrow]
    rules: {body: "div.article", remove: [".share", "#ads > p:first-child"], title: h1}
    match: {any: [INNOGROW, INTERREG]}
    engines: [libre]
    confidential: true
    rights: "© Стара Загора днес"
  - {id: meeting, name: {bg: Среща}, kind: page, url: https://example.bg/a?b=ц, publish: title, cron: "*/15 7-20 * * *"}
  - {id: inbox, name: Редакция, kind: inbox, path: inbox, publish: summary, language: en}
translation:
  engines:
    - {id: google, kind: deep-translator, provider: google, url: "http://127.0.0.1:1/m", budget: {characters_per_day: 400000}}
    - id: libre
      kind: libretranslate
      url: "http://127.0.0.1:5000"
      api_key: "${env:LIBRE_KEY}"
      local: true
      timeout: 2m
      max_characters: 3000
      requests_per_second: 0.5
      price_per_million: 20
  routes: [{from: bg, to: it, engines: [libre, google]}]
  pivot: en
  glossary: [glossary.yaml]
  memory: [memory/innogrow.tmx]
  on_suspect: publish
  notices: {tlh: {line: "mu' {language}", mark: "mu'"}}
feeds:
  - id: all
    title: {bg: Новини, en: News, it: Notizie}
  - id: eu-2
    title: {en: EU News}
    description: What the Union does
    languages: [en]
    sources: [stzagora, inbox]
    tags: [innogrow]
    match: {all: [EU], none: [реклама]}
    formats: [atom]
    limit: 7
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that holds a whole config and all that it names."""
    config = tmp_path / "config"
    (config / "memory").mkdir(parents=True)
    (config / "inbox").mkdir()
    (config / "glossary.yaml").touch()
    (config / "memory" / "innogrow.tmx").touch()
    (config / "syndicator.yaml").write_text(WHOLE, encoding="utf-8")
    return config


def test_a_whole_config_has_no_problem(folder):
    _, problems = examine(folder / "syndicator.yaml", {"LIBRE_KEY": "hush"}, NOW)
    assert problems == ()


def test_what_is_read_is_what_stands_there(folder):
    read = load(folder / "syndicator.yaml", {"LIBRE_KEY": "hush"}, NOW)
    assert read.site.title["bg"] == "Новини от INNOGROW"
    assert read.site.base_url == "https://feeds.example.eu/news/"
    assert read.fetch.timeout == timedelta(seconds=30)
    assert read.fetch.max_bytes == 10_000_000
    assert read.fetch.per_host.delay == timedelta(seconds=0.5)
    assert read.fetch.allow_private == ("127.0.0.1", "10.0.0.0/8", "wiki.local", "::1")
    google, libre = read.translation.engines
    assert isinstance(google, DeepTranslatorSettings)
    assert isinstance(libre, LibreTranslateSettings)
    assert libre.api_key
    assert libre.api_key.get_secret_value() == "hush"
    assert libre.timeout == timedelta(minutes=2)
    assert libre.local
    assert read.translation.routes[0].from_ == "bg"
    assert read.sources[1].cron == "*/15 7-20 * * *"


def test_paths_start_at_the_folder_of_the_config(folder, monkeypatch):
    monkeypatch.chdir("/")
    read = load(folder / "syndicator.yaml", {"LIBRE_KEY": "x"}, NOW)
    assert read.storage.database == f"sqlite:///{folder.parent / 'var' / 'syndicator.db'}"
    assert read.storage.feeds == folder.parent / "feeds"
    assert read.sources[2].path == folder / "inbox"
    assert read.translation.glossary == (folder / "glossary.yaml",)


def test_a_config_named_by_a_relative_path(folder, monkeypatch):
    monkeypatch.chdir(folder)
    read = load(Path("syndicator.yaml"), {"LIBRE_KEY": "x"}, NOW)
    assert read.storage.feeds == folder.parent / "feeds"


def test_an_absolute_database_stays(good, check):
    read, _ = check(good.replace("sqlite:///var/syndicator.db", "sqlite:////srv/state/syndicator.db"))
    assert read.storage.database == "sqlite:////srv/state/syndicator.db"


def test_defaults(check):
    read, problems = check("""
site: {title: News, base_url: https://example.eu, contact: ops@example.eu}
languages: {targets: [en]}
sources: [{id: a, name: A, kind: feed, url: https://example.bg/rss, publish: title}]
translation: {engines: [{id: google, kind: deep-translator, provider: google}]}
feeds: [{id: all, title: News}]
""")
    assert problems == ()
    assert read.site.timezone == "Europe/Sofia"
    assert read.languages.source == "bg"
    assert read.fetch.timeout == timedelta(seconds=20)
    assert read.fetch.max_bytes == 5_000_000
    assert (read.fetch.per_host.concurrency, read.fetch.per_host.delay) == (2, timedelta(seconds=1))
    source, feed, engine = read.sources[0], read.feeds[0], read.translation.engines[0]
    assert (source.every, source.settle) == (timedelta(minutes=30), timedelta(0))
    assert (source.backfill, source.full_text, source.confidential) == (None, True, False)
    assert (feed.languages, feed.sources, feed.limit) == (None, None, 50)
    assert feed.formats == ("rss", "atom", "json")
    assert (read.translation.pivot, read.translation.on_suspect) == ("en", "hold")
    assert (engine.local, engine.price_per_million, engine.budget) == (False, 0, None)


WARNINGS = [
    ("  contact: ops@example.eu\n", "", "site.contact", "contact"),
    ("https://feeds.example.eu/", "http://127.0.0.1:8000/", "site.base_url", "only this machine"),
    ("title: INNOGROW News", "title: Новини", "site.title", "transliterated for en, it"),
    ("title: INNOGROW News", "title: {bg: Новини, en: News}", "site.title", "no title in it"),
    ("    title: News", "    title: {en: News}", "feeds[0].title", "no title in bg, it"),
    ("publish: summary", "publish: full", "sources[0].publish", "permission"),
    ("publish: summary", "publish: summary\n    permission: {by: x, until: 2026-03-14}", "sources[0].permission.until", "ended on 2026-03-14"),
    ("kind: feed\n    url: https://example.bg/rss", "kind: inbox\n    path: inbox", "sources[0].path", "create it"),
    ("targets: [en, it]", "targets: [en, it, bg]", "languages.targets[2]", "already"),
    ("publish: summary", "publish: summary\n    every:", "sources[0].every", "no value"),
    ("translation:", "  - {id: b, name: B, kind: feed, url: https://example.bg/rss, publish: title}\ntranslation:", "sources[1].url", "the same place"),
    ("feeds:\n  - id: all\n    title: News", "feeds:", "feeds", "nothing will be published"),
    ("feeds:\n  - id: all\n    title: News\n", "", "feeds", "nothing will be published"),
    ("title: INNOGROW News", "title: ${env:TITLE}", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("written", "instead", "path", "words"), WARNINGS)
def test_a_warning_does_not_make_a_config_useless(good, check, written, instead, path, words):
    assert written in good
    read, problems = check(good.replace(written, instead, 1), {"TITLE": "News"})
    assert read is not None
    assert [problem.path for problem in problems] == ([path] if path else [])
    assert all(problem.warning and words in problem.message for problem in problems)


def test_a_permission_holds_through_its_last_day_where_the_site_is(good, check):
    text = good.replace("publish: summary", "publish: summary\n    permission: {by: x, until: 2026-03-15}")
    (warning,) = check(text, now=datetime(2026, 3, 15, 21, 59, tzinfo=UTC))[1]
    assert "the permission ends on 2026-03-15" in warning.message
    assert check(text, now=datetime(2026, 2, 12, tzinfo=UTC))[1] == ()  # more than 30 days before
    assert len(check(text, now=datetime(2026, 3, 15, 22, 0, tzinfo=UTC))[1]) == 1


def test_a_title_without_region_serves_the_region(good, check):
    text = good.replace("targets: [en, it]", "targets: [pt-BR]")
    assert check(text.replace("    title: News", "    title: {bg: Новини, pt: Notícias}"))[1] == ()


def test_a_new_language_needs_no_code(good, check):
    assert check(good.replace("targets: [en, it]", "targets: [en, it, pt]"))[1] == ()


def test_a_language_of_a_source_may_stand_in_a_feed(good, check):
    text = good.replace("publish: summary", "publish: summary\n    language: tr")
    assert check(text.replace("title: News", "title: News\n    languages: [tr, en]"))[1] == ()


def test_no_engine_is_needed_where_nothing_is_translated(good, check):
    text = good.replace("targets: [en, it]", "targets: []").split("translation:")[0]
    assert check(text + "feeds: [{id: all, title: News}]\n")[1] == ()


def test_a_confidential_source_may_use_the_local_engine(good, check):
    local = "    - {id: mine, kind: libretranslate, url: 'http://127.0.0.1:5000', local: true}\nfeeds:"
    text = good.replace("publish: summary", "publish: summary\n    confidential: true").replace(
        "feeds:\n  - id", local + "\n  - id"
    )
    assert check(text)[1] == ()
    _, problems = check(text.replace("confidential: true", "confidential: true\n    engines: [google]"))
    assert [problem.path for problem in problems] == ["sources[0].confidential"]


def test_a_wrong_source_does_not_make_its_name_unknown(good, check):
    text = good.replace("kind: feed", "kind: fed").replace(
        "title: News", "title: News\n    sources: [stzagora]"
    )
    assert [problem.path for problem in check(text)[1]] == ["sources[0].kind"]


def test_a_byte_order_mark_does_no_harm(good, check):
    assert check(b"\xef\xbb\xbf" + good.encode())[1] == ()


def test_line_ends_of_windows_do_no_harm(good, check):
    assert check(good.replace("\n", "\r\n"))[1] == ()


def test_loading_a_broken_config_raises_every_mistake_and_no_warning(tmp_path, good):
    path = tmp_path / "c.yaml"
    path.write_text(
        good.replace("limit", "")
        .replace("kind: feed", "kind: fed")
        .replace("  contact: ops@example.eu\n", "")
    )
    with pytest.raises(ConfigError) as caught:
        load(path, {}, NOW)
    assert [problem.path for problem in caught.value.problems] == ["sources[0].kind"]
    assert str(caught.value).startswith(f"{path}:13:11: sources[0].kind: ")


def test_loading_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path / "c.yaml", {}, NOW)


def test_the_config_that_is_named_wins(tmp_path):
    named, other = tmp_path / "named.yaml", tmp_path / "other.yaml"
    named.touch()
    other.touch()
    assert find_config(named, {"SYNDICATOR_CONFIG": str(other)}, tmp_path) == named
    assert find_config(None, {"SYNDICATOR_CONFIG": "other.yaml"}, tmp_path) == other


def test_the_config_of_the_working_folder_is_found(tmp_path):
    path = tmp_path / "config" / "syndicator.yaml"
    path.parent.mkdir()
    path.touch()
    assert find_config(None, {}, tmp_path) == path


@pytest.mark.parametrize(
    ("explicit", "environ", "words"),
    [
        ("missing.yaml", {}, "no such file"),
        (".", {}, "folder"),
        (None, {"SYNDICATOR_CONFIG": "missing.yaml"}, "SYNDICATOR_CONFIG"),
    ],
)
def test_a_named_config_must_be_there(tmp_path, explicit, environ, words):
    with pytest.raises(ConfigError, match=words):
        find_config(Path(explicit) if explicit else None, environ, tmp_path)


@pytest.mark.skipif(SYSTEM.exists(), reason="this machine has a config of its own")
def test_no_config_anywhere_names_every_place_and_the_way_out(tmp_path):
    with pytest.raises(ConfigError) as caught:
        find_config(None, {}, tmp_path)
    for words in (str(tmp_path / "config" / "syndicator.yaml"), str(SYSTEM), "-c FILE", "syndicator init"):
        assert words in str(caught.value)


def test_the_config_that_ships_is_right():
    _, problems = examine(REPOSITORY / "config" / "syndicator.yaml", {}, NOW)
    assert [problem for problem in problems if not problem.warning] == []
    assert {problem.path for problem in problems} <= {"sources[0].path"}  # the inbox is yet to be made


def test_the_package_imports_nothing_before_it_must():
    code = "import sys, syndicator.settings; print('pydantic' in sys.modules, 'ruamel.yaml' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert answer.stdout == "False False\n"


PARTS = st.sampled_from(
    ["site:", "title:", " ", "  ", "\n", "- ", "[", "]", "{", "}", ":", ": ", ",", '"', "'", "*", "&a", "!x", "|", ">", "?",
     "#", "\t", "en", "20s", "5MB", "1", "~", "true", "${env:X}", "${", "sources:", "feeds:", "id:", "kind:", "feed", "translation:",
     "engines:", "languages:", "targets:", "storage:", "notices:", "\\", "%", "@", "---", "...", "<<: ", "ж", "\x85", "\u2028"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.lists(PARTS, max_size=40).map("".join), st.text(max_size=80)))
def test_whatever_stands_in_the_file_is_answered_with_problems(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    read, problems = examine(path, {}, NOW)
    assert read is None
    assert problems
    assert all(problem.line >= 0 and problem.column >= 1 for problem in problems)
