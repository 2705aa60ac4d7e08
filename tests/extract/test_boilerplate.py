# ruff: noqa: E501 (markup and sentences read better unbroken)
"""Both ways: lines that are no part of an article fall under their rule, sentences fall under none."""

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.extract.boilerplate import (
    RULES,
    Line,
    is_comments_label,
    is_section_label,
    judge,
    judge_whole,
)
from syndicator.extract.cleaning import clean_blocks
from syndicator.text.paragraphs import rebuild

JUNK = {
    "counter": (
        "Прочетена: 1234 пъти",
        "Прочетена 1 234 пъти",
        "Прочетено 55 пъти",
        "Видяна: 12",
        "Прегледи: 331",
        "1204 преглеждания",
        "Тази статия е прочетена 77 пъти.",
        "Посещения - 99",
        "Hits: 1052",
        "Post Views: 1,234",
        "Преглеждания: 2.1k",
        "321 гледания",
        "Общо прочитания: 420",
        "(321 прочитания)",
    ),
    "share": (
        "Сподели във Facebook",
        "Споделете",
        "Сподели: Facebook Twitter Viber",
        "Отпечатай",
        "Сподели | Отпечатай | Изпрати на приятел",
        "бутони за споделяне",
        "Tweet",
        "Изпрати на приятел",
        "Сподели в социалните мрежи",
        "Click to share on Facebook (Opens in new window)",
        "Натиснете, за да споделите във Facebook",
        "Хареса ли ви статията? Споделете я!",
        "Like this: Like Loading...",
        "Е-мейл",
    ),
    "submitted by": (
        "Подадено от Админ на Пон, 11/23/2026 - 16:31",
        "Публикувано от Мария Колева на 12.03.2026 г., 10:30 ч.",
        "Submitted by admin on Fri, 20/03/2026 - 09:00",
    ),
    "signs only": ("*", "#", "***", "– – –", "|"),
    "lonely number": ("76737868", "1"),
    "echo": ("echo",),
    "breadcrumb": ("Начало » Новини » Регион", "Вие сте тук: Начало / Новини", "Начало › Култура"),
    "tags": ("Тагове: община, бюджет", "Етикети: регион", "Ключови думи: проект", "Тагове"),
    "category": ("Рубрика: Общество", "Категория: Новини", "Публикувана в Новини"),
    "font size": (
        "размер на шрифта намаляване на размера на шрифта увеличаване на размера на шрифта",
        "A+ A-",
    ),
    "rating": (
        "Оценка: 4.5 от 12 гласа",
        "(0 гласа)",
        "1 2 3 4 5 (3 гласа)",
        "Рейтинг: ★★★★☆",
        "Оценете статията: 1 2 3",
        "User Rating: 5 / 5",
        "Средна оценка: 4.8 / 5. Брой гласове: 12",
        "Гласувайте: + 12 - 3",
    ),
    "comment count": ("Коментари: 0", "3 коментара", "Добави коментар", "Бъдете първият, който ще коментира"),
    "read on": (
        "Прочетете още: Пожар край Раднево",
        "Вижте още",
        "ОЩЕ ПО ТЕМАТА:",
        "Прочети цялата статия »",
    ),
    "previous or next": ("« Предишна", "Следваща »", "Предишна новина: Пожар", "Назад", "Обратно в Новини"),
    "advertisement": ("Реклама", "- Реклама -", "ADVERTISEMENT", "Платена публикация"),
    "follow us": (
        "Последвайте ни във Facebook и Instagram",
        "Абонирайте се за нашия бюлетин",
        "Последвайте ни",
        "Последвайте „Загоре нюз“ във Facebook",
        "Получавайте най-важните новини всяка сутрин на имейла си.",
        "Subscribe to our newsletter",
        "Станете приятел на сайта ни във Facebook, за да не пропускате новини.",
    ),
    "hashtags": ("#община #ремонт",),
    "our other news": ("Още новини от Стара Загора четете на vesti.example",),
    "support us": ("Подкрепете независимата журналистика с дарение.",),
    "place and date": ("Стара Загора, 12.03.2026 г.", "Загоре нюз, 12 март 2026"),
    "write to us": (
        "Имате новина? Пишете ни на news@example.bg",
        "Ако статията ви е харесала, подкрепете ни.",
    ),
    "maker of the site": ("Изработка: Студио", "Уеб дизайн от Студио"),
    "powered by": ("Powered by уеб дизайн", "Proudly powered by WordPress"),
    "publisher's details": ("Собственик и издател: Перо ООД", "Главен редактор: Иван Иванов"),
    "cookie notice": ("Този сайт използва бисквитки, за да ви предложи по-добро преживяване.",),
    "consent button": ("Приемам", "Разбрах", "Политика за поверителност"),
    "menu": ("Начало Новини Спорт Контакти", "Вход | Регистрация"),
    "reading time": ("Време за четене: 3 мин.", "2 минути четене"),
    "copyright": (
        "Copyright © 2024 Стара Загора днес. Всички права запазени.",
        "© Тракия днес",
        "Всички права запазени",
    ),
    "reuse notice": (
        "Препечатването на материали от сайта е разрешено само с посочване на източника.",
        "При използване на материала позоваването на сайта е задължително.",
    ),
    "photo credit": (
        "Снимка: БТА",
        "Снимки: Иван Петров",
        "Фото: Личен архив",
        "(Снимка: авторът)",
        "Снимка Булфото",
    ),
    "video credit": ("Видео: БНТ",),
    "author line": (
        "Автор: редакцията",
        "Автор: Иван Петров",
        "Текст и снимки: Мария Колева",
        "Написана от Иван Петров",
    ),
    "author after from": ("от Иван Петров",),
    "date line": (
        "12.03.2026 09:30",
        "12 март 2026 г.",
        "Четвъртък, 12 Март 2026",
        "Публикувано на 3 февруари 2026 г. в 14:20 ч.",
    ),
    "source line": ("Източник: БТА", "Източник: Община Стара Загора"),
    "first appeared": (
        "The post Бюджет 2026 appeared first on Маришки вести.",
        "Публикацията Пожар край Раднево се появи първо в Тракия днес.",
    ),
    "bare site name": ("STZAGORA.NET", "www.example.bg", "TRAKIA-DNES.EXAMPLE"),
    "arrowed link": ("Пожар край Раднево →",),
}

