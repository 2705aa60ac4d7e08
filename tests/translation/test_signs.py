"""Signs that local models lose are taken away, and come back where their places are certain."""

# ruff: noqa: E501 - the table reads best with one case a line

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.translation.signs import clean

CASES = [
    # the sentence, what the model gets, what the model might say, the language, what is published
    ("Каза: „Ела“ и излезе.", 'Каза: "Ела" и излезе.', 'He said "Come" and left.', "en", "He said “Come” and left."),
    ("Каза: „Ела“ и излезе.", 'Каза: "Ела" и излезе.', 'Disse "Vieni" e uscì.', "it", "Disse «Vieni» e uscì."),
    ("Каза: „Ела“.", 'Каза: "Ела".', 'He said "Come.', "en", 'He said "Come.'),
    ("„Ела“", '"Ела"', "Come", "en", "“Come”"),
    ("Wine — and honey", "Wine - and honey", "Вино - и мед", "bg", "Вино — и мед"),
    ("Wine — and honey", "Wine - and honey", "Вино и мед", "bg", "Вино и мед"),
    ("Вино — и мед-каша - да", "Вино - и мед-каша - да", "Wine - and - yes", "en", "Wine - and - yes"),
    ("От 2018–2020 г.", "От 2018-2020 г.", "From 2018-2020", "en", "From 2018–2020"),
    ("Цена 50 € днес", "Цена 50 EUR днес", "Price EUR 50 today", "en", "Price €50 today"),
    ("Цена 50 € днес", "Цена 50 EUR днес", "Prezzo 50 EUR oggi", "it", "Prezzo 50 € oggi"),
    ("Цена 50 € днес", "Цена 50 EUR днес", "Price 50 euros today", "en", "Price 50 euros today"),
    ("Училище № 7", "Училище No 7", "School 7", "en", "School No. 7"),
    ("Училище № 7", "Училище No 7", "School No 7", "en", "School No 7"),
    ("Училище № 7 и 7", "Училище No 7 и 7", "School 7 and 7", "en", "School 7 and 7"),
    ("Член § 5", "Член 5", "Article 5", "en", "Article § 5"),
    ("✅ Готово", "Готово", "Done", "en", "✅ Done"),
    ("Готово! 🎉", "Готово!", "Done!", "en", "Done! 🎉"),
    ("• Първо", "Първо", "First", "en", "• First"),
    ("Меки\u00adте думи\u200b", "Меките думи", "Soft words", "en", "Soft words"),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "sent", "answer", "language", "published"), CASES)
def test_signs_go_and_come_back(sentence, sent, answer, language, published):
    cleaned = clean(sentence)
    assert cleaned.text == sent
    assert cleaned.restore(answer, language) == published


@pytest.mark.parametrize("sentence", ["", " ", "2018–2020", "50 €", "№ 7", "🎉", "— * —"])
def test_what_holds_no_word_is_not_sent(sentence):
    assert clean(sentence).text == ""


LOST = "„“”«»—–€№§🎉😀"
TEXTS = st.text(alphabet=f"абвг xyz 123 .,!? \"'-{LOST}", max_size=80)


@given(TEXTS, st.sampled_from(["en", "it", "bg", "de"]))
def test_no_letter_and_no_digit_is_lost_or_added_by_an_engine_that_echoes(text, language):
    cleaned = clean(text)
    if not cleaned.text:
        return
    back = cleaned.restore(cleaned.text, language)

    def kept(value: str) -> str:
        return "".join(each for each in value if each in "абвгxyz123")

    assert kept(back) == kept(text)
    assert not set(cleaned.text) & set(LOST) - {"€", "№", "§", "—", "–"}


@given(TEXTS, TEXTS)
def test_any_answer_is_taken(text, answer):
    restored = clean(text).restore(answer, "en")
    assert "\n" not in restored
    assert all(restored.count(letter) == answer.count(letter) for letter in "абвгxyz")
