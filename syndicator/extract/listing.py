"""Finds the articles that a section page lists, and the page that goes on with the list.

With a selector it is the operator's word that counts. Without one, the list is what repeats: links in the
same place of the same structure, to pages of the same site whose addresses are built alike, with headlines
for words. Menus, footers and tag clouds repeat, too, but their words are short.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from lxml import etree

from syndicator.errors import ParseError
from syndicator.extract.decode import decode
from syndicator.extract.selectors import select
from syndicator.extract.structure import parse_page
from syndicator.model import FetchedDocument
from syndicator.text.addresses import same_site
from syndicator.text.html import resolve
from syndicator.text.messages import tr

MOST_LINKS = 500  # of one page
MOST_ANCHORS = 3000  # that are looked at: a page of nested links must not take for ever
TOO_MANY_ANCHORS = 10_000  # no section page has so many
MOST_PIECES = 50  # of the text in a link
DEEPEST = 60  # elements around a link that are looked at
LONGEST_ADDRESS = 2048  # characters
FEWEST_REPEATED = 3  # links that make a list
_HEADLINE_WORDS = 3
_HEADLINE_LETTERS = 18
_LONG_ENOUGH = 80  # letters: a longer teaser counts no more

_AROUND = frozenset({"nav", "footer", "aside", "form", "select"})
_AROUND_WORDS = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|mainmenu|submenu|footer|breadcrumbs?|pagination|pager|tags?|tagcloud"
    r"|social|share|login|cookies?|copyright|sidebar|widget|partners?|banner)(?:$|[\s_-])",
    re.IGNORECASE,
)
_NO_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|pdf|docx?|xlsx?|pptx?|zip|rar|7z|mp3|mp4|avi|xml|rss|ics|css|js|exe|apk)$"
    r"|/(?:feed|rss|atom)/?$|/(?:wp-login|wp-admin|login|register|search|tag|tags|author|category|user|users)(?:[./]|$)",
    re.IGNORECASE,
)
_ENDLESS_TAG = re.compile(r"<[A-Za-z][^<>]{65536}")  # the parser compares all its attributes with all
_NEXT_WORDS = re.compile(
    r"^\W*(?:следващ[аи]?(?:\s+страница)?|напред|по-стари(?:\s+(?:новини|публикации|статии))?|още\s+новини"
    r"|next(?:\s+page)?|older(?:\s+posts)?|›|»|→|>)\W*$",
    re.IGNORECASE,
)
_READ_ON = re.compile(
    r"^\W*(?:прочети|прочетете|виж|вижте|още|повече|цялата|read|more|continue)\b", re.IGNORECASE
)
_FOLLOWED_BY_SESSIONS = frozenset({"fbclid", "gclid", "phpsessid", "sid", "sessionid"})


@dataclass(frozen=True, slots=True)
class Link:
    """A link to an article, and the words it stands under."""

    url: str  # absolute ASCII, without fragment and without what campaigns hang on
    title: str  # plain; "" where no words were found


@dataclass(frozen=True, slots=True)
class Listing:
    """What a section page lists, in its order."""

    links: tuple[Link, ...]
    next: str  # the address of the list's next page; "" where there is none


@dataclass(frozen=True, slots=True)
class _Anchor:
    url: str
    title: str
    place: tuple[str, ...]  # names of the elements it stands in, innermost first
    is_headline: bool  # it stands in or is a heading


def read_listing(document: FetchedDocument, links: str = "", following: str = "") -> Listing:
    """Return what a section page lists, and where it goes on.

    ``links`` and ``following`` are CSS selectors for the links to articles (or the elements that hold them)
    and for the link to the next page; ``""``: they are found by themselves. Raises ParseError where a
    selector is none or finds nothing, or where nothing on the page looks like a list of articles.
    """
    text = decode(document.body, document.content_type, "html")
    if _ENDLESS_TAG.search(text) or text.count("<a ") > TOO_MANY_ANCHORS:
        raise ParseError(tr("{url}: too broken or too large to be read as a list", url=document.final_url))
    root = parse_page(text, document.final_url)
    further = _next_page(root, document.final_url, following)
    found = _selected(root, document, links) if links else _repeated(root, document, further)
    if not found:
        message = (
            tr("{url}: the rule links ({selector}) finds no links", url=document.final_url, selector=links)
            if links
            else tr(
                "{url}: no list of articles was found; name their links under rules: links",
                url=document.final_url,
            )
        )
        raise ParseError(message)
    return Listing(found, further)


def tidy_address(url: str) -> str:
    """Return a page's address without its fragment and without the parameters of campaigns and sessions."""
    parts = urlsplit(url)
    if not parts.query:
        return urlunsplit(parts._replace(fragment=""))
    pieces = [
        piece
        for piece in parts.query.split("&")
        if not (name := piece.partition("=")[0].lower()).startswith("utm_")
        and name not in _FOLLOWED_BY_SESSIONS
    ]
    return urlunsplit(parts._replace(query="&".join(pieces), fragment=""))


