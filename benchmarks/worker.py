"""Measures the worker as a process: memory over many cycles, CPU of a cold start, time to its end.

    python benchmarks/worker.py [--cycles 10000]

A site and an engine on loopback; the worker is the real one. Memory is its own resident set (VmRSS), read
after every hundredth part of the cycles; the breath of a minute between two cycles is left out, nothing else.
The CPU of a start (until systemd would be told READY) is set beside that of importing the same modules.
"""

import argparse
import io
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
MOST_MB, MOST_DRIFT, MOST_START, MOST_SECONDS = 120.0, 0.05, 2.0, 20.0
MOST_MB_AT_WORK = 130.0  # of one that serves, mirrors pictures and tells as well

CONFIG = """\
site: {{title: Новини, base_url: "https://feeds.example.eu/"}}
storage: {{database: "sqlite:///state.db", feeds: feeds}}
languages: {{source: bg, targets: [en]}}
fetch: {{allow_private: [127.0.0.1], per_host: {{delay: 0s}}}}
sources:
  - {{id: city, name: Град, kind: feed, url: "{url}/rss", publish: summary, every: 1s}}
translation:
  engines: [{{id: libre, kind: libretranslate, url: "{url}", local: true, timeout: 120s}}]
feeds:
  - {{id: all, title: Новини}}
"""
EVERYTHING = """\
serve: {{bind: "127.0.0.1:{port}"}}
images: {{mirror: true}}
on_alert: [{{kind: webhook, url: "{url}/told"}}]
on_publish: [{{kind: webhook, url: "{url}/told"}}]
"""
PAGE = (
    "<html lang='bg'><title>{title}</title><body><article><h1>{title}</h1>"
    + "<p>Общината откри нови площадки за игра в парка край реката и покани всички деца на празник.</p>" * 5
    + "</article></body></html>"
)
ITEMS = [
    (
        f"Новина за града номер {number}",
        f"Общината откри {number + 2} нови площадки за игра в парка край реката и покани всички деца.",
    )
    for number in range(40)
]


