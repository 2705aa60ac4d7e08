"""Say in the operator's words what pydantic found: what is wrong, and what would be right."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

from pydantic_core import ErrorDetails, ValidationError

from syndicator.settings.document import Document, Finding, Loc, Value
from syndicator.settings.placeholders import without_password
from syndicator.settings.scalars import GIVEN, OWN
from syndicator.settings.schema import json_schema
from syndicator.text.messages import tr

SHOWN = 60  # characters of a value in a message
ENGINES = ("translation", "engines")
OF_KINDS: tuple[tuple[str, ...], ...] = (ENGINES, ("on_alert",), ("on_publish",))
"""The lists whose items have a `kind` that says which keys they take."""

SECRET = frozenset({"api_key", "password", "token"})
TRUE_ELSEWHERE = frozenset({"yes", "y", "on", "1", "true"})
FALSE_ELSEWHERE = frozenset({"no", "n", "off", "0", "false"})

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that pydantic found, with all that is needed to speak of it."""

    loc: Loc  # as in the file
    value: Value  # as in the file, placeholders unfilled
    shown: str  # the value as a message may show it
    schema: Schema  # what belongs there
    parent: Schema  # what belongs around it
    context: Mapping[str, Any]


def findings_of(error: ValidationError, document: Document) -> Iterator[Finding]:
    """Yield one finding for each thing that is wrong with a config's values."""
    details = error.errors(include_url=False, include_input=False)
    for detail in details:
        if detail["type"] == "too_short" and any(deeper(other, detail) for other in details):
            continue  # the list is short because its items are wrong
        yield finding_of(detail, document)


def deeper(other: ErrorDetails, detail: ErrorDetails) -> bool:
    """Tell whether another thing is wrong inside of this one."""
    return len(other["loc"]) > len(detail["loc"]) and other["loc"][: len(detail["loc"])] == detail["loc"]


def finding_of(detail: ErrorDetails, document: Document) -> Finding:
    """Return what one thing that pydantic found means to the operator."""
    way = detail["loc"]
    at_key = way[-1:] == ("[key]",)
    if at_key:
        way = way[:-1]
    loc = file_loc(way)
    if loc[-1:] == ("",) and loc not in document.values:
        loc = loc[:-1]  # a text without a language, which only the models keep under a key
    value = value_at(document.data, loc)
    shown = f'"{loc[-1]}"' if at_key else show(loc, value, document)
    case = Case(loc, value, shown, schema_at(way), schema_at(way[:-1]), detail.get("ctx", {}))
    if detail["type"] == OWN:
        return Finding(loc, fill_given(detail["msg"], case.shown), at_key=at_key)
    if detail["type"].startswith("union_tag"):
        return tag_finding(case, document)
    words = WORDS.get(detail["type"], other_words)
    return Finding(loc, words(case), at_key=at_key or detail["type"] == "extra_forbidden")


def fill_given(text: str, shown: str) -> str:
    """Put the value that was given in its place of a message."""
    return text.replace(GIVEN, shown)


def file_loc(way: tuple[str | int, ...]) -> Loc:
    """Return the place in the file for one in the models: an item's kind is a step only there."""
    for place in OF_KINDS:
        at = len(place) + 1  # after the item's index
        if way[: len(place)] == place and len(way) > at and way[at] in kinds_at(place):
            return (*way[:at], *way[at + 1 :])
    return way


def value_at(data: Value, loc: Loc) -> Value:
    """Return what stands at a place; None where there is nothing."""
    for step in loc:
        if isinstance(data, dict) and isinstance(step, str):
            data = data.get(step)
        elif isinstance(data, tuple) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


def show(loc: Loc, value: Value, document: Document) -> str:
    """Return a value as a message may show it: as it stands in the file, without passwords, not too long."""
    if isinstance(value, dict):
        return tr("this map")
    if isinstance(value, tuple):
        return tr("this list")
    if loc[-1:] and loc[-1] in SECRET:
        return tr("this key")
    raw = without_password(document.raws.get(loc, ""))
    return f'"{raw if len(raw) <= SHOWN else raw[:SHOWN] + "…"}"'


@cache
def whole_schema() -> Schema:
    """Return the JSON Schema of a config."""
    return json_schema()


def kinds_at(place: tuple[str, ...]) -> Mapping[str, str]:
    """Return the schema's reference for every kind of item in a list."""
    kinds: Mapping[str, str] = schema_at((*place, 0))["discriminator"]["mapping"]
    return kinds


def resolve(schema: Schema) -> Schema:
    """Return what a schema refers to; of several possibilities the first."""
    if "$ref" in schema:
        found = whole_schema()["$defs"][schema["$ref"].removeprefix("#/$defs/")]
        return {**found, **{key: value for key, value in schema.items() if key != "$ref"}}
    if "anyOf" in schema:
        return {**resolve(schema["anyOf"][0]), **schema}
    return schema


