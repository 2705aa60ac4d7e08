"""Takes off a page what stands under labels like „Още новини“ and „Коментари (3)“."""

from lxml import etree

from syndicator.extract.boilerplate import (
    Line,
    is_comments_label,
    is_section_label,
    is_widget_label,
    judge_whole,
)
from syndicator.extract.measures import (
    flat_text,
    is_by_itself,
    prose_length,
    sentence_length,
    sentences_of,
    short_text,
)
from syndicator.extract.structure import is_in, remove
from syndicator.extract.teasers import SHORTEST_TITLE, TEASER, leads_elsewhere

_LABEL_TAGS = (
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "p",
    "div",
    "span",
    "strong",
    "b",
    "td",
    "a",
    "li",
    "dt",
    "legend",
    "font",
)
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_TITLED = _HEADINGS | {"div", "article", "section", "a", "p", "table"}
_OWN = frozenset({"ul", "ol", "table", "figure", "blockquote"})
_MOST = 1 / 3  # of a page's prose may go with one label
_MOST_WITH_TITLE = 2 / 3  # where the part does not hold the article's title
_SOME_PROSE = 200  # characters of an article before a label that ends it
_LOOSE = 40  # characters of text between elements


def remove_labelled(root: etree._Element, title: etree._Element | None) -> None:
    """Remove what stands under labels like „Още новини“ or „Коментари (3)“, with the labels, in place."""
    whole = prose_length(root)
    safe = set(title.iterancestors()) if title is not None else set()
    for label in _labels(root):
        if not is_in(label, root) or label is title:
            continue
        section = _section_of(label, whole, safe)
        if section is not None:
            remove(section)
        elif is_section_label(flat_text(label)):
            _remove_following(label, title)
        else:
            _remove_widget(label, title)


def _labels(root: etree._Element) -> list[etree._Element]:
    """Return the elements that are a section label and nothing else, the outermost of nested ones."""
    found = []
    for element in root.iter(*_LABEL_TAGS):
        text = short_text(element)
        is_label = text and (is_section_label(text) or is_widget_label(text))
        if is_label and element.find(".//img") is None and is_by_itself(element):
            found.append(element)
    return found


def _section_of(label: etree._Element, whole: int, safe: set[etree._Element]) -> etree._Element | None:
    """Return the element that a label heads, where it is one that can go as a whole."""
    section: etree._Element | None = None
    before = label
    for ancestor in label.iterancestors():
        if ancestor.tag in {"body", "html", "article", "main", "li"} or ancestor in safe:
            break
        if ancestor.tag in {"ul", "ol", "table", "tbody", "tr"} or _is_mere_wrapper(ancestor, before):
            before = ancestor
            continue
        largest = whole * (_MOST_WITH_TITLE if safe else _MOST)
        if not _starts_with(ancestor, label) or prose_length(ancestor) > largest:
            break
        if not is_comments_label(flat_text(label)) and not _is_of_others(ancestor):
            break
        section = before = ancestor
        break
    return section


def _is_of_others(section: etree._Element) -> bool:
    """Whether what stands under a label is a few lines, or other articles: a linked title for each text."""
    texts = [text for text in sentences_of(section) if len(text) > _LOOSE]
    titles = [link for link in section.iter("a") if len(flat_text(link)) >= SHORTEST_TITLE]
    return len(texts) <= max(len(titles), 1) and (len(texts) != 1 or bool(titles) or len(texts[0]) <= TEASER)


def _is_mere_wrapper(ancestor: etree._Element, child: etree._Element) -> bool:
    return short_text(ancestor) == flat_text(child)


def _starts_with(ancestor: etree._Element, label: etree._Element) -> bool:
    wanted = "".join(flat_text(label).split())
    letters = ""
    for text in ancestor.itertext():
        letters += "".join(text.split())
        if len(letters) >= len(wanted):
            break
    return letters.startswith(wanted)


def _remove_following(label: etree._Element, title: etree._Element | None) -> None:
    """Remove a label and the teasers behind it; behind „Коментари“ everything."""
    text = flat_text(label)
    while (parent := label.getparent()) is not None and short_text(parent) == text and parent.tag != "body":
        label = parent
    following = list(label.itersiblings())
    before = _prose_before(label, title)
    if is_comments_label(text):
        gone = following if before >= _LOOSE else []
    elif before >= _SOME_PROSE and _are_teasers(following):
        gone = following
    else:
        gone = _leading_teasers(following)
    for element in gone:
        if len(gone) == len(following):
            element.tail = None  # text between teasers, such as their dates
        remove(element)
    if len(gone) == len(following) > 0:
        label.tail = None
    remove(label)


def _remove_widget(label: etree._Element, title: etree._Element | None) -> None:
    """Remove a box behind the article that has no element of its own, up to the next heading."""
    if label.tag not in _HEADINGS or _prose_before(label, title) < _SOME_PROSE:
        return
    gone = [label]
    for element in label.itersiblings():
        if element.tag in _HEADINGS:
            break
        gone.append(element)
    behind = sum(prose_length(element) for element in label.itersiblings())
    if behind <= TEASER and not any(element.tag in {"figure", "blockquote"} for element in gone):
        for element in gone:
            remove(element)


def _prose_before(label: etree._Element, title: etree._Element | None) -> int:
    """Return how many characters of paragraphs stand between the title and a label."""
    above_title = {title, *title.iterancestors()} if title is not None else set()
    length = 0
    for box in [label, *label.iterancestors()]:
        for element in box.itersiblings(preceding=True):
            if element is title:
                return length
            if element in above_title:
                return length + sentence_length(element)
            length += sentence_length(element) + len((element.tail or "").strip())
        parent = box.getparent()
        if parent is None or parent.tag in {"body", "html"}:
            return length
        length += len((parent.text or "").strip())
    return length


def _are_teasers(elements: list[etree._Element]) -> bool:
    """Whether links lead the way through the elements: a title that is a link, a text, the next title."""
    lively = [element for element in elements if flat_text(element)]
    if not lively:
        return True
    linked = [leads_elsewhere(element) for element in lively]
    texts = [element for element, link in zip(lively, linked, strict=True) if not link]
    if not linked[0] or any(len(flat_text(element)) > TEASER or element.tag in _OWN for element in texts):
        return False
    is_list = lively[0].tag in {"ul", "ol"}  # of titles only: a text behind it is the article's again
    return all(
        linked[at]
        or not _is_sentence(lively[at])
        or (not is_list and linked[at - 1] and lively[at - 1].tag in _TITLED and not _is_junk(lively[at - 1]))
        for at in range(1, len(lively))
    )


def _is_sentence(element: etree._Element) -> bool:
    text = flat_text(element)
    return " " in text and text[-1] in ".!?…”“»" and not _is_junk(element)


def _is_junk(element: etree._Element) -> bool:
    return judge_whole(Line(flat_text(element), is_head=True, is_tail=True)) is not None


def _leading_teasers(elements: list[etree._Element]) -> list[etree._Element]:
    """Return the elements right behind a label that are links to other articles, with their first lines."""
    gone: list[etree._Element] = []
    after_title = False
    for element in elements:
        text = flat_text(element)
        if element.tag in {"figure", "blockquote"}:
            break
        is_link = bool(text) and leads_elsewhere(element)
        if text and not is_link and not (after_title and element.tag in {"p", "div"} and len(text) <= TEASER):
            break
        if text:
            after_title = is_link and str(element.tag) in {"h2", "h3", "h4", "h5", "h6"}
        gone.append(element)
    return gone if any(flat_text(element) for element in gone) else []
