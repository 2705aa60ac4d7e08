# ruff: noqa: E501, ISC004 (markup and sentences read better unbroken)
"""Whole articles in the manner of small sites: every part comes out, in order, once, and nothing else does."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import lxml.html
import pytest

from syndicator.extract.page import read_page
from syndicator.model import Article, FetchedDocument, SiteRules, Validators

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
SOFIA = ZoneInfo("Europe/Sofia")


@dataclass(frozen=True)
class Sample:
    """An article as its author wrote it: a title and blocks of HTML."""

    name: str
    title: str
    blocks: tuple[str, ...]


SAMPLES = (
    Sample(
        "plain",
        "Нов парк отваря врати в квартал „Железник“ през април",
        (
            "<p>Общината завърши строителството на парка в квартал „Железник“ и ще го открие на 12 април. "
            "Проектът струва 1,4 млн. лева и е финансиран по европейска програма.</p>",
            "<p>Площта е 18 декара, а по алеите са засадени <strong>320 дървета</strong> и храсти. Подробности за "
            'проекта има на <a href="/proekti/park">страницата на общината</a>, където е публикуван и планът.</p>',
            "<h2>Какво има в парка</h2>",
            "<ul><li>две детски площадки за различна възраст</li><li>велоалея с дължина 900 метра</li>"
            "<li>открита сцена за 200 зрители</li></ul>",
            '<figure><img src="/snimki/park-1.jpg" alt="Алея в новия парк" width="800" height="533">'
            "<figcaption>Главната алея води до сцената</figcaption></figure>",
            "<p>Кметът заяви, че <em>поддръжката е осигурена</em> за пет години напред, а охраната ще бъде денонощна.</p>",
            "<h2>Следващи стъпки</h2>",
            "<p>До края на годината предстои ремонт на съседните улици и нова автобусна спирка.</p>",
        ),
    ),
    Sample(
        "short ends",
        "Ученици от Казанлък спечелиха златото на олимпиадата по физика",
        (
            "<p>Голям успех за града.</p>",
            "<p>Трима ученици от Природо-математическата гимназия се върнаха със златни медали от международната "
            "олимпиада по физика, която се проведе в Букурещ от 3 до 9 март.</p>",
            "<p>В надпреварата участваха 190 състезатели от 42 държави. Българският отбор зае второто място.</p>",
            "<blockquote><p>Подготвяхме се всеки ден по четири часа и знаехме, че можем повече от всякога.</p></blockquote>",
            "<p>Това каза Мария Иванова, която получи и специална награда за най-добро експериментално решение.</p>",
            "<p>Наградите бяха връчени от ректора.</p>",
            '<p><a href="https://example.org/rezultati">Пълното класиране е публикувано на страницата на организаторите.</a></p>',
            "<p>Следващата олимпиада е в Рим.</p>",
        ),
    ),
    Sample(
        "list last",
        "Обявиха програмата за Празника на розата",
        (
            '<figure><img src="/upload/roza.jpg" alt="Берачки на рози в розова градина"><figcaption>Розобер край '
            "Казанлък</figcaption></figure>",
            "<p>Тазгодишният Празник на розата ще продължи три седмици и ще включи над 60 събития в целия регион, "
            "съобщиха организаторите.</p>",
            "<p>Сред гостите ще бъдат делегации от Япония, Франция и Турция. За първи път ще има и конкурс за млади "
            "парфюмеристи, а наградният фонд е 5000 евро.</p>",
            "<h3>Основни събития</h3>",
            "<p>Организаторите препоръчват билетите да се купят предварително:</p>",
            "<ul><li>24 май – ритуал „Розобер“ в Казанлък</li><li>31 май – изложба на <em>етерични масла</em></li>"
            "<li>7 юни – карнавално шествие</li></ul>",
        ),
    ),
    Sample(
        "table inside",
        "Безработицата в областта спада за трета поредна година",
        (
            "<p>Равнището на безработица в област Стара Загора е 3,9 на сто, сочат данните на Агенцията по заетостта.</p>",
            "<p>Най-висока е заетостта в общините с развита преработваща промишленост, докато планинските общини "
            "изостават. Данните са за края на февруари.</p>",
            "<table><thead><tr><th>Община</th><th>2024</th><th>2025</th></tr></thead><tbody>"
            "<tr><td>Стара Загора</td><td>2,8</td><td>2,5</td></tr><tr><td>Казанлък</td><td>4,1</td><td>3,8</td></tr>"
            "<tr><td>Гурково</td><td>11,2</td><td>10,6</td></tr></tbody></table>",
            "<p>Търсят се най-вече:</p>",
            "<ol><li>машинни оператори</li><li>шофьори на автобуси</li><li>медицински сестри</li></ol>",
            "<p>„Недостигът на кадри вече спира нови инвестиции“, коментира председателят на търговската камара "
            'Георги Петров пред <a href="https://radio.example/">местното радио</a>.</p>',
        ),
    ),
    Sample(
        "long with pictures",
        "Археолози откриха римска баня под центъра на града",
        (
            "<p>Археолози попаднаха на добре запазена <b>римска баня</b> по време на разкопки преди строежа на подземен "
            "паркинг в центъра на Стара Загора. Находката е датирана към II век.</p>",
            "<p>Открити са подово отопление, мозайка и три басейна.</p>",
            '<figure><img src="/images/banya-2.jpg" alt="Мозайката в централната зала"><figcaption>Мозайката е почти '
            "изцяло запазена</figcaption></figure>",
            "<p>Според ръководителя на разкопките проф. д-р Калин Стоянов сградата е била част от голям комплекс на "
            "площ от над 2000 кв. м. „Подобна баня в региона няма“, допълни той.</p>",
            "<h2>Историята на Августа Траяна</h2>",
            "<p>Градът е основан от император Траян и е бил сред най-големите в провинция Тракия. През 2022 г. беше "
            'открит и <a href="/arhiv/forum-2022">античният форум</a>, а през 2023 г. – част от крепостната стена.</p>',
            "<p>Разкопките продължават.</p>",
            '<figure><img src="/images/banya-3.jpg" alt="Част от отоплителната система"></figure>',
            "<p>Общината ще кандидатства за средства, с които находката да бъде консервирана и показана на посетители. "
            "Паркингът ще бъде преместен на 150 метра на север.</p>",
            "<p>Очаква се решението да бъде взето от Общинския съвет на следващата му сесия.</p>",
        ),
    ),
    Sample(
        "one sentence each",
        "Експерти обмениха опит по проект INNOGROW в Мантуа",
        (
            "<p>Представители на осем страни се срещнаха в Мантуа, за да обсъдят иновациите в селските райони.</p>",
            "<p>Домакин беше регион Ломбардия.</p>",
            "<p>Показани бяха пет добри практики от малки и средни предприятия.</p>",
            "<p>Една от тях е за биогаз от отпадъци в мандра.</p>",
            "<p>Българският екип представи производителите на малиново вино, които вече изнасят за четири държави.</p>",
            '<p>Проектът се финансира по програма <a href="https://interreg.example/">INTERREG EUROPE</a> и ще приключи '
            "през 2021 година.</p>",
            "<p>Следващата среща е през юни в Атина.</p>",
        ),
    ),
)

TEASERS = (
    (
        "Пожар избухна в склад край Раднево",
        "Огънят е овладян за два часа от три екипа, няма пострадали хора.",
    ),
    (
        "Берое загуби с 0:1 у дома",
        "Единственият гол падна в добавеното време след грешка на вратаря на заралии.",
    ),
    (
        "Затварят улица „Августа Траяна“ за ремонт",
        "Движението ще бъде пренасочено до 15 юли, съобщиха от общината.",
    ),
    (
        "Откриха изложба на млади художници",
        "Над 40 творби могат да бъдат видени в градската галерия до края на месеца.",
    ),
)
JUNK = (
    "Прочетена",
    "Сподел",
    "Отпечатай",
    "Още новини",
    "Свързани",
    "Последни новини",
    "Коментари",
    "бисквитки",
    "Copyright",
    "©",
    "Всички права",
    "Начало",
    "Тагове",
    "Етикети",
    "Предишна",
    "Следваща новина",
    "Снимка:",
    "Автор:",
    "Оценка",
    "гласа",
    "Реклама",
    "Powered",
    "Публикуван",
    "Прегледи",
    "Facebook",
    "Абонирай",
    "Пешо от селото",
    *(title for title, _ in TEASERS),
    *(text for _, text in TEASERS),
)

MENU = "".join(
    f'<li><a href="/{i}">{t}</a></li>'
    for i, t in enumerate(("Начало", "Новини", "Спорт", "Култура", "Контакти"))
)
RELATED_LIST = "".join(f'<li><a href="/n/{i}">{t}</a></li>' for i, (t, _) in enumerate(TEASERS))
RELATED_CARDS = "".join(
    f'<div class="card"><a href="/n/{i}"><img src="/t/{i}.jpg" alt=""></a><h4><a href="/n/{i}">{t}</a></h4><p>{x}</p></div>'
    for i, (t, x) in enumerate(TEASERS)
)
RELATED_PLAIN = "".join(f'<div><a href="/n/{i}">{t}</a><br>{x}</div>' for i, (t, x) in enumerate(TEASERS))
RELATED_PARAGRAPHS = "".join(
    f'<h4><a href="/n/{i}">{t}</a></h4><p>{x}</p>' for i, (t, x) in enumerate(TEASERS)
)
COMMENT = "Много се радвам за това, браво на всички, които са работили толкова време! Пешо от селото"
COOKIES = "Този сайт използва бисквитки, за да ви предложи по-добро преживяване. Научете повече <a href='/p'>тук</a>."


def semantic(title: str, body: str) -> str:
    return f"""<!DOCTYPE html><html lang="bg"><head><meta charset="utf-8"><title>{title} | Вести</title>
