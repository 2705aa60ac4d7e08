"""Pages of small Bulgarian sites, with the noise that usually surrounds an article.

Each template is a function from a :class:`Page` to HTML text. The site encodes it; characters that a charset
lacks become references there.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import page_noise as noise
from corpus_articles import Block, Line, MadeArticle


@dataclass(frozen=True, slots=True)
class Page:
    """What a template shows."""

    article: MadeArticle
    url: str
    home: str
    published: datetime
    author: str
    charset: str = "utf-8"

    def absolute(self, path: str) -> str:
        """The address of something on the page's own site."""
        return self.home.split("/", 3)[0] + "//" + self.home.split("/", 3)[2] + path

    @property
    def date_line(self) -> str:
        moment = self.published
        return noise.DATE_LINE.format(
            day=moment.day, month=moment.month, year=moment.year, hour=moment.hour, minute=moment.minute
        )

    @property
    def updated_line(self) -> str:
        return noise.UPDATED_LINE.format(
            day=self.published.day, month=self.published.month, year=self.published.year
        )

    @property
    def views(self) -> str:
        return noise.VIEWS.format(count=self.article.view_counter)


NAMED = {"„": "&bdquo;", "“": "&ldquo;", "”": "&rdquo;", "«": "&laquo;", "»": "&raquo;", "–": "&ndash;"}
NUMBERED = {"„": "&#8222;", "“": "&#8220;", "”": "&#8221;", "–": "&#8211;", "…": "&#8230;", "’": "&#8217;"}


def literal(text: str) -> str:
    """Only what HTML demands."""
    return html.escape(text, quote=False)


def named(text: str) -> str:
    """Quotes and dashes as an old editor writes them."""
    return "".join(NAMED.get(ch, ch) for ch in html.escape(text))


def numbered(text: str) -> str:
    """Quotes and dashes as WordPress writes them."""
    return "".join(NUMBERED.get(ch, ch) for ch in html.escape(text, quote=False))


def unbreakable(text: str) -> str:
    """A no-break space after every number, as word processors paste it."""
    return re.sub(r"(?<=\d) ", "&nbsp;", named(text))


@dataclass(frozen=True, slots=True)
class Markup:
    """How one kind of site writes the pieces of a body."""

    escape: Callable[[str], str] = literal
    strong: str = "strong"
    em: str = "em"
    head: str = "<h2>{}</h2>"
    paragraph: str = "<p>{}</p>"
    between: str = " "  # between two sentences of a paragraph
    item: str = "<li>{}</li>"
    quote: str = "<blockquote><p>{}</p></blockquote>"
    figure: str = '<figure><img src="{src}" alt="{alt}" width="640" height="360"><figcaption>{caption}</figcaption></figure>'
    table: str = "<table><tbody>{}</tbody></table>"
    row: str = "<tr>{}</tr>"
    cell: str = "<td>{}</td>"


def line_html(line: Line, markup: Markup) -> str:
    if line.span is None:
        return markup.escape(line.text)
    span = line.span
    tag = {"strong": markup.strong, "em": markup.em}.get(span.tag, span.tag)
    href = f' href="{span.href}"' if span.href else ""
    before, words, after = line.text[: span.start], line.text[span.start : span.end], line.text[span.end :]
    return f"{markup.escape(before)}<{tag}{href}>{markup.escape(words)}</{tag}>{markup.escape(after)}"


def block_html(block: Block, markup: Markup) -> str:
    texts = [line_html(line, markup) for line in block.lines]
    joined = markup.between.join(texts)
    match block.tag:
        case "p":
            return markup.paragraph.format(joined)
        case "h2":
            return markup.head.format(joined)
        case "blockquote":
            return markup.quote.format(joined)
        case "figure":
            alt = html.escape(block.lines[0].text)
            return markup.figure.format(src=block.src, alt=alt, caption=texts[-1])
        case "table":
            cells = [markup.cell.format(text) for text in texts]
            rows = [markup.row.format("".join(cells[at : at + 2])) for at in range(0, len(cells), 2)]
            return markup.table.format("\n".join(rows))
        case _:
            return f"<{block.tag}>\n" + "\n".join(map(markup.item.format, texts)) + f"\n</{block.tag}>"


