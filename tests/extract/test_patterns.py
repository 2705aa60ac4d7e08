"""No pattern that reads others' text repeats what is only a repetition: such ones backtrack for ever."""

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]

import pytest

import syndicator.extract
import syndicator.fetch
import syndicator.text
from syndicator.extract.boilerplate import RULES

REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT)


def patterns() -> Iterator[re.Pattern[str]]:
    for package in (syndicator.extract, syndicator.text, syndicator.fetch):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            for value in vars(importlib.import_module(module.name)).values():
                for one in value if isinstance(value, tuple) else (value,):
                    if isinstance(one, re.Pattern) and isinstance(one.pattern, str):
                        yield one
    yield from (rule.pattern for rule in RULES)


def is_endless(node: tuple) -> bool:
    return node[0] in REPEATS and node[1][1] == codes.MAXREPEAT


def branches(items: Iterable[tuple]) -> Iterator[list[tuple]]:
    """Yield the sequences that a group may stand for: itself, or each of its only choice's branches."""
    items = list(items)
    if len(items) == 1 and items[0][0] is codes.SUBPATTERN:
        yield from branches(items[0][1][3])
    elif len(items) == 1 and items[0][0] is codes.BRANCH:
        for branch in items[0][1][1]:
            yield from branches(branch)
    else:
        yield items


def is_mere_repetition(items: list[tuple]) -> bool:
    """Whether a sequence is one endless repetition, and all else in it may be empty."""
    endless = [node for node in items if is_endless(node)]
    endless.sort(key=lambda node: -node[1][0])  # of several, all but one must be able to be empty
    return bool(endless) and all(
        parser.SubPattern(parser.State(), [node]).getwidth()[0] == 0
        for node in items
        if node is not endless[0]
    )


def nested(items: Iterable[tuple]) -> Iterator[list[tuple]]:
    for node in items:
        if is_endless(node):
            yield from (branch for branch in branches(node[1][2]) if is_mere_repetition(branch))
        yield from nested(children(node))


def children(node: tuple) -> list[tuple]:
    code, value = node
    if code in (*REPEATS, codes.POSSESSIVE_REPEAT):
        return list(value[2])
    if code is codes.SUBPATTERN:
        return list(value[3])
    if code is codes.BRANCH:
        return [item for branch in value[1] for item in branch]
    if code in (codes.ASSERT, codes.ASSERT_NOT):
        return list(value[1])
    if code is codes.ATOMIC_GROUP:
        return []  # what it took is never tried anew
    return []


def faults(pattern: str, flags: int = 0) -> list[list[tuple]]:
    return list(nested(parser.parse(pattern, flags)))


@pytest.mark.parametrize("pattern", ["(a+)+", "(?:a*)*b", "(?:b|a+)+", r"(?:\s*a+\s*)*", "(?:(?:a+)|b)*?c"])
def test_the_test_finds_such_patterns(pattern: str) -> None:
    assert faults(pattern)


@pytest.mark.parametrize("pattern", ["(?:a+b)+", "(?:a{1,3}|b)+", "a+b+", "(?>a+)+"])
def test_and_no_others(pattern: str) -> None:
    assert not faults(pattern)


def test_no_pattern_of_ours_is_one() -> None:
    found = list(patterns())
    assert len(found) > 200
    assert [one.pattern for one in found if faults(one.pattern, one.flags)] == []
