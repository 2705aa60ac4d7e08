"""Applies the operator's CSS selectors to a page."""

from functools import lru_cache

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from syndicator.errors import ParseError
from syndicator.text.messages import tr


def select(root: HtmlElement, selector: str) -> list[HtmlElement]:
    """Return the elements that a CSS selector finds, in the order of the page.

    Raises ParseError where the selector is not one.
    """
    found = _compiled(selector)(root)
    return [element for element in found if isinstance(element, HtmlElement)]


def is_selector(selector: str) -> bool:
    """Whether a text is a CSS selector that can be used."""
    try:
        _compiled(selector)
    except ParseError:
        return False
    return True


@lru_cache(maxsize=256)
def _compiled(selector: str) -> CSSSelector:
    try:
        return CSSSelector(selector, translator="html")
    except SelectorError as error:
        raise ParseError(
            tr("the site rule {selector} is not a CSS selector: {error}", selector=selector, error=error)
        ) from error