def body_html(article: MadeArticle, markup: Markup, glue: str = "", between: str = "\n") -> str:
    """The whole body; ``glue`` is stuck to the first word of the first paragraph."""
    pieces = []
    for block in article.blocks:
        piece = block_html(block, markup)
        if glue and block.tag == "p":
            first = line_html(block.lines[0], markup)
            piece, glue = piece.replace(first, glue + first, 1), ""
        pieces.append(piece)
    return between.join(pieces)


def links(texts: list[str], path: str, wrap: str = "<li>{}</li>") -> str:
    return "\n".join(wrap.format(f'<a href="{path}{at}">{text}</a>') for at, text in enumerate(texts))


def share_links(wrap: str = "{}") -> str:
    return " ".join(
        wrap.format(f'<a href="https://spodeli.example/{at}" class="share-{at}">{text}</a>')
        for at, text in enumerate(noise.SHARE)
    )


def related_cards(card: str) -> str:
    return "\n".join(
        card.format(href=f"/oshte/{at}", head=head, teaser=teaser)
        for at, (head, teaser) in enumerate(noise.RELATED)
    )


def comment_items(item: str) -> str:
    return "\n".join(item.format(name=name, text=text) for name, text in noise.COMMENTS)


def head_meta(page: Page) -> str:
    """OpenGraph and a canonical link, as SEO plug-ins write them."""
    title = html.escape(page.article.title)
    image = "".join(
        f'<meta property="og:image" content="{page.absolute(src)}">' for src in page.article.pictures
    )
    return (
        f'<link rel="canonical" href="{html.escape(page.url)}"><meta property="og:type" content="article">'
        f'<meta property="og:title" content="{title}"><meta property="og:site_name" content="{noise.SITE_NAME}">'
        f'{image}<meta property="article:published_time" content="{page.published.isoformat()}">'
    )


def semantic(page: Page) -> str:
    """A modern page: header, nav, main, article, aside, footer; its source is wrapped like an editor's file."""
    markup = Markup(between="\n      ", paragraph="<p>\n      {}\n    </p>")
    title = html.escape(page.article.title, quote=False)
    return f"""<!DOCTYPE html>
<html lang="bg">
<head>
  <meta charset="{page.charset}">
  <title>{title} | {noise.SITE_NAME}</title>
  {head_meta(page)}
</head>
<body>
  <div id="cookie-bar" role="dialog">{noise.COOKIES}</div>
  <header><a href="/">{noise.SITE_NAME}</a><nav><ul>{links(noise.MENU, "/menu/")}</ul></nav></header>
  <nav aria-label="breadcrumb"><ol>{links(noise.BREADCRUMBS, "/archive/")}</ol></nav>
  <main>
  <article>
    <header>
      <h1>{title}</h1>
      <p class="meta"><time datetime="{page.published.isoformat()}">{page.date_line}</time>
        <span class="byline">{noise.BYLINE.format(author=page.author)}</span>
        <span class="views">{noise.VIEWS_SHORT.format(count=page.article.view_counter)}</span></p>
    </header>
    {body_html(page.article, markup)}
    <p class="photo-credit">{noise.PHOTO_CREDIT}</p>
    <footer><p>{noise.TAGS_LABEL}: {links(noise.MENU[1:4], "/tag/", "{}")}</p>
      <div class="share">{share_links()}</div></footer>
  </article>
  <section class="related"><h3>{noise.RELATED_HEAD}</h3>
    {related_cards('<article><h4><a href="{href}">{head}</a></h4><p>{teaser}</p></article>')}
  </section>
  <section id="comments"><h3>{noise.COMMENTS_HEAD}</h3>
    {comment_items('<article class="comment"><b>{name}</b><p>{text}</p></article>')}
    <p>{noise.COMMENT_FORM}</p></section>
  </main>
  <aside><h3>{noise.SIDEBAR_HEAD}</h3><ul>{links(noise.SIDEBAR, "/naj/")}</ul></aside>
  <footer><p>{noise.COPYRIGHT}</p><p>{noise.POWERED}</p><p>{noise.REUSE}</p></footer>
</body>
</html>
"""


