# ruff: noqa: E501 (markup and sentences read better unbroken)
from datetime import UTC, datetime
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest

from syndicator.errors import NoArticleError, ParseError
from syndicator.extract.letters import read_letter
from syndicator.model import Article
from syndicator.text.html import plain_text

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
FIRST = "Регионалният музей в Стара Загора открива изложба за античния театър на 2 април в 18 часа."
SECOND = "Ще бъдат показани над сто находки от последните разкопки, повечето от тях за първи път."
SUBJECT = "Изложба за античния театър открива музеят"


def read(data: bytes | EmailMessage) -> Article:
    raw = data if isinstance(data, bytes) else data.as_bytes()
    return read_letter(raw, "pismo.eml", "bg", NOW, ZoneInfo("Europe/Sofia"))


def letter(text: str, subject: str = SUBJECT, html: str = "") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Мария Петрова <m.petrova@muzei.example>"
    message["To"] = "news@example.eu"
    message["Subject"] = subject
    message["Date"] = "Thu, 19 Mar 2026 10:15:00 +0200"
    message["X-Secret"] = "таен ред"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def test_a_press_release():
    article = read(
        letter(f"Здравейте,\n\n{FIRST}\n\n{SECOND}\n\nС уважение,\nМария Петрова\nтел. 0888 123 456\n")
    )
    assert article.title == SUBJECT
    assert plain_text(article.body) == f"{FIRST}\n{SECOND}"
    assert article.published == datetime(2026, 3, 19, 8, 15, tzinfo=UTC)
    assert article.authors == ()


@pytest.mark.parametrize(
    "line",
    [
        "Изпращам ви съобщение за медиите.",
        "Приложено Ви изпращаме прессъобщение за днешното събитие:",
        "Пращам информация за сайта",
    ],
)
def test_a_line_that_only_says_that_a_text_follows(line):
    article = read(letter(f"Уважаеми колеги,\n\n{line}\n\n{FIRST}\n\n{SECOND}\n"))
    assert plain_text(article.body) == f"{FIRST}\n{SECOND}"


def test_the_html_part_has_the_links_and_quotes_are_left_out():
    html = (
        f'<div>Здравейте,</div><p>{FIRST} <a href="https://muzei.example/p.pdf">Програма</a></p><p>{SECOND}</p>'
        '<div class="gmail_signature">Мария Петрова</div>'
        '<div class="gmail_quote">На 18.03 Иван написа:<blockquote>Пратете ни новината.</blockquote></div>'
    )
    article = read(letter("само текст", html=html))
    assert 'href="https://muzei.example/p.pdf"' in article.body
    assert [one.title for one in article.attachments] == ["Програма"]
    assert all(word not in article.body for word in ("Мария", "Иван", "Пратете", "Здравейте"))


@pytest.mark.parametrize(
    "quote",
    [
        "На 18 март 2026 г. Иван Иванов <i@example.bg> написа:\n> Пратете ни новината.\n",
        "On Wed, Mar 18, 2026 at 9:00 AM Ivan <i@example.bg> wrote:\n> Пратете ни новината.\n",
        "-----Original Message-----\nFrom: Иван\nSent: Monday\nTo: Мария\nSubject: Новина\n\nПратете ни новината.\n",
        "________\nОт: Иван <i@example.bg>\nИзпратено: сряда\nДо: Мария\nОтносно: Новина\n\nПратете ни новината.\n",
        "-- \nМария Петрова, връзки с обществеността\nПратете ни новината.\n",
        "Sent from my iPhone\n\nПратете ни новината.\n",
        "Това съобщение е поверително и е предназначено само за получателя. Пратете ни новината.\n",
        "> Пратете ни новината.\n",
    ],
)
def test_quoted_letters_signatures_and_small_print_are_never_published(quote):
    article = read(letter(f"{FIRST}\n\n{SECOND}\n\n{quote}", subject=f"Re: {SUBJECT}"))
    assert article.title == SUBJECT
    assert plain_text(article.body) == f"{FIRST}\n{SECOND}"


@pytest.mark.parametrize("html", [False, True])
def test_of_a_letter_that_was_passed_on_the_inner_one_is_the_article(html):
    inner = f"Изпращам ви я.\n\n---------- Forwarded message ---------\nОт: Музей <m@muzei.example>\nДата: чт, 19.03.2026\nОтносно: {SUBJECT}\nДо: Иван <i@example.bg>\n\n{FIRST}\n\n{SECOND}\n"
    markup = "".join(f"<p>{line}</p>" for line in inner.split("\n")) if html else ""
    article = read(letter(inner, subject="Fwd: новина за сайта", html=markup))
    assert article.title == SUBJECT
    assert plain_text(article.body) == f"{FIRST}\n{SECOND}"


def test_attached_files_and_letters_are_not_read():
    message = letter(f"{FIRST}\n\n{SECOND}")
    message.add_attachment("Тайна бележка за вътрешно ползване.", filename="belezhka.txt")
    message.add_attachment(letter("Друго писмо, което не е за никого навън."))
    assert plain_text(read(message).body) == f"{FIRST}\n{SECOND}"


@pytest.mark.parametrize("declared", ["windows-1251", "utf-8", "us-ascii", ""])
def test_letters_of_old_programs(declared):
    kind = f"Content-Type: text/plain; charset={declared}\r\n" if declared else ""
    raw = f"Subject: {SUBJECT}\r\nFrom: m@muzei.example\r\n{kind}Content-Transfer-Encoding: 8bit\r\n\r\n{FIRST}\r\n\r\n{SECOND}\r\n"
    article = read(raw.encode("cp1251"))
    assert plain_text(article.body) == f"{FIRST}\n{SECOND}"
    assert article.title == SUBJECT


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", ParseError),
        (b"\x00\x01\x02", ParseError),
        (b"Subject: x\r\nContent-Type: image/png\r\n\r\nabc", NoArticleError),
        (b"Subject: =?utf-8?b?!!!?=\r\n\r\nKratko.", NoArticleError),
        (b"Subject: x\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n", NoArticleError),
    ],
)
def test_what_is_no_article_says_so(data, error):
    with pytest.raises(error, match=r"pismo\.eml"):
        read(data)


def test_parts_nested_without_end():
    body = b"Subject: x\r\n"
    for number in range(3000):
        body += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (number, number)
    with pytest.raises((NoArticleError, ParseError)):
        read(body)
