"""Measures what hostile pages cost: CPU in ordinary pages, and memory; each in a process of its own.

``python benchmarks/hostile_pages.py``
"""

import resource
import sys
import time
from datetime import UTC, datetime
from multiprocessing import get_context
from zoneinfo import ZoneInfo

from hostile_inputs import ARTICLE, SCRIPTS, costly

from syndicator.errors import SourceError
from syndicator.extract.page import read_page
from syndicator.model import FetchedDocument, SiteRules, Validators

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MOST_PAGES = 20  # ordinary pages' CPU
MOST_MEMORY = 50  # MB
ORDINARY = (
    "<html><head><title>Мост</title></head><body><div class='menu'>"
    + "".join(f"<a href='/{i}'>Рубрика номер {i}</a> " for i in range(150))
    + "</div><article><h1>Нов мост над Сазлийка</h1>"
    + "".join(f"<p>{number}. {ARTICLE * 4}</p>" for number in range(30))
    + "</article><div class='comments'>"
    + "".join(f"<div class='comment'><b>Читател {i}</b><p>{ARTICLE}{i}</p></div>" for i in range(60))
    + "</div><div class='sidebar'>"
    + "".join(f"<p><a href='/n{i}'>Друга новина с номер {i} от днес</a></p>" for i in range(60))
    + "</div></body></html>"
)


def read(markup: str) -> None:
    """Read a page, whatever comes of it."""
    body = markup.encode("utf-8", "surrogatepass")
    document = FetchedDocument("https://a.example/1", "https://a.example/1", 200, body, "", Validators(), NOW)
    try:
        read_page(document, SiteRules(), "bg", NOW, ZoneInfo("Europe/Sofia"))
    except SourceError:
        return


def measured(markup: str) -> tuple[float, float]:
    """Return the CPU seconds and the megabytes that reading a page takes, beyond an ordinary one."""
    read(ORDINARY)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    read(markup)
    seconds = time.process_time() - start
    return seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def ordinary() -> float:
    """Return the CPU seconds of an ordinary page, the best of ten."""
    read(ORDINARY)
    times = []
    for _ in range(10):
        start = time.process_time()
        read(ORDINARY)
        times.append(time.process_time() - start)
    return min(times)


def main() -> int:
    """Print the costliest; exit with 1 where one costs too much."""
    one = ordinary()
    pages = {
        f"script {number}": f"<article><p>{ARTICLE * 3}</p>{script}</article>"
        for number, script in enumerate(SCRIPTS)
    }
    pages |= {name: f"<html><body>{markup}</body></html>" for name, markup in costly().items()}
    found = []
    with get_context("fork").Pool(1, maxtasksperchild=1) as pool:
        for name, markup in pages.items():
            seconds, megabytes = pool.apply(measured, (markup,))
            found.append((seconds / one, megabytes, name))
    found.sort(reverse=True)
    bad = [name for pages_, megabytes, name in found if pages_ > MOST_PAGES or megabytes > MOST_MEMORY]
    print(f"{len(found)} inputs; an ordinary page costs {one * 1000:.1f} ms")
    for pages_, megabytes, name in found[:12]:
        print(
            f"{pages_:8.1f} pages (at most {MOST_PAGES}) {megabytes:7.1f} MB (at most {MOST_MEMORY})  {name}"
        )
    print(f"most memory: {max(megabytes for _, megabytes, _ in found):.1f} MB; too costly: {bad or 'none'}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
