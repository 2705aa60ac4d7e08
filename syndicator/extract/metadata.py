"""Reads what a page says about its article: title, date, authors, picture, tags, rights, address."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from lxml import etree

from syndicator.extract.boilerplate import Becomes, Line, are_pieces, is_full_name, judge, judge_whole
from syndicator.extract.cleaning import Gleanings, clean_author, note_parts
from syndicator.extract.dates import read_date
from syndicator.extract.details import elements_near
from syndicator.extract.linked_data import LinkedArticle, read_linked_article
from syndicator.extract.measures import flat_text, is_prose, runs_of
from syndicator.extract.rights import find_rights
from syndicator.extract.selectors import select
from syndicator.extract.structure import base_address
from syndicator.extract.title import find_title
from syndicator.model import Image, SiteRules
from syndicator.text.html import resolve

_NO_PICTURE = re.compile(
    r"logo|icon|avatar|sprite|blank|pixel|placeholder|no-?image|noimage|default[-_.]|gravatar|spacer|favicon|emoji"
    r"|^(?:pdf|docx?|word|xlsx?|excel|acrobat|zip|rar)[-_\d]*\.(?:gif|png|jpe?g)|banner|button|\.svg(?:$|\?)|\.ico(?:$|\?)",
    re.IGNORECASE,
)
_SIZE_SUFFIX = re.compile(
    r"(?:-\d{2,4}x\d{2,4}|[-_](?:scaled|thumb|small|medium|large|[smlx]))(?=\.\w{3,4}$)"
)
_MEDIA_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
}
_DATE_METAS = (
    "article:published_time",
    "og:published_time",
    "og:article:published_time",
    "datepublished",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "published_time",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date",
    "date",
    "sailthru.date",
    "parsely-pub-date",
)
_MARKED_AUTHORS = etree.XPath("descendant-or-self::*[@rel='author' or @itemprop='author']")
_MARKED_DATES = etree.XPath("descendant-or-self::*[@itemprop='datePublished']")
_NOT_AUTHORS = frozenset(
    [
        *"admin administrator админ администратор редактор редакция редакцията root user webmaster".split(),
        *("super user", "site admin", "екип", "екипът"),
    ]
)
_LONGEST_LINE = 200  # characters of a line of details
_MOST_TAGS = 15
_LONGEST_TAG = 50  # characters


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a page says about its article outside the article's text."""

    title: str
    heading: etree._Element | None  # the element that shows the title
    url: str
    descriptions: tuple[str, ...]  # the most specific first
    authors: tuple[str, ...]
    published: datetime | None
    image: Image | None
    rights: str
    tags: tuple[str, ...]
    keywords: tuple[str, ...]  # to be believed only where the article holds them
    site: str
    credits: tuple[str, ...] = ()  # who took the picture between the title and the text


@dataclass(frozen=True, slots=True)
class _Page:
    root: etree._Element
    rules: SiteRules
    address: str
    metas: dict[str, list[str]]
    linked: LinkedArticle

    def meta(self, *names: str) -> str:
        """Return the first value of the first of these ``<meta>`` that the page has."""
        return next((value for name in names for value in self.metas.get(name, ())), "")


def read_facts(
    root: etree._Element, rules: SiteRules, address: str, now: datetime, timezone: ZoneInfo, language: str
) -> PageFacts:
    """Return what a parsed page (:func:`syndicator.extract.structure.parse_page`) says about its article.

    ``address`` is where the page was found, ``""`` if nowhere. Nothing is changed in the tree.
    """
    page = _Page(root, rules, address, _metas(root), read_linked_article(root))
    site = page.meta("og:site_name", "application-name") or page.linked.site
    title, heading = _title(page, site)
    around = list(elements_near(heading))
    near = _lines_near(heading, around)
    return PageFacts(
        title=title,
        heading=heading,
        url=_address(page),
        descriptions=tuple(
            text
            for name in ("og:description", "description", "twitter:description", "dc.description")
            for text in page.metas.get(name, ())[:1]
        ),
        authors=_authors(page, near, site),
        published=_published(page, near, around, now, timezone, language),
        image=_lead_image(page),
        rights=find_rights(list(runs_of(root))) or page.meta("copyright", "dc.rights", "dcterms.rights"),
        tags=_tags(page),
        keywords=page.linked.keywords + tuple(page.meta("keywords", "news_keywords").split(",")),
        site=site,
        credits=tuple(near.credits),
    )


