"""Finds an article's title, and the element of its page that shows it."""

import re
from functools import lru_cache

from lxml import etree
from rapidfuzz import fuzz

from syndicator.extract.boilerplate import is_section_label
from syndicator.extract.measures import flat_text, is_prose, short_text
from syndicator.text.transliterate import transliterate

_LONGEST_TITLE = 350  # characters
_SEPARATORS = re.compile(r"\s+[|»«•·:/–—-]+\s+|\s*(?:::|\|)\s*")
_PART_ENDS = re.compile(rf"{_SEPARATORS.pattern}|:\s+")
_TITLE_TAGS = (("h1",), ("h2", "h3"), ("td", "th", "div", "span", "strong", "b", "font", "p", "h4", "h5"))
_SAME_NAME = 85  # percent: „Тракия днес“ is „Trakiya dnes“, its host trakia-dnes.bg
_TITLE_CLASS = re.compile(r"titl|heading|headline|naslov|zagl", re.IGNORECASE)
_LARGE = re.compile(
    r"font-size\s*:\s*(?:1[89]|[2-5]\d)(?:\.\d+)?p[xt]|font-size\s*:\s*x+-large", re.IGNORECASE
)
_MASTHEADS_ONLY = frozenset({"logo", "site-title", "site-name", "site-header", "site-branding", "masthead"})
_MASTHEADS = _MASTHEADS_ONLY | {"head", "header", "top", "banner"}  # as an id, of which a page has one
_FEWEST_WORDS = 4  # of a page's title that is taken for an article's on its word alone
_MENU = 4  # links
_MOST_CUTS = 5  # of a page's title
_SHORTEST_TITLE = 12  # characters of a part of the page's title that may be the article's


def find_title(root: etree._Element, given: list[str], names: list[str]) -> tuple[str, etree._Element | None]:
    """Return a page's title, and the element that shows it, if one does.

    ``given`` are the titles that the page's metadata name, ``""`` where they do not; ``names`` are the site's
    name and host, which are no part of a title. ``""`` where the page has no title.
    """
    page_title = next((flat_text(element) for element in root.iter("title")), "")
    hints = _own_titles(given, names) or _own_titles([page_title], names)
    heading = _heading(root, hints, page_title, names)
    if all(len(hint.split()) < _FEWEST_WORDS for hint in hints) and (heading is None or heading.tag != "h1"):
        shown = _title_in_display(root, [*names, *hints], heading)
        if shown is not None:
            return flat_text(shown), shown
    if (
        heading is not None
        and not any(given)
        and (_is_masthead(heading) or is_section_label(flat_text(heading)))
    ):
        shown = _title_in_display(root, [*names, *hints], None)
        if shown is not None and shown.tag in {"h1", "h2", "h3"}:
            return flat_text(shown), shown
    if heading is None:
        return (hints[0] if hints else ""), None
    text = flat_text(heading)
    for hint in hints:
        rest = text.removeprefix(hint)
        if rest != text and not re.search(r"[^\W\d_]", rest):
            return hint, heading  # a counter stands in the heading
    return text, heading


def _own_titles(titles: list[str], names: list[str]) -> list[str]:
    """Return those of the titles that are an article's, without the site's name."""
    bare = [_without_site(title, names) for title in titles]
    return [title for title in bare if title and not _is_site(title, names) and not is_section_label(title)]


def _heading(
    root: etree._Element, hints: list[str], page_title: str, names: list[str]
) -> etree._Element | None:
    """Return the element that shows the title: the one whose text the page's own metadata confirms."""
    texts: dict[etree._Element, str] = {}
    for tags in _TITLE_TAGS if hints else ():
        for element in root.iter(*tags):
            texts[element] = text = short_text(element, _LONGEST_TITLE)
            if text and any(_is_same_title(text, hint) for hint in hints):
                return _innermost(element, text)
    parts = _own_titles(_parts(page_title), names)
    begun = [part for part in parts if part != page_title and len(part.split()) >= _FEWEST_WORDS]
    # „Община Опан | Обява за търг“ over „Обява за търг с наддаване“
    for element in root.iter("h1", "h2", "h3") if begun else ():
        text = short_text(element, _LONGEST_TITLE)
        if any(text.startswith(f"{part} ") for part in begun) and not _is_link(element):
            return _innermost(element, text)
    for tags in _TITLE_TAGS if parts else ():
        of_title = [
            element
            for element in root.iter(*tags)
            if (texts.get(element) or short_text(element, _LONGEST_TITLE)) in parts and not _is_link(element)
        ]
        if of_title:
            longest = max(of_title, key=lambda element: len(flat_text(element)))
            return _innermost(longest, flat_text(longest))
    headings = [h for h in root.iter("h1") if flat_text(h) and not _is_site(flat_text(h), names)]
    if len(headings) == 1:
        return headings[0]
    return None if hints else _first_heading(root, names)


def _parts(page_title: str) -> list[str]:
    """Return what stands between any two of a page title's bars and dashes, long enough to be a title."""
    cuts = list(_PART_ENDS.finditer(page_title))[:_MOST_CUTS]
    starts, ends = [0, *(cut.end() for cut in cuts)], [*(cut.start() for cut in cuts), len(page_title)]
    parts = [page_title[start:end].strip() for start in starts for end in ends if start < end]
    return [part for part in parts if len(part) >= _SHORTEST_TITLE]


