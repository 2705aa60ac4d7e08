"""What publishing costs: an unchanged cycle, feeds against bare feedgen, and one edit among thousands of articles.

    python benchmarks/pages.py [--articles 10000] [--rounds 5] [--only unchanged,feeds,edit]

The store is filled directly; publishing is the program's own, into a folder with compressed forms. Times are CPU
times of this process, the least of several rounds in turns.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import httpx
from feedgen.feed import FeedGenerator

from syndicator.extract.identity import content_hash
from syndicator.formats.codings import is_coded_form
from syndicator.model import (
    Article,
    FeedItem,
    FeedSpec,
    Image,
    Mark,
    Publish,
    Rendition,
    Site,
    Source,
    SourceKind,
    TranslationState,
)
from syndicator.output.compressed import compressed
from syndicator.output.local import LocalTree
from syndicator.ports import Offer, Outcome, ReadArticle, SourceState
from syndicator.runtime.logs import configure_logs
from syndicator.serve.app import PublishedTree
from syndicator.serve.server import Server, address_of, listen
from syndicator.serve.shelf import Shelf
from syndicator.serve.treatment import House
from syndicator.steps.press import Press
from syndicator.steps.publishing import publish
from syndicator.store.database import Database
from syndicator.store.store import SqlStore
from syndicator.text.transliterate import transliterate
from syndicator.translation.plan import original

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
BASE = "https://feeds.example.eu/"
FINGERPRINT = "engines"
CEILING_FEEDS = 1.3  # times feedgen, compression and fsync
MOST_TOUCHED = 16  # files of an edit in two languages: pages, months, landing pages, feeds, OPML, index

SENTENCES = (
    "Производители от областта показаха нови начини за отглеждане на малини пред гости от Италия.",
    "Срещата се проведе в голямата зала на общината и премина при голям интерес.",
    "Участниците разгледаха три стопанства и обсъдиха как да работят заедно през следващата година.",
    "След това те опитаха вина от района и получиха подаръци за спомен.",
    "„Научихме много и вече знаем откъде да започнем“, каза председателката на сдружението.",
    "Проектът се финансира от програмата за сътрудничество и ще продължи още осемнадесет месеца.",
)


def article(number: int, said: str = "") -> Article:
    """Return an article of everyday length: eight paragraphs, a picture, a link, a list."""
    words = " ".join(SENTENCES).split()
    random.Random(number).shuffle(words)  # or each would be a near-duplicate of thousands of others
    turned = [" ".join(words[at :: len(SENTENCES)]) for at in range(len(SENTENCES))]
    paragraphs = "".join(f"<p>{' '.join(turned[at % 4 :])} {number}-{at}{said}</p>" for at in range(8))
    picture = f"https://example.bg/i/{number}.jpg"
    return Article(
        title=f"Стопани от село номер {number} посрещнаха гости{said}",
        summary=turned[0],
        body=f'<figure><img src="{picture}" alt="Гости"></figure>{paragraphs}<ul><li>едно</li><li>две</li></ul>'
        '<p>Вижте <a href="https://example.bg/b">повече</a>.</p>',
        language="bg",
        url=f"https://example.bg/news/{number}",
        published=NOW - timedelta(hours=number),
        authors=("Евгения Добрева",),
        image=Image(picture, "Гости", media_type="image/jpeg", length=48123),
        tags=("новини", "малини"),
    )


def translated(text: Article, language: str) -> Rendition:
    """Return a text of no language in the place of a translation, of the same length and markup."""
    return Rendition(
        language,
        transliterate(text.title),
        transliterate(text.summary),
        transliterate(text.body),
        Mark.MACHINE,
        authors=tuple(map(transliterate, text.authors)),
        image=text.image,
        tags=tuple(map(transliterate, text.tags)),
        engines=("local",),
    )


class Publisher:
    """A store with articles, and a tree that they are published into."""

    def __init__(self, folder: Path, articles: int, languages: tuple[str, ...]) -> None:
        self.database = Database(f"sqlite:///{folder}/s.db")
        self.store = SqlStore(self.database)
        self.tree = LocalTree(folder / "feeds", compress=True)
        self.languages = languages
        self.now = NOW
        self.take({number: article(number) for number in range(articles)})

    def take(self, texts: dict[int, Article]) -> None:
        offers = [
            Offer(str(number), content_hash(text), FeedItem(str(number), text.url, text.title, "", ""))
            for number, text in texts.items()
        ]
        self.store.record_poll("s", offers, SourceState(body_hash="x"), self.now)
        waiting = self.store.waiting("s", self.now, ignore_backoff=True)
        read = [ReadArticle(one, texts[int(one.key)], content_hash(texts[int(one.key)])) for one in waiting]
        self.store.take_in(read, "feeds.example.eu,2026-11-24", self.now)
        for language in self.languages:
            self.store.open_language("s", language, None)
            for work in list(self.store.work(language, ["s"], self.now, FINGERPRINT, ignore_backoff=True)):
                text = work.stored.article
                rendition = original(text) if language == "bg" else translated(text, language)
                done = Outcome(TranslationState.DONE, rendition=rendition)
                self.store.settle([(work, done, None)], FINGERPRINT, self.now)

    @property
    def press(self) -> Press:
        source = Source(
            id="s",
            kind=SourceKind.FEED,
            name={"": "Стара Загора днес"},
            url="https://example.bg/rss",
            path="",
            language="bg",
            publish=Publish.FULL,
            rights={"": "© Стара Загора днес"},
        )
        site = Site({"": "INNOGROW News"}, BASE, contact="ops@example.eu")
        feed = FeedSpec("all", {"": "News"}, self.languages, ())
        return Press(self.store, self.tree, site, (source,), (feed,), {}, "1", self.now)

    def cycle(self, hours: float = 1) -> float:
        """Publish, so much later; return the CPU seconds that it took."""
        self.now += timedelta(hours=hours)
        press = self.press
        began = time.process_time()
        publish(press)
        return time.process_time() - began

    def files(self) -> dict[str, tuple[int, int]]:
        """Return all files, compressed forms too, with their inodes and dates."""
        found = (path for path in self.tree.root.rglob("*") if path.is_file())
        return {
            path.relative_to(self.tree.root).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns)
            for path in found
        }

    def written(self, act) -> list[str]:
        """Return the files that came, went or were touched by an act."""
        before = self.files()
        act()
        after = self.files()
        return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


@contextmanager
def serving(tree: LocalTree):
    import asyncio
    import threading

    listening = listen("127.0.0.1:0")
    server = Server(PublishedTree(Shelf(tree.root, House(BASE))))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True)
    thread.start()
    with httpx.Client(base_url=address_of(listening)) as client:
        yield client
    server.should_exit = True
    thread.join(20)


def unchanged(folder: Path) -> bool:
    """An unchanged cycle writes nothing, and every reader's next question is answered with 304."""
    house = Publisher(folder, 60, ("bg", "en", "it"))
    house.cycle()
    paths = [path for path in house.tree.paths() if not is_coded_form(path)]
    codings = ("identity", "gzip", "br", "zstd")
    with serving(house.tree) as client:
        known = {
            (path, coding): client.get(path, headers={"Accept-Encoding": coding}).headers
            for path in paths
            for coding in codings
        }
        touched = house.written(house.cycle)
        answers = []
        for (path, coding), headers in known.items():
            for condition in (
                {"If-None-Match": headers["etag"]},
                {"If-Modified-Since": headers["last-modified"]},
            ):
                answer = client.get(path, headers={"Accept-Encoding": coding, **condition})
                answers.append(answer.status_code == 304 and not answer.content)
    tree_bytes = sum(
        (house.tree.root / path).stat().st_size for path in touched if (house.tree.root / path).exists()
    )
    print(f"unchanged cycle: files in the tree {len(house.files())}, touched {len(touched)}")
    print(f"  bytes written into the tree {tree_bytes} (floor 0)")
    print(f"  conditional GETs answered 304: {sum(answers)} of {len(answers)} (floor all)")
    return not touched and all(answers)


