"""Feed documents that carry the made articles: RSS 2.0, Atom, RSS 1.0 (RDF) and JSON Feed."""

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

import page_noise as noise
from corpus_articles import MadeArticle
from page_templates import feed_html


@dataclass(frozen=True, slots=True)
class Item:
    """One article as a feed lists it."""

    article: MadeArticle
    url: str
    published: datetime
    author: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed: its own address, its home page and its items, the newest first."""

    url: str
    home: str
    items: Sequence[Item]
    charset: str = "utf-8"


def text(value: str) -> str:
    return html.escape(value)


def prolog(charset: str) -> str:
    return f'<?xml version="1.0" encoding="{charset}"?>\n'


def rss_full(channel: Channel) -> str:
    """WordPress: whole articles in content:encoded, with the plug-ins' leavings; a teaser in description."""

    def content(item: Item) -> str:
        first_seen = noise.FIRST_SEEN.format(
            title=f'<a href="{text(item.url)}">{text(item.article.title)}</a>',
            site=f'<a href="{channel.home}">{noise.SITE_NAME}</a>',
        )
        share = "".join(
            f'<li><a href="https://spodeli.example/{n}">{t}</a></li>' for n, t in enumerate(noise.SHARE)
        )
        return (
            feed_html(item.article, "wordpress")
            + f'\n<div class="sharedaddy"><h3 class="sd-title">{noise.SHARE_LABEL}</h3><ul>{share}</ul></div>'
            + f"\n<p>{first_seen}</p>"
        )

    items = "\n".join(
        f"""<item><title>{text(item.article.title)}</title><link>{text(item.url)}</link>
<dc:creator><![CDATA[{item.author}]]></dc:creator><pubDate>{format_datetime(item.published)}</pubDate>
<category><![CDATA[{noise.TAGS[0]}]]></category><guid isPermaLink="false">{channel.home}?p={item.article.number}</guid>
<description><![CDATA[{item.article.lead}]]></description>
<content:encoded><![CDATA[{content(item)}]]></content:encoded></item>"""
        for item in channel.items
    )
    return rss(channel, items)


def rss_summary(channel: Channel) -> str:
    """The first sentence only, as plain text."""
    items = "\n".join(
        f"<item><title>{text(item.article.title)}</title><link>{text(item.url)}</link><guid>{text(item.url)}</guid>"
        f"<pubDate>{format_datetime(item.published)}</pubDate>"
        f"<description>{text(item.article.lead)}</description></item>"
        for item in channel.items
    )
    return rss(channel, items)


def rss_teaser(channel: Channel) -> str:
    """The first sentence as escaped HTML, with the system's "read all" link behind it."""
    items = "\n".join(
        f"<item><title>{text(item.article.title)}</title><link>{text(item.url)}</link><guid>{text(item.url)}</guid>"
        f"<author>redakcia@vesti.example ({item.author})</author><pubDate>{format_datetime(item.published)}</pubDate><description>"
        + text(
            f'<p>{text(item.article.lead)}</p><a class="readon" href="{text(item.url)}">{noise.READ_ALL}...</a>'
        )
        + "</description></item>"
        for item in channel.items
    )
    return rss(channel, items)


def rss(channel: Channel, items: str) -> str:
    return f"""{prolog(channel.charset)}<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>{noise.SITE_NAME}</title><link>{channel.home}</link><description>{noise.NEWSLETTER}</description>
<language>bg</language><atom:link href="{channel.url}" rel="self" type="application/rss+xml"/>
{items}
</channel></rss>
"""


def atom(channel: Channel) -> str:
    """Whole articles, in turn as escaped HTML and as XHTML; addresses in them are relative to the site."""

    def content(item: Item) -> str:
        body = feed_html(item.article, "plain")
        if item.article.number % 2:
            return f'<content type="html">{text(body)}</content>'
        xhtml = body.replace('height="360">', 'height="360"/>')
        return f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{xhtml}</div></content>'

    entries = "\n".join(
        f"""<entry><id>tag:vesti.example,2025:{item.article.number}</id><title type="html">{text(text(item.article.title))}</title>
<link rel="alternate" type="text/html" href="{text(item.url)}"/><link rel="replies" href="{text(item.url)}#comments"/>
<author><name>{item.author}</name></author><category term="{noise.TAGS[1]}"/>
<published>{item.published.isoformat()}</published><updated>{item.published.isoformat()}</updated>
{content(item)}</entry>"""
        for item in channel.items
    )
    newest = max(item.published for item in channel.items).isoformat()
    return f"""{prolog(channel.charset)}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="bg" xml:base="{channel.home}">
<id>{channel.url}</id><title>{noise.SITE_NAME}</title><updated>{newest}</updated>
<link rel="self" href="{channel.url}"/><link rel="alternate" href="{channel.home}"/>
{entries}
</feed>
"""


def rdf(channel: Channel) -> str:
    """RSS 1.0: titles and first sentences; the pages have to be fetched."""
    listed = "".join(f'<rdf:li rdf:resource="{text(item.url)}"/>' for item in channel.items)
    items = "\n".join(
        f"""<item rdf:about="{text(item.url)}"><title>{text(item.article.title)}</title><link>{text(item.url)}</link>
<description>{text(item.article.lead)}</description><dc:date>{item.published.isoformat()}</dc:date></item>"""
        for item in channel.items
    )
    return f"""{prolog(channel.charset)}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="{channel.url}"><title>{noise.SITE_NAME}</title><link>{channel.home}</link>
<description>{noise.NEWSLETTER}</description><items><rdf:Seq>{listed}</rdf:Seq></items></channel>
{items}
</rdf:RDF>
"""


def json_feed(channel: Channel) -> str:
    """JSON Feed 1.1 with whole articles."""
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": noise.SITE_NAME,
            "home_page_url": channel.home,
            "feed_url": channel.url,
            "language": "bg",
            "items": [
                {
                    "id": item.url,
                    "url": item.url,
                    "title": item.article.title,
                    "content_html": feed_html(item.article, "plain"),
                    "date_published": item.published.isoformat(),
                    "authors": [{"name": item.author}],
                    "tags": [noise.TAGS[0]],
                }
                for item in channel.items
            ],
        },
        ensure_ascii=False,
        indent=1,
    )
