"""A config that is right in every way, to be broken in one place by each test."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from syndicator.errors import Problem
from syndicator.settings.load import examine
from syndicator.settings.schema import Settings

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)

GOOD = """\
site:
  title: INNOGROW News
  base_url: https://feeds.example.eu/
  contact: ops@example.eu
storage:
  database: sqlite:///var/syndicator.db
  feeds: feeds
languages:
  source: bg
  targets: [en, it]
sources:
  - id: stzagora
    name: Стара Загора днес
    kind: feed
    url: https://example.bg/rss
    publish: summary
translation:
  engines:
    - {id: google, kind: deep-translator, provider: google}
feeds:
  - id: all
    title: News
"""

Examine = Callable[..., tuple[Settings | None, tuple[Problem, ...]]]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture
def good() -> str:
    return GOOD


@pytest.fixture
def check(tmp_path: Path) -> Examine:
    """Return a function that examines a text as if it were a config."""

    def run(text: str | bytes, environ: dict[str, str] | None = None, now: datetime = NOW):
        path = tmp_path / "syndicator.yaml"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return examine(path, environ or {}, now)

    return run
