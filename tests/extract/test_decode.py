import codecs
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.extract.decode import decode

TEXTS = [
    "Общинският съвет прие бюджета за 2024 година. Най-много средства отиват за улици и училища.",
    "Розите цъфтят по-рано от обичайното, казват стопани от Казанлъшко. Брането започва през май.",
    "„Дните на виното“ събраха над 3000 гости – повече от миналата година. Входът беше свободен.",
    "МВР задържа двама души след проверка. ПОЛИЦИЯТА ПРЕДУПРЕЖДАВА ЗА НОВА ТЕЛЕФОННА ИЗМАМА.",
    "Експерти от Агенцията за регионално икономическо развитие посетиха Мантуа по проект INNOGROW.",
    "В неделя затварят моста край с. Змейово. Движението се пренасочва по стария път до 18:30 ч.",
    "Ученици от ПГЕ „Джон Атанасов“ спечелиха първо място. Журито оцени робот, който сади домати.",
    "Цената на хляба ще се повиши с 5 %, очакват производители. Брашното поскъпна заради сушата.",
    "Изложба «Багри от Тракия» се открива днес в галерията. Авторът ще разкаже за платната си.",
    "Жителите на ул. „Цар Симеон“ № 12 чакат ремонт от три години. Кметът обеща отговор до петък.",
]

MORE = "Пътят през прохода е отворен за леки коли. Камионите минават по обходен маршрут през Гурково."
HTML = '<!DOCTYPE html>\r\n<html><head>{meta}</head>\r\n<body class="x"><p>{text}</p></body></html>'
DECLARES = '<meta http-equiv="Content-Type" content="text/html; charset={}">'


def page(text, encoding, declared="", header="", mark=b""):
    meta = DECLARES.format(declared) if declared else ""
    body = mark + HTML.format(meta=meta, text=text).encode(encoding)
    return body, f"text/html; charset={header}" if header else "text/html", "html"


def xml(text, encoding, declared, header=""):
    body = f'<?xml version="1.0" encoding="{declared}"?><rss><title>{text}</title></rss>'.encode(encoding)
    return body, f"text/xml; charset={header}" if header else "", "xml"


def include(outer, inner, text):
    """A page in one encoding, with a menu and a footer in another, and the text in both."""
    chrome = "<ul><li>Начало</li><li>Новини от региона</li><li>За нас</li></ul>"
    foot = f"<div>{text}</div><p>Всички права запазени. Препечатването е забранено!</p>"
    parts = [(f"<body><p>{text}</p>" * 3, outer), (chrome, inner), (f"<p>{text}</p>", outer), (foot, inner)]
    return b"\n".join(part.encode(encoding) for part, encoding in parts), "text/html", "html"


SHAPES = {
    "utf-8, declared": lambda text: page(text, "utf-8", "utf-8", "utf-8"),
    "utf-8, undeclared": lambda text: page(text, "utf-8"),
    "utf-8 with a mark": lambda text: page(text, "utf-8", mark=codecs.BOM_UTF8),
    "utf-8, declared windows-1251 in the page": lambda text: page(text, "utf-8", "windows-1251"),
    "utf-8, declared windows-1251 in the header": lambda text: page(text, "utf-8", header="windows-1251"),
    "utf-8, declared iso-8859-1": lambda text: page(text, "utf-8", "iso-8859-1", "iso-8859-1"),
    "utf-8, cut within a letter": lambda text: (f"<p>{text}</p><p>Край".encode()[:-1], "", "html"),
    "utf-8, teaser cut within a letter": lambda text: (
        f"<p>{text}</p><p>Още".encode()[:-1] + b"...</p>",
        "",
        "html",
    ),
    "windows-1251, declared": lambda text: page(text, "cp1251", "windows-1251"),
    "windows-1251, declared in the header only": lambda text: page(text, "cp1251", header="CP1251"),
    "windows-1251, undeclared": lambda text: page(text, "cp1251"),
    "windows-1251, declared utf-8": lambda text: page(text, "cp1251", "utf-8", "utf-8"),
    "windows-1251, declared iso-8859-1": lambda text: page(text, "cp1251", "iso-8859-1", "iso-8859-1"),
    "windows-1251, declared koi8-r": lambda text: page(text, "cp1251", "koi8-r"),
    "windows-1251, declared by nonsense": lambda text: page(text, "cp1251", "rot13", "none"),
    "windows-1251 behind a utf-8 mark": lambda text: page(text, "cp1251", mark=codecs.BOM_UTF8),
    "windows-1251 xml, declared utf-8": lambda text: xml(text, "cp1251", "utf-8"),
    "windows-1251 text": lambda text: (text.encode("cp1251"), "text/plain", "text"),
    "utf-16 le with a mark": lambda text: page(text, "utf-16-le", mark=codecs.BOM_UTF16_LE),
    "utf-16 be with a mark": lambda text: page(text, "utf-16-be", mark=codecs.BOM_UTF16_BE),
    "utf-16 le without a mark": lambda text: page(text, "utf-16-le", "utf-16"),
    "utf-16 be without a mark": lambda text: xml(text, "utf-16-be", "utf-8"),
    "utf-16 le text without a mark": lambda text: (text.encode("utf-16-le"), "", "text"),
    "koi8-r, declared": lambda text: page(text, "koi8-r", "koi8-r"),
    "koi8-r, undeclared": lambda text: page(text, "koi8-r"),
    "iso-8859-5, undeclared": lambda text: page(text, "iso8859-5"),
    "maccyrillic, declared": lambda text: page(text, "mac-cyrillic", header="x-mac-cyrillic"),
    "maccyrillic, undeclared": lambda text: page(f"{text}</p><p>{MORE}", "mac-cyrillic"),
    "ibm866, undeclared": lambda text: page(text, "cp866"),
    "ibm855, undeclared": lambda text: page(text, "cp855"),
    "windows-1251 includes in a utf-8 page": lambda text: include("utf-8", "cp1251", text),
    "utf-8 includes in a windows-1251 page": lambda text: include("cp1251", "utf-8", text),
}


