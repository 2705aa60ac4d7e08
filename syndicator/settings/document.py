"""Read YAML 1.2 into plain values, remembering where each of them stands.

The parser's events are read directly, because they alone tell every duplicate key, alias and tag with its
place; the ready-made constructors stop at the first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StringMark, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from syndicator.text.messages import tr

Loc = tuple[str | int, ...]
"""The way from the top of a config to a value: ``("sources", 0, "url")``."""

Value = str | int | float | bool | None | tuple["Value", ...] | dict[str, "Value"]

DEEPEST = 30  # levels; a config needs 6

# The core schema of YAML 1.2.2 §10.3.2. `yes`, `on` and `1_000` are texts in it.
NULL = frozenset({"", "~", "null", "Null", "NULL"})
BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
OCTAL_OR_HEXADECIMAL = re.compile(r"0(?:o[0-7]{1,18}|x[0-9a-fA-F]{1,15})")
FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)

# `cron: */15 7-20 * * *`, which YAML takes for an alias, and `title: &c`, which it takes for an anchor
STARRED = re.compile(r"(?:^|[:\[{,-])\s+(?P<value>(?P<sign>[*&])[^#\]},]*?)\s*(?:$|[#\]},])")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in the file, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to tell the operator about one place of the config."""

    loc: Loc
    text: str
    warning: bool = False
    at_key: bool = False  # the key is what is wrong, not its value
    place: Place | None = None  # where ``loc`` alone does not tell


@dataclass(slots=True)
class Document:
    """The values of a config, and for each of them where it stands and how it was written."""

    data: Value = None
    keys: dict[Loc, Place] = field(default_factory=dict)
    values: dict[Loc, Place] = field(default_factory=dict)
    raws: dict[Loc, str] = field(default_factory=dict)  # scalars as they stand in the file

    def place(self, finding: Finding) -> Place:
        """Return where a finding stands: the nearest place that the file has."""
        if finding.place:
            return finding.place
        if finding.at_key and finding.loc in self.keys:
            return self.keys[finding.loc]
        if finding.loc in self.values:
            return self.values[finding.loc]
        for length in range(len(finding.loc) - 1, 0, -1):
            near = finding.loc[:length]
            if place := self.keys.get(near) or self.values.get(near):
                return place
        return Place(1, 1)


def parse(text: str) -> tuple[Document | None, tuple[Finding, ...]]:
    """Return the values of a YAML 1.2 text, and what in it is not allowed in a config.

    The document is None where the text cannot be read at all; the findings then hold one that says why.
    """
    try:
        events = list(YAML(typ="safe", pure=True).parse(text))
    except ReaderError as error:
        place = place_of_offset(text, error.position)
        return None, (Finding((), tr("a control character stands here; delete it"), place=place),)
    except MarkedYAMLError as error:
        return None, (syntax_finding(text, error),)
    except (YAMLError, ValueError, OverflowError):
        # ruamel lets chr() and int() raise on escapes and directives that are out of range
        text_for_operator = tr(
            "the file cannot be read as YAML; look for an escape such as \\U in a quoted text"
        )
        return None, (Finding((), text_for_operator, place=Place(1, 1)),)
    if too_deep := first_place_deeper_than(DEEPEST, events):
        return None, (Finding((), tr("this is nested too deeply for a config"), place=too_deep),)
    return build(events)


def place_of_offset(text: str, offset: int) -> Place:
    """Return the place of the character with this index."""
    before = text[:offset]
    return Place(before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)


def first_place_deeper_than(depth: int, events: list[Event]) -> Place | None:
    """Return where the nesting first exceeds a depth; None if it never does."""
    level = 0
    for event in events:
        if isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            level += 1
            if level > depth:
                return place_of(event)
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            level -= 1
    return None


def place_of(event: Event) -> Place:
    """Return where an event begins."""
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


def build(events: list[Event]) -> tuple[Document | None, tuple[Finding, ...]]:
    """Return the document that the events describe, and what in it is not allowed."""
    starts = [event for event in events if isinstance(event, DocumentStartEvent)]
    if not starts:
        return None, (Finding((), tr("the config is empty; `syndicator init` writes one to start from")),)
    if len(starts) > 1:
        text = tr("a second document begins here; a config is one document, so delete this line (---)")
        return None, (Finding((), text, place=place_of(starts[1])),)
    builder = Builder(iter(events[events.index(starts[0]) + 1 :]))
    builder.document.data = builder.read((), next(builder.events))
    if not isinstance(builder.document.data, dict):
        text = tr("a config is lines of `key: value`, with a space after the colon, beginning with `site:`")
        if builder.document.data is None:
            text = tr("the config is empty; `syndicator init` writes one to start from")
        return None, (*builder.findings, Finding((), text, place=Place(1, 1)))
    return builder.document, tuple(builder.findings)