<meta property="og:title" content="{title}"><meta property="og:site_name" content="Вести">
<meta property="article:published_time" content="2026-03-12T09:30:00+02:00"></head><body>
<header class="site-header"><a href="/"><img src="/logo.png" alt="Вести"></a><nav><ul>{MENU}</ul></nav></header>
<div class="cookie-bar">{COOKIES}<button>Приемам</button></div>
<main><nav class="breadcrumbs"><a href="/">Начало</a> › <a href="/r">Регион</a></nav>
<article><header><h1>{title}</h1><p class="meta">12 март 2026, 09:30 | Автор: Иван Петров | Прочетена: 1234 пъти</p></header>
<div class="share"><a href="https://www.facebook.com/sharer">Сподели във Facebook</a> <a href="#">Отпечатай</a></div>
{body}<p class="credit">Снимка: Архив</p>
<footer><p>Тагове: <a rel="tag" href="/t/1">общини</a>, <a rel="tag" href="/t/2">проекти</a></p></footer></article>
<aside><h3>Свързани статии</h3>{RELATED_CARDS}</aside>
<section id="comments"><h3>Коментари (1)</h3><p>{COMMENT}</p></section></main>
<aside class="sidebar"><h3>Последни новини</h3><ul>{RELATED_LIST}</ul></aside>
<footer>Copyright © 2026 Вести. Всички права запазени. <a href="/k">Контакти</a></footer></body></html>"""


def wordpress(title: str, body: str) -> str:
    return f"""<!DOCTYPE html><html lang="bg-BG"><head><meta charset="utf-8"><title>{title} - Загора нюз</title>
