"""The landing page: every feed with its addresses, for people. One HTML document without scripts."""

from collections.abc import Iterable, Sequence
from html import escape

from syndicator.formats.clean import clean_feed, clean_line
from syndicator.formats.content import headline
from syndicator.formats.links import translator_anchor
from syndicator.formats.paths import MEDIA_TYPES, OPML_PATH, feed_path
from syndicator.model import Entry, Feed, LocalText, Mark
from syndicator.text.languages import is_right_to_left, language_name, local_date, localized
from syndicator.text.notices import notice_for, notice_of

NEWEST = 5
"""Entries of each feed that the page shows."""

_LABELS = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}

_STYLE = """
:root { color-scheme: light dark; --text: #1c2126; --quiet: #57606a; --page: #f6f7f9; --card: #fff;
  --line: #d5dae0; --link: #0b57a4; --on-link: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6e9ec; --quiet: #a3adb8; --page: #14171a; --card: #1d2126; --line: #39414a;
    --link: #8ec2f7; --on-link: #10202f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); line-height: 1.55;
  font-family: system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: break-word; }
header, main, footer { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.5rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .75rem; }
h2 { font-size: 1.35rem; margin: 2.5rem 0 .75rem; }
h2::first-letter { text-transform: uppercase; }
h3 { font-size: 1.15rem; margin: 0; }
h4 { font-size: .9rem; color: var(--quiet); margin: 1.1rem 0 .25rem; font-weight: 600; }
a { color: var(--link); text-underline-offset: .15em; }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
nav ul, .formats { display: flex; flex-wrap: wrap; gap: .5rem; list-style: none; margin: 0; padding: 0; }
nav a { display: inline-block; padding: .3rem .8rem; border: 1px solid var(--line); border-radius: 2rem;
  text-decoration: none; background: var(--card); }
nav a::first-letter { text-transform: uppercase; }
.feeds { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); }
article { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1.25rem; }
article p { margin: .35rem 0 0; color: var(--quiet); }
.formats { margin-top: .9rem; align-items: center; }
.formats a { display: inline-block; padding: .35rem .9rem; border-radius: .35rem; text-decoration: none;
  background: var(--link); color: var(--on-link); font-weight: 600; }
.newest { margin: 0; padding: 0; list-style: none; }
.newest li { padding: .45rem 0; border-top: 1px solid var(--line); }
.newest li:first-child { border-top: 0; }
.site { margin: -.5rem 0 .75rem; color: var(--quiet); }
small { display: block; color: var(--quiet); font-size: .85rem; }
footer { margin-top: 3rem; padding-bottom: 3rem; color: var(--quiet); font-size: .9rem; }
footer > * { border-top: 1px solid var(--line); margin: 0; padding: 1rem 0; }
footer img { display: block; max-height: 4rem; max-width: 100%; margin-bottom: .5rem; }
""".strip()


def render_index(title: LocalText, feeds: Iterable[Feed]) -> bytes:
    """Return the landing page in UTF-8; equal feeds give equal bytes.

    ``title`` is the site's. ``feeds`` are those that anybody may read, in the order in which they are to be
    shown; each language has a section of its own, in that language. Addresses within the tree are relative,
    so that the page also works where it is looked at without a server.
    """
    cleaned = [clean_feed(feed) for feed in feeds]
    languages = list(dict.fromkeys(feed.language for feed in cleaned))
    main_language = languages[0] if languages else "en"
    heading = escape(clean_line(localized(title, main_language)))
    lines = [
        "<!DOCTYPE html>",
        f"<html {_language_attributes(main_language)}>",
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{heading}</title>",
        *_discovery(cleaned),
        f"<style>\n{_STYLE}\n</style>",
        "</head>",
        "<body>",
        "<header>",
        f"<h1>{heading}</h1>",
        *_navigation(languages),
        "</header>",
        "<main>",
    ]
    for language in languages:
        local_title = clean_line(localized(title, language))
        local_title = "" if escape(local_title) == heading else local_title
        lines += _section(language, local_title, [feed for feed in cleaned if feed.language == language])
    lines += ["</main>", "<footer>", *_footer(cleaned, main_language), "</footer>", "</body>", "</html>"]
    return ("\n".join(lines) + "\n").encode()


def _language_attributes(language: str) -> str:
    direction = "rtl" if is_right_to_left(language) else "ltr"
    return f'lang="{escape(language)}" dir="{direction}"'


def _path(feed: Feed, fmt: str) -> str:
    return escape(feed_path(feed.id, feed.language, fmt))


