"""``demo``: the whole job on the shipped samples, with no network and no key."""

import json


def titles(folder, language):
    told = json.loads((folder / language / "all.json").read_text("utf-8"))
    return [entry["title"] for entry in told["items"]]


def snapshot(folder):
    return {str(path.relative_to(folder)): path.is_file() for path in sorted(folder.rglob("*"))}


def test_the_demo_publishes_everything_its_memory_covers(desk):
    folder = desk.folder / "shown"
    ran = desk.run("demo", folder, config=False)
    assert ran.code == 0, ran.err
    assert [len(titles(folder, language)) for language in ("bg", "en", "it")] == [7, 6, 6]
    for language in ("bg", "en", "it"):
        for ending in ("rss", "atom", "json"):
            assert f"{language}/all.{ending}" in ran.out
    assert str(folder / "index.html") in ran.out
    assert ran.out.count("Автобусът до Кленово") == 2, "what is pending is named in each language"
    config = folder.parent / ".shown.demo" / "syndicator.yaml"
    assert f"syndicator -c {config} once" in ran.out
    assert desk.run("-c", config, "status", "--json", config=False).json["languages"]["en"] == {
        "published": 6,
        "pending": 1,
        "held": 0,
        "failed": 0,
    }


def test_the_demo_may_run_twice_and_keeps_the_readme(desk):
    folder = desk.folder / "feeds"
    folder.mkdir()
    (folder / "README.md").write_text("what this is", "utf-8")
    assert desk.run("demo", config=False).code == 0
    before = snapshot(folder)
    assert desk.run("demo", config=False).code == 0
    after = snapshot(folder)
    assert {path for path in after if "/articles/" not in path} == {
        path for path in before if "/articles/" not in path
    }
    assert len(after) == len(before), "nothing of the first run is left"
    assert (folder / "README.md").read_text("utf-8") == "what this is"
    assert len(titles(folder, "en")) == 6


def test_the_demo_refuses_what_it_did_not_make(desk):
    folder = desk.folder / "precious"
    folder.mkdir()
    (folder / "thesis.txt").write_text("three years of work", "utf-8")
    ran = desk.run("demo", folder, config=False)
    assert ran.code == 1
    assert "thesis.txt" in ran.err
    assert "syndicator demo DIR" in ran.err
    assert snapshot(folder) == {"thesis.txt": True}
    assert not (desk.folder / ".precious.demo").exists()


def test_the_demo_refuses_a_folder_of_its_state_that_is_another_s(desk):
    state = desk.folder / ".shown.demo"
    state.mkdir()
    (state / "mine").write_text("mine", "utf-8")
    assert desk.run("demo", "shown", config=False).code == 1
    assert snapshot(state) == {"mine": True}


def test_the_demo_names_a_place_where_nothing_can_be_written(desk):
    (desk.folder / "file").write_text("in the way", "utf-8")
    for place in ("file", "file/below"):
        ran = desk.run("demo", place, config=False)
        assert ran.code == 1
        assert "file" in ran.err
