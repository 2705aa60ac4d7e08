"""Which models a service offers, and which of them is taken."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.errors import ParseError
from syndicator.model import Pair
from syndicator.translation.model_files import ModelNames, names_in, needed_pairs, pair_of
from syndicator.translation.model_records import best_release, read_records

BG_EN = Pair("bg", "en")


def record(name="model.bgen.bin", version="2.0", architecture="tiny", **more):
    return {
        "name": name,
        "sourceLanguage": "bg",
        "targetLanguage": "en",
        "version": version,
        "architecture": architecture,
        "attachment": {"location": f"a/{name}.zst", "size": 10, "hash": "a" * 64},
        **more,
    }


def release(**more):
    return [record(name, **more) for name in ("model.bgen.bin", "vocab.bgen.spm", "lex.bgen.bin")]


def best(*groups):
    data = json.dumps({"data": [each for group in groups for each in group]}).encode()
    return best_release(read_records(data, "http://x"), BG_EN)


def test_the_newest_released_version_is_taken():
    versions = ("1.0", "2.9", "2.10", "3.0a1", "9.0")
    assert best(*(release(version=version) for version in versions)).version == "2.10"


def test_of_one_version_the_preferred_architecture_is_taken():
    kinds = ("tiny", "base", "base-memory", "new")
    assert best(*(release(architecture=kind) for kind in kinds)).architecture == "base-memory"
    assert best(release(version="2.1"), release(architecture="base")).version == "2.1"


@pytest.mark.parametrize(
    "group",
    [
        release()[1:],
        release(filter_expression="env.channel == 'nightly'"),
        release(attachment={"location": "../../etc/passwd", "size": 10, "hash": "a" * 64}),
        release(attachment={"location": "http://elsewhere/x", "size": 10, "hash": "a" * 64}),
        release(attachment={"location": "a", "size": 10, "hash": "short"}),
        release(attachment=None),
        [record("../model.bgen.bin"), record(".model"), record("model"), 3, None],
    ],
)
def test_what_is_not_whole_released_and_safe_is_passed_over(group):
    assert best(group) is None


def test_records_of_the_older_collection_are_read():
    old = [
        {
            **{key: value for key, value in each.items() if "Language" not in key},
            "fromLang": "bg",
            "toLang": "en",
        }
        for each in release()
    ]
    assert best(old).pair == BG_EN


@pytest.mark.parametrize("data", [b"", b"<html>", b"[]", b'{"data": {}}', b"\xff"])
def test_another_answer_is_no_list_of_models(data):
    with pytest.raises(ParseError, match="http://x: no list of models"):
        read_records(data, "http://x")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda one: st.lists(one) | st.dictionaries(st.text(), one),
)


@given(
    st.lists(
        JSON | st.builds(lambda key, value: record(**{key: value}), st.sampled_from(list(record())), JSON)
    )
)
def test_strange_records_are_passed_over(records):
    read_records(json.dumps({"data": records}).encode(), "http://x")


def test_files_are_known_by_their_names():
    split = ["model.enja.bin", "srcvocab.enja.spm", "trgvocab.enja.spm", "manifest.json", "notes.txt"]
    assert names_in(split) == ModelNames("model.enja.bin", "srcvocab.enja.spm", "trgvocab.enja.spm", "")
    assert names_in(["model.enja.bin", "srcvocab.enja.spm"]) == ("trgvocab",)
    assert names_in(["lex.bin"]) == ("model", "vocab")
    assert names_in(["model.x.bin.part", "vocab.x.spm"]) == ("model",)


def test_languages_with_hyphens_are_cut_where_a_pair_is_known():
    assert pair_of("bg-en") == BG_EN
    assert pair_of("zh-Hans-en", {Pair("zh-Hans", "en")}) == Pair("zh-Hans", "en")
    assert pair_of("bulgarian") is None
    assert pair_of("-en") is None


def test_languages_need_both_hops_unless_there_is_a_direct_model():
    en_it, bg_it = Pair("en", "it"), Pair("bg", "it")
    assert needed_pairs(["bg"], ["en", "it", "bg"], "en") == (BG_EN, en_it)
    assert needed_pairs(["bg"], ["en", "it"], "en", {bg_it}) == (BG_EN, bg_it)
    assert needed_pairs(["en"], ["it"], "en") == (en_it,)
