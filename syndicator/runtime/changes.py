"""What differs between two configs, in words: what a reload says in the log."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from pydantic import SecretStr

from syndicator.settings.schema import Record, Settings
from syndicator.text.messages import tr


def changes(old: Settings, new: Settings) -> tuple[str, ...]:
    """Return what a new config changes, each as a line: ``feed all: limit 50 → 100``.

    Secrets are told to have changed, never shown.
    """
    return tuple(_fields(old, new, ""))


def _fields(old: Record, new: Record, where: str) -> Iterator[str]:
    for name in type(new).model_fields:
        before, after = getattr(old, name), getattr(new, name)
        if before == after:
            continue
        if word := _word(name):
            yield from _items(word, _by_id(before), _by_id(after))
        elif isinstance(before, Record) and isinstance(after, Record):
            yield from _fields(before, after, _joined(where, name))
        else:
            place = _joined(where, name)
            yield tr("{place} {before} → {after}", place=place, before=_shown(before), after=_shown(after))


def _word(name: str) -> str:
    """Return what an item of a list is called that is told by its id: "source x added"."""
    return {"sources": tr("source"), "engines": tr("engine"), "feeds": tr("feed")}.get(name, "")


def _items(word: str, old: Mapping[str, Record], new: Mapping[str, Record]) -> Iterator[str]:
    for name in old.keys() - new.keys():
        yield tr("{what} {id} removed", what=word, id=name)
    for name, item in new.items():
        if name not in old:
            yield tr("{what} {id} added", what=word, id=name)
        elif type(item) is not type(old[name]):
            yield tr("{what} {id} is of another kind", what=word, id=name)
        elif item != old[name]:
            found = ", ".join(_fields(old[name], item, ""))
            yield tr("{what} {id}: {changes}", what=word, id=name, changes=found)
    if [*old] != [*new] and old.keys() == new.keys():
        yield tr("{what}: in another order: {ids}", what=word, ids=", ".join(new))


def _by_id(items: Sequence[Any]) -> dict[str, Record]:
    return {item.id: item for item in items}


def _joined(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _shown(value: Any) -> str:  # noqa: ANN401 - any value of a config
    if value is None:
        return tr("not set")
    if isinstance(value, SecretStr):
        return tr("(secret)")
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_shown, value)) + "]"
    if isinstance(value, timedelta):
        return _duration(value)
    if isinstance(value, Mapping):
        if [*value] == [""]:  # a text without a language
            return str(value[""])
        return "{" + ", ".join(f"{key}: {_shown(each)}" for key, each in value.items()) + "}"
    if isinstance(value, Record):
        told = (f"{name}: {_shown(getattr(value, name))}" for name in sorted(value.model_fields_set))
        return "{" + ", ".join(told) + "}"
    return str(value)


def _duration(value: timedelta) -> str:
    """Return a duration as a config writes it: ``90m``."""
    seconds = value.total_seconds()
    for unit, length in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds and seconds % length == 0:
            return f"{seconds / length:g}{unit}"
    return f"{seconds:g}s"
