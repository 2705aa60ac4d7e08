"""Find a config, read it, and tell every mistake in it at once, each with its place."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from syndicator.errors import ConfigError, Problem
from syndicator.settings.checks import Draft, cross_check
from syndicator.settings.document import Document, Finding, Loc, Place, Value, parse
from syndicator.settings.placeholders import fill, literal_secrets
from syndicator.settings.schema import (
    Engine,
    EngineSettings,
    FeedSettings,
    LanguagesSettings,
    RouteSettings,
    Settings,
    SiteSettings,
    SourceSettings,
    StorageSettings,
    Target,
    TargetSettings,
    TranslationSettings,
)
from syndicator.settings.target_checks import check_targets
from syndicator.settings.wording import findings_of, value_at
from syndicator.text.messages import tr

LOCAL = Path("config/syndicator.yaml")
SYSTEM = Path("/etc/syndicator/syndicator.yaml")

Part = TypeVar("Part", bound=BaseModel)


def find_config(explicit: Path | None, environ: Mapping[str, str], cwd: Path) -> Path:
    """Return the config to use: the one named, ``$SYNDICATOR_CONFIG``, ``config/…``, ``/etc/syndicator/…``.

    Raises ConfigError where there is none; it names every place looked at, and how to get a config.
    """
    if explicit is not None:
        return existing(cwd / explicit, tr("there is no such file; `syndicator -c FILE init` writes one"))
    if named := environ.get("SYNDICATOR_CONFIG"):
        return existing(
            cwd / named, tr("there is no such file, but SYNDICATOR_CONFIG names it; correct or unset it")
        )
    for path in (cwd / LOCAL, SYSTEM):
        if path.is_file():
            return path
    looked = ", ".join(map(str, (cwd / LOCAL, SYSTEM)))
    text = tr(
        "no config: looked for {places}; name one with -c FILE or SYNDICATOR_CONFIG, "
        "or let `syndicator init` write one",
        places=looked,
    )
    raise ConfigError((Problem(str(cwd / LOCAL), 0, 1, "", text),))


def existing(path: Path, otherwise: str) -> Path:
    """Return the path if a file is there, else raise ConfigError."""
    if path.is_dir():
        otherwise = tr("this is a folder; name the file in it")
    elif path.exists():
        return path
    raise ConfigError((Problem(str(path), 0, 1, "", otherwise),))


def load(path: Path, environ: Mapping[str, str], now: datetime) -> Settings:
    """Return the settings of a config that is to be used.

    Args:
        path: the file
        environ: the process's environment, for placeholders
        now: the present, for permissions that end

    Raises ConfigError with every mistake; warnings are not told here.
    """
    settings, problems = read(path, environ, now, for_use=True)
    mistakes = tuple(problem for problem in problems if not problem.warning)
    if settings is None or mistakes:
        raise ConfigError(mistakes or problems)
    return settings


def examine(
    path: Path, environ: Mapping[str, str], now: datetime
) -> tuple[Settings | None, tuple[Problem, ...]]:
    """Return the settings and every problem of a config, warnings included, by their place in the file.

    The settings are None where there is a mistake, and where a credential cannot be had outside systemd.
    """
    return read(path, environ, now, for_use=False)


def read(
    path: Path, environ: Mapping[str, str], now: datetime, *, for_use: bool
) -> tuple[Settings | None, tuple[Problem, ...]]:
    """Return the settings of a config, if they can be used, and its problems."""
    text = read_text(path)
    if isinstance(text, Problem):
        return None, (text,)
    document, findings = parse(text)
    if document is None:
        return None, problems_of(Document(), findings, path)
    filled = fill(document.data, environ, for_use=for_use)
    data, empty = without_empty_keys(filled.data)
    context = {"folder": path.absolute().parent}
    judged: list[Finding] = []
    settings: Settings | None = None
    try:
        settings = Settings.model_validate(data, context=context)
    except ValidationError as error:
        judged.extend(findings_of(error, document))
    draft = draft_of(data, document, context)
    # What is wrong with a value is told once, by whoever looked at it first.
    told = {finding.loc for finding in (*findings, *judged)}
    together = (*cross_check(draft, now), *check_targets(draft))
    judged += [finding for finding in together if finding.loc not in told]
    judged += [empty_key(loc) for loc in empty if loc not in {finding.loc for finding in judged}]
    # What the file does not rightly say, or what could not be had, is not judged.
    unsaid = {finding.loc for finding in findings}
    judged = [each for each in judged if each.loc not in unsaid and not within(each.loc, filled.unknown)]
    secrets = literal_secrets(document.raws)
    every = (*findings, *filled.findings, *judged, *secrets)
    usable = not filled.unknown and all(finding.warning for finding in every)
    return settings if usable else None, problems_of(document, every, path)


def read_text(path: Path) -> str | Problem:
    """Return the text of a config, or why it cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        text = tr(
            "the file cannot be read ({reason}); check its path and its permissions", reason=error.strerror
        )
        return Problem(str(path), 0, 1, "", text)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        text = tr("this is not UTF-8 (an older Cyrillic encoding?); save the file as UTF-8")
        return Problem(str(path), line, column, "", text)