def _title(page: _Page, site: str) -> tuple[str, etree._Element | None]:
    if page.rules.title:
        for element in select(page.root, page.rules.title):
            if text := flat_text(element):
                return text, element
    names = [name for name in (site, urlsplit(page.address).hostname or "") if name]
    given = [page.linked.headline, page.meta("og:title"), page.meta("twitter:title")]
    return find_title(page.root, given, names)


def is_same_picture(one: str, other: str) -> bool:
    """Whether two addresses are one picture, perhaps in two sizes."""
    return bool(one) and _picture_name(one) == _picture_name(other)


def media_type_of(address: str) -> str:
    """Return the media type that a picture's address ends in, ``""`` if none."""
    path = urlsplit(address).path.lower()
    return next((kind for ending, kind in _MEDIA_TYPES.items() if path.endswith(ending)), "")


def is_picture(address: str) -> bool:
    """Whether an address may be an article's picture: none of logos, icons and fillers."""
    return address.startswith(("http://", "https://")) and not _NO_PICTURE.search(
        urlsplit(address).path.rpartition("/")[2] or "logo"
    )


def is_author(name: str, site: str) -> bool:
    """Whether a name may be that of an author, and neither an account's nor the site's own."""
    plain = name.strip().casefold()
    return (
        1 < len(plain) <= 60
        and not re.search(r"[@/\d<>]|www\.", plain)
        and plain not in _NOT_AUTHORS
        and plain != site.casefold()
    )


def _metas(root: etree._Element) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
        content = " ".join(meta.get("content", "").split())
        if name and content:
            metas.setdefault(name, []).append(content)
    return metas


def _address(page: _Page) -> str:
    base = base_address(page.root, page.address)
    links = [
        link.get("href", "") for link in page.root.iter("link") if "canonical" in link.get("rel", "").lower()
    ]
    own_path = urlsplit(page.address).path.strip("/")
    for candidate in (*links, page.meta("og:url")):
        url = resolve(candidate, base)
        is_home = not urlsplit(url).path.strip("/") and not urlsplit(url).query
        if url.startswith("http") and not (is_home and own_path):
            return url
    return resolve(page.address, "")


def _published(
    page: _Page,
    near: Gleanings,
    around: list[etree._Element],
    now: datetime,
    timezone: ZoneInfo,
    language: str,
) -> datetime | None:
    """Return when the article was published, by the first that says so; None is better than a guess."""
    for text in _date_texts(page, near, around):
        moment = read_date(text, now, timezone, language)
        if moment is not None:
            return moment
    return _htmldate(page, now, timezone)


def _date_texts(page: _Page, near: Gleanings, around: list[etree._Element]) -> Iterator[str]:
    if page.rules.date:
        for element in select(page.root, page.rules.date):
            yield element.get("datetime") or element.get("content") or _without_label(flat_text(element))
    yield page.linked.published
    for name in _DATE_METAS:
        yield from page.metas.get(name, ())[:1]
    for element in _MARKED_DATES(page.root):
        if element.tag in {"time", "span", "div", "abbr"}:
            yield (
                element.get("datetime")
                or element.get("content")
                or element.get("title")
                or flat_text(element)
            )
    for element in _times_near(around):
        yield element.get("datetime", "") or flat_text(element)
    for line in near.dates:
        yield _without_label(line)


def _times_near(around: list[etree._Element]) -> Iterator[etree._Element]:
    """Yield the ``<time>`` elements around the title, before the article's first paragraph."""
    for element in around:
        for time in element.iter("time"):
            classes = time.get("class", "").lower()
            if "updated" not in classes or "published" in classes:
                yield time


def _htmldate(page: _Page, now: datetime, timezone: ZoneInfo) -> datetime | None:
    """Ask htmldate about the head and the address only: in a body it finds the dates of events."""
    head = page.root.find("head")
    markup = etree.tostring(head, encoding="unicode", method="html") if head is not None else "<head></head>"
    from htmldate import find_date  # imports much, and most cycles need it of no page

    found = find_date(
        f"<html>{markup}<body><p></p></body></html>",
        url=page.address or None,
        original_date=True,
        extensive_search=False,
    )
    return read_date(found, now, timezone) if found else None


def _without_label(text: str) -> str:
    return re.sub(
        r"^[^\d]*?:\s*(?=\S)|^\s*(?:публикуван|добавен|създаден|качен)\w*\s+(?:на\s+)?",
        "",
        text,
        flags=re.IGNORECASE,
    )


