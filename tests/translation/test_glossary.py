"""Prescribed terms are found in the source and enforced in the target."""

import pytest

from syndicator.translation.glossary import (
    Glossary,
    Term,
    Wanted,
    changed_terms,
    merged,
    repair,
    repair_all,
    stands_in,
)
from syndicator.translation.inflection import Kind

AGENCY = Term(
    {"bg": ("АРИР", "Агенция за развитие", "Агенцията за развитие")}, {"en": "SZREDA", "it": "SZREDA"}
)
FIELD = Term({"bg": ("селски район", "селските райони")}, {"en": "rural area"})
GLOSSARY = Glossary((AGENCY, FIELD), ("INNOGROW",))


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("АРИР работи.", "SZREDA works.", ()),
        ("АРИР работи.", "ARIR works.", (("АРИР", "SZREDA"),)),
        ("арир работи.", "Arir works.", ()),  # an abbreviation is no lower-case word
        ("КАРИРА", "Quarry", ()),
        ("Селските  райони", "The Rural Area", ()),
        ("Агенцията за развитие", "The agency", (("Агенцията за развитие", "SZREDA"),)),
        (
            "Агенцията за развитие (АРИР)",
            "The agency (ARIR)",
            (("Агенцията за развитие", "SZREDA"), ("АРИР", "SZREDA")),
        ),
    ],
)
def test_terms_not_rendered_as_prescribed(
    source: str, target: str, expected: tuple[tuple[str, str], ...]
) -> None:
    assert GLOSSARY.missing(source, target, ("bg", "en")) == expected


def test_other_pairs_ask_for_nothing() -> None:
    assert GLOSSARY.missing("селските райони", "aree rurali", ("bg", "it")) == ()
    assert GLOSSARY.missing("rural areas", "селските райони", ("en", "bg")) == ()


@pytest.mark.parametrize(
    ("target", "own", "expected"),
    [
        ("Today ARIR works.", "ARIR.", "Today SZREDA works."),
        ("Today ARIRX works.", "ARIR", None),
        ("The agency works.", "the agency", "SZREDA works."),
        ("A new development agency works.", "The development agency", "A new SZREDA works."),
        ("SZREDA (ARIR) works.", "ARIR", "SZREDA works."),
        ("ARIR works.", "", None),
        ("L'agenzia lavora.", "l'agenzia", "SZREDA lavora."),
    ],
)
def test_repair(target: str, own: str, expected: str | None) -> None:
    assert repair(target, own, "SZREDA") == expected


def test_repair_keeps_the_capital_of_a_sentence() -> None:
    assert repair("Village region is poor.", "village region", "rural area") == "Rural area is poor."
    assert repair("A village region.", "village region", "rural area") == "A rural area."


def test_longest_form_is_found() -> None:
    assert AGENCY.found_in("Агенцията за развитие", "bg") == "Агенцията за развитие"
    assert AGENCY.found_in("нищо", "bg") is None


def test_merged_glossaries_hold_the_terms_of_all() -> None:
    both = merged([GLOSSARY, Glossary((), ("INNOGROW", "INTERREG"))])
    assert both.terms == GLOSSARY.terms
    assert both.keep == ("INNOGROW", "INTERREG")
    assert both.fingerprint != GLOSSARY.fingerprint


@pytest.mark.parametrize(
    ("target", "own", "prescribed", "language", "expected"),
    [
        ("The agency works.", "the agency", "SZREDA", "en", "SZREDA works."),
        ("We saw the agency.", "agency", "SZREDA", "en", "We saw SZREDA."),
        ("The bridge is open.", "The bridge", "flyover", "en", "The flyover is open."),
        ("It is a bridge.", "bridge", "overpass", "en", "It is an overpass."),
        ("In the council today", "the council", "the Chamber", "en", "In the Chamber today"),
        ("L'agenzia lavora.", "l'agenzia", "SZREDA", "it", "SZREDA lavora."),
        ("I membri dell'agenzia", "agenzia", "SZREDA", "it", "I membri di SZREDA"),
        ("L'area è grande.", "area", "zona", "it", "La zona è grande."),
        ("Nel distretto", "il distretto", "SZREDA", "it", "In SZREDA"),
        ("Works in interreg.", "", "INTERREG", "en", "Works in INTERREG."),
    ],
)
def test_articles_fit_the_prescribed_words(
    target: str, own: str, prescribed: str, language: str, expected: str
) -> None:
    assert repair(target, own, prescribed, language) == expected