def schema_at(way: tuple[str | int, ...]) -> Schema:
    """Return what belongs at a place of the models; empty where nothing does."""
    schema = resolve(whole_schema())
    for step in way:
        if "discriminator" in schema and step in schema["discriminator"]["mapping"]:
            schema = resolve({"$ref": schema["discriminator"]["mapping"][step]})
        elif isinstance(step, int):
            schema = resolve(schema.get("items", {}))
        else:
            others = [*schema.get("patternProperties", {}).values(), {}]
            schema = resolve(schema.get("properties", {}).get(step, others[0]))
    return schema


@cache
def places_of_keys() -> Mapping[str, str]:
    """Return where each key of a config belongs, by the shallowest place: ``targets`` → ``languages``."""
    places: dict[str, str] = {}
    level: list[tuple[str, Schema]] = [("", resolve(whole_schema()))]
    while level:
        below = [inner for path, schema in level for inner in keys_in(path, schema)]
        for path, key, _ in below:
            places.setdefault(key, path)
        level = [(f"{path}.{key}" if path else key, schema) for path, key, schema in below]
        level = [shape for path, schema in level for shape in shapes_of(path, schema)]
    return places


def keys_in(path: str, schema: Schema) -> Iterator[tuple[str, str, Schema]]:
    """Yield the keys of a map, each with the map's place and what belongs there."""
    for key, inner in schema.get("properties", {}).items():
        yield path, key, resolve(inner)


def shapes_of(path: str, schema: Schema) -> Iterator[tuple[str, Schema]]:
    """Yield the maps that may stand at a place: itself, its items, or the kinds of these."""
    if "items" in schema:
        path, schema = f"{path}[]", resolve(schema["items"])
    for shape in schema.get("oneOf", (schema,)):
        yield path, resolve(shape)


def tag_finding(case: Case, document: Document) -> Finding:
    """Return a finding for an engine or target whose kind is missing or unknown."""
    loc = (*case.loc, "kind")
    kinds = list(kinds_at(tuple(map(str, case.loc[:-1]))))
    choices = ", ".join(kinds)
    if not isinstance(case.value, dict):
        return Finding(case.loc, map_words(case))
    kind = case.value.get("kind")
    if kind is None:
        return Finding(loc, tr("is missing; write one of {choices}", choices=choices))
    return Finding(loc, choice_words(show(loc, kind, document), str(kind), kinds))


def choice_words(shown: str, given: str, choices: list[str]) -> str:
    """Return words for a value that is none of those to choose from."""
    listed = ", ".join(choices)
    if near := nearest(given, choices):
        return tr(
            "{given} is not one of {choices}; did you mean {near}?", given=shown, choices=listed, near=near
        )
    return tr("{given} is not one of {choices}", given=shown, choices=listed)


def nearest(word: str, choices: list[str]) -> str:
    """Return the choice that was probably meant; "" if none is near."""
    plain = word.strip().lower()
    alike = {choice.lower().replace("_", "").replace("-", ""): choice for choice in choices}
    if exact := alike.get(plain.replace("_", "").replace("-", "").replace(" ", "")):
        return exact
    return next(iter(get_close_matches(plain, choices, n=1, cutoff=0.6)), "")


def missing_words(case: Case) -> str:
    """Return words for a key that must be there."""
    key = case.loc[-1]
    choices = case.schema.get("enum")
    if choices:
        return tr("is missing; write one of {choices}", choices=", ".join(choices))
    if examples := case.schema.get("examples"):
        example = examples[0]
        written = f"[{', '.join(example)}]" if isinstance(example, list) else example
        return tr("is missing; write for example `{key}: {example}`", key=key, example=written)
    needed = ", ".join(case.schema.get("required", []))
    return tr("is missing; this map is needed, with at least the keys {keys}", keys=needed)


def unknown_key_words(case: Case) -> str:
    """Return words for a key that nobody knows here."""
    key = str(case.loc[-1])
    here = list(case.parent.get("properties", {}))
    near = nearest(key, here)
    if near:
        return tr("there is no such key here; did you mean {near}?", near=near)
    home = places_of_keys().get(key)
    if home is not None:
        return tr(
            "there is no such key here; it belongs under {home}", home=home or tr("the top of the file")
        )
    return tr("there is no such key here; the keys are {keys}", keys=", ".join(here))


def text_words(case: Case) -> str:
    """Return words for what should be a text."""
    if isinstance(case.value, tuple):
        return tr("a list stands where one text belongs; write the text alone")
    if isinstance(case.value, dict):
        return tr("a map stands where one text belongs; write the text alone")
    if case.value is None:
        return tr("is empty; write a text, or delete this line")
    return tr("{given} is not read as a text; put it in quotes", given=case.shown)


def list_words(case: Case) -> str:
    """Return words for what should be a list."""
    if isinstance(case.value, dict):
        return tr("a map stands where a list belongs; begin each item with `- `")
    return tr("{given} stands where a list belongs; put it in square brackets: [{bare}]", given=case.shown,
              bare=case.shown.strip('"'))  # fmt: skip


