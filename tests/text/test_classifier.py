"""Languages by their letters."""

import pytest

from syndicator.text.classifier import knows, likeliest


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Общината обявява конкурс за ремонт на читалището и на училищния двор.", "bg"),
        ("The municipality invites tenders for the repair of the community centre.", "en"),
        ("Il comune bandisce una gara per la ristrutturazione del centro culturale.", "it"),
    ],
)
def test_a_sentence_is_told_with_certainty(text, language):
    for among in ((), ("bg", "en", "it")):
        code, certainty = likeliest(text, among)
        assert code == language
        assert certainty > 0.9


def test_only_the_languages_asked_for_are_answered():
    code, _ = likeliest("The municipality invites tenders for the repair.", ("it", "bg"))
    assert code in ("it", "bg")
    assert likeliest("text", ("tlh",)) == ("", 0.0)
    assert knows("it")
    assert not knows("tlh")
