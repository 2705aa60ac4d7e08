"""Tells other articles' titles and first lines from the article: links that lead the way through a part."""

from lxml.html import HtmlElement

from syndicator.extract.measures import INLINE, flat_text, is_prose, link_share, runs_of, short_text
from syndicator.extract.structure import remove

TEASER = 350  # characters: a longer text is no teaser
_SHORTEST_TITLE = 12  # characters of another article's title
_ROW = 3  # teasers
_TEASER_TAGS = frozenset({"div", "article", "section", "p", "table", "tr", "td"})


def remove_teasers(root: HtmlElement, title: HtmlElement | None) -> None:
    """Remove, in place, rows of three or more other articles, whatever they stand under.

    Each of a row begins with a linked picture or title and stands beside the others; lists (``li``) may be
    the article's own and stay.
    """
    for parent in list(root.iter("div", "td", "section", "body", "tbody", "main")):
        row: list[HtmlElement] = []
        for child in [*parent, None]:
            if child is not None and child.tag in _TEASER_TAGS and _is_teaser(child, title):
                row.append(child)
            elif child is None or flat_text(child):
                if len(row) >= _ROW:
                    for teaser in row:
                        remove(teaser)
                row = []


def leads_elsewhere(element: HtmlElement) -> bool:
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


def _is_teaser(element: HtmlElement, title: HtmlElement | None) -> bool:
    if title is not None and any(ancestor is element for ancestor in title.iterancestors()):
        return False
    links = list(element.iter("a"))
    if not links or not short_text(element, TEASER) or not _starts_with_link(element):
        return False
    titled = [link for link in links if len(flat_text(link)) >= _SHORTEST_TITLE]
    return any(_stands_alone(link, element) for link in titled[:1] or links[:1])


def _is_collection(element: HtmlElement) -> bool:
    """Whether an element consists of other articles: each a linked title by itself, then some lines."""
    if is_prose(next(iter(runs_of(element)), "")):
        return False
    titles = [
        a for a in element.iter("a") if len(flat_text(a)) >= _SHORTEST_TITLE and _stands_alone(a, element)
    ]
    return len(titles) >= 2 and len(flat_text(element)) <= TEASER * len(titles)


def _starts_with_link(element: HtmlElement) -> bool:
    """Whether an element begins with a linked picture, or with a linked title that stands by itself."""
    link = next(element.iter("a"), None)
    if link is None:
        return False
    title = flat_text(link)
    if not title:
        return link.find(".//img") is not None and not (element.text or "").strip()
    if not flat_text(element).startswith(title) or len(title) < _SHORTEST_TITLE:
        return False
    return link_share(element) > 0.25 or _stands_alone(link, element)


def _stands_alone(link: HtmlElement, within: HtmlElement) -> bool:
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
