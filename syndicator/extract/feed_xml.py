"""RSS 0.9x, 1.0 and 2.0, and Atom 0.3 and 1.0, from a parsed XML tree.

Elements are known by the URI of their namespace: prefixes are the publisher's own choice.
"""

import html
from collections.abc import Iterator
from copy import deepcopy
from functools import lru_cache

from lxml import etree

from syndicator.errors import ParseError
from syndicator.extract.feed_items import (
    MARKUP,
    Candidate,
    Circumstances,
    absolute,
    as_html,
    best_image,
    distinct,
    fallback_key,
    identified,
    is_image,
    moment,
    number,
    person,
    plain,
)
from syndicator.model import FeedItem, ParsedFeed
from syndicator.text.messages import tr

# Spellings with and without the last slash occur, and http and https, so both are left out here.
PREFIXES = {
    "purl.org/rss/1.0": "",
    "my.netscape.com/rdf/simple/0.9": "",
    "channel.netscape.com/rdf/simple/0.9": "",
    "backend.userland.com/rss2": "",
    "backend.userland.com/rss": "",
    "blogs.law.harvard.edu/tech/rss": "",
    "cyber.law.harvard.edu/rss": "",
    "www.w3.org/2005/atom": "atom:",
    "purl.org/atom/ns#": "atom:",
    "www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
    "purl.org/rss/1.0/modules/content": "content:",
    "purl.org/dc/elements/1.0": "dc:",
    "purl.org/dc/elements/1.1": "dc:",
    "purl.org/dc/terms": "dcterms:",
    "search.yahoo.com/mrss": "media:",
    "video.search.yahoo.com/mrss": "media:",
    "www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    "www.w3.org/1999/xhtml": "xhtml:",
}
ROOTS = {"rss", "rdf:RDF", "RDF"}

# Link relations may be written in full (RFC 4287 §4.2.7.2).
ALTERNATE = frozenset({"alternate", "http://www.iana.org/assignments/relation/alternate"})
ENCLOSURE = frozenset({"enclosure", "http://www.iana.org/assignments/relation/enclosure"})

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"

Element = etree._Element  # noqa: SLF001 - the only name that lxml gives the class
Fields = dict[str, list[Element]]


@lru_cache(maxsize=1024)
def short_name(tag: str) -> str:
    """Return an element's name with our prefix for its namespace: ``dc:creator``, ``title``, ``atom:link``.

    One in an unknown namespace gets a prefix that nothing asks for.
    """
    if not tag.startswith("{"):
        return tag
    uri, _, name = tag[1:].partition("}")
    known = uri.lower().removeprefix("http://").removeprefix("https://").rstrip("/")
    prefix = PREFIXES.get(known)
    return f"?{tag}" if prefix is None else f"{prefix}{name}"


def read_xml_feed(root: Element, circumstances: Circumstances) -> ParsedFeed:
    """Read a feed from its root element. Raises ParseError where the root is no feed's."""
    kind = short_name(str(root.tag))
    if kind == "atom:feed":
        return _read_atom(root, circumstances)
    if kind in ROOTS:
        return _read_rss(root, circumstances)
    raise ParseError(
        tr(
            "{url}: this is XML, but no feed: it is a <{name}> document",
            url=circumstances.url,
            name=etree.QName(root).localname,
        )
    )


# RSS


def _read_rss(root: Element, circumstances: Circumstances) -> ParsedFeed:
    top = _fields(root)
    channel = next(iter(top.get("channel", [])), root)
    fields = _fields(channel)
    home = absolute(_first(fields, "link") or _link(fields), circumstances.url)
    language = _first(fields, "language", "dc:language") or _lang(channel) or _lang(root)
    rights = plain(_first(fields, "copyright", "dc:rights", "atom:rights"))
    # RSS 1.0 puts its items beside the channel, the others inside it.
    elements = fields.get("item", []) + (top.get("item", []) if channel is not root else [])
    items = (_rss_item(element, home, language, rights, circumstances) for element in elements)
    return ParsedFeed(
        title=plain(_first(fields, "title", "dc:title")), url=home, language=language, items=identified(items)
    )