def _selected(root: etree._Element, document: FetchedDocument, selector: str) -> tuple[Link, ...]:
    titles: dict[str, str] = {}
    for element in select(root, selector):
        anchors = [element] if element.tag == "a" else list(element.iter("a"))
        for anchor in anchors:
            url = _page_address(anchor, document.final_url)
            if url:
                titles[url] = max(titles.get(url, ""), _words(anchor), key=_weight)
        if len(titles) >= MOST_LINKS:
            break
    return tuple(Link(url, title) for url, title in titles.items())


def _repeated(root: etree._Element, document: FetchedDocument, further: str) -> tuple[Link, ...]:
    anchors = _anchors(root, document.final_url, further)
    best: dict[str, _Anchor] = {}
    for anchor in anchors:
        known = best.get(anchor.url)
        if known is None or (anchor.is_headline, _weight(anchor.title)) > (
            known.is_headline,
            _weight(known.title),
        ):
            best[anchor.url] = anchor
    groups: dict[tuple[tuple[str, ...], str], list[_Anchor]] = defaultdict(list)
    for anchor in best.values():
        groups[anchor.place[:4], _shape(anchor.url)].append(anchor)
    scored = sorted(groups.items(), key=lambda pair: -_score(pair[1]))
    if not scored or _score(scored[0][1]) <= 0:
        return ()
    (_, shape), winners = scored[0]
    chosen = {anchor.url for anchor in winners}
    # The lead story stands in a box of its own, and other sections list their articles elsewhere on the page.
    chosen.update(
        anchor.url for anchor in best.values() if _shape(anchor.url) == shape and _is_headline(anchor.title)
    )
    return tuple(Link(anchor.url, anchor.title) for anchor in best.values() if anchor.url in chosen)[
        :MOST_LINKS
    ]


def _anchors(root: etree._Element, address: str, further: str) -> list[_Anchor]:
    found = []
    here = tidy_address(address)
    for element in islice(root.iter("a"), MOST_ANCHORS):
        url = _page_address(element, address)
        if not url or url in {here, further} or not _may_be_article(url, here):
            continue
        place, is_around, in_heading = _place(element)
        if is_around:
            continue
        words = _words(element)
        found.append(
            _Anchor(url, "" if _READ_ON.match(words) and len(words) < 40 else words, place, in_heading)
        )
        if len(found) >= 4 * MOST_LINKS:
            break
    return found


def _may_be_article(url: str, here: str) -> bool:
    parts = urlsplit(url)
    is_home = not parts.path.strip("/") and not parts.query
    return not (is_home or _NO_PAGE.search(parts.path) or _is_page_number(url, here))


def _page_address(anchor: etree._Element, address: str) -> str:
    url = anchor.get("href", "")
    if not url.startswith(("http://", "https://")) or len(url) > LONGEST_ADDRESS:
        return ""
    return tidy_address(url) if same_site(url, address) else ""


