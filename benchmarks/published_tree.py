"""What stands in a published tree: the entries of its feeds, and how a reader reads an entry's content."""

import html
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import feedparser
from lxml import etree
from lxml import html as lxml_html

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CYRILLIC = re.compile(r"[\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f]")
ADDRESS = re.compile(r"(?:https?|tag|mailto):[^\s\"'<>]*")

BLOCKS = frozenset(
    "address article aside blockquote br caption dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6"
    " header hr li main nav ol p pre section table tbody td tfoot th thead tr ul".split()
)
EMPHASIS = {"strong": "strong", "b": "strong", "em": "em", "i": "em"}


@dataclass(frozen=True, slots=True)
class Range:
    """A stretch of a reading's text that one inline element holds."""

    tag: str  # a, strong, em
    start: int
    end: int
    href: str = ""


@dataclass(slots=True)
class Reading:
    """An HTML fragment as text, one line a block, with what stands where. Alt texts are lines too."""

    text: str = ""
    ranges: list[Range] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)  # src of every img
    list_items: int = 0
    tables: int = 0

    def add(self, text: str) -> None:
        squeezed = re.sub(r"\s+", " ", text)
        self.text += squeezed.lstrip(" ") if not self.text or self.text[-1] in " \n" else squeezed

    def break_line(self) -> None:
        self.text = self.text.rstrip(" ")
        if self.text and self.text[-1] != "\n":
            self.text += "\n"


def read_html(fragment: str) -> Reading:
    """Read an HTML fragment. Addresses stay as they are: a feed has no business with relative ones."""
    reading = Reading()
    if fragment.strip():
        walk(lxml_html.fragment_fromstring(fragment, create_parent="div"), reading)
    return reading


def walk(element: lxml_html.HtmlElement, reading: Reading) -> None:
    if not isinstance(element.tag, str):
        return
    tag = element.tag
    if tag in BLOCKS or tag == "img":
        reading.break_line()
    if tag == "img":
        reading.pictures.append(element.get("src", ""))
        reading.add(element.get("alt", ""))
    reading.list_items += tag == "li"
    reading.tables += tag == "table"
    start = len(reading.text)
    reading.add(element.text or "")
    for child in element:
        walk(child, reading)
        reading.add(child.tail or "")
    if tag == "a" and element.get("href"):
        reading.ranges.append(Range("a", start, len(reading.text), element.get("href", "")))
    elif tag in EMPHASIS:
        reading.ranges.append(Range(EMPHASIS[tag], start, len(reading.text)))
    if tag in BLOCKS or tag == "img":
        reading.break_line()


@dataclass(frozen=True, slots=True)
class PublishedEntry:
    """An entry as a feed shows it."""

    id: str
    title: str  # plain
    summary: str  # plain, or HTML where the format means HTML
    content: str  # HTML
    links: tuple[str, ...]  # every address outside of the content
    alternates: int
    updated: str
    cyrillic: tuple[str, ...] = ()  # texts that hold a Cyrillic letter, addresses aside


@dataclass(frozen=True, slots=True)
class FeedFile:
    """A feed of the tree with what is wrong with it as a file."""

    path: Path
    entries: tuple[PublishedEntry, ...]
    faults: tuple[str, ...] = ()
    cyrillic: tuple[str, ...] = ()  # in the feed's own texts, outside of its entries


def read_feed(path: Path) -> FeedFile:
    """Read and check a feed by its ending: ``.atom``, ``.rss`` or ``.json``."""
    data = path.read_bytes()
    readers = {".atom": read_atom, ".rss": read_rss, ".json": read_json}
    entries, own_texts = readers[path.suffix](data)
    ids = [entry.id for entry in entries]
    faults = [f"{n} entries share an id" for n in [len(ids) - len(set(ids))] if n]
    faults += [f"{entry.id}: {entry.alternates} alternates" for entry in entries if entry.alternates != 1]
    if path.suffix != ".json":
        parsed = feedparser.parse(data)
        if parsed.bozo:
            faults.append(f"feedparser: {parsed.bozo_exception!r}")
        if len(parsed.entries) != len(entries):
            faults.append(f"feedparser sees {len(parsed.entries)} entries of {len(entries)}")
    return FeedFile(path, tuple(entries), tuple(faults), tuple(filter(has_cyrillic, own_texts)))