def _title_in_display(
    root: etree._Element, names: list[str], named: etree._Element | None
) -> etree._Element | None:
    """Return the last line set off as a title before the first paragraph, on a page named for its site.

    ``named`` shows the page's own title, which is too short for certainty; where it is the article's, no menu
    stands between it and the text.
    """
    found: etree._Element | None = None
    links = 0 if named is not None else _MENU
    is_behind = named is None
    for element in root.iter("h1", "h2", "h3", "p", "td", "div", "span", "font", "b", "strong", "a"):
        if element is named:
            is_behind = True
        if element.tag == "a":
            links += is_behind
            continue
        text = short_text(element, _LONGEST_TITLE)
        if not text:
            if element.tag in {"p", "td", "div", "span"} and is_prose(_own_text(element)):
                break
        elif is_prose(text) and element.tag not in {"h1", "h2", "h3"}:
            if next(element.iterdescendants("h1", "h2", "h3"), None) is None:
                break
        elif (
            is_behind
            and links >= _MENU
            and _is_set_off(element)
            and _may_be_title(text, names)
            and not _is_link(element)
            and (found is None or found not in element.iterancestors())
        ):
            found = element
    return found


def _is_masthead(heading: etree._Element) -> bool:
    """Whether a heading stands at the head of the site, as its name on every page, and not of an article."""
    return any(
        box.get("id", "").lower() in _MASTHEADS
        or not _MASTHEADS_ONLY.isdisjoint(box.get("class", "").split())
        for box in (heading, *heading.iterancestors("div", "td", "header", "table"))
    )


def _own_text(element: etree._Element) -> str:
    return " ".join([element.text or "", *(child.tail or "" for child in element)]).strip()


def _is_set_off(element: etree._Element) -> bool:
    """Whether an element looks like a title: a heading, bold, large, or called one."""
    if element.tag in {"h1", "h2", "h3", "b", "strong"}:
        return True
    if element.tag == "font":
        return element.get("size", "").strip().lstrip("+") in {"4", "5", "6", "7"}
    if _LARGE.search(element.get("style", "")):
        return True
    return _TITLE_CLASS.search(f"{element.get('class', '')} {element.get('id', '')}") is not None


def _may_be_title(text: str, names: list[str]) -> bool:
    return (
        len(text.split()) >= _FEWEST_WORDS
        and text[-1] not in ".:;,"
        and re.search(r"[^\W\d_]{4}", text) is not None
        and not is_section_label(text)
        and not _is_site(text, names)
    )


def _first_heading(root: etree._Element, names: list[str]) -> etree._Element | None:
    """Return the last heading before the first paragraph, of those that may be an article's title."""
    found: etree._Element | None = None
    for element in root.iter("h1", "h2", "h3", "p", "td", "div"):
        if element.tag in {"h1", "h2", "h3"}:
            text = short_text(element, _LONGEST_TITLE)
            if text and not is_section_label(text) and not _is_site(text, names):
                found = element
        elif found is not None and element.find(".//p") is None and is_prose(flat_text(element)):
            return found
    return found


def _is_link(element: etree._Element) -> bool:
    link = element.find(".//a")
    return link is not None and flat_text(link) == flat_text(element)


def _innermost(element: etree._Element, text: str) -> etree._Element:
    """Return the element itself if it is a heading, else the outermost one inside it with the same text."""
    inner = [child for child in element.iter("h1", "h2", "h3") if flat_text(child) == text]
    return inner[0] if inner else element


def _is_same_title(text: str, hint: str) -> bool:
    one, other = _plain(text), _plain(hint)
    if not one or not other:
        return False
    if one == other:
        return True
    if len(other) >= 20 and (one.startswith(other) or (other.startswith(one) and len(one) >= 20)):
        return len(one) / len(other) < 1.6 and len(other) / len(one) < 1.6
    return len(one) >= 15 and fuzz.ratio(one, other) >= 92


def _without_site(title: str, names: list[str]) -> str:
    """Return a title without the site's name before or behind it."""
    title = " ".join(title.split())
    while True:
        cuts = list(_SEPARATORS.finditer(title))
        if not cuts:
            return title
        if _is_site(title[cuts[-1].end() :], names):
            title = title[: cuts[-1].start()]
        elif _is_site(title[: cuts[0].start()], names):
            title = title[cuts[0].end() :]
        else:
            return title


def _is_site(text: str, names: list[str]) -> bool:
    plain = _plain(text)
    for name in names:
        known = _plain(name.removeprefix("www."))
        if plain and (plain == known or (len(plain) > 3 and fuzz.ratio(plain, known) >= 88)):
            return True
        if "." in name and plain and fuzz.ratio(_plain(transliterate(text)), _label(name)) >= _SAME_NAME:
            return True
    return False


def _label(host: str) -> str:
    """Return the words of a host's own label: ``www.trakia-dnes.bg`` gives ``trakia dnes``."""
    labels = host.removeprefix("www.").split(".")
    return _plain(labels[-2] if len(labels) > 1 else labels[0])


@lru_cache(maxsize=4096)  # every line of a page is compared with the same few titles
def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold()