def _discovery(feeds: Iterable[Feed]) -> list[str]:
    """Return what lets a browser or reader find the feeds from the page's address (RSS autodiscovery)."""
    return [
        f'<link rel="alternate" type="{MEDIA_TYPES[fmt]}" hreflang="{escape(feed.language)}"'
        f' title="{escape(feed.title)} ({_LABELS[fmt]})" href="{_path(feed, fmt)}">'
        for feed in feeds
        for fmt in feed.formats
    ]


def _navigation(languages: Sequence[str]) -> list[str]:
    if len(languages) < 2:
        return []
    items = [
        f'<li><a href="#{escape(language)}" lang="{escape(language)}" hreflang="{escape(language)}">'
        f"{escape(language_name(language, language))}</a></li>"
        for language in languages
    ]
    return ["<nav>", "<ul>", *items, "</ul>", "</nav>"]


def _section(language: str, title: str, feeds: Iterable[Feed]) -> list[str]:
    """Return a language's part of the page; ``title`` is the site's, where it is another in it."""
    code = escape(language)
    lines = [
        f'<section id="{code}" aria-labelledby="{code}-name" {_language_attributes(language)}>',
        f'<h2 id="{code}-name">{escape(language_name(language, language))}</h2>',
    ]
    if title:
        lines.append(f'<p class="site">{escape(title)}</p>')
    lines.append('<div class="feeds">')
    for feed in feeds:
        lines += _card(feed)
    return [*lines, "</div>", "</section>"]


def _card(feed: Feed) -> list[str]:
    notice = notice_of(feed)
    lines = ["<article>", f"<h3>{escape(feed.title)}</h3>"]
    if feed.description:
        lines.append(f"<p>{escape(feed.description)}</p>")
    label = escape(f"{notice.subscribe}: {feed.title}")
    lines.append(f'<ul class="formats" aria-label="{label}">')
    lines += [
        f'<li><a type="{MEDIA_TYPES[fmt]}" href="{_path(feed, fmt)}">{_LABELS[fmt]}</a></li>'
        for fmt in feed.formats
    ]
    lines.append("</ul>")
    newest = [entry for entry in feed.entries if not entry.withdrawn][:NEWEST]
    if newest:
        lines += [f"<h4>{escape(notice.latest)}</h4>", '<ul class="newest">']
        lines += [_newest(entry) for entry in newest]
        lines.append("</ul>")
    return [*lines, "</article>"]


def _newest(entry: Entry) -> str:
    date = local_date(entry.published, entry.language)
    told = f'<time datetime="{entry.published.date().isoformat()}">{escape(date)}</time>{_mark(entry)}'
    return f'<li><a href="{escape(entry.url)}">{escape(headline(entry))}</a><small>{told}</small></li>'


def _mark(entry: Entry) -> str:
    """Return how a translation came about, as its feed says it."""
    notice = notice_of(entry)
    if entry.mark is Mark.MACHINE:
        return f" {escape(notice.mark)}"
    return f" {escape(notice.reviewed_mark)}" if entry.mark is Mark.REVIEWED else ""


def _footer(feeds: Sequence[Feed], language: str) -> list[str]:
    """Return the list of subscriptions, who translated, the funding and the contact."""
    lines = [f'<p><a type="text/x-opml" href="{OPML_PATH}">OPML</a></p>']
    engines = _engines(feeds)
    if engines:
        mark = escape(notice_for(language).mark.strip("[]"))
        names = ", ".join(
            f'<span id="{escape(translator_anchor(engine))}">{escape(engine)}</span>' for engine in engines
        )
        lines.append(f"<p>{mark}: {names}</p>")
    fundings = dict.fromkeys((feed.funding, feed.funding_image, feed.language) for feed in feeds)
    pictures: set[str] = set()
    for funding, image, in_language in fundings:
        if funding or image:
            picture = f'<img src="{escape(image)}" alt="">' if image and image not in pictures else ""
            lines.append(f'<p lang="{escape(in_language)}">{picture}{escape(funding)}</p>')
            pictures.add(image)
    contacts = dict.fromkeys(feed.contact for feed in feeds if feed.contact)
    lines += [f'<p><a href="mailto:{escape(mail)}">{escape(mail)}</a></p>' for mail in contacts]
    return lines


def _engines(feeds: Iterable[Feed]) -> list[str]:
    return sorted(
        {
            engine
            for feed in feeds
            for entry in feed.entries
            if entry.mark is Mark.MACHINE and not entry.withdrawn
            for engine in entry.engines
        }
    )
