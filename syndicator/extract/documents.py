"""Finds the documents that an article links to: decisions, forms, programmes as PDF, text or table."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from lxml import etree

from syndicator.extract.measures import flat_text
from syndicator.extract.structure import LONGEST_NAMES, remove
from syndicator.model import Attachment

MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".rtf": "application/rtf",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".ppt": "application/vnd.ms-powerpoint",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_MAY_BE_DOCUMENT = re.compile("|".join(map(re.escape, MEDIA_TYPES)), re.IGNORECASE)
_BOX = re.compile(r"attach|file(?:-|_)?(?:list|field)|field-type-file|phocadownload|prika[ck]", re.IGNORECASE)
_SAYS_NOTHING = re.compile(
    r"^\W*(?:тук|виж(?:те)?(?:\s+тук)?|изтегли|изтегляне|свали|файл|документ|pdf|docx?|download|here|link|линк)?\W*$",
    re.IGNORECASE,
)
_SAYS_LANGUAGE = re.compile(
    r"(?:\b(?:in|на)\s+|\()(?P<name>english|italian|german|french|английски|италиански|немски|френски)\b"
    r"|[-_.](?P<code>en|eng|it|ita|de|fr|bg|bul)(?=\.\w{2,4}$)",
    re.IGNORECASE,
)
_LANGUAGES = {
    **dict.fromkeys(("english", "английски", "en", "eng"), "en"),
    **dict.fromkeys(("italian", "италиански", "it", "ita"), "it"),
    **dict.fromkeys(("german", "немски", "de"), "de"),
    **dict.fromkeys(("french", "френски", "fr"), "fr"),
    **dict.fromkeys(("bg", "bul"), "bg"),
}
_ICON = re.compile(
    r"icon|(?:^|/)(?:pdf|docx?|word|xlsx?|excel|acrobat|file)[-_\d]*\.\w{3,4}$|\.gif$", re.IGNORECASE
)
_LONGEST_ADDRESS = 8_000  # characters
_ICON_WIDTH = 64  # pixels
_MOST = 50  # documents of one article


def document_type(address: str) -> str:
    """Return the media type of the document that an address ends in, ``""`` where it is none."""
    return _document_type(address) if len(address) <= _LONGEST_ADDRESS else ""


@lru_cache(maxsize=4096)  # a page repeats its menu's addresses, and each step asks about all of them
def _document_type(address: str) -> str:
    if not _MAY_BE_DOCUMENT.search(address):
        return ""
    try:
        path = urlsplit(address).path.lower()
    except ValueError:
        return ""
    return MEDIA_TYPES.get(path[path.rfind(".") :], "") if "." in path else ""


def is_file_name(attachment: Attachment) -> bool:
    """Whether an attachment is called by its file's name, for want of words that say what it is."""
    return attachment.title == _file_name(attachment.url)[:200]


def is_document_list(element: etree._Element) -> bool:
    """Whether every link of a block leads to a document."""
    links = [link.get("href", "") for link in element.iter("a")]
    return bool(links) and all(map(document_type, links))


def remove_icons(root: etree._Element) -> None:
    """Take the signs of file types out of links to documents, in place: small pictures beside words."""
    for link in root.iter("a"):
        if document_type(link.get("href", "")) and flat_text(link):
            for image in list(link.iter("img")):
                width = image.get("width", "")
                if _ICON.search(image.get("src", "")) or (width.isdigit() and int(width) <= _ICON_WIDTH):
                    remove(image)


def languages_of_links(root: etree._Element) -> dict[str, str]:
    """Return the languages that a page's links to documents declare (``hreflang``), by address."""
    return {
        link.get("href", ""): link.get("hreflang", "").strip().lower()
        for link in root.iter("a")
        if link.get("hreflang") and document_type(link.get("href", ""))
    }


def take_boxes(root: etree._Element) -> list[etree._Element]:
    """Take the boxes of attached files off a page and return their links, each as a paragraph.

    Content management systems put them below the text, in a division that looks like any other row of links.
    """
    taken: dict[str, etree._Element] = {}
    for box in list(root.iter("div", "ul", "table", "section", "p")):
        marks = f"{box.get('class', '')[:LONGEST_NAMES]} {box.get('id', '')[:LONGEST_NAMES]}"
        if marks == " " or not _is_of_box(marks):
            continue
        if next(box.iterancestors("nav", "aside", "footer"), None) is not None:
            continue
        links = [link for link in box.iter("a") if document_type(link.get("href", ""))]
        words = sum(len(flat_text(link)) for link in links)
        if not links or len(flat_text(box)) > 2 * words + 200:
            continue
        for link in links:
            block = etree.Element("p")
            copy = etree.SubElement(block, "a")
            copy.set("href", link.get("href", ""))
            copy.text = flat_text(link) or _file_name(link.get("href", ""))
            taken.setdefault(link.get("href", ""), block)
        parent = box.getparent()
        if parent is not None:
            box.clear(keep_tail=True)
    return list(taken.values())[:_MOST]


@lru_cache(maxsize=2048)
def _is_of_box(marks: str) -> bool:
    return _BOX.search(marks) is not None


def attachments_in(
    blocks: Iterable[etree._Element], languages: Mapping[str, str], language: str
) -> tuple[Attachment, ...]:
    """Return the documents that an article's blocks link to, each once, in the order of the text.

    ``languages`` are those that links declared, by address; else the link's words may say it („на английски“)
    or the file's name (``report_en.pdf``). A document that nobody says anything of counts as being in the
    article's ``language``.
    """
    found: dict[str, Attachment] = {}
    for block in blocks:
        for link in block.iter("a"):
            url = link.get("href", "")
            kind = document_type(url) if url.startswith("http") else ""
            if kind and url not in found:
                text = flat_text(link)
                title = _file_name(url) if _SAYS_NOTHING.match(text[:200]) else text
                found[url] = Attachment(
                    url, title[:200], kind, languages.get(url) or _said_language(text[:200], url) or language
                )
    return tuple(found.values())[:_MOST]


def _said_language(text: str, address: str) -> str:
    """Return the language that a link's words or its file's name tell, ``""`` where they tell none."""
    said = _SAYS_LANGUAGE.search(text) or _SAYS_LANGUAGE.search(urlsplit(address).path[-20:])
    return _LANGUAGES[(said["name"] or said["code"]).lower()] if said else ""


def _file_name(address: str) -> str:
    return unquote(urlsplit(address).path.rpartition("/")[2], errors="replace")