def without_empty_keys(data: Value, loc: Loc = ()) -> tuple[Value, tuple[Loc, ...]]:
    """Return the values without keys that have none, and the places of those.

    All items of a list or map may be commented out; what is left (``sources:``) counts as not written.
    """
    if isinstance(data, tuple):
        pairs = [without_empty_keys(value, (*loc, index)) for index, value in enumerate(data)]
        return tuple(value for value, _ in pairs), tuple(place for _, places in pairs for place in places)
    if not isinstance(data, dict):
        return data, ()
    kept: dict[str, Value] = {}
    empty: list[Loc] = []
    for key, value in data.items():
        if value is None:
            empty.append((*loc, key))
        else:
            kept[key], below = without_empty_keys(value, (*loc, key))
            empty.extend(below)
    return kept, tuple(empty)


def empty_key(loc: Loc) -> Finding:
    """Return a warning for a key without a value."""
    text = tr("this key has no value, so it counts as not written; give it one, or delete it")
    return Finding(loc, text, warning=True, at_key=True)


def draft_of(data: Value, document: Document, context: Mapping[str, Any]) -> Draft:
    """Return the parts of a config that are right in themselves."""

    def part(loc: Loc, model: type[Part]) -> Part | None:
        value = value_at(data, loc)
        return right(TypeAdapter(model), {} if value is None else value, context)

    def parts(loc: Loc, model: type[Part]) -> tuple[tuple[int, Part], ...]:
        return tuple(right_items(TypeAdapter(model), value_at(data, loc), context))

    translation = value_at(data, ("translation",))
    given = translation if isinstance(translation, dict) else {}
    rest = {key: value for key, value in given.items() if key not in {"engines", "routes"}}
    engines: TypeAdapter[EngineSettings] = TypeAdapter(Engine)
    targets: TypeAdapter[TargetSettings] = TypeAdapter(Target)
    return Draft(
        document=document,
        site=part(("site",), SiteSettings),
        storage=part(("storage",), StorageSettings),
        languages=part(("languages",), LanguagesSettings),
        translation=right(TypeAdapter(TranslationSettings), rest, context),
        sources=parts(("sources",), SourceSettings),
        engines=tuple(right_items(engines, value_at(data, ("translation", "engines")), context)),
        routes=parts(("translation", "routes"), RouteSettings),
        feeds=parts(("feeds",), FeedSettings),
        targets=tuple(
            (key, index, target)
            for key in ("on_alert", "on_publish")
            for index, target in right_items(targets, value_at(data, (key,)), context)
        ),
    )


def right(adapter: TypeAdapter[Part], value: Value, context: Mapping[str, Any]) -> Part | None:
    """Return the part that a value describes; None where the value is wrong (which has been told)."""
    try:
        return adapter.validate_python(value, context=dict(context))
    except ValidationError:
        return None


def right_items(
    adapter: TypeAdapter[Part], values: Value, context: Mapping[str, Any]
) -> Iterator[tuple[int, Part]]:
    """Yield the right items of a list, each with its index."""
    for index, value in enumerate(values if isinstance(values, tuple) else ()):
        item = right(adapter, value, context)
        if item is not None:
            yield index, item


def within(loc: Loc, places: Iterable[Loc]) -> bool:
    """Tell whether a place is one of several, or lies inside one."""
    return any(loc[: len(place)] == place for place in places)


def problems_of(document: Document, findings: Iterable[Finding], path: Path) -> tuple[Problem, ...]:
    """Return findings as problems, by their place in the file."""
    placed = [(document.place(finding), finding) for finding in findings]
    problems = {problem_of(place, finding, path): None for place, finding in placed}
    return tuple(
        sorted(problems, key=lambda problem: (problem.line, problem.column, problem.path, problem.message))
    )


def problem_of(place: Place, finding: Finding, path: Path) -> Problem:
    """Return one finding as a problem."""
    return Problem(str(path), place.line, place.column, dotted(finding.loc), finding.text, finding.warning)


def dotted(loc: Loc) -> str:
    """Return a place as operators read it: ``sources[0].url``."""
    text = ""
    for step in loc:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")