SENTENCES = (
    "Сподели, че е щастлив от победата.",
    "Сподели опит и кметът на Казанлък.",
    "Прочетена беше и молитва за мир.",
    "Книгата е прочетена 120 пъти в библиотеката на училището, каза директорката.",
    "Снимката е от 1923 година и е намерена на тавана.",
    "Снимки на изчезналите села ще бъдат показани в музея.",
    "Авторът получи наградата лично.",
    "Автор на проекта е архитект Петров.",
    "Източникът на замърсяването още не е открит.",
    "Източник на финансиране са европейските фондове.",
    "Коментарите му бяха остри.",
    "Начало на ремонта се дава в понеделник.",
    "Оценката на комисията е отличен.",
    "Гласуваха 120 души, от които 14 против.",
    "Рекламата е забранена в училищата.",
    "Отпечатани са 500 броя от книгата.",
    "Печатът на епохата личи навсякъде.",
    "На 12 март 2026 г. започва ремонтът.",
    "Ремонтът започна в 09:30 ч. на 12.03.2026 г. и ще продължи месец.",
    "Всички права на пациентите са защитени.",
    "Следващата среща е в Рим.",
    "Следваща спирка е Пловдив.",
    "Предишната година беше по-добра.",
    "Вижте какво каза кметът за проекта и за сроковете.",
    "Още две улици ще бъдат ремонтирани.",
    "Тагове не се поставят на дивите животни.",
    "Категорията на хотела е свалена.",
    "Абонирайте се навреме за пенсионерските карти, съветват от дружеството.",
    "Имате право на обжалване в 14-дневен срок.",
    "Създаден е нов парк.",
    "Последвайте съвета на лекарите, призова министърът.",
    "Получавайте пенсията си навреме, съветват от НОИ.",
    "Прочетена 120 пъти, книгата се разпада.",
    "Гласували са 1204 души до 11 часа.",
    "Контактите му с полицията са спорадични.",
    "От Иван Петров няма вест.",
    "Статията е публикувана в списание „Природа“ и предизвика спорове.",
    "Още новини за ремонта ще има след сесията, каза кметът.",
    "Всички новини са добри.",
    "Стара Загора, 12 000 души и един площад.",
    "Бисквитки по бабина рецепта приготвиха децата от детската градина.",
    "Този път бисквитите бяха вкусни.",
    "Facebook обяви нови правила за реклама.",
    "Голям успех за града.",
    "Приемам предложението на съвета, каза кметът.",
    "Прегледите са безплатни и ще продължат до петък.",
    "Използването на пиротехника в центъра е забранено.",
    "Дизайнът на площада е дело на местно студио.",
    "Контакти с болния са имали 12 души.",
    "За записване: тел. 042 123 456",
    "Тел Авив отмени полетите.",
    "Благодаря ви!",
    "24 май – ритуал „Розобер“ в Казанлък",
    "Домакин беше регион Ломбардия.",
)


@pytest.mark.parametrize(("name", "line"), [(name, line) for name, lines in JUNK.items() for line in lines])
def test_junk_falls_under_its_rule(name: str, line: str) -> None:
    rule = judge(Line(line, is_head=True, is_tail=True, is_link=name == "arrowed link"))
    assert rule is not None
    assert rule.name == name


def test_every_rule_has_lines() -> None:
    assert set(JUNK) == {rule.name for rule in RULES}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_real_sentence_falls_under_none(sentence: str) -> None:
    assert judge_whole(Line(sentence, is_head=True, is_tail=True)) is None
    assert not is_section_label(sentence)


