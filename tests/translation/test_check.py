# ruff: noqa: E501 (a case a line)
"""Which answers may be read, which are asked for again, and which are only remarked on."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.translation.check import _ERROR_HINTS, _ERROR_PAGE, Severity, check

GOOD, WARN, DOUBT = 0, Severity.WARN, Severity.DOUBT
REFUSE, BLOCK = Severity.REFUSE, Severity.BLOCK
BG = "Експертите се запознаха с иновативни производствени практики в Мантуа и неговите околности."
EN = "The experts got acquainted with innovative production practices in Mantua and its surroundings."
IT = "Gli esperti hanno conosciuto pratiche produttive innovative a Mantova e nei suoi dintorni."
MEETING_BG = "На 22.02.2018 г. в Мантуа се проведе среща на 8 страни с бюджет 1 500 000 евро."
MEETING_EN = (
    "On 22 February 2018, a meeting of eight countries took place in Mantua with a budget of 1,500,000 euros."
)
MEETING_IT = "Il 22.02.2018 si è tenuto a Mantova un incontro di 8 paesi con un bilancio di 1.500.000 euro."
LINK_BG = "Пишете на a@b.bg или вижте https://a.bg/x за подробности."

TABLE = [
    # what may be read
    ("bg", "en", BG, EN, GOOD, ""),
    ("bg", "it", BG, IT, GOOD, ""),
    ("en", "it", EN, IT, GOOD, ""),
    ("en", "bg", EN, BG, GOOD, ""),
    ("bg", "en", "Иван Вазов", "Ivan Vazov", GOOD, ""),
    ("bg", "en", "Иван Петров и Мария Георгиева", "Ivan Petrov and Maria Georgieva", GOOD, ""),
    ("bg", "en", "INTERREG 2014–2020", "INTERREG 2014–2020", GOOD, ""),
    ("en", "it", "INTERREG EUROPE 2014–2020", "INTERREG EUROPE 2014–2020", GOOD, ""),
    ("en", "it", "Ivan Petrov and Maria Georgieva", "Ivan Petrov e Maria Georgieva", GOOD, ""),
    ("en", "it", "Video", "Video", GOOD, ""),
    ("en", "bg", "INNOGROW", "INNOGROW", GOOD, ""),
    ("bg", "en", "12:30", "12:30", GOOD, ""),
    # nothing came back
    ("bg", "en", BG, "", BLOCK, "empty"),
    ("en", "it", EN, " \n", BLOCK, "empty"),
    # the source came back
    ("bg", "en", BG, BG, BLOCK, "echo"),
    ("bg", "it", BG, BG.upper(), BLOCK, "echo"),
    ("en", "it", EN, EN, BLOCK, "echo"),
    ("bg", "en", "Да", "Да", BLOCK, "echo"),
    (
        "bg",
        "it",
        BG,
        "Ekspertite se zapoznaha s inovativni proizvodstveni praktiki v Mantua i negovite okolnosti.",
        BLOCK,
        "echo",
    ),
    # another script
    ("bg", "en", BG, EN.replace("production practices", "производствени практики"), BLOCK, "leftover"),
    ("bg", "en", BG, EN.replace("Mantua", "Мантуа"), WARN, "leftover name"),
    ("en", "bg", EN, EN.replace("experts", "exports"), BLOCK, "script"),
    # an error's text
    ("bg", "en", BG, "<!DOCTYPE html><html><body>Error</body></html>", BLOCK, "error page"),
    ("bg", "it", BG, "429 Too Many Requests. Please try again later.", BLOCK, "error page"),
    ("en", "it", EN, "Our systems have detected unusual traffic from your computer network.", BLOCK, "error page"),
    ("bg", "en", "Опитайте отново.", "I'm sorry, but I can't translate that.", BLOCK, "error page"),
    (
        "bg",
        "en",
        "На журналистите беше отказан достъп до заседанието, съобщи вчера агенцията.",
        "The journalists were access denied to the meeting, the agency reported yesterday.",
        DOUBT,
        "error phrase",
    ),
    ("bg", "en", "– Това е грешка.", "– That's an error.", GOOD, ""),
    (
        "bg",
        "en",
        "Ако не успеете днес, опитайте отново по-късно.",
        "If you do not succeed today, try again later.",
        GOOD,
        "error phrase",
    ),
    # markup nobody sent
    ("bg", "en", BG, EN.replace("Mantua", "<b>Mantua</b>"), BLOCK, "markup"),
    ("bg", "en", "Знакът <b> е таг.", "The sign <b> is a tag.", GOOD, ""),
    # babble
    ("bg", "en", BG, f"{EN} the the the the", BLOCK, "babble"),
    ("bg", "it", BG, f"{IT} nei suoi dintorni a nei suoi dintorni a nei suoi dintorni a", BLOCK, "babble"),
    ("en", "it", EN, f"{IT} {IT}", BLOCK, "babble"),
    ("bg", "en", "Не, не, не, не и не!", "No, no, no, no and no!", GOOD, ""),
    # length
    ("bg", "en", BG, "The experts got acquainted.", BLOCK, "cut"),
    ("bg", "it", BG, "Gli esperti hanno conosciuto pratiche produttive", BLOCK, "cut"),
    ("en", "it", EN, IT[:60] + ".", DOUBT, "short"),
    ("bg", "en", "Да", "Yes, " + "of course it is so and not otherwise, " * 2, BLOCK, "rambling"),
    ("bg", "en", BG, EN + " And more could be said of it all, if only anybody cared to listen to such words.", WARN, "long"),
    # language
    ("bg", "en", BG, IT.replace("pratiche", "delle pratiche"), BLOCK, "language"),
    ("bg", "it", BG, EN, BLOCK, "language"),
    # numbers
    ("bg", "en", MEETING_BG, MEETING_EN.replace("February", "02"), GOOD, ""),
    ("bg", "it", MEETING_BG, MEETING_IT, GOOD, ""),
    ("bg", "it", MEETING_BG, MEETING_IT.replace("8", "9"), DOUBT, "number"),
    ("en", "it", "The 12 towns met.", "Le città si sono incontrate.", DOUBT, "number"),
    ("bg", "en", "Скоростта беше 160 км/ч.", "The speed was 100 miles per hour.", DOUBT, "number"),
    ("bg", "en", "Чакаха 60 минути пред общината.", "They waited an hour in front of the town hall.", DOUBT, "number"),
    ("bg", "xx", "Чакаха 12 минути пред общината.", "Zum zem zim zom zem zum zam zem zum.", DOUBT, "number"),
    ("bg", "en", "През 70-те години заводът беше голям.", "In the 1970s the factory was large.", GOOD, ""),
    ("bg", "it", "Събрани са 1,2 милиона подписа.", "Sono state raccolte 1.200.000 firme.", GOOD, ""),
    ("en", "it", "The 21-year-old woman won.", "La ragazza ventunenne ha vinto.", GOOD, ""),
    ("bg", "it", "Колата дойде в 1:15 ч.", "L'auto arrivò alle 6:15.", DOUBT, "number"),
    ("bg", "en", "Пожарът беше рано сутринта.", "The fire was at 4 in the morning.", DOUBT, "number"),
    ("bg", "en", "Тридневният фестивал събра петте общини.", "The 3-day festival brought together 5 towns.", GOOD, ""),
    ("bg", "en", "На двадесет и първи май свири оркестърът.", "On May 21 the orchestra plays.", GOOD, ""),
    ("pt", "en", "Dois homens chegaram às 19h.", "2 men arrived at 7 pm.", GOOD, ""),
    # hardly anything left of a very short source
    ("bg", "it", "Да!", "S", BLOCK, "cut"),
    ("bg", "it", "Да!", "Sì", GOOD, ""),
    ("bg", "en", "Не.", "No", GOOD, ""),
    ("bg", "it", "Ура!", "Ev", BLOCK, "cut"),
    ("bg", "en", "Да!", "!", BLOCK, "empty"),
    ("bg", "en", "Пловдив", "P", BLOCK, "cut"),
    ("bg", "en", "стр. 5", "p. 5", GOOD, ""),
    ("bg", "it", "Или", "o", DOUBT, "short"),
    ("bg", "en", "Общинският съвет", "Muni", DOUBT, "short"),
    ("bg", "en", "Европейски съюз", "EU", GOOD, ""),
    # addresses
    ("bg", "en", LINK_BG, "Write to a@b.bg or see https://a.bg/x for details, please.", GOOD, ""),
    ("bg", "en", LINK_BG, "Write to a@b.bg or see https: //a.bg/x for details, please.", REFUSE, "address"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source_language", "target_language", "source", "target", "severity", "name"), TABLE
)
def test_verdict(
    source_language: str, target_language: str, source: str, target: str, severity: int, name: str
) -> None:
    verdict = check(source, target, source_language, target_language)
    names = {finding.name for finding in verdict.findings}
    if severity == GOOD and name:
        assert not verdict.blocks, str(verdict)
        return
    assert verdict.severity == severity, str(verdict)
    assert names == set() if severity == GOOD else name in names
    assert verdict.blocks is (severity >= REFUSE)
    assert verdict.unfit is (severity == BLOCK)
    assert verdict.doubts is (severity == DOUBT)


def test_verdict_reads_as_a_line() -> None:
    assert str(check("Едно", "", "bg", "en")) == "empty: nothing came back"
    assert str(check("Мантуа", "Mantua", "bg", "en")) == ""


def test_languages_unknown_to_the_tables_are_judged_by_what_is_general() -> None:
    assert (
        check(
            EN, "Os peritos conheceram práticas de produção inovadoras em Mântua e arredores.", "en", "xx"
        ).severity
        == GOOD
    )
    assert check(BG, "", "bg", "xx").blocks


@settings(max_examples=50, deadline=None)
@given(st.from_regex(_ERROR_PAGE, fullmatch=True))
def test_whatever_an_error_page_says_holds_one_of_the_hints(said):
    assert any(hint in said.casefold() for hint in _ERROR_HINTS)
