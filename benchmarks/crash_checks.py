"""What must hold of the store and of the published tree after a kill, and after the run that follows it."""

import gzip
import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import brotli
import zstandard
from crash_site import NEWS, STORIES, Line, Log, Story
from lxml import etree, html

LANGUAGES = ("bg", "en", "it")
FORMS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.decompress,
    ".br": brotli.decompress,
    ".zst": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
}
ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the database has committed."""

    articles: Mapping[tuple[str, str], str] = field(default_factory=dict)  # (source, key) → public id
    withdrawn: frozenset[str] = frozenset()  # public ids
    segments: frozenset[tuple[str, str]] = frozenset()  # (target, text): answered and remembered
    reviewed: int = 0  # segments with a reviewed translation
    taken: frozenset[str] = frozenset()  # keys of arrivals that were made articles
    ill: str = ""  # what integrity_check and foreign_key_check say


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as a reader gets it."""

    id: str
    public_id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What the visible tree holds, and what is wrong with it."""

    feeds: Mapping[str, tuple[Entry, ...]]
    paths: frozenset[str]
    wrong: tuple[str, ...]

    def ids(self) -> dict[tuple[str, str], str]:
        """Every entry's id by feed language and public id."""
        return {
            (path.split("/")[0], entry.public_id): entry.id
            for path, entries in self.feeds.items()
            for entry in entries
        }


def committed(database: Path, scratch: Path) -> Facts:
    """Read what is committed from a copy, so that nothing is recovered in the original by looking at it."""
    if not database.exists():
        return Facts()
    scratch.mkdir()
    for file in database.parent.glob(f"{database.name}*"):
        if not file.name.endswith("-shm"):
            shutil.copy(file, scratch)
    try:
        with closing(sqlite3.connect(scratch / database.name)) as connection:
            return _read(connection)
    except sqlite3.DatabaseError as error:
        return Facts(ill=str(error))
    finally:
        shutil.rmtree(scratch)


def _read(connection: sqlite3.Connection) -> Facts:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    ill = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
    ill += [f"dangling reference: {row}" for row in connection.execute("PRAGMA foreign_key_check")]
    if "articles" not in tables:
        return Facts(ill="; ".join(ill))
    articles = connection.execute("SELECT source_id, key, public_id, withdrawn_at FROM articles").fetchall()
    segments = set(connection.execute("SELECT target, segment FROM memory"))
    if "told_answers" in tables:
        segments |= set(connection.execute("SELECT target, segment FROM told_answers"))
    (reviewed,) = connection.execute("SELECT count(*) FROM memory WHERE reviewed").fetchone()
    taken = connection.execute("SELECT key FROM arrivals WHERE state = 'taken'")
    return Facts(
        articles={(source, key): public_id for source, key, public_id, _ in articles},
        withdrawn=frozenset(public_id for *_, public_id, at in articles if at),
        segments=frozenset(segments),
        reviewed=reviewed,
        taken=frozenset(key for (key,) in taken),
        ill="; ".join(ill),
    )


def story_of(key: str) -> Story:
    return next(one for one in (*STORIES, NEWS) if key == one.key or key.endswith(f"/{one.key}.html"))


def look_at(tree: Path, known: Sequence[Facts]) -> Seen:
    """Read every visible file of the tree as the web would, and say what is wrong.

    ``known`` is what was committed before and after the kill: whose entries may be there. What was erased goes
    from its pages first, so an entry of it may lead nowhere until the feed is written.
    """
    stories = {public_id: story_of(key) for facts in known for (_, key), public_id in facts.articles.items()}
    withdrawn = frozenset[str]().union(*(facts.withdrawn for facts in known))
    wrong: list[str] = []
    feeds: dict[str, tuple[Entry, ...]] = {}
    files = {path.relative_to(tree).as_posix(): path for path in sorted(tree.rglob("*")) if path.is_file()}
    present = frozenset(known[-1].articles.values())
    visible = {name: path for name, path in files.items() if not path.name.startswith(".")}
    for name, path in visible.items():
        try:
            if path.suffix in FORMS:
                wrong += _check_form(name, path)
            elif path.suffix in (".rss", ".atom", ".json"):
                feeds[name] = tuple(_entries(path))
                wrong += _check_feed(name, feeds[name], stories, withdrawn)
                wrong += _dead_links(name, feeds[name], visible, present)
            else:
                wrong += _check_page(name, path, stories, withdrawn)
        except (
            etree.LxmlError,
            ValueError,
            KeyError,
            TypeError,
            OSError,
            EOFError,
            brotli.error,
            zstandard.ZstdError,
        ) as error:
            wrong.append(f"{name}: cannot be read: {error!r}")
    return Seen(feeds, frozenset(visible), tuple(wrong))


