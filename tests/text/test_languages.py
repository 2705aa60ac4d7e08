from datetime import UTC, datetime

import pytest

from syndicator.text.languages import (
    is_cyrillic_language,
    is_right_to_left,
    language_name,
    local_date,
    localized,
    normalise_language,
    script_of,
)


@pytest.mark.parametrize(
    ("given", "expected"),
    [("BG", "bg"), ("en_us", "en-US"), ("PT-br", "pt-BR"), ("sr-latn", "sr-Latn"),
     ("zh-hans-cn", "zh-Hans-CN"), (" it ", "it"), ("", "")],
)  # fmt: skip
def test_codes_are_spelled_as_is_customary(given, expected):
    assert normalise_language(given) == expected


@pytest.mark.parametrize(
    ("code", "script"),
    [("bg", "Cyrl"), ("sr", "Cyrl"), ("sr-Latn", "Latn"), ("mk", "Cyrl"), ("uk", "Cyrl"), ("it", "Latn"),
     ("el", "Grek"), ("BG-bg", "Cyrl"), ("xx", ""), ("", "")],
)  # fmt: skip
def test_a_language_has_a_script(code, script):
    assert script_of(code) == script
    assert is_cyrillic_language(code) == (script == "Cyrl")


def test_some_languages_run_from_right_to_left():
    assert [code for code in ("ar", "he", "fa", "bg", "en", "") if is_right_to_left(code)] == [
        "ar",
        "he",
        "fa",
    ]


@pytest.mark.parametrize(
    ("code", "in_language", "name"),
    [("bg", "it", "bulgaro"), ("bg", "en", "Bulgarian"), ("bg", "bg", "български"), ("en", "de", "Englisch"),
     ("bg", "sr-Latn", "bugarski"), ("BG", "pt-BR", "búlgaro"), ("xx", "en", "xx"), ("bg", "xx", "Bulgarian"),
     ("bg", "", "Bulgarian")],
)  # fmt: skip
def test_languages_have_names(code, in_language, name):
    assert language_name(code, in_language) == name


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ({"bg": "Новини", "en": "News", "it": "Notizie"}, "it", "Notizie"),
        ({"bg": "Новини", "en": "News"}, "it", "News"),  # a text in one's script before a transliteration
        ({"bg": "Новини"}, "it", "Novini"),
        ({"": "Стара Загора днес"}, "en", "Stara Zagora dnes"),
        ({"": "Стара Загора днес"}, "bg", "Стара Загора днес"),
        ({"": "INNOGROW", "en": "News"}, "bg", "INNOGROW"),
        ({"pt": "Notícias"}, "pt-BR", "Notícias"),
        ({"BG": "Новини"}, "bg", "Новини"),
        ({"it": "Новини"}, "it", "Novini"),  # whatever the operator says that it is
        ({"en": "News"}, "bg", "News"),
        ({"sr": "Вести"}, "sr-Latn", "Vesti"),
        ({"it": "", "en": "News"}, "it", "News"),
        ({}, "it", ""),
    ],
)
def test_readers_get_a_text_in_a_script_that_they_read(text, language, expected):
    assert localized(text, language) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("it", "22 febbraio 2018"),
        ("en", "February 22, 2018"),
        ("bg", "22 февруари 2018\u202fг."),
        ("xx", "2018-02-22"),
    ],
)
def test_dates_are_written_as_readers_write_them(language, expected):
    date = local_date(datetime(2018, 2, 22, tzinfo=UTC), language)
    assert date.replace("\xa0", "\u202f").replace(" г.", "\u202fг.") == expected
