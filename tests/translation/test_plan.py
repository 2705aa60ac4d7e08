# ruff: noqa: E501 (markup reads better unbroken)
"""From an article to what has to be known, and from what is known to the article in another language."""

import re
from dataclasses import replace

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.errors import TermMissingError
from syndicator.model import Article, Image, Mark, Pair, Remembered
from syndicator.text.transliterate import has_cyrillic
from syndicator.translation import inline
from syndicator.translation.glossary import Glossary, Term
from syndicator.translation.inline import Place
from syndicator.translation.plan import Language, Need, assemble, first_need, original, second_need

EN = Language(Pair("bg", "en"))
SZREDA = Term({"bg": ("АРИР", "Агенцията за развитие")}, {"en": "SZREDA"})
WITH_TERM = Language(Pair("bg", "en"), Glossary((SZREDA,), ("INNOGROW",)))

ENGLISH = {
    "Среща в Мантуа": "Meeting in Mantua",
    "Обмен на опит.": "Exchange of experience.",
    "Експерти от Стара Загора участваха.": "Experts from Stara Zagora took part.",
    "Стара Загора": "Stara Zagora",
    "Виж тук.": "See here.",
    "тук": "here",
    "Първи ред": "First line",
    "втори ред": "second line",
    "Град": "Town",
    "Участници": "Participants",
    "Мантуа": "Mantua",
    "Снимка на залата": "Photo of the hall",
    "Залата в Мантуа": "The hall in Mantua",
    "АРИР е партньор.": "ARIR is a partner.",
    "АРИР": "ARIR",
    "новини": "news",
}


def known(**changes: str) -> dict[str, Remembered]:
    return {segment: Remembered(text, "google") for segment, text in (ENGLISH | changes).items()}


def article(body: str = "", **fields: object) -> Article:
    return replace(Article("Среща в Мантуа", "", body, "bg", ""), **fields)  # type: ignore[arg-type]


def body_of(body: str, language: Language = EN, **changes: str) -> str:
    return assemble(article(body), language, known(**changes)).body


# --- what is needed ---------------------------------------------------------------------------------------


def test_everything_that_readers_read_is_required() -> None:
    image = Image(
        "https://a.bg/s.png", alt="Снимка на залата", caption="Залата в Мантуа", credit="Снимка: Иван"
    )
    need = first_need(
        article(
            "<h2>Град</h2><p>Виж тук. Експерти от Стара Загора участваха.</p><ul><li>Мантуа</li></ul>"
            '<table><tbody><tr><th>Участници</th><td>12</td></tr></tbody></table><img src="https://a.bg/t.png" alt="Първи ред">',
            summary="Обмен на опит.",
            image=image,
            tags=("новини", "INNOGROW"),
            rights="Всички права запазени.",
        ),
        EN,
    )
    assert need == Need(
        required=(
            "Среща в Мантуа",
            "Обмен на опит.",
            "Снимка на залата",
            "Залата в Мантуа",
            "Град",
            "Виж тук.",
            "Експерти от Стара Загора участваха.",
            "Мантуа",
            "Участници",
            "Първи ред",
        ),
        helpful=("новини", "Всички права запазени.", "Снимка: Иван"),
    )


def test_words_of_elements_are_helpful_once_and_only_where_they_are_a_part() -> None:
    need = first_need(
        article(
            '<p><b>Виж тук.</b> Виж <a href="https://a.bg/"><em>тук</em></a>. <a href="https://a.bg/">INNOGROW</a> е тук.</p>'
        ),
        EN,
    )
    assert need.required == ("Среща в Мантуа", "Виж тук.", "INNOGROW е тук.")
    assert need.helpful == ("тук",)


def test_nothing_is_asked_for_what_stays_as_it_is() -> None:
    need = first_need(article("<p>INTERREG 2014–2020</p><p>12:30</p>", title="INNOGROW"), EN)
    assert need == Need((), ())


def test_probe_is_asked_for_only_where_the_words_are_not_found() -> None:
    body = '<p>Експерти от <a href="https://a.bg/">Стара Загора</a> участваха.</p>'
    assert second_need(article(body), EN, known()).helpful == ()
    lost = known(**{"Стара Загора": "Old Hill"})
    assert second_need(article(body), EN, lost).helpful == ("Експерти от (1)Стара Загора(2) участваха.",)