def bare(house: Publisher, folder: Path) -> float:
    """Write the same feeds by feedgen and json alone, compressed and synced; return the CPU seconds."""
    feeds = {}
    for language in house.languages:
        found = house.store.entries("all", language, ["s"], 50, house.now)
        feeds[language] = [(one.tag, one.stored.article, one.rendition) for one in found]
    began = time.process_time()
    for language, entries in feeds.items():
        rendered = {"rss": None, "atom": None, "json": bare_json(language, entries)}
        for fmt in ("rss", "atom"):
            generator = FeedGenerator()
            generator.load_extension("dc")
            generator.load_extension("media")
            generator.id(f"{BASE}{language}/all.{fmt}")
            generator.title("News")
            generator.link(href=BASE, rel="alternate")
            generator.description("INNOGROW News")
            generator.language(language)
            generator.author({"name": "News", "email": "ops@example.eu"})
            generator.updated(house.now)
            for tag, text, rendition in entries:
                entry = generator.add_entry(order="append")
                entry.id(f"{tag}:{language}")
                entry.title(rendition.title)
                entry.link(href=text.url)
                entry.content(rendition.body, type="html" if fmt == "atom" else None)
                if fmt == "atom":
                    entry.summary(rendition.summary)
                    entry.author([{"name": name} for name in rendition.authors])
                    entry.rights("© Стара Загора днес")
                else:
                    entry.description(rendition.summary)
                    entry.enclosure(text.image.url, "48123", "image/jpeg")
                    entry.dc.dc_creator(list(rendition.authors))
                    entry.dc.dc_rights("© Стара Загора днес")
                entry.media.content({"url": text.image.url, "type": "image/jpeg", "fileSize": "48123"})
                entry.published(text.published)
                entry.updated(house.now)
                entry.category([{"term": one, "label": one} for one in rendition.tags])
            rendered[fmt] = (
                generator.rss_str(pretty=True) if fmt == "rss" else generator.atom_str(pretty=True)
            )
        for fmt, data in rendered.items():
            for suffix, form in {"": data, **compressed({f"all.{fmt}": data})[f"all.{fmt}"]}.items():
                put(folder / f"{language}-all.{fmt}{suffix}", form)
    return time.process_time() - began