<meta name="description" content="Новини от Стара Загора"><link rel="canonical" href="https://news.example/2026/03/statia/">
<script type="application/ld+json">{{"@context":"https://schema.org","@graph":[{{"@type":"NewsArticle","headline":"{title.replace('"', "")}",
"datePublished":"2026-03-12T07:30:00+00:00","author":{{"@type":"Person","name":"Мария Колева"}}}}]}}</script></head>
<body class="post-template-default single single-post has-sidebar"><div id="page" class="site"><header id="masthead"><div class="site-branding">
<p class="site-title"><a href="/">Загора нюз</a></p></div><div class="main-navigation"><ul id="primary-menu">{MENU}</ul></div></header>
<div id="content" class="site-content"><div id="primary" class="content-area"><main id="main">
<article id="post-55" class="post-55 post type-post status-publish has-post-thumbnail category-novini tag-region comments-open">
<header class="entry-header"><h1 class="entry-title">{title}</h1><div class="entry-meta"><span class="posted-on"><time class="entry-date published"
datetime="2026-03-12T09:30:00+02:00">12.03.2026</time></span> <span class="byline">от <a href="/a">Мария Колева</a></span></div></header>
<div class="entry-content">{body}
<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">Споделете това:</h3><ul><li><a href="#">Facebook</a></li><li><a href="#">Twitter</a></li></ul></div>
<div id="jp-relatedposts" class="jp-relatedposts"><h3>Свързани</h3>{RELATED_PARAGRAPHS}</div></div>
<footer class="entry-footer"><span class="cat-links">Публикувано в <a href="/c">Новини</a></span><span class="tags-links">Етикети <a rel="tag" href="/t">регион</a></span></footer></article>
<nav class="navigation post-navigation"><a rel="prev" href="/p">Предишна публикация: {TEASERS[0][0]}</a><a rel="next" href="/n">Следваща {TEASERS[1][0]}</a></nav>
<div id="comments" class="comments-area"><h2>Един коментар</h2><ol class="comment-list"><li class="comment"><p>{COMMENT}</p></li></ol>
<div id="respond"><h3>Вашият коментар</h3><form><textarea></textarea></form></div></div></main></div>
<aside id="secondary" class="widget-area"><section class="widget"><h2>Най-четени</h2>{RELATED_CARDS}</section></aside></div>
<footer id="colophon"><div class="site-info">© 2026 Загора нюз. Всички права запазени. Powered by WordPress</div></footer></div></body></html>"""


def joomla(title: str, body: str) -> str:
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>{title}</title></head><body>
<table width="1000" cellpadding="0"><tr><td colspan="3"><a href="/"><img src="/templates/logo.gif" width="300"></a></td></tr>
<tr><td width="180" valign="top" class="left"><table class="moduletable"><tr><th>Меню</th></tr><tr><td><ul>{MENU}</ul></td></tr></table>
<table class="moduletable"><tr><th>Най-четени</th></tr><tr><td>{RELATED_PLAIN}</td></tr></table></td>
<td valign="top"><span class="pathway"><a href="/">Начало</a> &raquo; Новини</span>
<table class="contentpaneopen"><tr><td class="contentheading" width="100%">{title}</td>
<td align="right" class="buttonheading"><a href="#"><img src="/images/printButton.png" alt="Печат"></a></td></tr></table>
<table class="contentpaneopen"><tr><td><span class="small">Написано от Иван Петров</span></td></tr>
<tr><td class="createdate">Четвъртък, 12 Март 2026 09:30</td></tr>
<tr><td>{body}<p>&nbsp;</p></td></tr>
<tr><td class="modifydate">Последна промяна ( Петък, 13 Март 2026 )</td></tr></table>
<div class="itemRatingBlock"><span>Оценка</span> 1 2 3 4 5 (0 гласа)</div>
<span class="itemHits">Прочетена <b>1234</b> пъти</span>
<table class="pagenav"><tr><td><a href="/1">&lt; Предишна</a></td><td><a href="/2">Следваща новина &gt;</a></td></tr></table></td>
<td width="200" valign="top"><h3>Последни новини</h3>{RELATED_PLAIN}</td></tr>
<tr><td colspan="3" align="center">Copyright &copy; 2026 Тракия днес. Всички права запазени.<br>Powered by Joomla!</td></tr></table></body></html>"""