def test_bare_term_is_asked_for_only_where_it_is_not_rendered() -> None:
    answers = known()
    del answers["АРИР"]
    assert second_need(article("<p>АРИР е партньор.</p>"), WITH_TERM, answers).helpful == ("АРИР",)
    answers["АРИР е партньор."] = Remembered("SZREDA is a partner.", "google")
    assert second_need(article("<p>АРИР е партньор.</p>"), WITH_TERM, answers).helpful == ()


# --- markup -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            '<p>Експерти от <a href="https://a.bg/"><strong>Стара Загора</strong></a> участваха. Виж <em>тук</em>.</p>',
            '<p>Experts from <a href="https://a.bg/"><strong>Stara Zagora</strong></a> took part. See <em>here</em>.</p>',
        ),
        ("<p><strong>Виж тук.</strong></p>", "<p><strong>See here.</strong></p>"),
        (
            "<p><b>Виж тук. Експерти от Стара Загора участваха.</b></p>",
            "<p><b>See here. Experts from Stara Zagora took part.</b></p>",
        ),
        ("<p>Първи ред<br><i>втори ред</i></p>", "<p>First line<br><i>second line</i></p>"),
        (
            "<table><tbody><tr><th>Град</th><th>Участници</th></tr><tr><td>Мантуа</td><td>12</td></tr></tbody></table>",
            "<table><tbody><tr><th>Town</th><th>Participants</th></tr><tr><td>Mantua</td><td>12</td></tr></tbody></table>",
        ),
        (
            '<figure><img src="https://a.bg/s.png" alt="Снимка на залата"><figcaption>Залата в Мантуа</figcaption></figure>',
            '<figure><img src="https://a.bg/s.png" alt="Photo of the hall"><figcaption>The hall in Mantua</figcaption></figure>',
        ),
        ("<pre>Първи ред\n  втори ред</pre>", "<pre>First line\n  second line</pre>"),
    ],
)
def test_markup_stands_on_the_same_words(body: str, expected: str) -> None:
    assert body_of(body) == expected


def test_decomposed_letters_do_not_shift_places() -> None:
    answers = known(**{"Краят е тук, в Стара Загора.": "The end is here, in Stara Zagora."})
    done = assemble(
        article("<p>Краи\u0306т е тук, в <b>Стара Загора</b>.</p>".replace("Краи\u0306т", "Кра\u00adят")),
        EN,
        answers,
    )
    assert done.body == "<p>The end is here, in <b>Stara Zagora</b>.</p>"
    answers = known(**{"Май е в Стара Загора.": "May is in Stara Zagora."})
    done = assemble(article("<p>Маи\u0306 е в <b>Стара Загора</b>.</p>"), EN, answers)
    assert done.body == "<p>May is in <b>Stara Zagora</b>.</p>"


def test_probe_places_what_was_not_found() -> None:
    sentence = "Експерти от Стара Загора участваха."
    marked = inline.probe(sentence, Place(12, 24))
    changes = {"Стара Загора": "Old Hill", marked: "Experts from (1)Stara Zagora(2) took part."}
    body = "<p>Експерти от <em>Стара Загора</em> участваха.</p>"
    assert body_of(body, **changes) == "<p>Experts from <em>Stara Zagora</em> took part.</p>"


def test_words_not_found_lose_emphasis_but_never_a_link() -> None:
    changes = {"Стара Загора": "Xyz"}
    assert (
        body_of("<p>Експерти от <em>Стара Загора</em> участваха.</p>", **changes)
        == "<p>Experts from Stara Zagora took part.</p>"
    )
    linked = body_of('<p>Експерти от <a href="https://a.bg/">Стара Загора</a> участваха.</p>', **changes)
    assert linked == '<p>Experts from Stara Zagora took <a href="https://a.bg/">part</a>.</p>'


