"""Applies the operator's selectors to a page: CSS, or XPath where it begins like one."""

from collections.abc import Callable
from functools import lru_cache

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector

from syndicator.errors import ParseError
from syndicator.text.html import parse_html
from syndicator.text.messages import tr

_XPATH = "xpath:"
_XPATH_STARTS = (_XPATH, "/", "./", "(")  # none of them begins a CSS selector


def is_xpath(selector: str) -> bool:
    """Whether a selector is XPath: it begins with ``/``, ``./``, ``(`` or ``xpath:``."""
    return selector.strip().startswith(_XPATH_STARTS)


def select(root: etree._Element, selector: str) -> list[etree._Element]:
    """Return the elements that a selector finds, in the order of the page.

    XPath may also find texts and attributes; the elements that hold them are returned. Raises ParseError
    where the selector is not one.
    """
    found = _compiled(selector)(root)
    elements = [_element_of(one) for one in found] if isinstance(found, list) else []
    return list(dict.fromkeys(one for one in elements if etree.iselement(one)))


def is_selector(selector: str) -> bool:
    """Whether a text is a selector that can be used."""
    try:
        select(parse_html("<p>x</p>"), selector)
    except ParseError:
        return False
    return True


def _element_of(found: object) -> object:
    if etree.iselement(found):
        return found
    getparent = getattr(found, "getparent", None)  # lxml's "smart strings" know where they stood
    return getparent() if getparent is not None else None


@lru_cache(maxsize=256)
def _compiled(selector: str) -> Callable[[etree._Element], object]:
    if is_xpath(selector):
        return _compiled_xpath(selector)
    try:
        return CSSSelector(selector, translator="html")
    except SelectorError as error:
        raise ParseError(
            tr("the site rule {selector} is not a CSS selector: {error}", selector=selector, error=error)
        ) from error


def _compiled_xpath(selector: str) -> Callable[[etree._Element], object]:
    expression = selector.strip().removeprefix(_XPATH).strip()

    def refused(error: Exception) -> ParseError:
        return ParseError(tr("the site rule {selector} is no XPath: {error}", selector=selector, error=error))

    try:
        compiled = etree.XPath(expression)
    except etree.XPathError as error:
        raise refused(error) from error

    def find(root: etree._Element) -> object:
        try:
            return compiled(root)
        except etree.XPathError as error:  # a function or prefix that does not exist shows only now
            raise refused(error) from error

    return find
