"""How a published entry looks to those who take feeds over: WordPress, Joomla, Feedly.

Each keeps something else of an entry. Joomla's part follows its code (``RssParser`` reads the description
alone and refuses links beyond ASCII; ``mod_feed`` strips pictures), WordPress's the defaults of its RSS block
and of the usual import plugins; what Feedly does is not published, and is told as it shows.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape

from lxml import etree

from syndicator.formats.content import plain_text
from syndicator.formats.extension import ATOM, MEDIA
from syndicator.formats.links import DIGITAL_SOURCE
from syndicator.model import Notice
from syndicator.text.messages import tr

CONTENT = "http://purl.org/rss/1.0/modules/content/"

BLOCK_WORDS = 55
"""Words of the description that WordPress's RSS block and widget show, unless their owner says otherwise."""

CARD_LENGTH = 200
"""Characters of the text, or so, on one of Feedly's cards."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What a feed says of an entry, as an RSS parser hands it over."""

    title: str
    link: str
    description: str  # HTML
    content: str  # HTML; "" if there is none
    date: str
    categories: tuple[str, ...]
    enclosure: str  # address of the enclosed picture; "" if there is none
    picture: str  # address in media:content; "" if there is none
    is_translated: bool


@dataclass(frozen=True, slots=True)
class View:
    """One way in which an importer shows an entry."""

    name: str
    text: str  # plain
    image: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """An entry as an importer takes it."""

    title: str
    link: str  # "" where it is refused
    date: str
    categories: tuple[str, ...]
    views: tuple[View, ...]
    warnings: tuple[str, ...]
    remarks: tuple[str, ...]  # what holds for every entry


def newest(rss: bytes, notice: Notice) -> Offered | None:
    """Return the first entry of a published RSS feed; None where it has none.

    ``notice`` has the words by which the feed tells that a text is a translation.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    item = etree.fromstring(rss, parser).find("channel/item")
    if item is None:
        return None
    enclosure = next((one.get("url", "") for one in item.iterfind("enclosure") if _is_picture(one)), "")
    media = item.find(f"{{{MEDIA}}}content")
    description = item.findtext("description", "")
    rels = {link.get("rel") for link in item.iterfind(f"{{{ATOM}}}link")}
    marks = (notice.mark, notice.reviewed_mark)
    return Offered(
        title=item.findtext("title", ""),
        link=item.findtext("link", ""),
        description=description,
        content=item.findtext(f"{{{CONTENT}}}encoded", ""),
        date=item.findtext("pubDate", ""),
        categories=tuple(one.text or "" for one in item.iterfind("category")),
        enclosure=enclosure,
        picture=media.get("url", "") if media is not None else "",
        is_translated=DIGITAL_SOURCE in rels or plain_text(description).startswith(marks),
    )


def _is_picture(enclosure: etree._Element) -> bool:
    return str(enclosure.get("type", "")).startswith("image/")


def taken(offered: Offered, importer: str, notice: Notice) -> Taken:
    """Return what an importer (a key of ``IMPORTERS``) makes of an entry, with what its readers lose."""
    views, remarks = IMPORTERS[importer](offered)
    link = offered.link if offered.link.isascii() else ""
    return Taken(
        title=plain_text(offered.title),
        link=link,
        date=offered.date,
        categories=offered.categories,
        views=views,
        warnings=tuple(_warnings(offered, views, link, notice)),
        remarks=remarks,
    )


def _wordpress(offered: Offered) -> tuple[tuple[View, ...], tuple[str, ...]]:
    words = plain_text(offered.description or offered.content).split()
    start = " ".join(words[:BLOCK_WORDS]) + (" […]" if len(words) > BLOCK_WORDS else "")
    post = offered.content or offered.description
    image = offered.enclosure or _first_picture(post)
    return (
        (View(tr("RSS block or widget"), start), View(tr("imported post"), plain_text(post), image)),
        (
            tr("it looks twice a day, and knows an entry by its guid"),
            tr("what was imported is not changed by corrections and withdrawals"),
            tr("categories become categories of the site"),
        ),
    )


def _joomla(offered: Offered) -> tuple[tuple[View, ...], tuple[str, ...]]:
    # RssParser::processFeedEntry reads <description> alone, and mod_feed strips pictures.
    return (
        (View(tr("feed module"), plain_text(offered.description)),),
        (
            tr("it reads the description only, never the whole content"),
            tr("its module can be set to cut the text (`word_count`, in characters)"),
        ),
    )


def _feedly(offered: Offered) -> tuple[tuple[View, ...], tuple[str, ...]]:
    content = offered.content or offered.description
    image = offered.picture or offered.enclosure or _first_picture(content)
    text = plain_text(content)
    card = text if len(text) <= CARD_LENGTH else text[: CARD_LENGTH + 1].rpartition(" ")[0] + "…"
    return (
        (View(tr("card"), card, image), View(tr("article"), text, image)),
        (tr("it shows a changed entry anew for a while only, and loads pictures through its own servers"),),
    )


IMPORTERS: Mapping[str, Callable[[Offered], tuple[tuple[View, ...], tuple[str, ...]]]] = {
    "wordpress": _wordpress,
    "joomla": _joomla,
    "feedly": _feedly,
}


def _warnings(offered: Offered, views: tuple[View, ...], link: str, notice: Notice) -> list[str]:
    found = []
    if not link:
        found.append(tr("the link {link} is refused: it has letters beyond ASCII", link=offered.link))
    pictured = offered.picture or offered.enclosure or _first_picture(offered.content)
    for view in views:
        if offered.is_translated and not _tells(view.text, notice):
            found.append(tr("{view}: the notice of translation is cut off", view=view.name))
        if pictured and not view.image:
            found.append(tr("{view}: the picture is lost", view=view.name))
    return found


def _tells(text: str, notice: Notice) -> bool:
    """Return whether a text says that it is a translation; a line may name any language."""
    lines = (re.escape(line).replace(r"\{language\}", ".+?") for line in (notice.line, notice.reviewed_line))
    return any(mark in text for mark in (notice.mark, notice.reviewed_mark)) or any(
        re.search(line, text) for line in lines
    )


def _first_picture(markup: str) -> str:
    found = re.search(r'<img\b[^>]*\bsrc="([^"]+)"', markup)
    return unescape(found[1]) if found else ""
