"""``engines compare`` and what ``check --online`` says of engines."""

import json

TEXT = "Малините узряха рано\n\nВ нашия край малините узряха по-рано от обикновено.\n"
ENGLISH = {
    "Малините узряха рано": "The raspberries ripened early",
    "В нашия край малините узряха по-рано от обикновено.": "Around here the raspberries ripened early.",
}


def test_a_text_is_shown_through_every_engine(desk, tmp_path):
    desk.libre.translated = lambda text, language: ENGLISH[text]
    file = tmp_path / "text.txt"
    file.write_text(TEXT, "utf-8")
    told = json.loads(desk.run("engines", "compare", file, "--json", "--to", "en").out)
    [engine] = told["engines"]
    assert len(told["sentences"]) >= 1
    assert engine["pair"] == "bg→en"
    assert set(engine["answers"]) == set(told["sentences"])
    assert engine["characters"] == sum(map(len, told["sentences"]))
    assert engine["error"] == ""
    shown = desk.run("engines", "compare", file).out
    assert all(sentence in shown for sentence in told["sentences"])


def test_what_cannot_be_compared_is_said(desk, tmp_path):
    missing = desk.run("engines", "compare", tmp_path / "nothing.txt")
    assert (missing.code, "cannot be read" in missing.err) == (1, True)
    file = tmp_path / "text.txt"
    file.write_text(TEXT, "utf-8")
    unknown = desk.run("engines", "compare", file, "--engine", "nope")
    assert (unknown.code, "there are:" in unknown.err) == (1, True)


def test_an_engine_that_is_down_is_named_and_the_end_says_so(desk, tmp_path):
    file = tmp_path / "text.txt"
    file.write_text(TEXT, "utf-8")
    desk.libre.close()
    ran = desk.run("engines", "compare", file)
    assert ran.code == 3
    assert "no connection" in ran.out
    online = desk.run("check", "--online")
    assert online.code == 1
    assert online.out.count("is the server running") == 1
