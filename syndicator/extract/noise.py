"""Takes off a page what its own authors call something else than the article."""

import re
from functools import lru_cache

from lxml import etree

from syndicator.extract.boilerplate import Line, is_section_label, judge
from syndicator.extract.cleaning import is_button
from syndicator.extract.documents import document_type
from syndicator.extract.measures import flat_text, is_by_itself, is_prose, link_share, prose_length, runs_of
from syndicator.extract.structure import LONGEST_NAMES, below_body, is_in, remove
from syndicator.extract.teasers import leads_elsewhere

_ALWAYS = frozenset(
    "addthis addtoany sharedaddy sharethis sociable relatedposts related relatednews relateditems "
    "relatedarticles breadcrumb breadcrumbs pathway crumbs disqus comments comment commentlist "
    "commentform respond cookie cookies gdpr consent sidebar sidebars newsletter pagination pager pagenav "
    "prevnext tagcloud outbrain taboola mgid adsbygoogle adsense advert advertisement advertising reklama "
    "banner banners colophon copyright bio authorbox authorbio aboutauthor itemtoolbar itemnavigation "
    "itemratingblock itemsocialsharing itemrelated itemlatest itemauthorlatest itemtagsblock itemcomments "
    "itemlinks itembacktotop navigation navbar nav topnav mainnav submenu mainmenu topmenu footer "
    "bottombar fbcomments shares sharing sharebuttons socials socialshare jumptonav skiplink mostread "
    "toc toccontainer eztoc tableofcontents mostpopular morenews othernews latestnews prevpost nextpost "
    "postnav".split()
)
"""Words in a class or id that always mean something beside the article."""
_ELSEWHERE = frozenset(
    "popular latest recent recommended more other others also teaser teasers next prev previous promo "
    "widget widgets module carousel slider readmore".split()
)
"""Words that mean other articles where the element leads to them."""
_BUTTONS = frozenset(
    "share social print email tags tag menu bar toolbar rating vote votes hits counter views viewed meta "
    "postmeta byline author ad ads adv popup modal subscribe follow buttons button icons fb facebook "
    "twitter viber back login search credit credits rights copy category categories read popular latest "
    "recent next prev previous promo date datetime".split()
)
"""Words that mean it where the element holds no paragraph, picture or heading of the article."""
_VAGUE = frozenset(
    "widget widgets module info header top bottom time published source sources more other".split()
)
"""Words that mean it where every line of the element is one of boilerplate."""
_CALLS = frozenset({"btn", "button", "cta"})
"""Words that mean a link to click on, where its text stands alone and is short."""
_LONGEST_CALL = 40  # characters
_WORD = re.compile(r"[A-Z]?[a-zа-я]+|[A-Z]+(?![a-z])", re.UNICODE)
_ROLES = frozenset(
    {"navigation", "banner", "complementary", "contentinfo", "search", "dialog", "alertdialog", "menu"}
)
_NEVER = frozenset(
    {"body", "html", "article", "main", "head", "img", "figure", "figcaption", "td", "tr", "br"}
)


def remove_noise(root: etree._Element, title: etree._Element | None) -> None:
    """Remove menus, share buttons, related news, comments, footers and the like from a page, in place.

    ``title`` is the article's heading where it is known: what holds it is never removed, and neither is what
    holds most of the page's paragraphs.
    """
    whole = prose_length(root)
    safe = set(title.iterancestors()) | {title} if title is not None else set()
    for element in below_body(root):
        if not is_in(element, root) or element in safe or not isinstance(element.tag, str):
            continue
        if _is_beside(element, whole):
            remove(element)


def remove_buttons(root: etree._Element) -> None:
    """Remove pictures that are signs to click on, with their links, in place."""
    for image in list(root.iter("img")):
        if is_button(image) and next(image.iterancestors("figure"), None) is None:
            link = image.getparent()
            is_alone = link is not None and link.tag == "a" and len(link) == 1 and not flat_text(link)
            remove(link if is_alone and link is not None else image)


def marks_of(element: etree._Element) -> frozenset[str]:
    """Return the words of an element's class and id: ``"entry-content mainText"`` gives four."""
    return _words_in(f"{element.get('class', '')[:LONGEST_NAMES]} {element.get('id', '')[:LONGEST_NAMES]}")


@lru_cache(maxsize=2048)  # a page says the same classes again and again
def _words_in(names: str) -> frozenset[str]:
    marks: set[str] = set()
    if names != " ":
        for token in dict.fromkeys(names.split()):
            words = [word.lower() for word in _WORD.findall(token)]
            marks.update(words)
            marks.add("".join(words))
    return frozenset(marks)


def _is_beside(element: etree._Element, whole: int) -> bool:
    """Whether the element's own name says that it is not the article, and its content does not deny it."""
    tag = str(element.tag)
    if tag in _NEVER or element.get("itemprop") == "articleBody":
        return False
    if tag in {"nav", "menu"} or element.get("role", "") in _ROLES:
        return prose_length(element) <= whole / 2
    if tag in {"aside", "footer"}:
        return _may_go(element, whole)
    if tag == "header":
        return not any(element.find(f".//{inner}") is not None for inner in ("h1", "p", "figure"))
    return _is_named_beside(element, tag, marks_of(element), whole)


def _is_named_beside(element: etree._Element, tag: str, marks: frozenset[str], whole: int) -> bool:
    if tag == "a" and not marks.isdisjoint(_CALLS) and is_by_itself(element):
        return len(flat_text(element)) <= _LONGEST_CALL and not document_type(element.get("href", ""))
    if tag in {"p", "span", "a", "strong", "em", "b", "i", "h1", "h2", "h3", "h4"}:
        if marks.isdisjoint(_ALWAYS | _BUTTONS | _VAGUE | _ELSEWHERE):
            return False
        return _is_boilerplate(element) and (
            is_by_itself(element) or judge(Line(flat_text(element))) is not None
        )
    if not marks.isdisjoint(_ALWAYS):
        return _may_go(element, whole)
    if not marks.isdisjoint(_ELSEWHERE) and leads_elsewhere(element) and not is_prose(flat_text(element)):
        return prose_length(element) <= whole / 3
    if not marks.isdisjoint(_BUTTONS):
        return prose_length(element) == 0 and not _holds_content(element)
    return not marks.isdisjoint(_VAGUE) and _is_all_boilerplate(element)


def _may_go(element: etree._Element, whole: int) -> bool:
    """Whether enough of the page's paragraphs remains without the element."""
    own = prose_length(element)
    if next(element.iterancestors("blockquote", "figure"), None) is not None:
        return False
    return own == 0 or own <= whole / 3 or whole - own >= max(400, own / 3)


def _holds_content(element: etree._Element) -> bool:
    """Whether the element holds something of an article's: no row of buttons, no date."""
    if any(
        element.find(f".//{tag}") is not None for tag in ("figure", "blockquote", "h1", "article", "main")
    ):
        return True
    paragraphs = element.findall(".//p")
    return any(not _is_boilerplate(paragraph) for paragraph in paragraphs) and link_share(element) < 0.5


def _is_all_boilerplate(element: etree._Element) -> bool:
    if element.find(".//img") is not None or element.find(".//table") is not None:
        return False
    lines = [Line(text, is_head=True, is_tail=True) for text in runs_of(element)]
    return all(judge(line) is not None and not is_section_label(line.text) for line in lines)


def _is_boilerplate(element: etree._Element) -> bool:
    line = Line(flat_text(element), is_head=True, is_tail=True, is_link=link_share(element) > 0.95)
    return not line.text or (judge(line) is not None and not is_section_label(line.text))
