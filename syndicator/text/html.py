"""Safe, whole and tidy HTML out of any HTML.

What is allowed is what readers, importers and the translation know how to carry: paragraphs, headings, lists,
quotes, pictures with captions, data tables, and emphasis and links inside sentences.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape
from itertools import islice
from urllib.parse import quote, urljoin, urlsplit

import nh3
from lxml import etree
from lxml.html import HtmlElement

from syndicator.text.addresses import ascii_url, is_plain_url
from syndicator.text.paragraphs import rebuild

ALLOWED_TAGS = frozenset(
    "a b blockquote br caption code dd dl dt em figcaption figure h2 h3 h4 h5 h6 hr i img li ol p pre s"
    " strong sub sup table tbody td tfoot th thead tr u ul".split()
)
ALLOWED_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
ALLOWED_SCHEMES = frozenset({"http", "https", "mailto", "tel"})

# What XML 1.0 §2.2 leaves out. Named itself: a set of all the rest takes ten times as long to compile.
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROLS = bytes({*range(0x20)} - {0x09, 0x0A, 0x0D})
_LONG_TAG = 10_000  # characters
_MANY_ATTRIBUTES = 4_000
_MOST_ATTRIBUTES = 200
_SEPARATORS = " \t\n\f\r/\"'"  # what may stand between two attributes
_LAZY = ("data-src", "data-lazy-src", "data-original", "data-lazy", "data-url", "data-orig-file")
_LAZY_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_PLACEHOLDER = re.compile(
    r"^data:|blank|spacer|placeholder|pixel|loading|lazy|transparent|1x1", re.IGNORECASE
)
_TRACKER = re.compile(
    r"//(feeds\.feedburner\.com/~r/|pixel\.wp\.com/|stats\.wordpress\.com/|[a-z]+\.gemius\.)"
)
_TINY_STYLE = re.compile(
    r"display\s*:\s*none|(?:^|;|\s)(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|!|$)", re.IGNORECASE
)
_NUMBER = re.compile(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*$")
_BLOCK_ENDS = frozenset(
    "p h1 h2 h3 h4 h5 h6 li dt dd td th caption figcaption blockquote pre tr table ul ol dl div section"
    " article figure hr br".split()
)
_LONGEST_REMEMBERED = 2_000  # characters
_LONGEST_BARE = 1_000_000
_UNTIDY_PATH = re.compile(r"//|/\.")  # another host, or steps up and down
_WHITESPACE = re.compile(r"[\s\u00a0]+")
_SAFE_IN_MAIL = "@:?&=+,;%/.!$'*()-"
_MOST_PASSES = 4  # one settles nearly everything; markup that a parser mends in two steps takes another


def clean_html(html: str, base_url: str) -> str:
    """Return an HTML fragment as safe, well-formed HTML; ``""`` where nothing is left of it.

    Every text stands in a block (a paragraph, heading, list …); ``h1`` becomes ``h2``; scripts, styles,
    forms and embedded objects are gone with their content, other unknown elements lose their tags only.
    Addresses are absolute and ASCII (RFC 3986 §5, RFC 3987 §3.1), relative ones resolved against
    ``base_url``; a link or picture without a usable address loses its tag. Lazily loaded pictures get their
    real address, pixels that only count readers go. Cleaning what is clean changes nothing. Never raises.
    """
    for _ in range(_MOST_PASSES):
        cleaned = _clean_once(html, base_url)
        if cleaned == html:
            break
        html = cleaned
    return html


@lru_cache(maxsize=16)  # an article is looked at in many ways, one after the other
def plain_text(html: str) -> str:
    """Return the text of HTML: one line for each block, runs of whitespace squeezed, nothing at the ends."""
    paragraphs = bare_paragraphs(html)
    return text_of(parse_html(html)) if paragraphs is None else _tidy(paragraphs)


def bare_paragraphs(html: str) -> list[str] | None:
    """Return the texts of HTML that is nothing but paragraphs without any markup; None: it is more than that.

    Much of what is published is no more, and then nothing needs to be parsed. A text in which anything stands
    that a parser might take for something else (``&``, a control character) counts as more, too.
    """
    if not (html.startswith("<p>") and html.endswith("</p>") and html.isprintable()) or "&" in html:
        return None
    texts = html[3:-4].split("</p><p>")
    is_bare = html.count("<") == html.count(">") == 2 * len(texts) and len(html) <= _LONGEST_BARE
    return texts if is_bare else None


def text_of(root: etree._Element) -> str:
    """Return the text of a parsed element as :func:`plain_text` does."""
    parts: list[str] = []
    _add_text(root, parts)
    return _tidy("".join(parts).split("\n"))


def _tidy(lines: Iterable[str]) -> str:
    squeezed = (" ".join(line.split()) for line in lines)
    return "\n".join(line for line in squeezed if line)


def _add_text(element: etree._Element, parts: list[str]) -> None:
    tag = element.tag
    is_block = tag in _BLOCK_ENDS
    if is_block:
        parts.append("\n")
    if (text := element.text) and tag not in {"script", "style", "head", "template"}:
        parts.append(text.replace("\n", " "))
    for child in element:
        if isinstance(child.tag, str):
            _add_text(child, parts)
        if tail := child.tail:
            parts.append(tail.replace("\n", " "))
    if is_block:
        parts.append("\n")


def parse_html(html: str) -> etree._Element:
    """Return any HTML, a fragment or a page, as a parsed ``html`` element with a ``body``. Never raises."""
    if "<body" not in html and "<html" not in html and "<head" not in html:
        html = f"<body>{html}</body>"
    try:
        root = etree.fromstring(_encoded(html), _frugal_parser() if _may_be_flood(html) else _parser())
    except etree.XMLSyntaxError:  # nothing at all
        root = None
    if root is None:  # nothing but comments
        root = etree.fromstring(_encoded(f"<body>{html}<p></p></body>"), _parser())
    return root


def _encoded(html: str) -> bytes:
    """Return markup in UTF-8, without what no tree takes; a parser reads bytes twice as fast as strings."""
    encoded = html.encode("utf-8", "surrogatepass")
    is_doubtful = b"\xed" in encoded or b"\xef\xbf" in encoded  # begin surrogates and U+FFFE, among others
    if is_doubtful or len(encoded.translate(None, _CONTROLS)) != len(encoded):
        encoded = NOT_XML.sub("", html).encode()
    return encoded


def _parser() -> etree.HTMLParser:
    """Return a parser without comments, whose elements are lxml.html's, as trafilatura wants them.

    lxml.html's own parser asks a function in Python for the class of each element, which takes longer than
    parsing it.
    """
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    return parser


def _may_be_flood(html: str) -> bool:
    """Whether one tag of a page may have thousands of attributes.

    libxml2 walks through all the attributes of an element to add another: with 40,000 that takes seconds.
    Where a tag ends depends on its quotes, so everything between two ``<`` counts as one; long scripts that
    look like it only cost a slower parser.
    """
    pieces = html.split("<") if len(html) > _LONG_TAG else [""]
    return max(map(len, pieces)) > _LONG_TAG and any(
        len(piece) > _LONG_TAG and sum(map(piece.count, _SEPARATORS)) > _MANY_ATTRIBUTES for piece in pieces
    )


class _Frugal(etree.TreeBuilder):
    """Builds a tree in which no element has more attributes than anybody writes."""

    def start(  # type: ignore[override] # HTML has no namespaces
        self, tag: str, attributes: Mapping[str, str]
    ) -> etree._Element:
        """Add an element with the first of its attributes."""
        return super().start(tag, dict(islice(attributes.items(), _MOST_ATTRIBUTES)))  # type: ignore[return-value]


def _frugal_parser() -> etree.HTMLParser:
    """Return a parser like :func:`_parser` that takes attributes by the hundred, and twice the time."""
    builder = _Frugal(parser=_parser(), insert_comments=False, insert_pis=False)
    return etree.HTMLParser(target=builder, remove_comments=True, remove_pis=True, encoding="utf-8")  # type: ignore[return-value]


def serialise(root: etree._Element) -> str:
    """Return the content of an element as HTML, without the element itself."""
    children = (etree.tostring(child, encoding="unicode", method="html") for child in root)
    return escape(root.text or "", quote=False) + "".join(children)


def resolve_addresses(root: etree._Element, base_url: str) -> None:
    """Make the addresses of links and pictures absolute and ASCII, in place; remove those that lead nowhere.

    Finds the real address of lazily loaded pictures, and removes pictures that are no pictures.
    """
    for noscript in list(root.iter("noscript")):
        _open_noscript(noscript)
    for link in root.iter("a"):
        href = link.get("href")
        if href is not None and (address := resolve(href, base_url)) != href:
            _set_or_drop(link, "href", address)
    for image in list(root.iter("img", "amp-img")):
        _resolve_image(image, base_url)


def resolve(address: str, base_url: str) -> str:
    """Return an address as absolute ASCII http(s), mailto or tel; ``""`` where it is none of these."""
    if len(address) > _LONGEST_REMEMBERED:  # a picture's own data, mostly
        return _resolved.__wrapped__(address, base_url)
    return _resolved(address, base_url)


@lru_cache(maxsize=4096)  # a page is cleaned in several passes, and repeats its menu's addresses
def _resolved(address: str, base_url: str) -> str:
    address = address.strip()
    if is_plain_url(address):
        return address
    if address.startswith("/") and not _UNTIDY_PATH.search(address):
        absolute = _origin(base_url) + address
        if is_plain_url(absolute):
            return absolute
    scheme = address.partition(":")[0].lower()
    if scheme in {"javascript", "data"}:
        return ""
    if scheme in {"mailto", "tel"}:
        rest = NOT_XML.sub("", _WHITESPACE.sub("", address.partition(":")[2]))
        return f"{scheme}:{quote(rest, safe=_SAFE_IN_MAIL)}" if rest else ""
    try:
        absolute = urljoin(base_url, address)
    except ValueError:
        return ""
    return ascii_url(absolute) if address else ""


@lru_cache(maxsize=64)
def _origin(base_url: str) -> str:
    try:
        scheme, host, *_ = urlsplit(base_url)
    except ValueError:
        return ""
    return f"{scheme}://{host}"


def _clean_once(html: str, base_url: str) -> str:
    root = parse_html(html)
    resolve_addresses(root, base_url)
    tree = rebuild(root)
    for heading in tree.iter("h1"):
        heading.tag = "h2"
    return nh3.clean(
        serialise(tree),
        tags=set(ALLOWED_TAGS),
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes=set(ALLOWED_SCHEMES),
        link_rel=None,
        clean_content_tags={"script", "style"},
    ).strip()


def _open_noscript(noscript: etree._Element) -> None:
    """Put the picture inside ``<noscript>`` in place of the empty one that a script would have filled."""
    image = noscript.find(".//img")
    if image is None and noscript.text and "<img" in noscript.text:
        image = parse_html(noscript.text).find(".//img")
    parent = noscript.getparent()
    if image is None or parent is None:
        return
    before = noscript.getprevious()
    if before is not None and before.tag == "img":
        if not _lazy_address(before) and _PLACEHOLDER.search(before.get("src", "data:")):
            before.set("src", image.get("src", ""))
            before.set("alt", before.get("alt") or image.get("alt") or "")
    elif all(other is image for other in parent.iter("img")):
        noscript.tag = "span"
        noscript.text = None
        noscript.insert(0, image)


def _resolve_image(image: etree._Element, base_url: str) -> None:
    src = image.get("src", "").strip()
    lazy = _lazy_address(image)
    if lazy and (not src or lazy != src):
        is_real = src and not _PLACEHOLDER.search(src) and not any(image.get(name) for name in _LAZY)
        src = src if is_real else lazy
    alt = image.get("alt", "").strip()
    if _is_emoji(image, src) and alt:
        image.tag, image.text = "span", alt
        return
    address = resolve(src, base_url)
    if not address.startswith("http") or _is_pixel(image, address):
        address = ""
    _set_or_drop(image, "src", address)
    for name in ("width", "height"):
        number = _NUMBER.match(image.get(name, ""))
        _set_or_drop(image, name, number.group(1) if number else "")


def _lazy_address(image: etree._Element) -> str:
    for name in _LAZY:
        value = image.get(name, "").strip()
        if value and not value.startswith(("data:", "{", "[")):
            return value
    for name in _LAZY_SETS:
        if best := _widest(image.get(name, "")):
            return best
    for picture in image.iterancestors("picture"):
        for source in picture.iter("source"):
            if best := _widest(source.get("srcset", "") or source.get("data-srcset", "")):
                return best
    return ""


def _widest(srcset: str) -> str:
    """Return the address of the widest candidate of a ``srcset`` (HTML §4.8.4.2.1)."""
    best, width = "", -1.0
    for candidate in re.split(r",\s+|,(?=https?:|/)", srcset):
        address, _, descriptor = candidate.strip().partition(" ")
        number = re.match(r"\s*(\d+(?:\.\d+)?)[wx]", descriptor)
        size = float(number.group(1)) if number else 0.0
        if address and not address.startswith("data:") and size > width:
            best, width = address, size
    return best


def _is_emoji(image: etree._Element, src: str) -> bool:
    classes = image.get("class", "").split()
    return ("emoji" in classes or "wp-smiley" in classes or "/images/core/emoji/" in src) and len(
        image.get("alt", "")
    ) <= 12


def _is_pixel(image: etree._Element, address: str) -> bool:
    sizes = [_NUMBER.match(image.get(name, "")) for name in ("width", "height")]
    if any(size is not None and int(size.group(1)) <= 2 for size in sizes):
        return True
    return bool(_TINY_STYLE.search(image.get("style", "")) or _TRACKER.search(address))


def _set_or_drop(element: etree._Element, name: str, value: str) -> None:
    if value:
        element.set(name, value)
    elif name in element.attrib:
        del element.attrib[name]