@pytest.mark.parametrize(
    ("form", "kind", "text", "found"),
    [
        ("Агенция за развитие", Kind.ORGANISATION, "Агенцията за развитие работи", "Агенцията за развитие"),
        ("Агенцията за развитие", Kind.ORGANISATION, "Агенция за развитие", "Агенция за развитие"),
        ("Фондация „Изток“", Kind.ORGANISATION, 'от Фондация "Изток" днес', 'Фондация "Изток'),
        ("Ню Йорк", Kind.PLACE, "в Ню-Йорк", "Ню-Йорк"),
        ("Черно море", Kind.PLACE, "край Черното море", "Черното море"),
        ("Надежда", Kind.PLACE, "с надежда за мир", None),
        ("Рим", Kind.PLACE, "Римът", None),
        ("Иван Петров", Kind.PERSON, "Иван Петров", "Иван Петров"),
        ("Иван", Kind.PERSON, "Ела, Иване!", "Иване"),
        ("селски район", Kind.TERM, "в селските райони", "селските райони"),
        ("малина", Kind.TERM, "малините узряха", "малините"),
        ("общински съвет", Kind.TERM, "от общинския съвет", "общинския съвет"),
        ("министерство", Kind.TERM, "министерствата", "министерствата"),
    ],
)
def test_inflected_hyphenated_and_quoted_forms(form: str, kind: Kind, text: str, found: str | None) -> None:
    assert Term({"bg": (form,)}, {"en": "x"}, kind).found_in(text, "bg") == found


def test_a_term_may_count_in_its_listed_forms_only() -> None:
    term = Term({"bg": ("малина",)}, {"en": "raspberry"}, inflect=False)
    assert term.found_in("малините", "bg") is None


def test_kept_names_are_enforced_too() -> None:
    assert GLOSSARY.missing("INNOGROW расте", "Innogrow grows", ("bg", "en")) == (("INNOGROW", "INNOGROW"),)
    assert GLOSSARY.missing("INNOGROW расте", "INNOGROW grows", ("bg", "en")) == ()


def test_changed_terms_are_those_of_one_language() -> None:
    other = Term(AGENCY.forms, {"en": "SZREDA", "it": "Agenzia"})
    new = Glossary((other, FIELD), ("INNOGROW", "INTERREG"))
    assert [term.renderings.get("it") for term in changed_terms(GLOSSARY, new, "it")] == [
        "SZREDA",
        "Agenzia",
        None,
    ]
    assert [term.all_forms("bg") for term in changed_terms(GLOSSARY, new, "en")] == [("INTERREG",)]


def test_words_of_a_longer_term_are_no_term_of_their_own() -> None:
    glossary = Glossary(
        (
            Term({"bg": ("Македония",)}, {"en": "Macedonia region"}, Kind.PLACE),
            Term({"bg": ("Северна Македония",)}, {"en": "North Macedonia"}, Kind.PLACE),
        )
    )
    north, region = ("Северна Македония", "North Macedonia"), ("Македония", "Macedonia region")
    assert glossary.found("В Северна Македония вали.", ("bg", "en")) == (north,)
    assert glossary.found("От Македония в Северна Македония.", ("bg", "en")) == (region, north)


def test_of_two_terms_in_one_place_the_one_that_is_listed_so_counts() -> None:
    hope = Term({"bg": ("надежда",)}, {"en": "hope"})
    person = Term({"bg": ("Надежда",)}, {"en": "Nadezhda"}, Kind.PERSON)
    glossary = Glossary((hope, person))
    assert glossary.found("Днес Надежда пее с надежда.", ("bg", "en")) == (
        ("надежда", "hope"),
        ("Надежда", "Nadezhda"),
    )


def test_what_one_term_has_put_in_place_is_nothing_for_the_next_to_replace() -> None:
    terms = (Wanted("Галилей", "Galilei", "Rogaland"), Wanted("Рогаланд", "Rogaland", "Agder"))
    assert repair_all("Galilei saw Rogaland.", terms, "en") == "Rogaland saw Agder."


def test_of_places_that_overlap_the_longest_counts() -> None:
    terms = (Wanted("Санто", "Santo", "Saint"), Wanted("Санто Доминго", "Santo Domingo", "SD City"))
    assert repair_all("Santo and Santo Domingo", terms, "en") == "Saint and SD City"


def test_a_name_that_is_spelt_by_its_letters_is_put_right_whatever_the_engine_calls_it_alone() -> None:
    assert repair_all("Today Trastena sings.", (Wanted("Трастена", "Reed", "Trstená"),), "en") == (
        "Today Trstená sings."
    )


@pytest.mark.parametrize(
    ("rendering", "text", "stands"),
    [
        ("L'Agenzia delle foreste", "L'Agenzia delle foreste raccoglie idee.", True),
        ("L'Agenzia delle foreste", "Ne parla l’Agenzia delle foreste.", True),
        ("L'Agenzia delle foreste", "Ne parla la Agenzia delle foreste.", False),
        ("“Hope” School", "the “Hope” School opens", True),
        ("“Hope” School", "the Hope School opens", True),
    ],
)
def test_an_apostrophe_belongs_to_its_word_and_quotes_do_not(rendering: str, text: str, stands: bool) -> None:
    assert stands_in(rendering, text) is stands
