"""Turns embedded players and maps into links: „Видео: Откриването на моста“.

Feeds and importers refuse frames, so what is shown in one would be lost, and with it perhaps the point of the
article. What leads to a known service, or says of itself that it is a video or a map, becomes a paragraph
with one link; anything else in a frame (advertisements, "like" boxes, counters) says nothing to readers.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from lxml import etree

from syndicator.extract.measures import flat_text, whole_text
from syndicator.text.html import resolve
from syndicator.text.languages import primary_language

VIDEO, AUDIO, MAP, POST = range(4)
_LABELS = {
    "bg": ("Видео", "Аудио", "Карта", "Публикация"),
    "de": ("Video", "Audio", "Karte", "Beitrag"),
    "en": ("Video", "Audio", "Map", "Post"),
    "fr": ("Vidéo", "Audio", "Carte", "Publication"),
    "it": ("Video", "Audio", "Mappa", "Post"),
}
_NAMELESS = re.compile(
    r"^\W*$|^(?:you\s?tube|vimeo|facebook|video|видео|embed(?:ded)?|iframe|google|map|player|undefined|untitled)?"
    r"[\W_]*(?:video)?[\W_]*(?:player|embed|post|maps?|iframe|content|frame)?\W*$",
    re.IGNORECASE,
)
_LONGEST_TITLE = 150  # characters
_ADVERTISEMENT = re.compile(
    r"doubleclick|googlesyndication|googletagmanager|adserv|/ads?[/.?]|banner|recaptcha|plugins/(?:like|page|share"
    r"|comments|follow)|addthis|disqus|weather|gemius|counter|widget",
    re.IGNORECASE,
)
_SOURCES = ("src", "data-src", "data-lazy-src", "data-litespeed-src", "data-cookieblock-src", "data")
_TINY = re.compile(r"^\s*[01](?:px)?\s*$")
_FILES = {VIDEO: re.compile(r"\.(?:mp4|webm|ogv|m4v|mov)$"), AUDIO: re.compile(r"\.(?:mp3|ogg|oga|m4a|wav)$")}


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a frame shows: its kind, the address that a person can open, the service's name."""

    kind: int
    url: str
    service: str


def link_embeds(root: etree._Element, base: str, language: str) -> None:
    """Put a paragraph with a link in the place of each embedded video, map and post of a page, in place.

    ``base`` is what relative addresses start from; ``language`` is the article's and that of the labels.
    """
    labels = _LABELS.get(primary_language(language), _LABELS["en"])
    seen: set[str] = set()
    for element in list(root.iter("iframe", "embed", "object", "video", "audio", "blockquote", "div")):
        shown = _shown(element, base)
        if shown is None:
            continue
        if shown.url in seen or _is_hidden(element):
            _empty(element)
            continue
        seen.add(shown.url)
        _replace(element, shown, f"{labels[shown.kind]}: {_title(element) or shown.service}")


def is_embed_link(element: etree._Element) -> bool:
    """Whether a block is a link that stands for an embedded video, map or post, and nothing else."""
    links = list(element.iter("a"))
    if len(links) != 1:
        return False
    text = flat_text(element)
    label = text.partition(": ")[0]
    is_labelled = any(label in labels for labels in _LABELS.values())
    return is_labelled and whole_text(links[0]).strip() == text


def _shown(element: etree._Element, base: str) -> _Shown | None:
    tag = str(element.tag)
    if tag in {"blockquote", "div"}:
        return _quoted_post(element, tag)
    if tag in {"video", "audio"}:
        return _played_file(element, VIDEO if tag == "video" else AUDIO, base)
    for address in _addresses(element):
        url = resolve(address, base)
        parts = urlsplit(url)
        if not url.startswith("http") or not parts.hostname:
            continue
        for hosts, opened in _SERVICES:
            if hosts.search(parts.hostname) and (shown := opened(url)) is not None:
                return shown
        if tag == "iframe" and not _ADVERTISEMENT.search(url):
            return _unknown_frame(element, url)
    return None


def _addresses(element: etree._Element) -> Iterator[str]:
    for name in _SOURCES:
        if address := element.get(name, "").strip():
            yield address
    if element.tag == "object":
        for inner in element.iter("param", "embed"):
            if inner.get("name", "movie").lower() in {"movie", "src", "flashvars"}:
                yield inner.get("value", "") or inner.get("src", "")


def _quoted_post(element: etree._Element, tag: str) -> _Shown | None:
    """Read what networks give bloggers to paste: a quote or box that a script would fill."""
    classes = element.get("class", "").split()
    if tag == "blockquote" and "instagram-media" in classes:
        return _public(POST, element.get("data-instgrm-permalink", ""), "Instagram")
    if tag == "blockquote" and "tiktok-embed" in classes:
        return _public(VIDEO, element.get("cite", ""), "TikTok")
    if tag == "div" and "fb-video" in classes:
        return _public(VIDEO, element.get("data-href", ""), "Facebook")
    if tag == "div" and "fb-post" in classes:
        return _public(POST, element.get("data-href", ""), "Facebook")
    return None


def _public(kind: int, address: str, service: str) -> _Shown | None:
    url = resolve(address, "").partition("?")[0] if "watch/?" not in address else resolve(address, "")
    return _Shown(kind, url, service) if url.startswith("http") else None


def _played_file(element: etree._Element, kind: int, base: str) -> _Shown | None:
    addresses = [element.get("src", ""), *(source.get("src", "") for source in element.iter("source"))]
    for address in addresses:
        url = resolve(address, base)
        if url.startswith("http"):
            return _Shown(kind, url, urlsplit(url).path.rpartition("/")[2] or urlsplit(url).hostname or "")
    return None