def writable(text, shape):
    """Return the text with the signs replaced that older encodings lack."""
    if re.search(r"koi8|iso-8859-5|ibm", shape):
        return text.translate(str.maketrans({"„": '"', "“": '"', "–": "-", "«": '"', "»": '"', "№": "No"}))
    return text


@pytest.mark.parametrize("number", range(len(TEXTS)))
@pytest.mark.parametrize("shape", SHAPES)
def test_bulgarian_texts_in_every_shape(shape, number):
    text = writable(TEXTS[number], shape)
    decoded = decode(*SHAPES[shape](text))
    assert decoded.count(text) == (5 if "includes" in shape else 1)
    assert "\ufffd" not in decoded


def test_the_menu_of_an_include_is_repaired_too():
    decoded = decode(*include("utf-8", "cp1251", TEXTS[0]))
    assert "<li>Начало</li><li>Новини от региона</li><li>За нас</li>" in decoded
    assert "Всички права запазени. Препечатването е забранено!" in decoded


@pytest.mark.parametrize(
    ("text", "encoding", "header"),
    [
        ("La città è bella, perché no? Così sarà — forse.", "cp1252", ""),
        ("La città è bella, perché no? Così sarà.", "iso8859-1", "text/html; charset=iso-8859-1"),
        ("Ένα νέο έργο ξεκινά σήμερα στη Θεσσαλονίκη.", "iso8859-7", "text/html; charset=iso-8859-7"),
        ("Новости региона: объявлены новые планы, это был бы хороший год.", "cp1251", ""),
        ("Новости региона: объявлены новые планы, это был бы хороший год.", "koi8-r", ""),
    ],
)
def test_other_languages(text, encoding, header):
    assert decode(text.encode(encoding), header, "text") == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"", ""),
        (b"a\r\nb\rc\n", "a\nb\nc\n"),
        (b"a\x00b\x08c\td\x1be", "abc\tde"),
        (b"a\x0cb\x0bc", "a b c"),
        ("а\x85б\x96в".encode(), "а бв"),
        ("\ufeffедно\ufeffдве\uffff".encode(), "еднодве"),
        ("Здравей ".encode() + b"\xed\xa0\xbd\xed\xb8\x80!", "Здравей !"),
        (b"\xef\xbb\xbf", ""),
        (b"\xff\xfe", ""),
        (b"\xff\xfea", ""),
        (b"\xff\xfe\x00\xd8a\x00", "a"),
    ],
)
def test_what_no_document_may_hold_is_gone(body, text):
    assert decode(body, "", "text") == text


@given(
    st.one_of(
        st.binary(max_size=300),
        st.builds(
            lambda text, encoding, noise: text.encode(encoding, "replace") + noise,
            st.text(max_size=80),
            st.sampled_from(["utf-8", "cp1251", "utf-16", "koi8-r", "mac-cyrillic"]),
            st.binary(max_size=8),
        ),
    ),
    st.one_of(st.just("text/html; charset=utf-16"), st.text(max_size=40), st.just("charset=unicode_escape")),
    st.sampled_from(["html", "xml", "text"]),
)
@settings(max_examples=300, deadline=None)
def test_any_bytes_become_clean_text(body, content_type, kind):
    text = decode(body, content_type, kind)
    text.encode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff]", text)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=200))
@settings(max_examples=150, deadline=None)
def test_utf8_comes_through_unchanged(text):
    assert decode(b"<!-- plain -->" + text.encode(), "", "html") == "<!-- plain -->" + re.sub(
        "[\ufeff\ufffe\uffff]", "", text
    )