@pytest.mark.parametrize("target", ["Experts took part.", "Experts", "…", "Stara Zagora Stara Zagora."])
def test_several_links_stay_several(target: str) -> None:
    sentence = "Виж Стара Загора, Мантуа и Град."
    body = '<p>Виж <a href="https://a.bg/1">Стара Загора</a>, <a href="https://a.bg/2">Мантуа</a> и <a href="https://a.bg/3">Град</a>.</p>'
    root = lxml.html.fragment_fromstring(body_of(body, **{sentence: target * 3}), create_parent="div")
    links = root.findall(".//a")
    assert sorted(str(link.get("href")) for link in links) == [f"https://a.bg/{n}" for n in (1, 2, 3)]
    assert all(link.find(".//a") is None and link.text for link in links)
    assert root.text_content() == target * 3


def test_two_links_to_one_address_both_stay_when_their_order_changes() -> None:
    sentence = "Мантуа и Стара Загора са градове."
    body = '<p><a href="https://a.bg/">Мантуа</a> и <a href="https://a.bg/">Стара Загора</a> са градове.</p>'
    assert (
        body_of(body, **{sentence: "Stara Zagora and Mantua are towns."})
        == '<p><a href="https://a.bg/">Stara Zagora</a> and <a href="https://a.bg/">Mantua</a> are towns.</p>'
    )


def test_what_engines_write_is_escaped() -> None:
    assert (
        body_of("<p>Виж тук.</p>", **{"Виж тук.": "See <here> & there."})
        == "<p>See &lt;here&gt; &amp; there.</p>"
    )
    image = '<img src="https://a.bg/s.png" alt="Снимка на залата">'
    assert 'alt="A &quot;hall&quot; &lt;b&gt;"' in body_of(image, **{"Снимка на залата": 'A "hall" <b>'})


# --- the whole article ------------------------------------------------------------------------------------


def test_whole_article_without_a_cyrillic_letter() -> None:
    done = assemble(
        article(
            "<p>Виж тук.</p>",
            summary="Обмен на опит.",
            authors=("Евгения Добрева",),
            tags=("новини", "Ерима", "INNOGROW", "новини"),
            rights="© Стара Загора днес",
            image=Image("https://a.bg/s.png", "Снимка на залата", "Залата в Мантуа", "Снимка: Иван"),
        ),
        EN,
        known(**{"Виж тук.": "See Петров here.", "Ерима": ""}),
    )
    assert (done.language, done.title, done.summary) == ("en", "Meeting in Mantua", "Exchange of experience.")
    assert done.body == "<p>See Petrov here.</p>"
    assert done.authors == ("Evgenia Dobreva",)
    assert done.tags == ("news", "Erima", "INNOGROW")  # one that was refused is transliterated, not lost
    assert done.rights == "© Stara Zagora dnes"
    assert done.image == Image(
        "https://a.bg/s.png", "Photo of the hall", "The hall in Mantua", "Snimka: Ivan"
    )
    assert not has_cyrillic(repr(done))


def test_mark_says_reviewed_only_if_all_of_it_is() -> None:
    machine = assemble(article("<p>Виж тук.</p>"), EN, known())
    assert (machine.mark, machine.engines) == (Mark.MACHINE, ("google",))
    partly = known() | {"Виж тук.": Remembered("See here.", "reviewed")}
    assert assemble(article("<p>Виж тук.</p>"), EN, partly).mark is Mark.MACHINE
    wholly = partly | {"Среща в Мантуа": Remembered("Meeting in Mantua", "reviewed")}
    done = assemble(article("<p>Виж тук. INNOGROW</p>".replace(" INNOGROW", "")), EN, wholly)
    assert (done.mark, done.engines) == (Mark.REVIEWED, ("reviewed",))
    assert assemble(article(title="INNOGROW"), EN, {}).mark is Mark.MACHINE


def test_doubts_that_stood_are_told_once() -> None:
    doubtful = known() | {"Виж тук.": Remembered("See here.", "google", "number: 5")}
    assert assemble(article("<p>Виж тук.</p><p>Виж тук.</p>"), EN, doubtful).warnings == ("number: 5",)


def test_original_is_the_article_itself() -> None:
    source = article("<p>Виж тук.</p>", tags=("новини",))
    assert (original(source).body, original(source).mark, original(source).tags) == (
        source.body,
        Mark.ORIGINAL,
        ("новини",),
    )


# --- prescribed terms -------------------------------------------------------------------------------------


