"""Prescribed terms are found in the source and enforced in the target."""

import pytest

from syndicator.translation.glossary import Glossary, Term, merged, repair

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
