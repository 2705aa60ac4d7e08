"""Compares extraction with stock trafilatura on trafilatura's own evaluation corpus.

``python benchmarks/trafilatura_corpus.py FOLDER [--pages N]``, FOLDER being ``tests`` of a copy of its
repository: it holds ``evaldata.json`` and the pages in ``eval/`` and ``cache/``. Neither is part of this
repository.
"""

import argparse
import json
import re
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import trafilatura
from lxml import html

from syndicator.errors import SourceError
from syndicator.extract.page import read_page
from syndicator.model import FetchedDocument, SiteRules, Validators
from syndicator.text.html import plain_text

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MOST_CPU = 2.0  # of ours in terms of stock trafilatura's, per page


@dataclass
class Score:
    """Counts of wanted and unwanted pieces of text, found and not, as trafilatura's evaluation counts them."""

    true_positive: int = 0
    false_positive: int = 0
    false_negative: int = 0
    seconds: float = 0.0

    def add(self, text: str, wanted: list[str], unwanted: list[str]) -> None:
        """Count one page."""
        squeezed = squeeze(text)
        found = sum(squeeze(piece) in squeezed for piece in wanted)
        self.true_positive += found
        self.false_negative += len(wanted) - found
        self.false_positive += sum(squeeze(piece) in squeezed for piece in unwanted)

    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        errors = self.false_positive + self.false_negative
        return 2 * self.true_positive / (2 * self.true_positive + errors) if self.true_positive else 0.0


def squeeze(text: str) -> str:
    """Return a text with each run of whitespace as one blank."""
    return re.sub(r"\s+", " ", text).strip()


def main() -> int:
    """Print both scores; exit with 1 where ours is worse or too slow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=0, help="only every so many-th, to take N")
    arguments = parser.parse_args()
    pages = sorted(json.loads((arguments.folder / "evaldata.json").read_text("utf-8")).items())
    pages = pages[:: max(1, len(pages) // arguments.pages)] if arguments.pages else pages
    ours, stock, whole = Score(), Score(), Score()
    for url, told in pages:
        path = next(
            (p for part in ("eval", "cache") if (p := arguments.folder / part / told["file"]).exists()), None
        )
        if path is None:
            continue
        body = path.read_bytes()
        start = time.process_time()
        text = trafilatura.extract(body, include_comments=False, include_tables=True) or ""
        stock.seconds += time.process_time() - start
        stock.add(text, told["with"], told["without"])
        start = time.process_time()
        text, bare = extracted(url, body)
        ours.seconds += time.process_time() - start
        whole.add(text, told["with"], told["without"])
        ours.add(bare, told["with"], told["without"])
    ratio = ours.seconds / stock.seconds
    print(f"pages              {len(pages)}")
    for name, score in (("stock", stock), ("ours", ours), ("body, captions", whole)):
        print(
            f"{name:18} F1 {score.f1():.4f}   missed {score.false_negative}   unwanted {score.false_positive}   CPU"
            f" {score.seconds:.1f} s"
        )
    print(f"CPU, ours to stock {ratio:.2f} (at most {MOST_CPU})")
    return 0 if ours.f1() >= stock.f1() and ratio <= MOST_CPU else 1


def extracted(url: str, body: bytes) -> tuple[str, str]:
    """Return the body's text of the article that we find on a page, and its title and text without captions.

    The corpus counts a headline as text and a caption as none; in our articles both are kept apart.
    """
    document = FetchedDocument(url, url, 200, body, "text/html", Validators(), NOW)
    try:
        article = read_page(document, SiteRules(), "de", NOW, ZoneInfo("Europe/Sofia"))
    except SourceError:
        return "", ""
    body = html.fragment_fromstring(article.body, create_parent="div")
    for figure in list(body.iter("figure")):
        figure.drop_tree()
    bare = html.tostring(body, encoding="unicode")
    return plain_text(article.body), f"{article.title}\n{plain_text(bare)}"


if __name__ == "__main__":
    sys.exit(main())
