"""Takes a picture's credit off its page, where an element of its own says it: K2's ``itemImageCredits``."""

from itertools import islice

from lxml import etree

from syndicator.extract.boilerplate import Becomes, Line, judge
from syndicator.extract.cleaning import clean_credit
from syndicator.extract.measures import flat_text, short_text
from syndicator.extract.metadata import is_picture
from syndicator.extract.noise import marks_of
from syndicator.extract.structure import is_in, remove

_NAMES = frozenset({"credit", "credits"})
_IN_ALL_NAMES = "redit"  # by which nearly every other element is told from these at once
_LONGEST = 100  # characters
_CAPTION = 400  # characters that may stand beside a picture with its credit
_LEVELS = 4  # between an element and the box of its picture
_ENDS = frozenset({"body", "html", "article", "main", "footer", "aside", "nav"})


def take_credits(root: etree._Element) -> list[str]:
    """Remove, in place, the elements beside single pictures that are called credits; return what they say.

    Without the label („Снимка:“), in the order of the page. A site's own credits, in its footer or beside its
    logo, stay.
    """
    found: list[str] = []
    for element in list(root.iter("span", "div", "p", "small", "em", "i", "cite", "dd", "li")):
        if _IN_ALL_NAMES not in element.get("class", "") or marks_of(element).isdisjoint(_NAMES):
            continue
        text = short_text(element, _LONGEST)
        if text and _may_be_credit(text) and is_in(element, root) and _is_beside_picture(element):
            found.append(clean_credit(text))
            remove(element)
    return [credit for credit in found if credit]


def _may_be_credit(text: str) -> bool:
    """Whether a text is labelled as a credit, or as nothing else: then it is a name."""
    rule = judge(Line(text, is_head=True, is_tail=True))
    return rule is None or rule.becomes in {Becomes.CREDIT, Becomes.AUTHOR, Becomes.RIGHTS}


def _is_beside_picture(element: etree._Element) -> bool:
    """Whether the smallest box around an element that shows a picture shows one, and little text."""
    for box in islice(element.iterancestors(), _LEVELS):
        if box.tag in _ENDS:
            return False
        pictures = list(islice(box.iter("img"), 2))
        if pictures:
            return (
                len(pictures) == 1
                and is_picture(pictures[0].get("src", ""))
                and len(flat_text(box)) <= _CAPTION
                and next(box.iterancestors("footer", "aside", "nav"), None) is None
            )
    return False