def k2(title: str, body: str) -> str:
    first, rest = body.split("</p>", 1) if body.startswith("<p>") else ("<p>", "")
    intro = (
        f'<div class="itemIntroText">{first}</p></div><div class="itemFullText">{rest}</div>' if rest else ""
    )
    return f"""<html lang="bg-bg"><head><meta charset="utf-8"><title>{title}</title><meta property="og:title" content="{title}"></head><body>
<div id="topmenu"><ul>{MENU}</ul></div><div class="breadcrumbs">Вие сте тук: <a href="/">Начало</a> &gt; <a href="/n">Новини</a></div>
<div id="k2Container" class="itemView"><div class="itemHeader"><span class="itemDateCreated">Четвъртък, 12 Март 2026 09:30</span>
<h2 class="itemTitle">{title}</h2><span class="itemAuthor">Автор: <a href="/u">Иван Петров</a></span></div>
<div class="itemToolbar"><ul><li><span class="itemTextResizerTitle">размер на шрифта</span> <a href="#">намаляване на размера на шрифта</a></li>
<li><a href="#"><span>Печат</span></a></li><li><a href="#"><span>Е-мейл</span></a></li></ul></div>
<div class="itemRatingBlock"><span>Оценете</span><ul><li>1</li><li>2</li><li>3</li><li>4</li><li>5</li></ul><div>(3 гласа)</div></div>
<div class="itemBody">{intro or f'<div class="itemFullText">{body}</div>'}<div class="clr"></div></div>
<div class="itemContentFooter"><span class="itemHits">Прочетена <b>812</b> пъти</span></div>
<div class="itemSocialSharing"><a href="#">Tweet</a></div><div class="itemLinks"><div class="itemCategory"><span>Публикувана в</span> <a href="/n">Новини</a></div>
<div class="itemTagsBlock"><span>Етикети</span><ul><li><a href="/t">регион</a></li></ul></div></div>
<div class="itemRelated"><h3>Свързани статии (по етикет)</h3><ul>{RELATED_LIST}</ul></div>
<div class="itemNavigation"><span>Още в тази категория:</span><a class="itemPrevious" href="/1">« {TEASERS[0][0]}</a><a class="itemNext" href="/2">{TEASERS[1][0]} »</a></div>
<div class="itemBackToTop"><a href="#">обратно нагоре</a></div><div class="itemComments">{COMMENT}</div></div>
<div id="right"><h3>Най-нови</h3>{RELATED_CARDS}</div><div id="footer">© 2026 К2 сайт. Всички права запазени.</div></body></html>"""


