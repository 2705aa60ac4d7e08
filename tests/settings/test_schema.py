"""What editors and operators are told of the config is what the models say."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicator.settings.scalars import GIVEN, likely_language
from syndicator.settings.schema import json_schema
from syndicator.settings.schema_file import SCHEMA_FILE, schema_text
from syndicator.settings.wording import WORDS, places_of_keys

REPOSITORY = Path(__file__).parents[2]
REFERENCE = REPOSITORY / "docs" / "configuration.md"


def dotted_keys() -> Iterator[str]:
    """Yield every key of a config: `sources[].rules.body`."""
    schema = json_schema()

    def walk(node: dict, path: str) -> Iterator[str]:
        if "$ref" in node:
            yield from walk(schema["$defs"][node["$ref"].rpartition("/")[2]], path)
        for each in (*node.get("anyOf", ()), *node.get("oneOf", ())):
            yield from walk(each, path)
        for each in node.get("patternProperties", {}).values():
            yield from walk(each, f"{path}.LANG")
        if "items" in node:
            yield from walk(node["items"], f"{path}[]")
        for key, inner in node.get("properties", {}).items():
            inner_path = f"{path}.{key}" if path else key
            yield inner_path
            yield from walk(inner, inner_path)

    return walk(schema, "")


KEYS = sorted(set(dotted_keys()))


def test_the_committed_schema_is_the_models_schema():
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), (
        "python -m syndicator.settings.schema_file"
    )


def test_the_walk_finds_keys_at_every_depth():
    some = {"site", "fetch.per_host.delay", "sources[].rules.body", "translation.notices.LANG.line"}
    assert some <= set(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_every_key_is_documented(key):
    documented = REFERENCE.read_text(encoding="utf-8")
    assert f"`{key}`" in documented


def test_nothing_is_documented_that_does_not_exist():
    headings = re.findall(r"^\| `([a-z_\[\].A-Z]+)` \|", REFERENCE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(set(headings) - set(KEYS)) == []


def test_every_value_to_choose_from_is_documented():
    documented = REFERENCE.read_text(encoding="utf-8")
    choices = re.findall(r'"(?:enum": \[([^\]]*)|const": "([^"]*)")', json.dumps(json_schema()))
    values = {value.strip(' "') for group in choices for part in group for value in part.split(",") if value}
    assert {"feed", "hold", "libretranslate", "rss", "google"} <= values
    assert sorted(value for value in values if f"`{value}`" not in documented) == []


def test_the_shipped_config_points_at_the_schema():
    config = REPOSITORY / "config" / "syndicator.yaml"
    first = config.read_text(encoding="utf-8").splitlines()[0]
    relative = first.removeprefix("# yaml-language-server: $schema=")
    assert (config.parent / relative).resolve() == SCHEMA_FILE.resolve()


def test_every_key_has_a_home():
    assert places_of_keys()["targets"] == "languages"
    assert places_of_keys()["provider"] == "translation.engines[]"
    assert places_of_keys()["id"] == "sources[]"


def test_no_words_hold_the_mark_of_a_value():
    assert GIVEN not in REFERENCE.read_text(encoding="utf-8")
    assert all(callable(words) for words in WORDS.values())


@pytest.mark.parametrize(
    ("written", "meant"),
    [("EN", "en"), ("pt_br", "pt-BR"), ("ZH-hant", "zh-Hant"), ("English", "en"), ("италиански", "it"),
     ("italiano", "it"), ("elvish!", ""), ("", "")],
)  # fmt: skip
def test_which_language_was_meant(written, meant):
    assert likely_language(written) == meant