def wordpress(page: Page) -> str:
    """A WordPress theme: entry-content with plug-in boxes inside it, quotes as numeric references."""
    markup = Markup(
        escape=numbered,
        quote='<blockquote class="wp-block-quote"><p>{}</p></blockquote>',
        figure='<figure class="wp-block-image"><img loading="lazy" src="{src}" alt="{alt}" width="640" height="360"'
        ' class="wp-image-1"/><figcaption class="wp-element-caption">{caption}</figcaption></figure>',
        table='<figure class="wp-block-table"><table><tbody>{}</tbody></table></figure>',
        head='<h2 class="wp-block-heading">{}</h2>',
    )
    title = numbered(page.article.title)
    return f"""<!DOCTYPE html>
<html lang="bg-BG"><head><meta charset="UTF-8"><title>{title} &#8211; {noise.SITE_NAME}</title>{head_meta(page)}
<style>.sharedaddy{{display:block}}</style><script>var analytics = "Брояч на посещенията";</script></head>
<body class="post-template-default single single-post">
<div id="page" class="site"><header id="masthead"><p class="site-title"><a href="/">{noise.SITE_NAME}</a></p>
<nav class="main-navigation"><ul class="menu">{links(noise.MENU, "/menu/", '<li class="menu-item">{}</li>')}</ul></nav></header>
<div class="breadcrumbs">{links(noise.BREADCRUMBS, "/archive/", "<span>{}</span> &raquo;")}</div>
<div id="content" class="site-content"><main id="main" class="site-main">
<article id="post-{page.article.number}" class="post type-post hentry">
<header class="entry-header"><h1 class="entry-title">{title}</h1>
<div class="entry-meta"><span class="posted-on">{page.date_line}</span> <span class="author vcard">{page.author}</span></div></header>
<div class="entry-content">
<div class="post-views content-post post-views-entry"><span class="post-views-label">{noise.VIEWS_SHORT.format(count="")}</span>
<span class="post-views-count">{page.article.view_counter}</span></div>
{body_html(page.article, markup)}
<div class="code-block ad">{noise.AD}</div>
<p><em>{noise.PHOTO_CREDIT}</em></p>
<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">{noise.SHARE_LABEL}</h3><ul>{share_links("<li>{}</li>")}</ul></div>
<div id="jp-relatedposts" class="jp-relatedposts"><h3>{noise.RELATED_HEAD}</h3>
{related_cards('<div class="jp-relatedposts-post"><h4><a href="{href}">{head}</a></h4><p>{teaser}</p></div>')}</div>
</div>
<footer class="entry-footer"><span class="tags-links">{noise.TAGS_LABEL}: {links(noise.MENU[1:4], "/tag/", "{}")}</span></footer>
</article>
<nav class="navigation post-navigation"><h2 class="screen-reader-text">Навигация на публикациите</h2>
<a href="/prev" rel="prev">{noise.PREVIOUS}</a><a href="/next" rel="next">{noise.NEXT}</a></nav>
<div id="comments" class="comments-area"><h2 class="comments-title">{noise.COMMENTS_HEAD}</h2><ol class="comment-list">
{comment_items('<li class="comment"><cite>{name}</cite><div class="comment-content"><p>{text}</p></div></li>')}</ol>
<p class="comment-notes">{noise.COMMENT_FORM}</p></div>
</main></div>
<aside id="secondary" class="widget-area"><section class="widget"><h2>{noise.SIDEBAR_HEAD}</h2><ul>{links(noise.SIDEBAR, "/naj/")}</ul></section>
<section class="widget">{noise.NEWSLETTER}</section></aside>
<footer id="colophon"><div class="site-info">{noise.COPYRIGHT} | {noise.POWERED}</div></footer></div>
<div id="cookie-notice">{noise.COOKIES}</div>
<noscript><img height="1" width="1" style="display:none" src="https://broyach.example/tr?id=1" alt=""/></noscript>
</body></html>
"""