def _rss_item(
    element: Element, home: str, language: str, rights: str, circumstances: Circumstances
) -> FeedItem:
    fields = _fields(element)
    base = _base(element, home, circumstances)
    guid = _first(fields, "guid", "atom:id", "dc:identifier") or element.get(RDF_ABOUT, "").strip()
    url = absolute(_first(fields, "feedburner:origLink", "link") or _link(fields), base)
    if not url and _is_permalink(fields):
        url = absolute(guid, base)
    title = plain(_first(fields, "title", "dc:title", "atom:title", "itunes:title"))
    summary = _markup(fields, "description", "atom:summary", "dc:description", "itunes:summary")
    content = _markup(fields, "content:encoded", "xhtml:body", "atom:content", "fulltext", "full-text")
    date = _first(fields, "pubDate", "dc:date", "dcterms:issued", "dcterms:created", "atom:published", "date")
    changed = _first(fields, "atom:updated", "dcterms:modified", "atom:modified")
    return FeedItem(
        key=guid or fallback_key(url, title, date, content or summary),
        url=url,
        title=title,
        summary=summary,
        content=content,
        authors=_rss_authors(fields),
        published=moment(date, circumstances),
        updated=moment(changed, circumstances),
        tags=distinct(plain(_text(child)) for child in _all(fields, "category", "dc:subject")),
        image=best_image(_rss_pictures(fields, base)),
        rights=plain(_first(fields, "dc:rights", "media:copyright", "copyright")) or rights,
        language=_first(fields, "dc:language", "language") or _lang(element) or language,
    )


def _is_permalink(fields: Fields) -> bool:
    """Return whether the guid is an address (RSS 2.0: it is, unless isPermaLink says otherwise)."""
    guids = fields.get("guid", [])
    if not guids or guids[0].get("isPermaLink", "true").strip().lower() == "false":
        return False
    return _text(guids[0]).strip().lower().startswith(("http://", "https://", "/"))


def _rss_authors(fields: Fields) -> tuple[str, ...]:
    names = [_text(child) for child in _all(fields, "dc:creator", "author")]
    names += [_first(_fields(child), "atom:name") for child in _all(fields, "atom:author")]
    return distinct(map(person, names or [_first(fields, "itunes:author")]))


def _rss_pictures(fields: Fields, base: str) -> Iterator[list[Candidate]]:
    yield _media(fields, "media:content", base)
    yield _enclosures(fields.get("enclosure", []), "url", base)
    yield _enclosures(_atom_links(fields, ENCLOSURE), "href", base)
    yield _media(fields, "media:thumbnail", base)
    pictures = _all(fields, "itunes:image", "image")
    yield [Candidate(url) for picture in pictures if (url := _image_url(picture, base))]


def _image_url(element: Element, base: str) -> str:
    address = element.get("href") or element.get("url") or _first(_fields(element), "url") or _text(element)
    url = absolute(address, base)
    return url if is_image(url, "", "image") else ""


def _media(fields: Fields, name: str, base: str) -> list[Candidate]:
    """Return the pictures among Media RSS elements, those inside groups and other elements too."""
    if name not in fields and "media:group" not in fields and "media:content" not in fields:
        return []
    found = []
    group_fields = [_fields(group) for group in fields.get("media:group", [])]
    for level in (fields, *group_fields):
        inner = [_fields(content) for content in level.get("media:content", [])]
        for around in (level, *inner):
            found += [
                candidate
                for child in around.get(name, [])
                if (candidate := _medium(child, around, level, base))
            ]
    return found


