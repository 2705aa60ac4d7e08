"""Tells other articles' titles and first lines from the article: links that lead the way through a part."""

from lxml import etree

from syndicator.extract.measures import INLINE, flat_text, is_prose, link_share, runs_of, short_text
from syndicator.extract.structure import remove

TEASER = 350  # characters: a longer text is no teaser
SHORTEST_TITLE = 12  # characters of another article's title
_ROW = 3  # teasers
_PAIR = 2  # teasers with texts or pictures
_LINES = 3  # elements below a linked title
_ALL_LINK = 0.9  # of a teaser's text
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_TEASER_TAGS = frozenset({"div", "article", "section", "p", "table", "tr", "td"})


def remove_teasers(root: etree._Element, title: etree._Element | None) -> None:
    """Remove, in place, rows of other articles, whatever they stand under, with the heading above them.

    Each of a row begins with a linked picture or title and stands beside the others. Three make a row; two
    are enough where each is a linked title with a text or picture of its own. Lists (``li``) may be the
    article's own and stay.
    """
    for parent in list(root.iter("div", "td", "section", "body", "tbody", "main", "article", "aside")):
        for row in _rows(parent, title):
            fewest = _PAIR if all(map(_is_whole, row)) else _ROW
            if len(row) >= fewest:
                label = _label_above(row[0][0], title)
                for element in [*(element for teaser in row for element in teaser), *label]:
                    remove(element)


def _rows(parent: etree._Element, title: etree._Element | None) -> list[list[list[etree._Element]]]:
    """Return the rows of teasers among an element's children; a teaser is one element or several."""
    rows: list[list[list[etree._Element]]] = [[]]
    for child in parent:
        row = rows[-1]
        if child is title or not isinstance(child.tag, str):
            rows.append([])
        elif (child.tag in _TEASER_TAGS and _is_teaser(child, title)) or (
            child.tag in _HEADINGS and _is_linked_title(child)
        ):
            row.append([child])
        elif row and row[-1][0].tag in _HEADINGS and _is_first_line(child) and len(row[-1]) <= _LINES:
            row[-1].append(child)
        elif flat_text(child):
            rows.append([])
    return rows


def _is_linked_title(heading: etree._Element) -> bool:
    link = heading if heading.tag == "a" else heading.find(".//a")
    text = flat_text(heading)
    return link is not None and len(text) >= SHORTEST_TITLE and flat_text(link) == text


def _is_first_line(element: etree._Element) -> bool:
    """Whether an element below a linked title is its date, picture or first lines."""
    if element.tag not in {"p", "div", "span", "time", "small", "a", "img", "br"}:
        return False
    return len(flat_text(element)) <= TEASER and element.find(".//h2") is None


def _is_whole(teaser: list[etree._Element]) -> bool:
    """Whether a teaser has more than its linked title: a text or a picture."""
    if len(teaser) > 1:
        return any(flat_text(element) or element.tag == "img" for element in teaser[1:])
    element = teaser[0]
    if element.tag not in {"div", "article", "section"}:
        return False
    return element.find(".//img") is not None or link_share(element) < _ALL_LINK


def _label_above(first: etree._Element, title: etree._Element | None) -> list[etree._Element]:
    """Return the heading of a row of teasers, as a list of one or none."""
    place: etree._Element | None = first
    while place is not None and place.tag not in {"body", "html"}:
        before = place.getprevious()
        if before is not None:
            is_label = before.tag in _HEADINGS and before is not title and not (before.tail or "").strip()
            return [before] if is_label and before.get("itemprop") is None else []
        place = place.getparent()
        if place is None or (place.text or "").strip():
            break
    return []


def leads_elsewhere(element: etree._Element) -> bool:
    """Whether an element is a link to another article, perhaps with its picture and first lines."""
    if element.tag == "a" or link_share(element) > 0.6:
        return True
    text = flat_text(element)
    heading = next(element.iter("h2", "h3", "h4", "h5", "h6"), None)
    if heading is not None and heading.find(".//a") is not None and len(text) <= 4 * TEASER:
        return True
    if element.tag not in {"div", "li", "article", "section", "table"}:
        return False
    return (len(text) <= TEASER and _starts_with_link(element)) or _is_collection(element)


def _is_teaser(element: etree._Element, title: etree._Element | None) -> bool:
    if title is not None and any(ancestor is element for ancestor in title.iterancestors()):
        return False
    links = list(element.iter("a"))
    if not links or not short_text(element, TEASER) or not _starts_with_link(element):
        return False
    titled = [link for link in links if len(flat_text(link)) >= SHORTEST_TITLE]
    return any(_stands_alone(link, element) for link in titled[:1] or links[:1])


def _is_collection(element: etree._Element) -> bool:
    """Whether an element consists of other articles: each a linked title by itself, then some lines."""
    if is_prose(next(iter(runs_of(element)), "")):
        return False
    titles = [
        a for a in element.iter("a") if len(flat_text(a)) >= SHORTEST_TITLE and _stands_alone(a, element)
    ]
    return len(titles) >= 2 and len(flat_text(element)) <= TEASER * len(titles)


def _starts_with_link(element: etree._Element) -> bool:
    """Whether an element begins with a linked picture, or with a linked title that stands by itself."""
    link = next(element.iter("a"), None)
    if link is None:
        return False
    title = flat_text(link)
    if not title:
        return link.find(".//img") is not None and not (element.text or "").strip()
    if not flat_text(element).startswith(title) or len(title) < SHORTEST_TITLE:
        return False
    return link_share(element) > 0.25 or _stands_alone(link, element)


def _stands_alone(link: etree._Element, within: etree._Element) -> bool:
    """Whether a line or block ends behind a link, so that it is no part of a sentence."""
    box = link
    while box is not within:
        if box.tail and box.tail.strip():
            return False
        following = box.getnext()
        if following is not None:
            return following.tag == "br" or following.tag not in INLINE
        parent = box.getparent()
        if parent is None or parent.tag not in INLINE:
            return parent is not within
        box = parent
    return False