@dataclass(slots=True)
class Builder:
    """What grows while the events of one document are read."""

    events: Iterator[Event]
    document: Document = field(default_factory=Document)
    findings: list[Finding] = field(default_factory=list)

    def read(self, loc: Loc, event: Event) -> Value:
        """Return the value that begins with an event; tell of what is not allowed on the way."""
        place = place_of(event)
        self.document.values[loc] = place
        if isinstance(event, AliasEvent):
            text = tr(
                "`*{name}` is a YAML alias, which a config may not use; "
                "if the * belongs to a text, put the text in quotes",
                name=event.anchor,
            )
            self.findings.append(Finding(loc, text, place=place))
            return None
        assert isinstance(event, (ScalarEvent, MappingStartEvent, SequenceStartEvent))
        if event.anchor:
            text = tr(
                "`&{name}` is a YAML anchor, which a config may not use; "
                "if the & belongs to a text, put the text in quotes",
                name=event.anchor,
            )
            self.findings.append(Finding(loc, text, place=place))
        if event.tag:
            text = tr(
                "`{tag}` is a YAML tag, which a config may not use; "
                "if the ! belongs to a text, put the text in quotes",
                tag=event.tag,
            )
            self.findings.append(Finding(loc, text, place=place))
        if isinstance(event, MappingStartEvent):
            return self.read_mapping(loc)
        if isinstance(event, SequenceStartEvent):
            return self.read_sequence(loc)
        assert isinstance(event, ScalarEvent)
        return self.read_scalar(loc, event)

    def read_mapping(self, loc: Loc) -> dict[str, Value]:
        """Return the mapping whose start was just read."""
        values: dict[str, Value] = {}
        for event in self.events:
            if isinstance(event, MappingEndEvent):
                break
            if not isinstance(event, ScalarEvent) or event.anchor:
                self.read(loc, event)
                text = tr("a key must be a plain word, followed by a colon")
                self.findings.append(Finding(loc, text, place=place_of(event)))
                self.read(loc, next(self.events))
                continue
            key = str(event.value)
            inner = (*loc, key)
            if key in values:
                self.read((*loc, key, "(again)"), next(self.events))
                text = tr(
                    "this key stands here a second time (first in line {line}); keep one of them",
                    line=self.document.keys[inner].line,
                )
                self.findings.append(Finding(inner, text, place=place_of(event)))
                continue
            self.document.keys[inner] = place_of(event)
            values[key] = self.read(inner, next(self.events))
        return values

    def read_sequence(self, loc: Loc) -> tuple[Value, ...]:
        """Return the list whose start was just read."""
        values: list[Value] = []
        for event in self.events:
            if isinstance(event, SequenceEndEvent):
                break
            values.append(self.read((*loc, len(values)), event))
        return tuple(values)

    def read_scalar(self, loc: Loc, event: ScalarEvent) -> Value:
        """Return a single value by the core schema."""
        raw = str(event.value)
        self.document.raws[loc] = raw
        if any("\ud800" <= letter <= "\udfff" for letter in raw):
            text = tr(
                "this text holds half a character (an escape such as \\ud83d); write the character itself"
            )
            self.findings.append(Finding(loc, text))
            return ""
        return plain_value(raw) if event.implicit[0] else raw


def plain_value(raw: str) -> Value:
    """Return what an unquoted scalar means (YAML 1.2.2 §10.3.2)."""
    if raw in NULL:
        return None
    if raw in BOOLEAN:
        return BOOLEAN[raw]
    if INTEGER.fullmatch(raw):
        return int(raw)
    if OCTAL_OR_HEXADECIMAL.fullmatch(raw):
        return int(raw, 0)
    if FLOAT.fullmatch(raw):
        return float(raw.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return raw


def syntax_finding(text: str, error: MarkedYAMLError) -> Finding:
    """Return what a syntax error means to somebody who writes a config."""
    mark = error.problem_mark or error.context_mark
    place = Place(mark.line + 1, mark.column + 1) if isinstance(mark, StringMark) else Place(1, 1)
    context = error.context_mark
    begun = context.line + 1 if isinstance(context, StringMark) else place.line
    if isinstance(context, StringMark) and "end of stream" in str(error.problem):
        place = Place(begun, context.column + 1)  # the end of the file tells nobody anything
    lines = text.splitlines()
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    message = syntax_message(str(error.problem or ""), str(error.context or ""), line, place, begun)
    return Finding((), message, place=place)


def syntax_message(problem: str, context: str, line: str, place: Place, begun: int) -> str:
    """Return the operator's words for a parser's complaint.

    Args:
        problem: what the parser found
        context: what it was doing
        line: the line of the file where it stopped
        place: where it stopped
        begun: the line where what it was reading began
    """
    rest = line[place.column - 1 :]
    first = rest[:1]
    if "\t" in line[: len(line) - len(line.lstrip())] or first == "\t":
        return tr("a tab stands in the indentation; YAML wants spaces")
    if starred := STARRED.search(line):
        return tr(
            'a value that begins with {character} must stand in quotes: "{value}"',
            character=starred["sign"],
            value=starred["value"],
        )
    if "cannot start any token" in problem:
        return tr("a value that begins with {character} must stand in quotes", character=first)
    if "${" in line and "flow" in context:
        return tr('inside [ ] and { } a placeholder must stand in quotes: "${env:NAME}"')
    return structure_message(problem, context, begun)


def structure_message(problem: str, context: str, begun: int) -> str:
    """Return the operator's words for brackets, quotes, colons and indentation that do not fit."""
    if "quoted scalar" in context:
        if "escape" in problem or "escape" in context:
            return tr("a backslash in a text in double quotes must be doubled (\\\\), or take single quotes")
        return tr("the quote that opens in line {line} is never closed", line=begun)
    if "flow" in context:
        return tr("the bracket that opens in line {line} is not closed, or a comma is missing", line=begun)
    if "mapping values are not allowed" in problem:
        return tr(
            "a colon stands where none can: put a text that holds `: ` in quotes, "
            "and indent keys of the same map alike"
        )
    if "could not find expected ':'" in problem:
        return tr("the key in line {line} lacks its colon: write `key: value`", line=begun)
    if "block end" in problem:
        return tr("this line does not line up with what began in line {line}; indent both alike", line=begun)
    return tr("this cannot be read as YAML: {problem}", problem=problem)