def div_soup(title: str, body: str) -> str:
    body = body.replace("<p>", "<div>").replace("</p>", "</div>")
    return f"""<html><head><meta charset="utf-8"><title>{title} :: Долина нюз</title></head><body><div id="a"><div class="x1"><div><a href="/">Долина нюз</a></div>
<div><a href="/1">Начало</a> <a href="/2">Новини</a> <a href="/3">Спорт</a></div></div><div class="x2"><div class="x3">
<div class="x4"><h1>{title}</h1></div><div class="x5">12.03.2026 09:30</div><div class="x6">Прегледи: 331</div>
<div class="x7">{body}</div><div class="x8">Снимка: Личен архив</div><div class="x9"><a href="#">Сподели</a> | <a href="#">Отпечатай</a> | <a href="#">Изпрати на приятел</a></div>
<div class="x10"><b>Още новини:</b></div>{RELATED_PLAIN}</div><div class="x11"><div><b>Последни новини</b></div>{RELATED_CARDS}</div></div>
<div class="x12">Copyright © 2026 Долина нюз. Всички права запазени. Препечатването на материали е разрешено само с посочване на източника.</div></div></body></html>"""


def flat_soup(title: str, body: str) -> str:
    """Everything as siblings in one division."""
    return f"""<html><head><meta charset="utf-8"><title>{title}</title></head><body><div id="wrap"><div id="menu"><ul>{MENU}</ul></div>
<h1>{title}</h1><p>Публикувана на 12 март 2026 г. | Автор: Иван Петров</p><p>Прочетена: 1234 пъти</p>
{body}<p>Снимка: Булфото</p><p><a href="#">Сподели във Facebook</a> <a href="#">Tweet</a></p><p>Тагове: <a href="/1">регион</a>, <a href="/2">община</a></p>
<h3>Свързани статии</h3>{RELATED_PARAGRAPHS}<h3>Коментари</h3><p>{COMMENT}</p><p>Copyright © 2026 Хасково инфо. Всички права запазени.</p></div></body></html>"""