def has_cyrillic(text: str) -> bool:
    """Whether a text, entities resolved, holds a Cyrillic letter outside of an address."""
    return bool(CYRILLIC.search(ADDRESS.sub("", html.unescape(html.unescape(text)))))


def texts_of(element: etree._Element) -> list[str]:
    """Every text and every attribute's value at and below an element."""
    found: list[str] = []
    for node in element.iter():
        found += [text for text in (node.text, node.tail) if text and text.strip()]
        found += [str(value) for value in node.attrib.values()]
    return found


def atom_text(element: etree._Element | None) -> str:
    """An Atom text construct or content as HTML or plain text, by its type (RFC 4287 §3.1, §4.1.3)."""
    if element is None:
        return ""
    if element.get("type") != "xhtml":
        return element.text or ""
    div = element[0]
    inner = "".join(etree.tostring(child, encoding="unicode", method="html") for child in div)
    return html.escape(div.text or "", quote=False) + inner


def read_atom(data: bytes) -> tuple[list[PublishedEntry], list[str]]:
    root = etree.fromstring(data)
    entries = []
    for node in root.findall(f"{ATOM}entry"):
        links = node.findall(f".//{ATOM}link")
        own = node.findall(f"{ATOM}link")
        title = node.find(f"{ATOM}title")
        entries.append(
            PublishedEntry(
                id=node.findtext(f"{ATOM}id", ""),
                title=plain(atom_text(title), title is not None and title.get("type", "text") == "text"),
                summary=atom_text(node.find(f"{ATOM}summary")),
                content=atom_text(node.find(f"{ATOM}content")),
                links=tuple(link.get("href", "") for link in links),
                alternates=sum(link.get("rel", "alternate") == "alternate" for link in own),
                updated=node.findtext(f"{ATOM}updated", ""),
                cyrillic=tuple(filter(has_cyrillic, texts_of(node))),
            )
        )
    for node in root.findall(f"{ATOM}entry"):
        root.remove(node)
    return entries, texts_of(root)


def read_rss(data: bytes) -> tuple[list[PublishedEntry], list[str]]:
    root = etree.fromstring(data)
    entries = []
    items = root.findall("channel/item")
    for node in items:
        source = node.find("source")
        addresses = [node.findtext("link", ""), source.get("url", "") if source is not None else ""]
        addresses += [link.get("href", "") for link in node.findall(f".//{ATOM}link")]
        entries.append(
            PublishedEntry(
                id=node.findtext("guid", ""),
                title=plain(node.findtext("title", ""), is_plain=True),
                summary=node.findtext("description", ""),
                content=node.findtext(CONTENT, ""),
                links=tuple(addresses),
                alternates=len(node.findall("link")),
                updated=node.findtext(f"{ATOM}updated", ""),
                cyrillic=tuple(filter(has_cyrillic, texts_of(node))),
            )
        )
    for node in items:
        node.getparent().remove(node)
    return entries, texts_of(root)


def read_json(data: bytes) -> tuple[list[PublishedEntry], list[str]]:
    feed = json.loads(data)
    entries = [
        PublishedEntry(
            id=item["id"],
            title=item.get("title", ""),
            summary=item.get("summary", ""),
            content=item.get("content_html", ""),
            links=(item.get("url", ""), item.get("external_url", "")),
            alternates=int("url" in item),
            updated=item.get("date_modified", ""),
            cyrillic=tuple(filter(has_cyrillic, strings_in(item))),
        )
        for item in feed["items"]
    ]
    return entries, strings_in({key: value for key, value in feed.items() if key != "items"})


def strings_in(value: object) -> list[str]:
    """Every string inside a JSON value."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in inner for text in strings_in(part)]


def plain(text: str, is_plain: bool) -> str:
    """A title as readers see it; word joiners, which show nothing, aside."""
    shown = (
        text if is_plain else lxml_html.fragment_fromstring(text or " ", create_parent="div").text_content()
    )
    return " ".join(shown.replace("\u2060", "").split())
