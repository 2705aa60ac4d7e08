"""Local models for the languages of a config: what there is, what is missing, and fetching it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from syndicator import __version__
from syndicator.engines.model_shelf import ModelService, ModelShelf, Shelved, Told
from syndicator.errors import RequestError
from syndicator.model import Pair
from syndicator.settings.schema import FirefoxSettings, Settings
from syndicator.text.messages import tr
from syndicator.translation.model_files import folder_of, needed_pairs, pair_of
from syndicator.translation.model_records import Release, best_release, pairs_offered


@dataclass(frozen=True, slots=True)
class Listing:
    """What is there and what the configured languages still need."""

    folder: str
    models: tuple[Shelved, ...]
    missing: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Added:
    """What came of one pair."""

    release: Release
    fetched: bool  # False: it was there already


def local_engine(settings: Settings, engine_id: str | None = None) -> FirefoxSettings:
    """Return the engine whose models are meant: the named one, or the first. Raises RequestError."""
    found = [one for one in settings.translation.engines if isinstance(one, FirefoxSettings)]
    for engine in found:
        if engine_id in (None, engine.id):
            return engine
    if engine_id is not None:
        raise RequestError(tr("{id}: no engine of kind firefox has this id", id=engine_id))
    raise RequestError(
        tr(
            "the config has no engine that uses local models; add one to translation.engines: {example}",
            example="- {id: local, kind: firefox, models: ../var/models}",
        )
    )


def list_models(settings: Settings, engine: FirefoxSettings) -> Listing:
    """Return what is there, every file verified, and what is missing."""
    models = ModelShelf(engine.models).models()
    return Listing(str(engine.models), models, missing_pairs(settings, models))


def missing_pairs(settings: Settings, models: Sequence[Shelved]) -> tuple[Pair, ...]:
    """Return the pairs that the configured languages need and that are not there, or not whole."""
    whole = {model.pair for model in models if not model.damage}
    spoken = dict.fromkeys(
        (settings.languages.source, *(one.language for one in settings.sources if one.language))
    )
    needed = needed_pairs(spoken, settings.languages.targets, settings.translation.pivot, whole)
    return tuple(pair for pair in needed if pair not in whole)


def add_models(
    settings: Settings,
    engine: FirefoxSettings,
    names: Sequence[str],
    begin: Callable[[Release], None],
    tell: Told,
) -> Iterator[Added]:
    """Fetch the models of pairs, one after the other, each told of when it is in place.

    Without names: those that the configured languages lack; where the service has a direct model in place of
    two, that one. Raises RequestError for a pair that the service does not have, before anything is fetched.
    """
    shelf = ModelShelf(engine.models)
    with _service(settings, engine) as service:
        releases = service.releases()
        offered = pairs_offered(releases)
        if names:
            pairs = [_meant(name, offered) for name in dict.fromkeys(names)]
        else:
            pairs = _lacking(settings, shelf, offered)
        chosen = [_chosen(releases, pair, service.records) for pair in dict.fromkeys(pairs)]
        for release in chosen:
            begin(release)
            yield Added(release, shelf.add(release, service, tell))


def _meant(name: str, offered: frozenset[Pair]) -> Pair:
    pair = pair_of(name, offered)
    if pair is None:
        raise RequestError(tr('"{name}" is no pair of languages; write one such as bg-en', name=name))
    return pair


def _lacking(settings: Settings, shelf: ModelShelf, offered: frozenset[Pair]) -> list[Pair]:
    models = shelf.models()
    whole = {model.pair for model in models if not model.damage}
    spoken = dict.fromkeys(
        (settings.languages.source, *(one.language for one in settings.sources if one.language))
    )
    needed = needed_pairs(spoken, settings.languages.targets, settings.translation.pivot, offered | whole)
    return [pair for pair in needed if pair not in whole]


def _chosen(releases: Sequence[Release], pair: Pair, records: str) -> Release:
    release = best_release(releases, pair)
    if release is not None:
        return release
    offered = pairs_offered(releases)
    near = sorted(
        folder_of(each) for each in offered if pair.source == each.source or pair.target == each.target
    )
    raise RequestError(
        tr(
            "{records} has no model for {pair}; it has {near}",
            records=records,
            pair=folder_of(pair),
            near=", ".join(near[:20]) or tr("nothing for these languages"),
        )
    )


@contextmanager
def _service(settings: Settings, engine: FirefoxSettings) -> Iterator[ModelService]:
    agent = f"syndicator/{__version__} (+{settings.site.base_url})"
    service = ModelService(engine.records, engine.attachments, agent)
    try:
        yield service
    finally:
        service.close()
