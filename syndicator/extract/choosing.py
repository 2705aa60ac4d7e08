"""trafilatura, which says which text of a page is its article."""

from typing import TYPE_CHECKING

from syndicator.text.lean import without

if TYPE_CHECKING:
    from lxml.html import HtmlElement


def chosen_text(page: "str | HtmlElement", *, quick: bool = False) -> str:
    """Return the text that trafilatura takes for the article of a page; ``""`` where it finds none.

    ``quick``: without its second and third thoughts, and rather too much than too little.
    """
    # Costs half a second, and many a cycle reads no page. Its guesser of languages, which is not asked for
    # anything here, would bring numpy and 10 MB.
    with without("py3langid"):
        import trafilatura

    document = trafilatura.bare_extraction(
        page, fast=quick, favor_recall=quick, include_comments=False, include_tables=True
    )
    return str(getattr(document, "text", "") or "") if document is not None else ""
