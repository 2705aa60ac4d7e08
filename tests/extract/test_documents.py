# ruff: noqa: E501, ISC004 (markup and sentences read better unbroken)
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from syndicator.extract.documents import document_type
from syndicator.extract.events import find_events
from syndicator.extract.page import read_markup
from syndicator.model import Article, Attachment, SiteRules

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
TEXT = "Общинският съвет ще обсъди проекта за бюджет на открито заседание, на което е поканен всеки жител."


def read(markup: str) -> Article:
    page = f"<html><head></head><body><article><h1>Обсъждат бюджета на общината</h1><p>{TEXT}</p>{markup}</article></body></html>"
    return read_markup(page, "https://obshtina.example/n/1", SiteRules(), "bg", NOW, ZoneInfo("Europe/Sofia"))


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("https://a.example/b.PDF?x=1", "application/pdf"),
        ("https://a.example/b.odt", "application/vnd.oasis.opendocument.text"),
        ("https://a.example/b.xlsx#p2", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("https://a.example/b.pdf.html", ""),
        ("https://pdf.example/", ""),
        ("http://[", ""),
    ],
)
def test_addresses_of_documents(address, kind):
    assert document_type(address) == kind


def test_linked_documents_become_attachments_and_stay_links():
    article = read(
        '<p>Проектът е публикуван <a href="/f/proekt.pdf">тук</a>, а справката е '
        '<a href="/f/report.docx" hreflang="en">на английски</a>.</p>'
        "<p>Пак проектът: <a href='/f/proekt.pdf'>проект</a>. Предложения се приемат до края на месеца.</p>"
    )
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert article.attachments == (
        Attachment("https://obshtina.example/f/proekt.pdf", "proekt.pdf", "application/pdf", "bg"),
        Attachment("https://obshtina.example/f/report.docx", "на английски", word, "en"),
    )
    assert article.body.count("/f/proekt.pdf") == 2


@pytest.mark.parametrize(
    "box",
    [
        '<div class="itemAttachmentsBlock"><span>Прикачени файлове:</span><ul><li><a href="/f/zapoved.pdf">Заповед № 12</a></li>'
        '<li><a href="/f/obrazec.xls">Образец</a></li></ul></div>',
        '<div class="field field-name-field-files field-type-file"><div class="field-label">Файлове:</div>'
        '<a href="/f/zapoved.pdf">Заповед № 12</a><a href="/f/obrazec.xls">Образец</a></div>',
        '<p><a href="/f/zapoved.pdf">Заповед № 12</a></p><p><a href="/f/obrazec.xls">Образец</a></p>',
    ],
    ids=["k2", "drupal", "paragraphs"],
)
def test_boxes_of_files_below_the_text_are_kept(box):
    article = read(f"<p>Обсъждането е в зала „Тракия“ и ще се предава и по интернет.</p>{box}")
    assert [one.title for one in article.attachments] == ["Заповед № 12", "Образец"]
    assert article.body.count("<a ") == 2
    assert "Прикачени" not in article.body


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Концертът е на 12 април от 19 часа.", ["2026-04-12"]),
        ("Изложбата е отворена от 3 до 9 май.", ["2026-05-03", "2026-05-09"]),
        ("Празникът е на 5 и 6 юни 2026 г.", ["2026-06-05", "2026-06-06"]),
        ("Срокът е 31.03.2026 г., а резултатите излизат на 02.04.2026.", ["2026-03-31", "2026-04-02"]),
        ("Турнирът беше на 28 декември.", ["2025-12-28"]),
        ("Санстефанският договор е подписан на 3 март 1878 г.", []),
        ("Съобщението е от 20 март.", []),
        ("Версия 1.2.2026.3 и точка 12.13.2026", []),
        ("На 30 февруари няма нищо, на 31 ноември също.", []),
        ("В 18.30 и в 19:45 на 7 май.", ["2026-05-07"]),
        ("The fair takes place on 14 and 15 May 2026.", ["2026-05-14", "2026-05-15"]),
        ("До 12 маратонци стартираха.", []),
    ],
)
def test_days_that_a_text_names(text, days):
    assert find_events(text, date(2026, 3, 20)) == tuple(map(date.fromisoformat, days))


def test_event_dates_are_no_publication_date():
    article = read("<p>Обсъждането е на 2 април 2026 г. от 17 часа в зала „Тракия“ на общината.</p>")
    assert article.published is None
    assert article.events == (date(2026, 4, 2),)


@pytest.mark.parametrize(
    ("link", "language"),
    [
        ('<a href="/f/dogovor_en.pdf">Draft contract</a>', "en"),
        ('<a href="/f/7.pdf">Проект на договор (на английски език)</a>', "en"),
        ('<a href="/f/7.pdf">Bando (in Italian)</a>', "it"),
        ('<a href="/f/zapoved-bg.docx">Заповед</a>', "bg"),
        ('<a href="/f/anglia.pdf">Курс по английски</a>', "bg"),
    ],
)
def test_a_document_s_language_is_what_its_link_says(link: str, language: str) -> None:
    article = read(
        f"<p>Вторият абзац е дълъг колкото първия и разказва какво ще правят съветниците след заседанието.</p><p>{link}</p>"
    )
    assert [one.language for one in article.attachments] == [language]


def test_the_sign_of_a_file_s_type_is_no_picture() -> None:
    link = '<a href="/f/7.docx"><img src="/img/doc.gif" alt="">Заявление</a>'
    article = read(
        f"<p>Вторият абзац е дълъг колкото първия и разказва какво ще правят съветниците след заседанието.</p><p><img src='/img/pdf.png'> {link}</p>"
    )
    assert article.image is None
    assert "doc.gif" not in article.body
    assert [one.title for one in article.attachments] == ["Заявление"]