def breaks(title: str, body: str) -> str:
    body = (
        body.replace("<p>", "")
        .replace("</p>", "<br><br>\n")
        .replace("<h2>", "<b>")
        .replace("</h2>", "</b><br><br>")
    )
    body = body.replace("<h3>", "<b>").replace("</h3>", "</b><br><br>")
    return f"""<html><head><meta http-equiv="content-type" content="text/html; charset=windows-1251"><title>{title}</title></head><body bgcolor="#ffffff">
<center><a href="/"><img src="logo.jpg" border="0"></a></center><table width="100%"><tr><td width="150"><a href="/1">Начало</a><br><a href="/2">Новини</a><br><a href="/3">Контакти</a></td>
<td><font size="4"><b>{title}</b></font><br><font size="1">12.03.2026 г. 09:30 ч. | Прочетена: 55 пъти</font><br><br><font face="Arial">{body}</font>
Снимка: Иван Петров<br>Отпечатай | Изпрати на приятел<br><hr><b>Още новини</b><br>{RELATED_PLAIN}</td></tr></table>
<center>© 2026 Вестник „Нива“. Всички права запазени.</center></body></html>"""


def builder(title: str, body: str) -> str:
    """A page builder that puts every block in wrappers of its own."""
    blocks = lxml.html.fragments_fromstring(body)
    wrapped = "".join(
        f'<div class="elementor-element elementor-widget elementor-widget-text-editor"><div class="elementor-widget-container">'
        f"{lxml.html.tostring(block, encoding='unicode')}</div></div>"
        for block in blocks
    )
    return f"""<!DOCTYPE html><html lang="bg"><head><meta charset="utf-8"><title>{title} – Региони</title><meta property="og:title" content="{title} – Региони">
<meta property="og:site_name" content="Региони"></head><body><div data-elementor-type="header" class="elementor-location-header"><ul>{MENU}</ul></div>
<div data-elementor-type="single-post" class="elementor elementor-location-single"><section class="elementor-section"><div class="elementor-container">
<div class="elementor-column"><div class="elementor-widget-wrap"><div class="elementor-widget elementor-widget-heading"><h1 class="elementor-heading-title">{title}</h1></div>
<div class="elementor-widget elementor-widget-post-info"><ul><li><span>12 март 2026</span></li><li><span>Иван Петров</span></li></ul></div>
{wrapped}<div class="elementor-widget elementor-widget-share-buttons"><div><span>Facebook</span></div></div>
<div class="elementor-widget elementor-widget-post-navigation"><a href="/1"><span>Предишна</span>{TEASERS[2][0]}</a><a href="/2"><span>Следваща</span>{TEASERS[3][0]}</a></div></div></div>
<div class="elementor-column"><div class="elementor-widget-wrap"><div class="elementor-widget elementor-widget-heading"><h2>Още от региона</h2></div><div class="elementor-widget elementor-widget-posts">{RELATED_CARDS}</div></div></div></div></section></div>
<div data-elementor-type="footer" class="elementor-location-footer"><p>© Региони 2026. Всички права запазени.</p></div></body></html>"""