def joomla(page: Page) -> str:
    """Joomla 1.5: layout tables, print icons, a hit counter glued to the first word, no-break spaces."""
    markup = Markup(
        escape=unbreakable,
        strong="b",
        paragraph='<p style="text-align: justify;">{}</p>',
        quote='<blockquote style="margin: 0 40px;">{}</blockquote>',
        figure='<div class="img_caption left" style="width: 640px;"><img src="{src}" alt="{alt}" width="640" height="360"'
        ' border="0" /><p class="img_caption">{caption}</p></div>',
        table='<table border="1" cellpadding="4"><tbody>{}</tbody></table>',
    )
    title = named(page.article.title)
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="bg-bg" lang="bg-bg"><head>
<meta http-equiv="content-type" content="text/html; charset={page.charset}" />
<title>{title}</title><meta name="generator" content="Joomla! 1.5 - Open Source Content Management" /></head>
<body><table width="100%" cellspacing="0" cellpadding="0" class="layout"><tr><td colspan="3" class="header">
<table><tr><td><a href="/"><img src="/templates/logo.gif" alt="{noise.SITE_NAME}" /></a></td><td>{links(noise.MENU, "/menu/", "{} |")}</td></tr></table>
</td></tr><tr><td class="left" valign="top" width="20%">
<div class="moduletable"><h3>{noise.SIDEBAR_HEAD}</h3><ul class="latestnews">{links(noise.SIDEBAR, "/naj/")}</ul></div></td>
<td class="main" valign="top"><span class="breadcrumbs pathway">{links(noise.BREADCRUMBS, "/archive/", "{} &gt;")}</span>
<table class="contentpaneopen"><tr><td class="contentheading" width="100%">{title}</td>
<td align="right" class="buttonheading"><a href="/print"><img src="/images/M_images/printButton.png" alt="Принтирай" /></a></td></tr></table>
<table class="contentpaneopen"><tr><td valign="top"><span class="small">{noise.BYLINE.format(author=page.author)}</span></td></tr>
<tr><td valign="top" class="createdate">{page.date_line}</td></tr>
<tr><td valign="top">
{body_html(page.article, markup, glue=page.article.view_counter)}
<p style="text-align: right;"><em>{noise.PHOTO_CREDIT}</em></p>
</td></tr><tr><td class="modifydate">{page.updated_line}</td></tr></table>
<div class="itemHits">{page.views}</div>
<div class="jc-share">{noise.SHARE_LABEL}<br />{share_links()}</div>
<table class="blog"><tr><td><h4>{noise.RELATED_HEAD}</h4></td></tr>
{related_cards('<tr><td><a href="{href}">{head}</a><br />{teaser}</td></tr>')}</table>
<table class="pagenav"><tr><th class="pagenav_prev"><a href="/prev">{noise.PREVIOUS}</a></th><th class="pagenav_next"><a href="/next">{noise.NEXT}</a></th></tr></table>
<div id="jc"><h4>{noise.COMMENTS_HEAD}</h4>{comment_items('<div class="comment-box"><span>{name}</span><div>{text}</div></div>')}
<p>{noise.COMMENT_FORM}</p></div>
</td><td class="right" valign="top" width="20%"><div class="banner">{noise.AD}</div>{noise.NEWSLETTER}</td></tr>
<tr><td colspan="3" class="footer" align="center">{noise.COPYRIGHT}<br />{noise.POWERED}<br />{noise.REUSE}</td></tr></table>
</body></html>
"""


def div_soup(page: Page) -> str:
    """Nothing but divs with meaningless classes; the meta charset is a lie that the header corrects."""
    markup = Markup(
        paragraph='<div class="t2">{}</div>',
        head='<div class="t3"><h3>{}</h3></div>',
        strong="b",
        em="i",
        quote='<div class="t7"><blockquote>{}</blockquote></div>',
        figure='<div class="i1"><img src="{src}" alt="{alt}" width="640" height="360"><div class="i2">{caption}</div></div>',
        table='<div class="t9"><table><tr><td colspan="2"></td></tr>{}</table></div>',
    )
    title = html.escape(page.article.title, quote=False)
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1251">
<title>{noise.SITE_NAME} - {title}</title>{head_meta(page)}</head><body>
<div class="w"><div class="a1"><div class="a2"><a href="/">{noise.SITE_NAME}</a></div><div class="a3">{links(noise.MENU, "/menu/", "<div>{}</div>")}</div></div>
<div class="b"><div class="b1"><div class="c0">{links(noise.BREADCRUMBS, "/archive/", "{} / ")}</div>
<div class="c1"><h1>{title}</h1></div>
<div class="c2">{page.date_line}</div><div class="c3">{page.views}</div>
<div class="c4"><div class="c5">
{body_html(page.article, markup)}
<div class="t2">{noise.PHOTO_CREDIT}</div>
</div></div>
<div class="c6">{share_links('<div class="c7">{}</div>')}</div>
<div class="c8"><div>{noise.RELATED_HEAD}</div>{related_cards('<div class="n"><div><a href="{href}">{head}</a></div><div class="t2">{teaser}</div></div>')}</div>
<div class="c9">{noise.TAGS_LABEL}: {links(noise.MENU[1:4], "/tag/", "{},")}</div>
<div class="d1"><div>{noise.COMMENTS_HEAD}</div>{comment_items('<div class="d2"><div>{name}</div><div class="t2">{text}</div></div>')}<div>{noise.COMMENT_FORM}</div></div>
</div><div class="b2"><div>{noise.SIDEBAR_HEAD}</div>{links(noise.SIDEBAR, "/naj/", "<div>{}</div>")}<div>{noise.AD}</div></div></div>
<div class="z">{noise.COPYRIGHT}</div><div class="z">{noise.POWERED}</div><div class="ck">{noise.COOKIES}</div></div></body></html>
"""


