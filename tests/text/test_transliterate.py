import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.text.transliterate import has_cyrillic, transliterate

CYRILLIC = st.one_of(
    st.characters(min_codepoint=0x0400, max_codepoint=0x052F),
    st.sampled_from("\u1c80\u1c88\u1d2b\u1d78\u2de0\u2dff\ua640\ua69f\ufe2e\ufe2f\U0001e030"),
    st.characters(),
)


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("Стара Загора", "Stara Zagora"),
        ("жълъд, щука, чушка, цяр", "zhalad, shtuka, chushka, tsyar"),
        ("хлъцване, йод, шофьор, юг", "hlatsvane, yod, shofyor, yug"),
        ("ЩЕРЕВ", "SHTEREV"),
        ("Щерев", "Shterev"),
        ("Я. Цветкова", "Ya. Tsvetkova"),
        ("ЖП гара", "ZHP gara"),
        ("АЩ", "ASHT"),
        ("София", "Sofia"),
        ("СОФИЯ", "SOFIA"),
        ("партия на Мария", "partia na Maria"),
        ("Илиян и приятели", "Iliyan i priyateli"),
        ("България", "Bulgaria"),
        ("БЪЛГАРИЯ", "BULGARIA"),
        ("българия", "bulgaria"),
        ("Балгария", "Balgaria"),
        ("ѝ ѐ Ѝ", "i e I"),
        ("чл. 5, ал. 2 — „Трастена“ INNOGROW 2018", "chl. 5, al. 2 — „Trastena“ INNOGROW 2018"),
        ("Ёлка, объезд, мышь, эхо", "Yolka, obaezd, myshy, eho"),
        ("Київ, Ґудзь, Єва", "Kiyiv, Gudzy, Yeva"),
        ("Ђорђе, Љубљана, Њива, Џеп", "Djordje, Ljubljana, Njiva, Dzep"),
        ("Ѓорѓи, ќерка, ѕвезда", "Gjorgji, kjerka, dzvezda"),
        ("", ""),
        ("plain ASCII", "plain ASCII"),
    ],
)  # fmt: skip
def test_names_are_written_by_the_act(cyrillic, latin):
    assert transliterate(cyrillic) == latin


def test_a_letter_in_two_code_points_is_one_letter():
    assert transliterate(unicodedata.normalize("NFD", "Йовков, чий")) == "Yovkov, chiy"


@settings(max_examples=300, deadline=None)
@given(st.text(CYRILLIC))
def test_no_cyrillic_is_left_over(text):
    latin = transliterate(text)
    assert not has_cyrillic(latin)
    assert not any("CYRILLIC" in unicodedata.name(char, "") for char in latin if not _is_symbol(char))


def _is_symbol(char: str) -> bool:
    """Whether a character outside the Cyrillic blocks merely mentions them in its name."""
    return not re.match(r"[\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f]", char)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(max_codepoint=0x02FF)))
def test_other_scripts_stay(text):
    assert transliterate(text) == text