def _place(anchor: etree._Element) -> tuple[tuple[str, ...], bool, bool]:
    """Return where a link stands, whether in what lies around the content, and whether in a heading."""
    place: list[str] = []
    in_heading = next(anchor.iter("h1", "h2", "h3", "h4", "h5", "h6"), None) is not None
    for element in islice(anchor.iterancestors(), DEEPEST):
        tag = str(element.tag)
        if tag in {"body", "html"}:
            break
        named = f"{element.get('class', '')} {element.get('id', '')}"
        if tag in _AROUND or _AROUND_WORDS.search(named) or element.get("role") == "navigation":
            return (), True, False
        in_heading = in_heading or (tag[0] == "h" and tag[1:].isdigit() and len(place) < 3)
        place.append(f"{tag}.{_first_class(element)}")
    return tuple(place), False, in_heading


def _first_class(element: etree._Element) -> str:
    """Return an element's first class without numbers: ``item-17`` and ``item-18`` are of one kind."""
    names = element.get("class", "").split()
    return re.sub(r"\d+", "", names[0]) if names else ""


def _words(anchor: etree._Element) -> str:
    heading = next(anchor.iter("h1", "h2", "h3", "h4", "h5", "h6"), None)
    text = " ".join(
        "".join(islice((heading if heading is not None else anchor).itertext(), MOST_PIECES)).split()
    )
    return text or " ".join(anchor.get("title", "").split())


def _weight(title: str) -> int:
    return min(sum(map(str.isalpha, title)), _LONG_ENOUGH)


def _is_headline(title: str) -> bool:
    return len(title.split()) >= _HEADLINE_WORDS and _weight(title) >= _HEADLINE_LETTERS


def _shape(url: str) -> str:
    """Return how an address is built: its folders, and what kind of name comes last."""
    parts = urlsplit(url)
    folders = [re.sub(r"\d+", "#", piece) for piece in parts.path.split("/")[1:]]
    last = folders.pop() if folders else ""
    if not last and folders:
        last = folders.pop()
    named = [piece if len(piece) <= 20 and "-" not in piece else "*" for piece in folders]
    ending = last.rpartition(".")[2] if "." in last else ""
    keys = ",".join(sorted({name for name, _ in parse_qsl(parts.query)}))
    kind = "#" if re.fullmatch(r"#+", last.partition(".")[0]) else "*"
    return f"/{'/'.join(named)}/{kind}.{ending}?{keys}"


def _score(group: list[_Anchor]) -> float:
    headlines = [anchor for anchor in group if _is_headline(anchor.title)]
    if len(headlines) < FEWEST_REPEATED or len(headlines) < len(group) / 2:
        return 0.0
    in_headings = sum(anchor.is_headline for anchor in headlines)
    return sum(_weight(anchor.title) for anchor in headlines) * (1 + in_headings / len(headlines))


def _next_page(root: etree._Element, address: str, selector: str) -> str:
    """Return the address of the list's next page, "" where there is none."""
    if selector:
        elements = [
            anchor
            for element in select(root, selector)
            for anchor in ([element] if element.get("href") else element.iter("a"))
        ]
    else:
        elements = [
            element
            for element in islice(root.iter("a", "link"), MOST_ANCHORS)
            if "next" in element.get("rel", "").lower().split()
        ] or [
            anchor
            for anchor in islice(root.iter("a"), MOST_ANCHORS)
            if _NEXT_WORDS.match(
                " ".join("".join(islice(anchor.itertext(), MOST_PIECES)).split()) or anchor.get("title", "")
            )
        ]
    here = tidy_address(address)
    for element in elements:
        url = tidy_address(resolve(element.get("href", ""), address))  # parse_page leaves <link> as it is
        if same_site(url, address) and url != here:
            return url
    return ""


def _is_page_number(url: str, here: str) -> bool:
    """Whether an address is the present one with the number of a page: /page/2, ?page=2, ?start=20."""
    numbered = re.sub(r"/(?:page|strana|p)/\d+/?$", "/", urlsplit(url).path)
    if numbered != urlsplit(url).path:
        return True
    if urlsplit(url).path != urlsplit(here).path:
        return False
    own = dict(parse_qsl(urlsplit(here).query))
    changed = {name for name, value in parse_qsl(urlsplit(url).query) if own.get(name) != value}
    return bool(changed) and changed <= {"page", "p", "paged", "start", "limitstart", "offset", "pg"}