def line_breaks(page: Page) -> str:
    """Paragraphs parted by ``<br><br>``, with the counter in a span right before the first word."""
    markup = Markup(
        escape=named,
        paragraph="{}<br><br>",
        head="<h3>{}</h3>",
        strong="b",
        em="i",
        item="<li>{}",
        quote="<blockquote>{}</blockquote>",
        figure='<img src="{src}" alt="{alt}" width="640" height="360"><br>\n<small>{caption}</small><br><br>',
        table='<table border="1">{}</table>',
    )
    title = named(page.article.title)
    counter = f'<span class="hits">{page.article.view_counter}</span>'
    return f"""<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<html><head><meta http-equiv="Content-Type" content="text/html; charset={page.charset}"><title>{title} :: {noise.SITE_NAME}</title></head>
<body><div id="top"><a href="/">{noise.SITE_NAME}</a> {links(noise.MENU, "/menu/", "{} |")}</div>
<div id="left"><b>{noise.SIDEBAR_HEAD}</b><br>{links(noise.SIDEBAR, "/naj/", "{}<br>")}</div>
<div id="center"><h1>{title}</h1>
<div class="info">{page.date_line} {noise.BYLINE.format(author=page.author)}</div>
<div class="text">
{body_html(page.article, markup, glue=counter)}
{noise.PHOTO_CREDIT}<br><br>
</div>
<div class="social">{share_links()}</div>
<div class="comments"><b>{noise.COMMENTS_HEAD}</b><br>{comment_items("<b>{name}</b>: {text}<br><br>")}{noise.COMMENT_FORM}</div>
<div class="more"><b>{noise.RELATED_HEAD}</b><br>{related_cards('<a href="{href}">{head}</a><br>{teaser}<br><br>')}</div>
</div><div id="bottom">{noise.COPYRIGHT}<br>{noise.REUSE}<br>{noise.POWERED}</div></body></html>
"""