def unfinished_in(tree: Path) -> list[str]:
    return [str(path) for path in tree.rglob(".*") if path.is_file()]


def _check_form(name: str, path: Path) -> Iterator[str]:
    plain = path.with_suffix("")
    if not plain.exists():
        yield f"{name}: a compressed form without its file"
    elif FORMS[path.suffix](path.read_bytes()) != plain.read_bytes():
        yield f"{name}: says something else than its file"


def _entries(path: Path) -> Iterator[Entry]:
    data = path.read_bytes()
    if path.suffix == ".json":
        for item in json.loads(data)["items"]:
            yield _entry(item["id"], item["url"], item["title"], item.get("content_html", ""))
    elif path.suffix == ".rss":
        for item in etree.fromstring(data).iterfind("channel/item"):
            told = {name: item.findtext(name) or "" for name in ("guid", "link", "title", CONTENT)}
            yield _entry(told["guid"], told["link"], told["title"], told[CONTENT])
    else:
        for item in etree.fromstring(data).iterfind(f"{ATOM}entry"):
            links = [
                one.get("href", "")
                for one in item.findall(f"{ATOM}link")
                if one.get("rel", "alternate") == "alternate"
            ]
            told = {name: item.findtext(f"{ATOM}{name}") or "" for name in ("id", "title", "content")}
            yield _entry(told["id"], links[0], told["title"], told["content"])


def _entry(entry_id: str, link: str, title: str, content: str) -> Entry:
    return Entry(entry_id, Path(link).stem, title, _text(content))


def _text(markup: str) -> str:
    return " ".join(html.fromstring(f"<div>{markup}</div>").text_content().split())


def _check_feed(
    name: str,
    entries: tuple[Entry, ...],
    stories: Mapping[str, Story],
    withdrawn: frozenset[str],
) -> Iterator[str]:
    language = name.split("/", maxsplit=1)[0]
    for entry_id, count in Counter(entry.id for entry in entries).items():
        if count > 1:
            yield f"{name}: entry {entry_id} stands in it {count} times"
    for entry in entries:
        story = stories.get(entry.public_id)
        if story is None:
            yield f"{name}: entry {entry.id} is of no article in the store"
            continue
        if entry.title != _in(story.title, language):
            yield f"{name}: entry of {story.key} is titled {entry.title!r}"
        if not _is_whole(entry.text, story, language, may_be_notice=entry.public_id in withdrawn):
            yield f"{name}: entry of {story.key} is not whole: {entry.text!r}"


def _dead_links(
    name: str, entries: Iterable[Entry], visible: Collection[str], present: Collection[str]
) -> Iterator[str]:
    for entry in entries:
        page = f"{name.split('/', maxsplit=1)[0]}/articles/{entry.public_id}.html"
        if entry.public_id in present and page not in visible:
            yield f"{name}: an entry links to {page}, which is not there"


def _in(line: Line, language: str) -> str:
    return line[LANGUAGES.index(language)]


def _is_whole(text: str, story: Story, language: str, *, may_be_notice: bool) -> bool:
    """Whether a text holds every sentence of one version of the story, or is a notice in its place."""
    versions = [[_in(line, language) for line in story.sentences(edited)] for edited in (False, True)]
    if any(all(sentence in text for sentence in version) for version in versions):
        return True
    return may_be_notice and not any(sentence in text for version in versions for sentence in version)


def _check_page(
    name: str, path: Path, stories: Mapping[str, Story], withdrawn: frozenset[str]
) -> Iterator[str]:
    text = path.read_text("utf-8")
    if path.suffix == ".opml":
        etree.fromstring(path.read_bytes())
    elif path.suffix == ".html":
        if not text.lstrip().lower().startswith("<!doctype html>") or not text.rstrip().endswith("</html>"):
            yield f"{name}: not a whole page ({len(text)} characters)"
        elif "/articles/" in name:
            story = stories.get(path.name.split(".")[0])
            if story is None:
                yield f"{name}: a page of no article in the store"
            elif not _is_whole(
                _page_text(text),
                story,
                name.split("/", maxsplit=1)[0],
                may_be_notice=path.name.split(".")[0] in withdrawn,
            ):
                yield f"{name}: the page of {story.key} is not whole"
    elif path.suffix == ".js" and "/archive/" in name:
        json.loads(f"[{text.strip().removeprefix('syndicatorTitles(').removesuffix(');')}]")
    elif not text.strip():
        yield f"{name}: empty"