@pytest.mark.parametrize("word", ["за", "си", "ви", "email", "шрифта", "увеличава", "шрифта+"])
def test_a_row_of_words_that_can_be_read_in_two_ways_is_refused_at_once(word: str) -> None:
    row = f"{word} " * (105 // (len(word) + 1))  # read in each way, it would take longer than anybody waits
    assert judge(Line(f"{row}print Q")) is None


@given(
    st.lists(
        st.sampled_from("кметът обяви нов проект за ремонт на улици и сгради в града през март".split()),
        min_size=12,
        max_size=30,
    )
)
@settings(max_examples=150, deadline=None)
def test_sentences_of_plain_words_stay(words: list[str]) -> None:
    sentence = " ".join(words).capitalize() + "."
    assert judge_whole(Line(sentence, is_head=True, is_tail=True)) is None


@pytest.mark.parametrize(
    "label",
    [
        "Още новини",
        "Свързани статии",
        "ОЩЕ ПО ТЕМАТА:",
        "Последни новини",
        "Най-четени",
        "Коментари (3)",
        "2 коментара",
        "Вижте още",
        "Препоръчани",
        "Други новини",
        "Подобни публикации",
        "Може да ви хареса",
        "Вашият коментар",
    ],
)
def test_labels_of_other_parts_are_known(label: str) -> None:
    assert is_section_label(label)


@pytest.mark.parametrize(
    "label", ["Какво има в парка", "Следващи стъпки", "Програма", "Новини за проекта", "История"]
)
def test_headings_of_articles_are_no_labels(label: str) -> None:
    assert not is_section_label(label)


def test_comments_are_told_from_related_news() -> None:
    assert is_comments_label("Коментари (2)")
    assert not is_comments_label("Още новини")


def cleaned(markup: str) -> tuple[str, object]:
    tree = rebuild(lxml.html.document_fromstring(f"<body>{markup}</body>"))
    blocks, gleanings = clean_blocks(list(tree))
    return "".join(lxml.html.tostring(block, encoding="unicode") for block in blocks), gleanings


LONG = "Общинският съвет прие бюджета за новата година с 14 гласа „за“ и три „въздържал се“."
MORE = "Най-много средства отиват за образование и за ремонт на пътищата, съобщи кметът."


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        (f"<p>76737868584456{LONG}</p>", f"<p>{LONG}</p>"),
        (f"<p><b>7673786</b><i>{LONG}</i></p>", f"<p><b/><i>{LONG}</i></p>"),
        (f"<p>Прочетена: 12 пъти{LONG}</p>", f"<p>{LONG}</p>"),
        (f"<p>2026 година започна. {LONG}</p>", f"<p>2026 година започна. {LONG}</p>"),
        (f"<p>{LONG} Сподели във Facebook</p>", f"<p>{LONG}</p>"),
        (f"<p>{LONG} <em>Снимка: БТА</em></p>", f"<p>{LONG} </p>"),
        (f"<p>{LONG}<br>Прочетена: 12 пъти<br>{MORE}</p>", f"<p>{LONG}<br>{MORE}</p>"),
        (f"<p>{LONG}</p><h2>Галерия</h2>", f"<p>{LONG}</p>"),
        (f"<hr><p>{LONG}</p><hr>", f"<p>{LONG}</p>"),
        (
            f"<p>12.03.2026</p><p>{LONG}</p><p>12 март 2026 г.</p><p>{MORE}</p>",
            f"<p>{LONG}</p><p>12 март 2026 г.</p><p>{MORE}</p>",
        ),
        (f"<p>{LONG}</p><ul><li>Facebook</li><li>Twitter</li></ul>", f"<p>{LONG}</p>"),
        (
            f"<p>{LONG}</p><ul><li>първо</li><li>второ</li></ul>",
            f"<p>{LONG}</p><ul><li>първо</li><li>второ</li></ul>",
        ),
        (f"<p>Кратко.</p><p>{LONG}</p><p>Край.</p>", f"<p>Кратко.</p><p>{LONG}</p><p>Край.</p>"),
        ("<p>Голям успех.</p>", "<p>Голям успех.</p>"),
        ("", ""),
    ],
)
def test_blocks_are_cleaned(markup: str, wanted: str) -> None:
    def plain(text: str) -> str:
        return text.replace("<b></b>", "").replace("<b/>", "").replace(" </p>", "</p>")

    assert plain(cleaned(markup)[0]) == plain(wanted)


def test_what_dropped_lines_say_is_kept() -> None:
    _, found = cleaned(
        f"<p>Автор: Иван Петров | 12.03.2026</p><p>{LONG}</p><p>Снимки: Мария Колева</p><p>© 2026 Вести. Всички права запазени.</p>"
    )
    assert found.authors == ["Иван Петров"]
    assert found.dates == ["12.03.2026"]
    assert found.credits == ["Мария Колева"]
    assert found.rights == ["© 2026 Вести. Всички права запазени."]