def test_term_is_put_where_the_engines_own_word_stands() -> None:
    assert body_of("<p>АРИР е партньор.</p>", WITH_TERM) == "<p>SZREDA is a partner.</p>"


def test_link_on_a_term_follows_its_rendering() -> None:
    body = '<p><a href="https://a.bg/">АРИР</a> е партньор.</p>'
    assert body_of(body, WITH_TERM) == '<p><a href="https://a.bg/">SZREDA</a> is a partner.</p>'


def test_name_and_abbreviation_become_one() -> None:
    changes = {
        "Агенцията за развитие (АРИР) е тук.": "The Development Agency (ARIR) is here.",
        "Агенцията за развитие": "The Development Agency",
    }
    assert (
        body_of("<p>Агенцията за развитие (АРИР) е тук.</p>", WITH_TERM, **changes)
        == "<p>SZREDA is here.</p>"
    )


def test_term_in_tags() -> None:
    assert assemble(article(tags=("АРИР",)), WITH_TERM, known()).tags == ("SZREDA",)


def test_term_that_cannot_be_placed_holds_the_article() -> None:
    changes = {"АРИР е партньор.": "It is a partner."}
    with pytest.raises(
        TermMissingError, match=re.escape("“АРИР” is not rendered as “SZREDA” in: It is a partner.")
    ):
        body_of("<p>АРИР е партньор.</p>", WITH_TERM, **changes)
    lenient = assemble(article("<p>АРИР е партньор.</p>"), WITH_TERM, known(**changes), lenient=True)
    assert lenient.body == "<p>It is a partner.</p>"
    assert lenient.warnings == ("“АРИР” is not rendered as “SZREDA” in: It is a partner.",)


# --- prescribed terms, whatever they are -------------------------------------------------------------------

FORMS = ("Атина", "Берлин", "Велес", "Галац", "Дунав", "Горен Дунав", "Долен Дунав")
SAID = ("Athens", "Berlin", "Veles", "Galați", "Danube", "Upper Danube", "Lower Danube")
RENDERINGS = st.lists(st.sampled_from(("Danube", "Upper", "Athens", "Veles Berlin", "ВЕЛЕС")), max_size=2)


@settings(max_examples=50, deadline=None)
@given(
    text=st.lists(st.integers(0, len(FORMS) - 1), min_size=1, max_size=5),
    prescribed=st.lists(RENDERINGS, min_size=len(FORMS), max_size=len(FORMS)),
)
def test_every_prescribed_term_stands_in_what_is_published(
    text: list[int], prescribed: list[list[str]]
) -> None:
    renderings = [" ".join(words) for words in prescribed]
    terms = [
        Term({"bg": (form,)}, {"en": rendering})
        for form, rendering in zip(FORMS, renderings, strict=True)
        if rendering
    ]
    language = Language(EN.pair, Glossary(tuple(terms)))
    source = "Днес: " + ", ".join(FORMS[number] for number in text) + "."
    answer = "Today: " + ", ".join(SAID[number] for number in text) + "."
    said = dict(zip(FORMS, SAID, strict=True)) | {source: answer}
    known = {segment: Remembered(words, "google") for segment, words in said.items()}
    try:
        title = assemble(article(title=source), language, known).title
    except TermMissingError:
        return  # held
    assert language.glossary.missing(source, title, ("bg", "en")) == ()


def test_a_term_that_another_one_took_the_place_of_holds_the_article() -> None:
    terms = (Term({"bg": ("Канал",)}, {"en": "Osaka"}), Term({"bg": ("Амстердам",)}, {"en": "Canal"}))
    said = known(**{"Канал в Амстердам": "Canal in Amsterdam", "Канал": "Canal"})
    with pytest.raises(TermMissingError, match="Амстердам"):
        assemble(article(title="Канал в Амстердам"), Language(EN.pair, Glossary(terms)), said)


def test_a_name_that_stays_as_it_is_stays_in_cyrillic_if_it_is_in_cyrillic() -> None:
    language = Language(EN.pair, Glossary((), ("АРИР",)))
    said = known(**{"АРИР и Щерев.": "АРИР and Щерев."})
    assert assemble(article(title="АРИР и Щерев."), language, said).title == "АРИР and Shterev."
