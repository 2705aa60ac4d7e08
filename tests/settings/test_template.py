"""The config that init writes is right, whatever the answers."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.model import Publish, SourceKind
from syndicator.settings.load import examine
from syndicator.settings.template import Answers, FirstSource, render_config

NOW = datetime(2026, 3, 15, tzinfo=UTC)
FEED = FirstSource("stzagora", "Стара Загора днес", SourceKind.FEED, "https://example.bg/rss")
INBOX = FirstSource("inbox", "Редакция", SourceKind.INBOX, "../inbox", Publish.FULL)


def answers(**given) -> Answers:
    return Answers(
        **{"title": "News", "base_url": "https://x.eu/", "contact": "a@x.eu", "targets": ("en", "it")} | given
    )


def check(path: Path, text: str):
    path.write_text(text, encoding="utf-8")
    read, problems = examine(path, {}, NOW)
    return read, [problem for problem in problems if not problem.warning]


@pytest.mark.parametrize("source", [None, FEED, INBOX])
@pytest.mark.parametrize("libretranslate", ["", "http://127.0.0.1:5000"])
@pytest.mark.parametrize("contact", ["", "ops@example.eu"])
@pytest.mark.parametrize("locale", ["C", "bg_BG.UTF-8"])
def test_what_is_written_is_right(tmp_path, monkeypatch, source, libretranslate, contact, locale):
    monkeypatch.setenv("LC_ALL", locale)
    text = render_config(
        answers(source=source, libretranslate=libretranslate, contact=contact, schema="s.json")
    )
    read, mistakes = check(tmp_path / "c.yaml", text)
    assert mistakes == []
    assert len(read.sources) == (source is not None)
    assert text.startswith("# yaml-language-server: $schema=s.json\n")
    assert all(len(line) <= 110 for line in text.splitlines())


@settings(max_examples=100, deadline=None)
@given(st.text(min_size=1).filter(str.strip), st.text(min_size=1).filter(str.strip))
def test_any_title_and_name_come_back_as_they_were(tmp_path_factory, title, name):
    text = render_config(
        answers(title=title, source=FirstSource("a", name, SourceKind.FEED, "https://x.bg/"))
    )
    read, mistakes = check(tmp_path_factory.getbasetemp() / "c.yaml", text)
    assert mistakes == []
    assert read.site.title[""] == title
    assert read.sources[0].name[""] == name
