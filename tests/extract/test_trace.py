# ruff: noqa: E501 (markup and sentences read better unbroken)
"""What is left out of an article, and by which rule."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from syndicator.extract.page import read_markup
from syndicator.model import Dropped, SiteRules

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
PAGE = """<html><body><nav class="mainmenu"><a href="/">Начало</a> <a href="/sport">Спортни новини</a></nav>
<article><h1>Нова библиотека отваря врати в Раднево</h1><div class="meta">12.03.2026 | Прочетена: 77 пъти</div>
<div class="hint">Прочетете първо правилата на сайта.</div>
<p>Новата библиотека в Раднево отваря врати след ремонт, за който общината отдели 300 хиляди лева.</p>
<p>Снимка: Иван Петров</p>
<p>Читателите ще намерят над двадесет хиляди тома и просторна зала с места за четиридесет души.</p>
<p>Прочетена: 1234 пъти</p>
<h3>Още новини</h3><ul><li><a href="/1">Затварят моста край село Трояново за месец</a></li>
<li><a href="/2">Ученици садиха дървета в парка на града</a></li></ul></article></body></html>"""


def read(rules: SiteRules) -> list[Dropped]:
    dropped: list[Dropped] = []
    read_markup(PAGE, "https://a.example/1", rules, "bg", NOW, ZoneInfo("Europe/Sofia"), dropped)
    return dropped


def test_each_dropped_text_is_named_with_its_rule():
    rules = {one.text: one.rule for one in read(SiteRules(remove=(".hint",)))}
    assert rules["Прочетете първо правилата на сайта."] == "site rule: .hint"
    assert rules["Снимка: Иван Петров"] == "line: photo credit"
    assert rules["Прочетена: 1234 пъти"] == "line: counter"
    assert rules["12.03.2026 | Прочетена: 77 пъти"] == "details beside the title"
    assert (
        rules["Затварят моста край село Трояново за месец"]
        == "under a label such as related news or comments"
    )
    assert rules["Начало Спортни новини"] == "beside the article by its own name"


def test_the_article_itself_is_not_among_it():
    texts = " ".join(one.text for one in read(SiteRules()))
    assert "просторна зала" not in texts
    assert "300 хиляди" not in texts
