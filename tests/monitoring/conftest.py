"""A small service that has lived a little: an inbox, a memory that knows one text, an engine that is down."""

import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from syndicator.runtime.build import open_workshop
from syndicator.runtime.once import run_once
from syndicator.settings.load import load

BRIDGE = (
    "Мостът над реката е отворен отново",
    "Мостът над реката в центъра на града беше отворен за движение във вторник след дълъг ремонт.",
)
SCHOOL = (
    "Училището посреща учениците с нова библиотека",
    "Учениците от малкото училище на хълма вече имат своя библиотека и пъстра читалня.",
)
KNOWN = {
    BRIDGE[0]: (
        "The bridge over the river is open again",
        "Il ponte sul fiume è di nuovo aperto",
    ),
    BRIDGE[1]: (
        "The bridge over the river in the city centre was opened to traffic on Tuesday after a long repair.",
        "Il ponte sul fiume nel centro della città è stato aperto al traffico martedì dopo lunghi lavori.",
    ),
}


def tmx() -> str:
    units = "".join(
        f'<tu><tuv xml:lang="bg"><seg>{source}</seg></tuv><tuv xml:lang="en"><seg>{english}</seg></tuv>'
        f'<tuv xml:lang="it"><seg>{italian}</seg></tuv></tu>'
        for source, (english, italian) in KNOWN.items()
    )
    head = 'creationtool="t" creationtoolversion="1" segtype="sentence" o-tmf="t" adminlang="en"'
    return f'<tmx version="1.4"><header {head} srclang="bg" datatype="plaintext"/><body>{units}</body></tmx>'


def closed_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def configure(folder: Path, extra: str = "", sources: str = "") -> Path:
    (folder / "inbox").mkdir(parents=True)
    for name, text in (("bridge", BRIDGE), ("school", SCHOOL)):
        (folder / "inbox" / f"{name}.txt").write_text("\n\n".join(text), "utf-8")
    (folder / "known.tmx").write_text(tmx(), "utf-8")
    path = folder / "syndicator.yaml"
    path.write_text(
        f"""\
site:
  title: News
  base_url: https://feeds.example.eu/
  contact: ops@example.eu
storage: {{database: "sqlite:///var/state.db", feeds: feeds, compress: false}}
languages: {{targets: [en, it]}}
fetch: {{allow_private: [127.0.0.1], timeout: 2s}}
sources:
  - id: pasted
    name: Editors
    kind: inbox
    path: inbox
    publish: full
    permission: {{by: the editor}}
{sources}
translation:
  memory: [known.tmx]
  engines:
    - {{id: libre, kind: libretranslate, url: "http://127.0.0.1:{closed_port()}", local: true,
       price_per_million: 20, budget: {{characters_per_day: 5000, characters_per_month: 90000}}}}
feeds:
  - {{id: all, title: News}}
{extra}
""",
        "utf-8",
    )
    return path


def settings_of(path: Path, **environ: str):
    return load(path, environ, datetime.now(UTC))


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """Return the settings of the service after its first cycle."""
    silent = (
        "  - {id: silent, name: Silent, kind: feed, publish: summary, "
        f'url: "http://127.0.0.1:{closed_port()}/rss"}}'
    )
    settings = settings_of(configure(tmp_path_factory.mktemp("lived"), sources=silent))
    with open_workshop(settings) as workshop:
        run_once(workshop)
    return settings