def _medium(element: Element, around: Fields, level: Fields, base: str) -> Candidate | None:
    url = absolute(element.get("url", ""), base)
    media_type = element.get("type", "").strip().lower()
    medium = element.get("medium", "").strip().lower()
    if not is_image(
        url, media_type, medium or ("image" if short_name(str(element.tag)) == "media:thumbnail" else "")
    ):
        return None
    own = _fields(element)
    return Candidate(
        url=url,
        width=number(element.get("width")),
        media_type=media_type,
        length=number(element.get("fileSize")),
        caption=_said(own, around, level, name="media:description"),
        credit=_said(own, around, level, name="media:credit"),
    )


def _said(*levels: Fields, name: str) -> str:
    """Return the innermost text of a name; Media RSS lets outer elements speak for inner ones."""
    return next((text for fields in levels if name in fields and (text := plain(_first(fields, name)))), "")


def _enclosures(elements: list[Element], address: str, base: str) -> list[Candidate]:
    found = []
    for element in elements:
        url = absolute(element.get(address, ""), base)
        media_type = element.get("type", "").strip().lower()
        if is_image(url, media_type):
            found.append(Candidate(url, media_type=media_type, length=number(element.get("length"))))
    return found


# Atom


def _read_atom(root: Element, circumstances: Circumstances) -> ParsedFeed:
    fields = _fields(root)
    base = root.base or circumstances.url
    language = _lang(root) or _first(fields, "dc:language")
    rights = plain(_first(fields, "atom:rights", "atom:copyright", "dc:rights"))
    authors = _atom_authors(fields)
    items = (
        _atom_entry(entry, language, rights, authors, circumstances) for entry in fields.get("atom:entry", [])
    )
    return ParsedFeed(
        title=plain(_first(fields, "atom:title")),
        url=absolute(_link(fields), base),
        language=language,
        items=identified(items),
    )


def _atom_entry(
    entry: Element, language: str, rights: str, authors: tuple[str, ...], circumstances: Circumstances
) -> FeedItem:
    fields = _fields(entry)
    base = entry.base or circumstances.url
    content_element = next(iter(fields.get("atom:content", [])), None)
    address = _first(fields, "feedburner:origLink") or _link(fields)
    if not address and content_element is not None:
        address = content_element.get("src", "")
    url = absolute(address, base)
    title = plain(_first(fields, "atom:title"))
    summary = _constructs(fields, "atom:summary")
    content = _constructs(fields, "atom:content")
    if not content and not summary:  # Media RSS inside Atom, as video sites write it
        summary = _media_description(fields)
    changed = _first(fields, "atom:updated", "atom:modified")
    date = _first(fields, "atom:published", "atom:issued", "atom:created", "dc:date", "pubDate")
    return FeedItem(
        key=_first(fields, "atom:id") or fallback_key(url, title, date or changed, content or summary),
        url=url,
        title=title,
        summary=summary,
        content=content,
        authors=_atom_authors(fields) or _source_authors(fields) or authors,
        published=moment(date, circumstances),
        updated=moment(changed, circumstances),
        tags=distinct(
            plain(child.get("label") or child.get("term") or _text(child))
            for child in _all(fields, "atom:category", "dc:subject")
        ),
        image=best_image(_atom_pictures(fields, base)),
        rights=plain(_first(fields, "atom:rights", "dc:rights", "media:copyright")) or rights,
        language=_lang(entry) or _content_lang(content_element) or language,
    )


def _atom_pictures(fields: Fields, base: str) -> Iterator[list[Candidate]]:
    yield _media(fields, "media:content", base)
    yield _enclosures(_atom_links(fields, ENCLOSURE), "href", base)
    yield _media(fields, "media:thumbnail", base)


def _atom_authors(fields: Fields) -> tuple[str, ...]:
    named = [_first(_fields(author), "atom:name") for author in fields.get("atom:author", [])]
    return distinct(map(person, named + [_text(child) for child in fields.get("dc:creator", [])]))


