"""Makes a page's tree say what a reader sees, before anybody looks for the article in it."""

import re
from functools import lru_cache
from itertools import islice

from lxml import etree

from syndicator.extract.measures import whole_text
from syndicator.text.html import parse_html, resolve_addresses

_UNSEEN_TAGS = (
    "script",
    "style",
    "template",
    "svg",
    "iframe",
    "object",
    "embed",
    "select",
    "textarea",
    "button",
)
_UNSEEN_CLASSES = frozenset({"sr-only", "screen-reader-text", "visually-hidden", "screenreader", "hidden"})
_UNSEEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MAYBE_HIDDEN = etree.XPath("descendant::*[@hidden or @style or @class]")
_CAPTION_CLASS = re.compile(
    r"caption|image-?desc|img-?(?:desc|text|title)|photo-?(?:desc|text)|foto-?text", re.IGNORECASE
)
_CAPTION_LENGTH = 400  # characters
LONGEST_NAMES = 2_000  # characters of an element's classes that are looked at, and remembered
_MANY_CELLS = 500
_WRAPPERS = frozenset({"p", "span", "font"})
_PARAGRAPHS = 3  # in an item of a list that is an article
_ARTICLE = 300  # characters of it
_MOST_OF_LIST = 0.5


def parse_page(text: str, address: str) -> etree._Element:
    """Return a decoded page as a tree with absolute addresses and real picture addresses.

    ``address`` is the page's own; a ``<base href>`` in the page takes precedence (HTML §4.2.3).
    """
    root = parse_html(text)
    resolve_addresses(root, base_address(root, address))
    return root


def base_address(root: etree._Element, address: str) -> str:
    """Return the address that relative ones on the page start from."""
    href = next((href for base in root.iter("base") if (href := base.get("href")) is not None), "").strip()
    return href if href.startswith(("http://", "https://")) else address


def remove_unseen(root: etree._Element) -> None:
    """Remove, in place, what no reader sees or reads as text: scripts, fields, hidden parts, comments."""
    for element in list(root.iter(etree.Comment, etree.ProcessingInstruction, etree.Entity)):
        remove(element)
    forms = list(root.iter("form"))
    whole = _letters_in(root) if forms else 0
    for form in forms:
        if form.find(".//h1") is not None or _letters_in(form) > whole / 2:
            form.tag = "div"  # the form of ASP.NET, around the whole page
        else:
            remove(form)
    for element in list(root.iter(*_UNSEEN_TAGS)):
        remove(element)
    body = root.find(".//body")
    for element in _MAYBE_HIDDEN(body) if body is not None else ():
        if _is_hidden(element) and element.find(".//h1") is None:
            remove(element)


def remove_scripts(root: etree._Element) -> None:
    """Remove styles, and scripts that are no data, in place: every later look at the page is the cheaper.

    Scripts in the head stay: in them stands when some pages were published.
    """
    head = root.find("head")
    for element in list(root.iter("script", "style", "svg")):
        is_needed = element.tag == "script" and (
            "ld+json" in element.get("type", "").lower() or element.getparent() is head
        )
        if not is_needed:
            remove(element)


def unwrap_cells(root: etree._Element) -> None:
    """Take paragraphs and spans off the cells that they fill, in place, where there are many such cells.

    Word processors write ``<td><p><span>12</span></p></td>``: three elements for each step to walk through.
    """
    cells = list(root.iter("td", "th"))
    for cell in cells if len(cells) >= _MANY_CELLS else ():
        while len(cell) == 1 and _fills(cell[0], cell):
            (wrapper,) = cell
            cell.text = wrapper.text
            cell[:] = wrapper[:]


def _fills(element: etree._Element, cell: etree._Element) -> bool:
    """Whether a mere wrapper is all that a cell holds."""
    return element.tag in _WRAPPERS and not (cell.text or "").strip() and not (element.tail or "").strip()


def unpack_lists(root: etree._Element) -> None:
    """Turn lists that only arrange a page into divisions, in place: those of which one item is an article."""
    for parts in list(root.iter("ul", "ol", "dl")):
        if any(part.tag in {"li", "dd"} and _is_most_of(part, parts) for part in parts):
            for part in parts:
                if part.tag in {"li", "dd", "dt"}:
                    part.tag = "div"
            parts.tag = "div"


def _is_most_of(part: etree._Element, whole: etree._Element) -> bool:
    """Whether an item of a list holds several paragraphs, and most of the list's text."""
    if sum(1 for _ in part.iter("p")) < _PARAGRAPHS:
        return False
    letters = _letters_in(part)
    return letters >= _ARTICLE and letters > _letters_in(whole) * _MOST_OF_LIST


def set_captions(root: etree._Element) -> None:
    """Turn a picture with a caption in any element into a ``figure`` with ``figcaption``, in place."""
    has_captions = any(_may_be_caption(element) for element in root.iter(etree.Element))
    for image in list(root.iter("img")) if has_captions else ():
        box, caption = _box_and_caption(image)
        if box is None or caption is None:
            continue
        for element in box.iterdescendants(
            "table", "tbody", "tr", "td", "dl", "dt", "dd", "p", "div", "center"
        ):
            if element is not caption:
                element.tag = "span"
        box.tag, caption.tag = "figure", "figcaption"


def remove(element: etree._Element) -> None:
    """Remove an element from its tree, but not the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
        element.tail = None
    parent.remove(element)


def below_body(root: etree._Element) -> list[etree._Element]:
    """Return the elements of a page's body; in time that grows with the page, unlike ``.//body//*``."""
    body = root.find(".//body")
    return [] if body is None else [one for one in body.iterdescendants() if isinstance(one.tag, str)]


def _letters_in(element: etree._Element) -> int:
    return len("".join(whole_text(element).split()))


def is_in(element: etree._Element, root: etree._Element) -> bool:
    """Whether an element still stands in a tree."""
    return element is root or any(ancestor is root for ancestor in element.iterancestors())


def _is_hidden(element: etree._Element) -> bool:
    style, marks = element.get("style"), element.get("class")
    return (
        (style is not None and _UNSEEN_STYLE.search(style) is not None)
        or (marks is not None and _is_of_hidden(marks[:LONGEST_NAMES]))
        or element.get("hidden") is not None
    )


@lru_cache(maxsize=2048)  # a page says the same classes again and again
def _is_of_hidden(marks: str) -> bool:
    return not _UNSEEN_CLASSES.isdisjoint(marks.split())


def _may_be_caption(element: etree._Element) -> bool:
    marks = element.get("class")
    return marks is not None and _is_of_caption(marks[:LONGEST_NAMES])


@lru_cache(maxsize=2048)
def _is_of_caption(marks: str) -> bool:
    return _CAPTION_CLASS.search(marks) is not None


def _box_and_caption(image: etree._Element) -> tuple[etree._Element | None, etree._Element | None]:
    """Return the element that holds a picture and its caption and nothing else, and the caption."""
    box = image.getparent()
    for _ in range(5):
        if box is None or box.tag in {"figure", "body", "html"}:
            return None, None
        if len(list(islice(box.iter("img"), 2))) > 1:
            return None, None
        captions = [e for e in box.iterdescendants(etree.Element) if _may_be_caption(e)]
        captions = [e for e in captions if e.find(".//img") is None and "".join(e.itertext()).strip()]
        if captions:
            caption = captions[-1]
            text, whole = "".join(caption.itertext()).strip(), "".join(box.itertext()).strip()
            is_alone = text == whole and len(text) <= _CAPTION_LENGTH
            return (box, caption) if is_alone else (None, None)
        box = box.getparent()
    return None, None