def old_tables(page: Page) -> str:
    """A site of the year 2002: nested tables, font tags, upper case, unclosed paragraphs, windows-1251."""
    markup = Markup(
        escape=named,
        paragraph="<P ALIGN=justify>{}",
        head="<H3><FONT COLOR=#990000>{}</FONT></H3>",
        strong="B",
        em="I",
        item="<LI>{}",
        quote="<BLOCKQUOTE>{}</BLOCKQUOTE>",
        figure='<P ALIGN=center><IMG SRC="{src}" ALT="{alt}" WIDTH=640 HEIGHT=360 BORDER=0><BR><FONT SIZE=1>{caption}</FONT>',
        table="<TABLE BORDER=1 CELLPADDING=3>{}</TABLE>",
        row="<TR>{}",
        cell="<TD>{}",
    )
    title = named(page.article.title)
    return f"""<HTML><HEAD><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset={page.charset}">
<TITLE>{noise.SITE_NAME}: {title}</TITLE></HEAD>
<BODY BGCOLOR=#FFFFFF><CENTER><TABLE WIDTH=760 BORDER=0><TR><TD COLSPAN=3><FONT SIZE=5><A HREF="/">{noise.SITE_NAME}</A></FONT></TD></TR>
<TR><TD WIDTH=140 VALIGN=top><TABLE>{links(noise.MENU, "/menu/", "<TR><TD><FONT SIZE=1>{}</FONT></TD></TR>")}</TABLE></TD>
<TD VALIGN=top><TABLE WIDTH=100%><TR><TD><FONT FACE=Verdana SIZE=4><B>{title}</B></FONT></TD></TR>
<TR><TD><FONT SIZE=1>{page.date_line} &nbsp; {page.views}</FONT></TD></TR>
<TR><TD><FONT FACE=Verdana SIZE=2>
{body_html(page.article, markup)}
<P ALIGN=right><I>{noise.PHOTO_CREDIT}</I>
</FONT></TD></TR>
<TR><TD><FONT SIZE=1>{share_links()}</FONT></TD></TR>
<TR><TD><TABLE><TR><TD><B>{noise.RELATED_HEAD}</B></TD></TR>{related_cards('<TR><TD><A HREF="{href}">{head}</A><BR><FONT SIZE=1>{teaser}</FONT></TD></TR>')}</TABLE></TD></TR>
<TR><TD><FONT SIZE=1>{noise.PREVIOUS} &nbsp; {noise.NEXT} &nbsp; {noise.TOP}</FONT></TD></TR></TABLE></TD>
<TD WIDTH=160 VALIGN=top><TABLE><TR><TD><B>{noise.SIDEBAR_HEAD}</B></TD></TR>{links(noise.SIDEBAR, "/naj/", "<TR><TD><FONT SIZE=1>{}</FONT></TD></TR>")}</TABLE></TD></TR>
<TR><TD COLSPAN=3 ALIGN=center><FONT SIZE=1>{noise.COPYRIGHT}<BR>{noise.REUSE}<BR>{noise.POWERED}</FONT></TD></TR></TABLE></CENTER></BODY></HTML>
"""


Template = Callable[[Page], str]
TEMPLATES: dict[str, Template] = {
    "semantic": semantic,
    "wordpress": wordpress,
    "joomla": joomla,
    "div_soup": div_soup,
    "line_breaks": line_breaks,
    "old_tables": old_tables,
}


def text_file(article: MadeArticle, copied_from_page: bool) -> str:
    """A text file: the title, then paragraphs; copied from a page, with what came along from it."""
    paragraphs = [" ".join(line.text for line in block.lines) for block in article.blocks]
    if not copied_from_page:
        return "\n\n".join([article.title, *paragraphs]) + "\n"
    glued = article.view_counter + paragraphs[0]
    before = f"{article.title}\n\nTRAKIYSKI-VESTI.EXAMPLE\n*\n"
    after = f"\n#\n\n{noise.SHARE_LABEL}\n\n\necho\n{noise.COPYRIGHT}\n{noise.POWERED}\n"
    return before + "\n\n".join([glued, *paragraphs[1:]]) + after


def feed_html(article: MadeArticle, style: str) -> str:
    """A whole body as a feed carries it, in the manner of the system that writes it."""
    markup = Markup(escape=numbered) if style == "wordpress" else Markup()
    return body_html(article, markup)