def map_words(case: Case) -> str:
    """Return words for what should be a map."""
    keys = ", ".join(case.schema.get("required", []) or list(case.schema.get("properties", {}))[:4])
    if not keys:
        return tr("{given} stands where a map belongs; write lines of `key: value` below", given=case.shown)
    return tr(
        "{given} stands where a map belongs; write lines of `key: value` below it, with keys such as {keys}",
        given=case.shown,
        keys=keys,
    )


def whole_number_words(case: Case) -> str:
    """Return words for what should be a whole number."""
    if isinstance(case.value, str) and case.value.strip().isdecimal():
        return tr("{given} is a text; write the number without quotes", given=case.shown)
    example = case.schema.get("default") or 50
    return tr("{given} is not a whole number; write one such as {example}", given=case.shown, example=example)


def number_words(case: Case) -> str:
    """Return words for what should be a number."""
    if isinstance(case.value, str) and case.value.replace(".", "", 1).isdecimal():
        return tr("{given} is a text; write the number without quotes", given=case.shown)
    return tr("{given} is not a number; write one such as 5 or 0.5", given=case.shown)


def boolean_words(case: Case) -> str:
    """Return words for what should be true or false."""
    given = case.shown.strip('"').lower()
    if given in TRUE_ELSEWHERE:
        return tr("{given} is neither true nor false; write true, without quotes", given=case.shown)
    if given in FALSE_ELSEWHERE:
        return tr("{given} is neither true nor false; write false, without quotes", given=case.shown)
    return tr("{given} is neither true nor false; write one of them, without quotes", given=case.shown)


def enum_words(case: Case) -> str:
    """Return words for a value that is none of those to choose from."""
    choices = list(case.schema.get("enum", []))
    if case.loc[-1] == "provider" and (why := refused_provider_words(str(case.value).strip().lower())):
        return tr("{given} cannot be used here: {why}", given=case.shown, why=why)
    return choice_words(case.shown, str(case.value), choices)


def refused_provider_words(provider: str) -> str:
    """Return why another provider of deep-translator's is refused, and what does its work; "" for none."""
    reasons = {
        "libre": tr(
            "deep-translator knows no Bulgarian for it; write `kind: libretranslate` with its `url:`"
        ),
        "libretranslate": tr("it has a kind of its own; write `kind: libretranslate` with its `url:`"),
        "deepl": tr("deep-translator sends its key in the address; write `kind: deepl` with its `api_key:`"),
        "chatgpt": tr("it has a kind of its own; write `kind: openai` with its `url:` and `model:`"),
        "linguee": tr(
            "it is a dictionary of single words and translates no sentence; use google or mymemory"
        ),
        "pons": tr("it is a dictionary of single words and translates no sentence; use google or mymemory"),
        "papago": tr("it knows no Bulgarian; use google, microsoft, mymemory or yandex"),
        "tencent": tr("it knows no Bulgarian; use google, microsoft, mymemory or yandex"),
        "qcri": tr("it knows Arabic, English and Spanish only; use google, microsoft, mymemory or yandex"),
        "baidu": tr("it is not available yet; use google, microsoft, mymemory or yandex"),
    }
    return reasons.get(provider, "")


def too_small_words(case: Case) -> str:
    """Return words for a number below its least."""
    if "gt" in case.context:
        return tr(
            "{given} is too small; it must be above {least}", given=case.shown, least=case.context["gt"]
        )
    return tr("{given} is too small; it must be at least {least}", given=case.shown, least=case.context["ge"])


def too_large_words(case: Case) -> str:
    """Return words for a number beyond its most."""
    return tr("{given} is too large; it may be at most {most}", given=case.shown, most=case.context["le"])


def empty_words(case: Case) -> str:
    """Return words for a list or a key without content."""
    if isinstance(case.value, tuple):
        return tr("this list is empty; put something in, or delete the key")
    return tr("{given} is empty; give it a value, or delete the line", given=case.shown)


def other_words(case: Case) -> str:
    """Return words for what nobody foresaw."""
    return tr("{given} does not belong here; docs/configuration.md says what does", given=case.shown)


WORDS: Mapping[str, Callable[[Case], str]] = {
    "missing": missing_words,
    "extra_forbidden": unknown_key_words,
    "string_type": text_words,
    "tuple_type": list_words,
    "dict_type": map_words,
    "model_type": map_words,
    "model_attributes_type": map_words,
    "int_type": whole_number_words,
    "float_type": number_words,
    "finite_number": number_words,
    "bool_type": boolean_words,
    "enum": enum_words,
    "literal_error": enum_words,
    "greater_than": too_small_words,
    "greater_than_equal": too_small_words,
    "less_than_equal": too_large_words,
    "too_short": empty_words,
    "string_too_short": empty_words,
}