class Site(ThreadingHTTPServer):
    """A feed that never changes, and an engine that may hang."""

    def __init__(self) -> None:
        self.hangs = False
        self.asked = threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)
        self.daemon_threads = True
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_args: object) -> None:
        """Say nothing of clients that hang up: they are killed on purpose."""

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """Answers for the site and the engine."""

    server: Site

    def do_GET(self) -> None:
        if self.path == "/languages":
            self._say(json.dumps([{"code": "bg", "name": "bg", "targets": ["en"]}]), "application/json")
        elif self.path == "/rss":
            items = "".join(
                f"<item><title>{title}</title><guid>{title}</guid><description>{text}</description></item>"
                for title, text in ITEMS
            )
            self._say(f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>", "text/xml")
        elif self.path == "/linked":
            items = "".join(
                f"<item><title>{title}</title><link>{self.server.url}/page/{number}</link>"
                f"<enclosure url='{self.server.url}/{number}.png' type='image/png' length='1'/></item>"
                for number, (title, _) in enumerate(ITEMS)
            )
            self._say(f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>", "text/xml")
        elif self.path.startswith("/page/"):
            self._say(PAGE.format(title=ITEMS[int(self.path[6:])][0]), "text/html; charset=utf-8")
        elif self.path.endswith(".png"):
            self._say(picture(int(self.path[1:-4])), "image/png")
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        posted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/told":
            self._say("", "text/plain")
            return
        asked = posted["q"]
        self.server.asked.set()
        if self.server.hangs:
            time.sleep(60)
        answers = [
            f"The municipality told the town about number {''.join(c for c in text if c.isdigit())} today."
            for text in asked
        ]
        self._say(json.dumps({"translatedText": answers}), "application/json")

    def _say(self, said: str | bytes, kind: str) -> None:
        body = said.encode() if isinstance(said, str) else said
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


def picture(number: int) -> bytes:
    """Return a picture as large as a newspaper's."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (1600, 1000), (number * 6, 90, 90)).save(out, "PNG")
    return out.getvalue()


def resident() -> float:
    """Return this process's resident set in MB."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def cycle(config: Path, cycles: int) -> None:
    """Run so many cycles of a worker, and print its memory now and then; or its modules with 0 cycles."""
    from syndicator.runtime.lock import worker_lock
    from syndicator.runtime.logs import configure_logs
    from syndicator.runtime.notify import Notifier
    from syndicator.runtime.reload import ConfigFile
    from syndicator.runtime.worker import Worker
    from syndicator.settings.load import load
    from syndicator.store.database import path_of

    configure_logs(verbose=False, quiet=True)
    settings = load(config, os.environ, datetime.now(UTC))

    class Counted(Worker):
        done = 0

        def _round(self, due: set[str]) -> bool:
            at_once = super()._round(due)
            self.done += 1
            if self.done % max(1, cycles // 100) == 0:
                print(json.dumps([self.done, resident()]), flush=True)
            if self.done >= cycles:
                self.stop()
            return at_once

    worker = Counted(ConfigFile(config), settings, Notifier({}), between_rounds=0.0)

    def ready() -> None:
        if not cycles:
            print(json.dumps(sorted(sys.modules)), flush=True)
            os._exit(0)

    with worker_lock(path_of(settings.storage.database), "benchmark"):
        worker.run(ready)


def environment(**further: str) -> dict[str, str]:
    """Return what the processes see."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", **further}


def lines_of(config: Path, cycles: int) -> list[Any]:
    """Return what :func:`cycle` prints in a process of its own; what it says of its memory is shown as it comes."""
    command = [sys.executable, __file__, "--config", str(config), "--cycles", str(cycles)]
    told = []
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            told.append(json.loads(line))
            if cycles and len(told) % 10 == 0:
                print("  {} cycles, {:.1f} MB".format(*told[-1]), file=sys.stderr, flush=True)
    if process.returncode:
        raise RuntimeError(f"the worker ended with {process.returncode}")
    return told


def measure_memory(config: Path, cycles: int, what: str = "memory", most: float = MOST_MB) -> bool:
    """Print the memory of an idle worker and how it drifts."""
    told = lines_of(config, cycles)
    sizes = [float(size) for _, size in told]
    settled = sizes[len(sizes) // 10 :]
    early, late = median(settled[: len(settled) // 5]), median(settled[-(len(settled) // 5) :])
    drift = late / early - 1
    print(f"{what} over {cycles} cycles: {early:.1f} MB, then {late:.1f} MB, at most {max(sizes):.1f} MB")
    print(f"  at most {most:.0f} MB; drift {drift:+.1%} (within ±{MOST_DRIFT:.0%})")
    return max(sizes) <= most and abs(drift) <= MOST_DRIFT


def measure_everything(folder: Path, site: Site, cycles: int) -> bool:
    """Print the memory of a worker that serves, is scraped and read, mirrors pictures, reads pages and tells."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = folder / "everything.yaml"
    plain = (
        CONFIG.format(url=site.url)
        .replace("/rss", "/linked")
        .replace("summary, ", "full, permission: {by: me}, ")
    )
    plain = plain.replace("state.db", "everything.db").replace("feeds: feeds", "feeds: everything")
    config.write_text(plain + EVERYTHING.format(url=site.url, port=port), "utf-8")
    done = threading.Event()
    answers: Counter[str] = Counter()

    def scrape() -> None:
        while not done.wait(0.2):
            for path in ("metrics", "status", "readyz", "en/all.rss", "en/index.html"):
                with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/{path}", timeout=30) as answer:
                    answers[path] += bool(answer.read())

    scraper = threading.Thread(target=scrape)
    scraper.start()
    try:
        return measure_memory(config, cycles, "memory with everything on", MOST_MB_AT_WORK)
    finally:
        done.set()
        scraper.join()
        print(f"  answered: {dict(answers)}; pictures: {len(list(folder.glob('everything/images/*.*g')))}")


def measure_start(config: Path, folder: Path) -> bool:
    """Print the CPU of a cold start beside that of its imports."""
    modules = lines_of(config, 0)[0]
    program = (
        "import importlib, sys, json, time\n"
        "for name in json.load(sys.stdin):\n"
        "    try: importlib.import_module(name)\n"
        "    except Exception: pass\n"
        "print(time.process_time())"
    )
    starts, imports = [], []
    wanted = [name for name in modules if name != "__main__"]
    for number in range(5):
        done = subprocess.run(
            [sys.executable, "-c", program],
            input=json.dumps(wanted),
            env=environment(),
            check=True,
            capture_output=True,
            text=True,
        )
        imports.append(float(done.stdout))
        starts.append(start_once(config, folder / f"notify{number}"))
    ratio = median(starts) / median(imports)
    print(
        f"cold start to ready: {median(starts):.2f} s of CPU; its imports alone {median(imports):.2f} s: "
        f"{ratio:.2f} times (at most {MOST_START:.0f})"
    )
    return ratio <= MOST_START


def start_once(config: Path, address: Path) -> float:
    """Return the CPU seconds of a real worker until it is ready."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(address))
        listener.settimeout(120)
        process = started(config, NOTIFY_SOCKET=str(address))
        while b"READY=1" not in listener.recv(4096):
            pass
        fields = Path(f"/proc/{process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        process.kill()
        process.wait()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def started(config: Path, **further: str) -> "subprocess.Popen[bytes]":
    """Start a real worker."""
    command = [sys.executable, "-m", "syndicator", "-c", str(config), "run"]
    return subprocess.Popen(command, env=environment(**further), stderr=subprocess.DEVNULL)


def measure_end(config: Path, site: Site) -> bool:
    """Print how long a worker takes to end while its engine hangs."""
    site.hangs = True
    site.asked.clear()
    process = started(config)
    if not site.asked.wait(120):
        raise RuntimeError("the engine was not asked")
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    code = process.wait(120)
    took = time.monotonic() - began
    site.hangs = False
    print(f"SIGTERM to exit with a hanging engine: {took:.1f} s, exit {code} (at most {MOST_SECONDS:.0f} s)")
    return took <= MOST_SECONDS and code == 0


def main() -> None:
    """Measure everything; end with 1 where a bound is not held."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cycles", type=int, default=10_000)
    options.add_argument("--config", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.config:
        cycle(given.config, given.cycles)
        return
    site = Site()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = folder / "syndicator.yaml"
        config.write_text(CONFIG.format(url=site.url), "utf-8")
        held = [
            measure_end(config, site),
            measure_start(config, folder),
            measure_memory(config, given.cycles),
            # With everything on, a cycle takes several times as long.
            measure_everything(folder, site, max(1, given.cycles // 10)),
        ]
    site.shutdown()
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