def inline_boxes(title: str, body: str) -> str:
    """Boxes with other articles and advertisements stand inside the text."""
    parts = body.split("</p>", 2)
    box = f'<div class="inline-box"><b>Още по темата:</b> <a href="/n/1">{TEASERS[0][0]}</a></div>'
    read = f'<p><strong>Прочетете още: <a href="/n/2">{TEASERS[1][0]}</a></strong></p>'
    ad = '<div class="code-block"><div>Реклама</div></div>'
    body = "</p>".join(parts[:1]) + "</p>" + read + parts[1] + "</p>" + box + ad + parts[2]
    return f"""<!DOCTYPE html><html lang="bg"><head><meta charset="utf-8"><title>{title} - Днес</title></head><body>
<div class="top"><div class="container"><a class="brand" href="/">Днес</a><ul>{MENU}</ul></div></div><div class="container"><div class="row"><div class="col-md-8">
<h1>{title}</h1><div class="info"><span>12 март 2026 | 09:30</span><span>Коментари: 3</span></div><div class="news-text">{body}
<p><em>Последвайте ни във <a href="#">Facebook</a>, за да научавате новините първи.</em></p></div>
<div class="rate">Оценка: <b>4.5</b> от 12 гласа</div><div class="nn"><a href="/1">« {TEASERS[2][0]}</a> <a href="/2">{TEASERS[3][0]} »</a></div>
<div class="box"><h4>Подобни публикации</h4><div class="row">{RELATED_CARDS}</div></div><div class="box"><h4>3 коментара</h4><div class="c"><p>{COMMENT}</p></div></div></div>
<div class="col-md-4"><div class="box"><h4>Най-четени днес</h4>{RELATED_CARDS}</div></div></div></div><div class="bottom"><p>© 2026 „Днес“ ООД. Всички права запазени.</p><p>Уеб дизайн: Студио</p></div></body></html>"""


TEMPLATES = {
    f.__name__: f
    for f in (semantic, wordpress, joomla, k2, div_soup, flat_soup, breaks, builder, inline_boxes)
}


def read(markup: str, encoding: str) -> Article:
    document = FetchedDocument(
        url="https://news.example/2026/statia",
        final_url="https://news.example/2026/statia",
        status=200,
        body=markup.encode(encoding, "xmlcharrefreplace"),
        content_type="text/html",
        validators=Validators("", ""),
        fetched_at=NOW,
    )
    return read_page(document, SiteRules(), "bg", NOW, SOFIA)


def squeezed(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def texts_of(markup: str) -> list[str]:
    root = lxml.html.fragment_fromstring(markup, create_parent="div")
    return [
        squeezed(e) for e in root.iter("p", "h2", "h3", "li", "figcaption", "td", "th", "b") if squeezed(e)
    ]


def article_texts(sample: Sample) -> list[str]:
    root = lxml.html.fragment_fromstring("".join(sample.blocks), create_parent="div")
    return [squeezed(e) for e in root.iter("p", "h2", "h3", "li", "figcaption", "td", "th") if squeezed(e)]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_an_article_comes_out_of_a_template_whole_and_alone(sample: Sample, template: str) -> None:
    encoding = "windows-1251" if template == "breaks" else "utf-8"
    article = read(TEMPLATES[template](sample.title, "".join(sample.blocks)), encoding)

    assert article.title == sample.title
    for junk in JUNK:
        assert junk not in article.body
    found = texts_of(article.body)
    wanted = article_texts(sample)
    assert [text for text in found if text in wanted] == wanted or template == "breaks"
    assert [text for text in wanted if text not in found] == []
    letters = "".join("".join(wanted).split())
    assert len("".join(squeezed(lxml.html.fromstring(article.body)).split())) == len(letters)

    source = lxml.html.fragment_fromstring("".join(sample.blocks), create_parent="div")
    body = lxml.html.fragment_fromstring(article.body, create_parent="div")
    for tag in ("a", "img", "ul", "ol", "table", "blockquote", "em"):
        assert len(body.findall(f".//{tag}")) == len(source.findall(f".//{tag}")), tag
    assert [i.get("alt") for i in body.iter("img")] == [i.get("alt") for i in source.iter("img")]
    assert article.published is not None
    assert article.published.astimezone(SOFIA).date().isoformat() == "2026-03-12"
    assert "запазени" in article.rights