def _lines_near(heading: etree._Element | None, around: list[etree._Element]) -> Gleanings:
    """Return what the short lines around the title say, up to the article's first paragraph."""
    gleanings = Gleanings()
    if heading is None:
        return gleanings
    _note_line(heading.tail or "", gleanings)
    for element in around:
        for text in runs_of(element):
            if is_prose(text):
                break
            _note_line(text, gleanings)
        _note_line(element.tail or "", gleanings)
        if not gleanings.dates and len(flat_text(element)) <= _LONGEST_LINE:
            pieces = [" ".join(piece.split()) for piece in element.itertext()]
            for piece in pieces:  # „12 март 2026Коментари: 3“: set apart by style only
                _note_line(piece, gleanings)
            if are_pieces(pieces):
                gleanings.authors.extend(piece for piece in pieces if is_full_name(piece))
    return gleanings


def _note_line(text: str, gleanings: Gleanings) -> None:
    rule = judge_whole(Line(text, is_head=True)) if len(text) <= _LONGEST_LINE else None
    if rule is not None:
        note_parts(rule, text, gleanings)
    elif "|" in text and len(text) <= _LONGEST_LINE and not is_prose(text):
        for part in map(str.strip, text.split("|")):  # „25 ное 2026, 11:42 | Крими | автор: Мария Колева“
            named = judge(Line(part, is_head=True))
            if named is not None and named.becomes in (Becomes.DATE, Becomes.AUTHOR):
                note_parts(named, part, gleanings)


def _authors(page: _Page, near: Gleanings, site: str) -> tuple[str, ...]:
    if page.rules.author:
        named = [flat_text(element) for element in select(page.root, page.rules.author)]
        if any(named):
            return _people(named, "")
    marked = [
        element.get("content") or flat_text(element)
        for element in _MARKED_AUTHORS(page.root)
        if element.tag in {"a", "span", "div", "p", "meta"}
    ]
    sources: tuple[Iterable[str], ...] = (
        page.linked.authors,
        near.authors,
        marked[:3],
        [name for name in page.metas.get("article:author", ()) if "/" not in name],
        page.metas.get("author", ()),
    )
    return next((people for names in sources if (people := _people(names, site))), ())


def _people(names: Iterable[str], site: str) -> tuple[str, ...]:
    people = [clean_author(part) for name in names for part in re.split(r",|;|\s+и\s+", name)]
    return tuple(dict.fromkeys(name for name in people if is_author(name, site)))


def _lead_image(page: _Page) -> Image | None:
    base = base_address(page.root, page.address)
    sources = [link.get("href", "") for link in page.root.iter("link") if link.get("rel", "") == "image_src"]
    candidates = [
        page.linked.image,
        page.meta("og:image:secure_url"),
        page.meta("og:image", "og:image:url"),
        page.meta("twitter:image", "twitter:image:src"),
        *sources,
    ]
    for candidate in candidates:
        url = resolve(candidate, base)
        if is_picture(url):
            return _described(Image(url, media_type=media_type_of(url)), page)
    return None


def _described(image: Image, page: _Page) -> Image:
    """Return the picture with the alternative text and caption that the page gives it."""
    for shown in page.root.iter("img"):
        if is_same_picture(shown.get("src", ""), image.url):
            figure = next(shown.iterancestors("figure"), None)
            caption = figure.find(".//figcaption") if figure is not None else None
            return replace(
                image,
                alt=shown.get("alt", "").strip(),
                caption=flat_text(caption) if caption is not None else "",
            )
    return replace(image, alt=page.meta("og:image:alt", "twitter:image:alt"))


@lru_cache(maxsize=1024)  # each picture of a page is compared with the same one or two
def _picture_name(address: str) -> str:
    parts = urlsplit(address)
    return _SIZE_SUFFIX.sub("", parts.path.rpartition("/")[2].lower()) or address


def _tags(page: _Page) -> tuple[str, ...]:
    tags = list(page.metas.get("article:tag", ()))
    if not tags:
        tags = [
            flat_text(link)
            for link in page.root.iter("a")
            if "tag" in (link.get("rel") or "").lower().split()
        ]
    split = [part for tag in tags for part in tag.split(",")]
    return tidy_tags(split)


def tidy_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Return tags without marks, blanks, repetitions and what is too long to be one."""
    tidy: dict[str, str] = {}
    for tag in tags:
        text = " ".join(tag.split()).strip("#,.;: ")
        if 1 < len(text) <= _LONGEST_TAG:
            tidy.setdefault(text.casefold(), text)
    return tuple(tidy.values())[:_MOST_TAGS]