def _unknown_frame(element: etree._Element, url: str) -> _Shown | None:
    parts = urlsplit(url)
    path = parts.path.lower()
    for kind, ending in _FILES.items():
        if ending.search(path):
            return _Shown(kind, url, parts.hostname or "")
    told = f"{path} {element.get('title', '')} {element.get('class', '')}".lower()
    if re.search(r"video|видео|player|/embed|/emb/", told) and "allowfullscreen" in {
        name.lower() for name in element.attrib
    }:
        return _Shown(VIDEO, url, parts.hostname or "")
    return None


def _query(url: str, name: str) -> str:
    return next(iter(parse_qs(urlsplit(url).query).get(name, ())), "")


def _youtube(url: str) -> _Shown | None:
    path = urlsplit(url).path
    if listed := _query(url, "list") if path.rstrip("/").endswith("videoseries") else "":
        return _Shown(VIDEO, f"https://www.youtube.com/playlist?list={listed}", "YouTube")
    found = re.match(r"/(?:embed/|v/|shorts/|live/)?([\w-]{11})(?![\w-])", path)
    video = found[1] if found else _query(url, "v")
    return (
        _Shown(VIDEO, f"https://www.youtube.com/watch?v={video}", "YouTube")
        if re.fullmatch(r"[\w-]{11}", video)
        else None
    )


def _facebook(url: str) -> _Shown | None:
    kind = {"/plugins/video.php": VIDEO, "/plugins/post.php": POST}.get(urlsplit(url).path.lower())
    href = resolve(unquote(_query(url, "href")), "")
    return _Shown(kind, href, "Facebook") if kind is not None and href.startswith("http") else None


def _vimeo(url: str) -> _Shown | None:
    found = re.search(r"/(?:video/)?(\d{5,12})(?!\d)", urlsplit(url).path)
    return _Shown(VIDEO, f"https://vimeo.com/{found[1]}", "Vimeo") if found else None


def _google_map(url: str) -> _Shown | None:
    if "/maps" not in urlsplit(url).path:
        return None
    place = re.search(r"!2d(-?\d+\.\d+)!3d(-?\d+\.\d+)", url)
    if place:
        return _Shown(MAP, f"https://www.google.com/maps?q={place[2]},{place[1]}", "Google Maps")
    asked = _query(url, "q") or _query(url, "ll")
    shared = _query(url, "mid")
    if shared:
        return _Shown(MAP, resolve(f"https://www.google.com/maps/d/viewer?mid={shared}", ""), "Google Maps")
    return (
        _Shown(MAP, resolve(f"https://www.google.com/maps?q={asked}", ""), "Google Maps") if asked else None
    )


def _street_map(url: str) -> _Shown | None:
    marker = re.fullmatch(r"(-?[\d.]+),(-?[\d.]+)", _query(url, "marker"))
    if marker is None:
        return _Shown(MAP, url, "OpenStreetMap")
    return _Shown(MAP, f"https://www.openstreetmap.org/?mlat={marker[1]}&mlon={marker[2]}", "OpenStreetMap")


def _vbox(url: str) -> _Shown | None:
    found = re.search(r"(?:vid=|/play:|#vid=)([0-9a-z]{6,16})", url)
    return _Shown(VIDEO, f"https://www.vbox7.com/play:{found[1]}", "Vbox7") if found else None


def _dailymotion(url: str) -> _Shown | None:
    found = re.search(r"/(?:embed/)?video/([0-9a-zA-Z]{5,12})", url) or re.search(
        r"[?&]video=(\w{5,12})", url
    )
    return _Shown(VIDEO, f"https://www.dailymotion.com/video/{found[1]}", "Dailymotion") if found else None


def _as_it_is(kind: int, service: str) -> Callable[[str], _Shown | None]:
    return lambda url: _Shown(kind, url, service)


_SERVICES: tuple[tuple[re.Pattern[str], Callable[[str], _Shown | None]], ...] = (
    (re.compile(r"(?:^|\.)(?:youtube(?:-nocookie)?\.com|youtu\.be)$"), _youtube),
    (re.compile(r"(?:^|\.)facebook\.com$"), _facebook),
    (re.compile(r"(?:^|\.)vimeo\.com$"), _vimeo),
    (re.compile(r"(?:^|\.)google\.(?:com|bg)$"), _google_map),
    (re.compile(r"(?:^|\.)openstreetmap\.org$"), _street_map),
    (re.compile(r"(?:^|\.)vbox7\.com$"), _vbox),
    (re.compile(r"(?:^|\.)dailymotion\.com$"), _dailymotion),
    (re.compile(r"(?:^|\.)soundcloud\.com$"), _as_it_is(AUDIO, "SoundCloud")),
    (re.compile(r"(?:^|\.)spotify\.com$"), _as_it_is(AUDIO, "Spotify")),
)


def _title(element: etree._Element) -> str:
    """Return what a frame is called, ``""`` where it is called by its service or not at all."""
    for name in ("title", "data-title", "aria-label", "alt"):
        title = " ".join(element.get(name, "").split())
        if title and len(title) <= _LONGEST_TITLE and not _NAMELESS.match(title):
            return title
    return ""


def _is_hidden(element: etree._Element) -> bool:
    if any(_TINY.match(element.get(name, "")) for name in ("width", "height")):
        return True
    return re.search(r"display\s*:\s*none", element.get("style", "")) is not None


def _empty(element: etree._Element) -> None:
    tail = element.tail
    element.clear()
    element.tag, element.tail = "span", tail


def _replace(element: etree._Element, shown: _Shown, text: str) -> None:
    _empty(element)
    element.tag = "p"
    link = etree.SubElement(element, "a")
    link.set("href", shown.url)
    link.text = text