def _page_text(text: str) -> str:
    return " ".join(html.document_fromstring(text.encode()).text_content().split())


# What a run asked


def repeated(before: Log, after: Log, facts: Facts) -> Iterator[str]:
    """What the run after the kill asked for although it had been answered and stored.

    The last request of the killed run may have been in flight. What an earlier one asked was answered and,
    since each answer is committed before the next request, stored.
    """
    flying = {(target, text) for target, texts in before.engine[-1:] for text in texts}
    asked_before = {(target, text) for target, texts in before.engine[:-1] for text in texts}
    asked = [(target, text) for target, texts in after.engine for text in texts]
    for target, text in asked:
        if (target, text) in facts.segments:
            yield f"{target}: asked again although it is in the memory: {text}"
        elif (target, text) in asked_before - flying:
            yield f"{target}: asked again although it was answered before the last request: {text}"
    for (target, text), count in Counter(asked).items():
        if count > 1:
            yield f"{target}: asked {count} times in one run: {text}"
    for path, status in after.pages:
        if status == 200 and [path, 200] in before.pages and path.endswith(".html"):
            taken = [key for key in facts.taken if path.endswith(f"/{key}.html")]
            if taken:
                yield f"{path}: fetched again although its article was stored"
    yield from (f"the engine does not know {text!r}" for text in after.unknown)


def against(reference: tuple[Facts, Seen], facts: Facts, seen: Seen) -> Iterator[str]:
    """How what a run left differs from what the run that was never disturbed left."""
    wanted, shown = reference
    if facts.articles.keys() != wanted.articles.keys():
        for one in wanted.articles.keys() - facts.articles.keys():
            yield f"article {one} is lost"
        for one in facts.articles.keys() - wanted.articles.keys():
            yield f"article {one} is surplus"
    if len(set(facts.articles.values())) < len(facts.articles):
        yield "two articles have one public id"
    if facts.reviewed != wanted.reviewed:
        yield f"the memory has {facts.reviewed} reviewed segments, not {wanted.reviewed}"
    told, meant = _named(facts, seen), _named(wanted, shown)
    for name in sorted(told.keys() | meant.keys()):
        missing = [one for one in meant.get(name, []) if one not in told.get(name, [])]
        surplus = [one for one in told.get(name, []) if one not in meant.get(name, [])]
        if missing or surplus:
            yield f"{name}: lacks {_short(missing)}, has {_short(surplus)} instead"
    files, expected = _renamed(facts, seen.paths), _renamed(wanted, shown.paths)
    if files != expected:
        yield f"files missing: {sorted(expected - files)}, surplus: {sorted(files - expected)}"


def _named(facts: Facts, seen: Seen) -> dict[str, list[tuple[str, str, str]]]:
    """The entries of each feed, by the keys of their articles instead of their ids, which differ by run."""
    keys = {public_id: key for (_, key), public_id in facts.articles.items()}
    return {
        name: sorted((keys.get(entry.public_id, "?"), entry.title, entry.text) for entry in entries)
        for name, entries in seen.feeds.items()
    }


def _short(entries: Iterable[tuple[str, str, str]]) -> str:
    return str([f"{key}: {title} …{text[-40:]}" for key, title, text in entries])


def _renamed(facts: Facts, paths: Iterable[str]) -> set[str]:
    keys = {public_id: story_of(key).key for (_, key), public_id in facts.articles.items()}
    found = set()
    for path in paths:
        folder, _, name = path.rpartition("/")
        public_id, dot, ending = name.partition(".")
        found.add(f"{folder}/{keys.get(public_id, public_id)}{dot}{ending}")
    return found


def changed_ids(earlier: Iterable[Facts], seen_before: Seen, facts: Facts, seen: Seen) -> Iterator[str]:
    """Ids that were minted or shown before the kill, and are others now."""
    for before in earlier:
        for one, public_id in before.articles.items():
            if facts.articles.get(one, public_id) != public_id:
                yield f"article {one} had the id {public_id} and has {facts.articles[one]} now"
    now = seen.ids()
    for key, entry_id in seen_before.ids().items():
        if now.get(key, entry_id) != entry_id:
            yield f"an entry had the id {entry_id} and has {now[key]} now"
