"""What readers see of an entry: its headline, its summary and its content, the same in every format.

The entries come from :func:`syndicator.formats.clean.clean_feed`.
"""

from html import escape

from lxml import html as lxml_html
from lxml.etree import ParserError

from syndicator.formats.clean import CleanFeed, clean_line
from syndicator.model import Entry, Mark
from syndicator.text.languages import is_right_to_left
from syndicator.text.notices import machine_line, notice_of, reviewed_line

EXCERPT_LENGTH = 300
"""Characters of the body that stand in for a summary: what list views of readers show."""

# Elements whose text stands apart from what surrounds it.
_APART = (
    *("p", "br", "div", "li", "td", "th", "tr", "blockquote", "figcaption", "figure", "pre", "hr"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "ul", "ol", "table", "caption"),
)


def headline(entry: Entry) -> str:
    """Return the title, plain; the beginning of the text or the source's name for an entry without one."""
    return entry.title or entry.summary or _excerpt(entry.body) or entry.source_name


def summary_text(entry: Entry) -> str:
    """Return the summary, plain, never empty; that of a translation begins with its mark.

    List views (and the blocks of Joomla and WordPress) show no more than its start, so the mark comes first.
    """
    notice = notice_of(entry)
    if entry.withdrawn:
        return notice.withdrawn
    text = entry.summary or _excerpt(entry.body) or f"{notice.source} {entry.source_name}"
    if entry.mark is Mark.MACHINE:
        return f"{notice.mark} {text}"
    if entry.mark is Mark.REVIEWED:
        return f"{notice.reviewed_mark} {text}"
    return text


def content_in(feed: CleanFeed, entry: Entry) -> str:
    """Return the content of a feed's entry, made once for all its formats."""
    if id(entry) not in feed.contents:
        feed.contents[id(entry)] = content_html(entry)
    return feed.contents[id(entry)]


def content_html(entry: Entry) -> str:
    """Return the content as HTML, never empty.

    That of a translation begins with a line that says so and links the original; that of an original ends
    with its source. A correction is told before the text. A withdrawn entry holds the notice only.
    """
    if entry.withdrawn:
        content = f"<p>{escape(notice_of(entry).withdrawn)}</p>"
    else:
        body = entry.body or (f"<p>{escape(entry.summary)}</p>" if entry.summary else "")
        corrected = f"<p><em>{escape(entry.correction)}</em></p>" if entry.correction else ""
        parts = [corrected, body, _source_line(entry)]
        if entry.mark is not Mark.ORIGINAL:
            parts = [_notice_line(entry), corrected, body]
        content = "\n".join(part for part in (*parts, _original(entry)) if part)
    # Readers do not carry a feed's direction over to the page on which they show the content.
    if is_right_to_left(entry.language):
        return f'<div lang="{escape(entry.language)}" dir="rtl">{content}</div>'
    return content


def _original(entry: Entry) -> str:
    """Return the original, marked as in its own language; "" where it is not shown."""
    if not entry.original_body:
        return ""
    direction = "rtl" if is_right_to_left(entry.source_language) else "ltr"
    title = f"<h2>{escape(entry.original_title)}</h2>\n" if entry.original_title else ""
    language = escape(entry.source_language)
    return f'<hr>\n<div lang="{language}" dir="{direction}">\n{title}{entry.original_body}</div>'


def _notice_line(entry: Entry) -> str:
    notice = notice_of(entry)
    line = reviewed_line if entry.mark is Mark.REVIEWED else machine_line
    told = escape(line(notice, entry.source_language))
    return f"<p><em>{told}. {_source(entry)}</em></p>"


def _source_line(entry: Entry) -> str:
    return f"<p><em>{_source(entry)}</em></p>"


def _source(entry: Entry) -> str:
    """Return the source's name, linked to the original where that has an address."""
    notice = notice_of(entry)
    name = escape(entry.source_name)
    label = notice.source if entry.mark is Mark.ORIGINAL or not entry.original_url else notice.original
    if not entry.original_url:
        return f"{escape(label)} {name}"
    language = f' hreflang="{escape(entry.source_language)}"' if entry.source_language else ""
    return f'{escape(label)} <a href="{escape(entry.original_url)}"{language}>{name}</a>'


def _excerpt(body: str) -> str:
    """Return the beginning of HTML as plain text, cut between words."""
    text = plain_text(body)
    if len(text) <= EXCERPT_LENGTH:
        return text
    words = text[: EXCERPT_LENGTH + 1].rpartition(" ")[0] or text[:EXCERPT_LENGTH]
    return words.rstrip(" ,;:–—-") + "…"


def plain_text(html: str) -> str:
    """Return HTML as a reader sees it, without pictures, on one line."""
    if not html.strip():
        return ""
    try:
        tree = lxml_html.fragment_fromstring(html, create_parent="div")
    except ParserError:  # nothing but a comment
        return ""
    for element in tree.iter(*_APART):
        element.text = f" {element.text or ''}"
        element.tail = f" {element.tail or ''}"
    return clean_line(tree.text_content())