def _source_authors(fields: Fields) -> tuple[str, ...]:
    """Return the authors of the feed that an entry was taken from (RFC 4287 §4.2.1)."""
    return distinct(
        name for source in fields.get("atom:source", []) for name in _atom_authors(_fields(source))
    )


def _media_description(fields: Fields) -> str:
    levels = [fields, *map(_fields, fields.get("media:group", []))]
    return next((as_html(text) for level in levels if (text := _first(level, "media:description"))), "")


def _constructs(fields: Fields, name: str) -> str:
    return next((text for element in fields.get(name, []) if (text := _construct(element))), "")


def _construct(element: Element) -> str:
    """Return an Atom text or content as HTML (RFC 4287 §3.1 and §4.1.3; Atom 0.3 has ``mode`` as well)."""
    kind = element.get("type", "").strip().lower()
    if len(element):
        only = element[0] if len(element) == 1 and not (element.text or "").strip() else None
        is_wrapper = only is not None and short_name(str(only.tag)) == "xhtml:div"
        return _inner(only if is_wrapper and only is not None else element)
    text = (element.text or "").strip()
    if element.get("mode", "") == "base64" or (
        kind and not kind.startswith(("text", "html", "xhtml", "application/xhtml"))
    ):
        return ""  # a picture or document in place of the text
    is_html = "html" in kind or element.get("mode") == "escaped" or (not kind and MARKUP.search(text))
    return text if is_html else as_html(text)


def _content_lang(content: Element | None) -> str:
    return "" if content is None else _lang(content)


# Both


def _fields(element: Element) -> Fields:
    """Return an element's children by their short names."""
    fields: Fields = {}
    if not len(element):
        return fields
    for child in element:
        if isinstance(child.tag, str):
            fields.setdefault(short_name(child.tag), []).append(child)
    return fields


def _all(fields: Fields, *names: str) -> list[Element]:
    return [child for name in names for child in fields.get(name, [])]


def _first(fields: Fields, *names: str) -> str:
    """Return the first text that there is under any of the names, in the order of the names."""
    for name in names:
        if name in fields:
            for child in fields[name]:
                text = _text(child).strip()
                if text:
                    return text
    return ""


def _text(element: Element) -> str:
    return "".join(element.itertext()) if len(element) else element.text or ""


def _markup(fields: Fields, *names: str) -> str:
    """Return the first content there is under any of the names, as HTML."""
    for name in names:
        for child in fields.get(name, ()):
            text = _construct(child) if name in {"atom:summary", "atom:content"} else _inner(child).strip()
            if text:
                return text
    return ""


def _inner(element: Element) -> str:
    """Return an element's content as HTML: the escaped HTML it holds, or the elements inside it."""
    if not len(element):
        return element.text or ""
    return html.escape(element.text or "", quote=False) + "".join(map(_as_html_element, element))


def _as_html_element(element: Element) -> str:
    """Return an element, and the text behind it, as HTML: with neither prefixes nor namespaces."""
    copy = deepcopy(element)  # apart from the feed, whose namespaces it would repeat
    for part in copy.iter():
        part.tag = etree.QName(part).localname
    etree.cleanup_namespaces(copy)
    return etree.tostring(copy, encoding="unicode", method="html")


def _atom_links(fields: Fields, rels: frozenset[str]) -> list[Element]:
    return [link for link in fields.get("atom:link", []) if link.get("rel", "alternate").strip() in rels]


def _link(fields: Fields) -> str:
    """Return the address of the page that an Atom link element names, an HTML page before others."""
    links = _atom_links(fields, ALTERNATE)
    links.sort(key=lambda link: "html" not in link.get("type", "text/html"))
    return next((address for link in links if (address := link.get("href", "").strip())), "")


def _lang(element: Element) -> str:
    return element.get(XML_LANG, "").strip()


def _base(element: Element, home: str, circumstances: Circumstances) -> str:
    """Return what an item's relative addresses are relative to: xml:base, else the channel's home."""
    base = element.base
    return base if base and base != circumstances.url else home or circumstances.url