def bare_json(language, entries):
    items = [
        {
            "id": f"{tag}:{language}",
            "url": text.url,
            "title": rendition.title,
            "content_html": rendition.body,
            "summary": rendition.summary,
            "date_published": text.published.isoformat(),
            "authors": [{"name": name} for name in rendition.authors],
            "tags": list(rendition.tags),
        }
        for tag, text, rendition in entries
    ]
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "News",
        "language": language,
        "items": items,
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def put(path, data):
    unfinished = path.with_name(path.name + ".new")
    with unfinished.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    handle = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(handle)
    os.close(handle)


def feeds(folder: Path, rounds: int) -> bool:
    """Publishing 3 languages x 3 formats x 50 entries costs little more than making and compressing them."""
    house = Publisher(folder, 50, ("bg", "en", "it"))
    house.cycle()
    beside = folder / "bare"
    beside.mkdir()
    ours, theirs, quiet = [], [], []
    for _ in range(rounds):
        quiet.append(house.cycle(0))
        for path in house.tree.root.glob("*/all.*"):
            if not path.name.startswith("all.embed"):
                path.unlink()
        ours.append(house.cycle(0))
        theirs.append(bare(house, beside))
    written = [
        path for path in house.tree.paths() if path.partition("/")[2] in {"all.rss", "all.atom", "all.json"}
    ]
    sizes = sum(len(house.tree.read(path)) for path in written)
    plain = sum(path.stat().st_size for path in beside.iterdir() if not is_coded_form(path.name))
    own = min(ours) - min(quiet)
    ratio = median((one - before) / bare_ for one, before, bare_ in zip(ours, quiet, theirs, strict=True))
    print(
        f"a cycle with nothing to write: {min(quiet):.2f} s of CPU; with {len(written)} feeds of 50 entries:"
    )
    print(f"  {min(ours):.2f} s, so {own:.2f} s for them; {sizes:,} bytes")
    print(f"  bare feedgen, compression and fsync: {min(theirs):.2f} s; {plain:,} bytes")
    print(f"  median ratio of {rounds} rounds {ratio:.2f} (ceiling {CEILING_FEEDS})")
    return ratio <= CEILING_FEEDS and len(written) == 9


def edit(folder: Path, articles: int, rounds: int) -> bool:
    """One edit among thousands touches the article's pages, the lists that name it and its feeds."""
    began = time.process_time()
    house = Publisher(folder, articles, ("bg", "en"))
    filled = time.process_time() - began
    first = house.cycle()
    print(
        f"{articles:,} articles in 2 languages: filled in {filled:.0f} s, published in {first:.0f} s of CPU"
    )
    house.now += timedelta(days=3)  # what came together stays together in the feeds for two days
    house.cycle()
    quiet = min(house.cycle(0.01) for _ in range(rounds))
    spent = []
    touched = []
    for number in range(rounds):
        at = articles // 2 + number
        house.now += timedelta(minutes=1)
        house.take({at: article(at, f" (поправка {number})")})
        touched = house.written(lambda: spent.append(house.cycle(0)))
    plain = [path for path in touched if not is_coded_form(path)]
    print(f"  unchanged cycle {quiet:.3f} s; an edit {min(spent):.3f} s ({min(spent) - quiet:.3f} s more)")
    print(f"  an edit touched {len(plain)} of {len(house.tree.paths()):,} files:")
    for path in plain:
        print(f"    {path}")
    return len(plain) <= MOST_TOUCHED and sum("/articles/" in path for path in plain) == 3


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", default="unchanged,feeds,edit")
    given = parser.parse_args()
    configure_logs(verbose=False, quiet=True)
    good = True
    for name in given.only.split(","):
        with tempfile.TemporaryDirectory() as place:
            if name == "unchanged":
                good &= unchanged(Path(place))
            elif name == "feeds":
                good &= feeds(Path(place), given.rounds)
            else:
                good &= edit(Path(place), given.articles, given.rounds)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
