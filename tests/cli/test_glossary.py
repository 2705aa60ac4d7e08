"""A glossary is changed while articles are published: what changes, what is bought, what is shown before."""

TERMS = "terms:\n  - bg: [Мост]\n    en: {english}\n    it: {italian}\n"


def start(desk, english="bridge", italian="ponte"):
    glossary = desk.folder / "terms.yaml"
    glossary.write_text(TERMS.format(english=english, italian=italian), "utf-8")
    desk.configure(extra="  glossary: [terms.yaml]")
    return glossary


def entry(desk, language, word):
    (found,) = [one for one in desk.feed(language) if word in one["title"]]
    return found


def test_a_changed_term_is_shown_then_rendered_anew_and_only_where_it_stands(desk):
    glossary = start(desk)
    assert desk.run("once").code == 0
    before = {one["id"]: one for one in desk.feed("en")}
    italian = desk.feed("it")
    asked = len(desk.libre.asked)

    glossary.write_text(TERMS.format(english="flyover", italian="ponte"), "utf-8")
    desk.libre_knows("Мостът", "The bridge", "Il ponte")
    shown = desk.run("glossary", "diff", "--json").json
    assert [one["language"] for one in shown["articles"]] == ["en"]
    assert shown["articles"][0]["asked"] == ["Мостът"]
    assert len(desk.libre.asked) == asked  # nothing is bought to show it

    assert desk.run("once").code == 0
    assert desk.libre.asked[asked:] == ["Мостът"]  # the bare term only, once
    after = {one["id"]: one for one in desk.feed("en")}
    assert after.keys() == before.keys()
    changed = [one for one in after if after[one] != before[one]]
    assert len(changed) == 1
    assert after[changed[0]]["title"] == "The flyover over the river is open again"
    assert after[changed[0]]["date_modified"] > before[changed[0]]["date_modified"]
    assert desk.feed("it") == italian
    assert desk.run("glossary", "diff").out.strip() == "The glossary changes nothing in what is published."


def test_diff_shows_the_sentences_side_by_side(desk):
    glossary = start(desk)
    desk.libre_knows("Мостът", "The bridge", "Il ponte")
    desk.run("once")
    glossary.write_text(TERMS.format(english="flyover", italian="ponte"), "utf-8")
    desk.run("once")
    glossary.write_text(TERMS.format(english="viaduct", italian="ponte"), "utf-8")
    out = desk.run("glossary", "diff").out
    assert "- The flyover over the river is open again" in out
    assert "+ The viaduct over the river is open again" in out


def test_what_the_new_glossary_forbids_is_held_and_no_longer_published(desk):
    glossary = start(desk)
    desk.run("once")
    assert len(desk.feed("en")) == 3
    glossary.write_text(TERMS.format(english="flyover", italian="ponte"), "utf-8")
    desk.libre_knows("Мостът", "Some other words", "Il ponte")
    assert desk.run("once").code == 3
    assert len(desk.feed("en")) == 2
    held = desk.run("articles", "list", "--state", "held").out
    assert "flyover" in held or "Мостът" in held
    glossary.write_text(TERMS.format(english="bridge", italian="ponte"), "utf-8")
    assert desk.run("once").code == 0
    assert len(desk.feed("en")) == 3


def test_a_glossary_with_mistakes_leaves_the_old_one_in_force(desk):
    glossary = start(desk)
    desk.site.titles = desk.site.titles[:1]
    assert desk.run("once").code == 0
    glossary.write_text("terms:\n  - bg: [Мост]\n", "utf-8")
    desk.site.titles = [*desk.site.titles, "Училището посреща учениците с нова библиотека"]
    ran = desk.run("once")
    assert ran.code == 3
    assert "terms.yaml:2" in ran.err + ran.out
    assert len(desk.feed("en")) == 2  # the new article is translated under the old glossary
    told = desk.run("status").out
    assert "terms.yaml:2" in told
    assert "stays in force" in " ".join(told.split())
    assert desk.run("glossary", "diff").code == 1
