"""The whole job on the samples that ship with the program: the code and the kind of config of production.

A loopback server of its own serves the samples, the translations come from the reviewed memory beside them,
and the engine in the config is a LibreTranslate server that most machines do not run: what the memory does
not hold stays pending, as it would anywhere. Where this machine has the local models that the samples need
(where its own config says, in var/models, or in the service's folder), they come first.
"""

import json
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path

from syndicator.errors import OperatorError, RequestError
from syndicator.runtime.build import open_workshop
from syndicator.runtime.lock import worker_lock
from syndicator.runtime.once import Progress, Report, Summary, run_once
from syndicator.text.messages import tr
from syndicator.translation.model_files import ModelNames, names_in, needed_pairs, pair_of

MARKER = ".demo"  # the file that marks a tree as the demo's
DATABASE = "syndicator.db"
KEPT = frozenset({"README.md", ".gitkeep"})  # what may lie in a folder that the demo takes over
ENGINE_URL = "http://127.0.0.1:5000"


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo made."""

    tree: Path
    config: Path
    summary: Summary


def run_demo(tree: Path, report: Report = lambda _: None, progress: Progress = lambda _: None) -> Demo:
    """Run one cycle on the samples and publish into ``tree``.

    Raises RequestError where the folder holds something that the demo did not make.
    """
    from syndicator.settings.load import load

    tree = tree.absolute()
    # Beside the tree: what is published holds no database.
    state = tree.with_name(f".{tree.name}.demo")
    try:
        _refuse_foreign(tree, KEPT)
        _refuse_foreign(state, frozenset())
        _mark(state)
        # The lock comes first: a second demo must not clear what this one is making.
        with (
            worker_lock(state / DATABASE, "demo"),
            resources.as_file(resources.files("syndicator.demo") / "samples") as samples,
            _serving(samples / "site") as address,
        ):
            _clear(tree, KEPT)
            _clear(state, frozenset({f"{DATABASE}.lock"}))
            _mark(tree)
            shutil.copytree(samples / "inbox", state / "inbox")
            shutil.copy(samples / "memory.tmx", state)
            config = state / "syndicator.yaml"
            config.write_text(_config(address, tree, installed_models()), "utf-8")
            with open_workshop(load(config, {}, datetime.now(UTC))) as workshop:
                return Demo(tree, config, run_once(workshop, report=report, progress=progress))
    except OSError as error:
        raise RequestError(
            tr(
                "{path}: cannot be written ({reason}); name another folder: syndicator demo DIR",
                path=error.filename or tree,
                reason=error.strerror,
            )
        ) from error


def _refuse_foreign(folder: Path, kept: frozenset[str]) -> None:
    """Raise RequestError where a folder holds what no demo made."""
    if folder.exists() and not folder.is_dir():
        raise RequestError(
            tr("{path}: a file, not a folder; name another folder: syndicator demo DIR", path=folder)
        )
    present = {path.name for path in folder.iterdir()} - kept if folder.exists() else set()
    if present and MARKER not in present:
        raise RequestError(
            tr(
                "{path}: holds files that the demo did not make ({name}, …); "
                "name an empty folder: syndicator demo DIR",
                path=folder,
                name=min(present),
            )
        )


def _clear(folder: Path, kept: frozenset[str]) -> None:
    """Take away what an earlier demo made; the mark goes last, so that a clearing may be cut off."""
    for path in folder.iterdir() if folder.exists() else ():
        if path.name in kept or path.name == MARKER:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _mark(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text(tr("Made by `syndicator demo`, which will overwrite it.") + "\n", "utf-8")


def installed_models() -> Path | None:
    """Return a folder on this machine with the models that the samples need; None where there is none."""
    return next((folder for folder in _usual_folders() if _holds_models(folder)), None)


def _usual_folders() -> Iterator[Path]:
    from syndicator.settings.load import examine, find_config
    from syndicator.settings.schema import FirefoxSettings

    try:
        settings, _ = examine(find_config(None, os.environ, Path.cwd()), os.environ, datetime.now(UTC))
    except OperatorError:
        settings = None
    for engine in settings.translation.engines if settings else ():
        if isinstance(engine, FirefoxSettings):
            yield engine.models
    yield Path("var/models").absolute()
    yield Path("/var/lib/syndicator/models")


def _holds_models(folder: Path) -> bool:
    try:
        pairs = {
            pair_of(each.name): names_in(file.name for file in each.iterdir())
            for each in folder.iterdir()
            if each.is_dir()
        }
    except OSError:
        return False
    present = {pair for pair, names in pairs.items() if pair and isinstance(names, ModelNames)}
    return present.issuperset(needed_pairs(["bg"], ["en", "it"], "en", present))


def _config(address: str, tree: Path, models: Path | None) -> str:
    # JSON's strings are YAML's, too: any path may stand in one.
    local = f"    - {{id: local, kind: firefox, models: {json.dumps(str(models))}}}\n" if models else ""
    return f"""\
# The demo's config: the same keys as in production. See config/syndicator.yaml and docs/configuration.md.
site:
  title: {{bg: Новини от GREENCRAFT, en: GREENCRAFT News, it: Notizie da GREENCRAFT}}
  base_url: https://feeds.example.eu/
  contact: ops@example.eu
storage:
  database: sqlite:///{DATABASE}
  feeds: ../{tree.name}
languages:
  source: bg
  targets: [en, it]
fetch:
  allow_private: [127.0.0.1]        # the samples come from a server on this machine
  per_host: {{delay: 0s}}
sources:
  - id: dolinka
    name: {{bg: Долинка днес, en: Dolinka Today, it: Dolinka Oggi}}
    kind: feed
    url: {address}/rss.xml
    publish: full
    permission: {{by: the editor, date: 2026-03-01}}
  - id: dolinka-courses
    name: {{bg: Долинка днес, en: Dolinka Today, it: Dolinka Oggi}}
    kind: page
    url: {address}/novini/obuchenie.html
    publish: full
    permission: {{by: the editor, date: 2026-03-01}}
  - id: agency
    name:
      bg: Агенция за развитие на Средногорието
      en: Srednogorie Development Agency
      it: Agenzia per lo sviluppo dello Srednogorie
    kind: page
    url: {address}/agency/proekt.html
    publish: full
    permission: {{by: the agency, date: 2026-03-01}}
  - id: pasted
    name: {{bg: Средногорски вестник, en: Srednogorski Vestnik, it: Srednogorski Vestnik}}
    kind: inbox
    path: inbox
    publish: full
    permission: {{by: the editor, date: 2026-03-01}}
translation:
  engines:
{local}    - {{id: libre, kind: libretranslate, url: "{ENGINE_URL}", local: true, timeout: 10s}}
  memory: [memory.tmx]
feeds:
  - id: all
    title: {{bg: Новини от GREENCRAFT, en: GREENCRAFT News, it: Notizie da GREENCRAFT}}
"""


class _Handler(SimpleHTTPRequestHandler):
    """Serves the samples; ``http://SAMPLES`` in a feed is the server's own address."""

    def do_GET(self) -> None:
        """Answer with a file."""
        path = Path(self.translate_path(self.path))
        if path.suffix != ".xml":
            super().do_GET()
            return
        if not path.is_file():
            self.send_error(404)
            return
        address = f"http://{self.headers['Host']}"
        body = path.read_bytes().replace(b"http://SAMPLES", address.encode("ascii", "replace"))
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Stay quiet: the demo tells what it does itself."""


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
