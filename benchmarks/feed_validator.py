"""What W3C's feed validator says of our feeds: nothing, neither error nor warning nor recommendation.

    python benchmarks/feed_validator.py CHECKOUT [TREE] [--feeds 500] [--python PYTHON]

CHECKOUT is a copy of the validator's public repository (github.com/w3c/feedvalidator, branch main). It runs under
PYTHON, which has html5lib, lxml and rdflib (default: the one that runs this). Without TREE, at least so many feeds are
made of odd and made-up articles in both RSS and Atom; with TREE, the feeds of a published tree are judged.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from lxml import etree

sys.path.insert(0, str(Path(__file__).parents[1]))

from syndicator.formats.paths import MEDIA_TYPES, feed_url
from syndicator.formats.render import render_feed
from tests.formats.odd_articles import made_up_feeds, odd_feeds

FORMATS = ("rss", "atom")
SELF = "//a:link[@rel='self']/@href"
NAMESPACES = {"a": "http://www.w3.org/2005/Atom"}

JUDGE = """
import io, json, sys
sys.path.insert(0, sys.argv[1] + "/src")
import feedvalidator
from feedvalidator.logging import Error, Warning, Success
found = []
for name, address, media_type in json.load(sys.stdin):
    try:
        with open(name, "rb") as file:
            said = feedvalidator.validateStream(file, 0, media_type + "; charset=utf-8", address)
        events = said["loggedEvents"]
    except feedvalidator.logging.ValidationFailure as failure:
        events = [failure.event]
    for event in events:
        if isinstance(event, Success) or type(event).__name__.startswith("Valid") and not isinstance(event, Error):
            continue
        kind = "error" if isinstance(event, Error) else "warning" if isinstance(event, Warning) else "recommendation"
        told = {key: str(value)[:200] for key, value in event.params.items()}
        found.append((name, kind, type(event).__name__, told))
json.dump(found, sys.stdout)
"""


def generated(least: int):
    """Return feeds by name: all odd ones, and made-up ones until there are enough in both formats together."""
    feeds = list(odd_feeds())
    wanted = max(0, -(-least // len(FORMATS)) - len(feeds))
    made = []

    @settings(
        max_examples=wanted + 1,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @seed(2005)
    @given(made_up_feeds())
    def collect(feed):
        made.append(feed)

    if wanted:
        collect()
    return feeds + [(f"made_up_{number}", feed) for number, feed in enumerate(made)]


def judged(checkout, python, cases):
    """Return what the validator says of files; cases are (file, public address, media type)."""
    done = subprocess.run(
        [python, "-W", "ignore", "-c", JUDGE, str(checkout)],
        input=json.dumps([[str(name), address, media_type] for name, address, media_type in cases]),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    return json.loads(done.stdout)


def cases_of(tree):
    for path in sorted(Path(tree).rglob("*")):
        fmt = path.suffix.removeprefix(".")
        if fmt in FORMATS:
            addresses = etree.parse(path, etree.XMLParser(huge_tree=True)).xpath(SELF, namespaces=NAMESPACES)
            yield path, addresses[0] if addresses else "", MEDIA_TYPES[fmt]


def write_all(folder, least):
    for name, feed in generated(least):
        for fmt in FORMATS:
            path = Path(folder, f"{name}.{fmt}")
            path.write_bytes(render_feed(feed, fmt))
            yield path, feed_url(feed, fmt), MEDIA_TYPES[fmt]


def show(cases, found):
    kinds = Counter(kind for _, kind, _, _ in found)
    print(f"{'feeds judged':40} {len(cases):6}")
    for kind in ("error", "warning", "recommendation"):
        print(f"{kind + 's':40} {kinds[kind]:6}   (floor 0)")
    for (kind, event), count in Counter((kind, event) for _, kind, event, _ in found).most_common():
        print(f"  {kind:15} {event:35} {count}")
        examples = [(name, told) for name, _, which, told in found if which == event]
        for name, told in random.Random(1).sample(examples, min(3, len(examples))):
            print(f"      {Path(name).name}: {told}")
    return 1 if found or not cases else 0


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkout", type=Path)
    parser.add_argument("tree", type=Path, nargs="?")
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--keep", type=Path, help="write the feeds into this folder and leave them there")
    given_ = parser.parse_args()
    if not (given_.checkout / "src" / "feedvalidator").is_dir():
        parser.error(f"{given_.checkout} has no src/feedvalidator")
    with tempfile.TemporaryDirectory() as folder:
        place = given_.keep or Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        cases = list(cases_of(given_.tree) if given_.tree else write_all(place, given_.feeds))
        sys.exit(show(cases, judged(given_.checkout, given_.python, cases)))


if __name__ == "__main__":
    main()
