"""Takes off a page what stands under labels like „Още новини“ and „Коментари (3)“."""

from lxml.html import HtmlElement

from syndicator.extract.boilerplate import is_comments_label, is_section_label
from syndicator.extract.measures import flat_text, is_prose, prose_length, short_text
from syndicator.extract.structure import is_in, remove
from syndicator.extract.teasers import TEASER, leads_elsewhere

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
_MOST = 1 / 3  # of a page's prose may go with one label
_MOST_WITH_TITLE = 2 / 3  # where the part does not hold the article's title
_SOME_PROSE = 200  # characters of an article before a label that ends it
_LOOSE = 40  # characters of text between elements


def remove_labelled(root: HtmlElement, title: HtmlElement | None) -> None:
    """Remove what stands under labels like „Още новини“ or „Коментари (3)“, with the labels, in place."""
    whole = prose_length(root)
    safe = set(title.iterancestors()) if title is not None else set()
    for label in _labels(root):
        if not is_in(label, root) or label is title:
            continue
        section = _section_of(label, whole, safe)
        if section is not None:
            remove(section)
        else:
            _remove_following(label, title)


def _labels(root: HtmlElement) -> list[HtmlElement]:
    """Return the elements that are a section label and nothing else, the outermost of nested ones."""
    found = []
    for element in root.iter(*_LABEL_TAGS):
        text = short_text(element)
        if text and is_section_label(text) and element.find(".//img") is None:
            found.append(element)
    return found


def _section_of(label: HtmlElement, whole: int, safe: set[HtmlElement]) -> HtmlElement | None:
    """Return the element that a label heads, where it is one that can go as a whole."""
    section: HtmlElement | None = None
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
        section = before = ancestor
        break
    return section


def _is_mere_wrapper(ancestor: HtmlElement, child: HtmlElement) -> bool:
    return short_text(ancestor) == flat_text(child)


def _starts_with(ancestor: HtmlElement, label: HtmlElement) -> bool:
    wanted = "".join(flat_text(label).split())
    letters = ""
    for text in ancestor.itertext():
        letters += "".join(text.split())
        if len(letters) >= len(wanted):
            break
    return letters.startswith(wanted)


def _remove_following(label: HtmlElement, title: HtmlElement | None) -> None:
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


def _prose_before(label: HtmlElement, title: HtmlElement | None) -> int:
    """Return how many characters of paragraphs stand between the title and a label."""
    above_title = {title, *title.iterancestors()} if title is not None else set()
    length = 0
    for box in [label, *label.iterancestors()]:
        for element in box.itersiblings(preceding=True):
            if element in above_title:
                return length
            length += prose_length(element) + len((element.tail or "").strip())
        parent = box.getparent()
        if parent is None or parent.tag in {"body", "html"}:
            return length
        length += len((parent.text or "").strip())
    return length


def _are_teasers(elements: list[HtmlElement]) -> bool:
    """Whether links lead the way through the elements: a title that is a link, a text, the next title."""
    lively = [element for element in elements if flat_text(element)]
    if not lively:
        return True
    linked = [element for element in lively if leads_elsewhere(element)]
    plain = [element for element in lively if not leads_elsewhere(element) and is_prose(flat_text(element))]
    return (
        leads_elsewhere(lively[0])
        and len(plain) <= len(linked) + 1
        and all(len(flat_text(element)) <= TEASER for element in plain)
    )


def _leading_teasers(elements: list[HtmlElement]) -> list[HtmlElement]:
    """Return the elements right behind a label that are links to other articles, with their first lines."""
    gone: list[HtmlElement] = []
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
