"""A feed's newest entry as its importers take it: what ``feeds preview`` shows."""

from dataclasses import asdict
from typing import Any

from syndicator.errors import OutputError, RequestError
from syndicator.formats.importers import newest, taken
from syndicator.formats.paths import SEVERAL, feed_path, private_folder
from syndicator.model import FeedSpec
from syndicator.runtime.build import Workshop
from syndicator.runtime.trees import tree_of
from syndicator.settings import values
from syndicator.steps.realms import opened
from syndicator.text.messages import tr
from syndicator.text.notices import notice_for


def preview(workshop: Workshop, importer: str, feed_id: str = "", language: str = "") -> dict[str, Any]:
    """Return what an importer (a key of ``formats.importers.IMPORTERS``) makes of a feed's newest entry.

    It is read from the published file, as importers do. Without an id, the first feed is meant; without a
    language, the first that is translated into. Raises RequestError.
    """
    spec = _spec(workshop, feed_id)
    code = _language(workshop, spec, language)
    if "rss" not in spec.formats:
        raise RequestError(
            tr("feed {feed} is not published as RSS, which importers read; add it to `formats`", feed=spec.id)
        )
    path = feed_path(spec.id, SEVERAL if spec.combined else code, "rss")
    tree = tree_of(workshop.settings)
    try:
        rss = tree.read(_folder(workshop, spec) + path)
    except OutputError as error:
        raise RequestError(
            tr("feed {feed} is not published yet; run `syndicator once`", feed=spec.id)
        ) from error
    notice = values.notices(workshop.settings).get(code) or notice_for(code)
    offered = newest(rss, notice)
    if offered is None:
        raise RequestError(tr("feed {feed} has no entry yet", feed=spec.id))
    told = {"feed": spec.id, "language": code, "as": importer}
    return told | asdict(taken(offered, importer, notice))


def _spec(workshop: Workshop, feed_id: str) -> FeedSpec:
    known = {spec.id: spec for spec in workshop.feeds}
    if feed_id and feed_id not in known:
        raise RequestError(
            tr("{feed}: no feed has this id; there are: {known}", feed=feed_id, known=", ".join(known))
        )
    if not known:
        raise RequestError(tr("the config has no feed"))
    return known[feed_id] if feed_id else next(iter(known.values()))


def _language(workshop: Workshop, spec: FeedSpec, language: str) -> str:
    if language and language not in spec.languages:
        raise RequestError(
            tr(
                "feed {feed} is not published in {language}; it is in: {known}",
                feed=spec.id,
                language=language,
                known=", ".join(spec.languages),
            )
        )
    translated = [code for code in spec.languages if code != workshop.settings.languages.source]
    return language or next(iter(translated), spec.languages[0])


def _folder(workshop: Workshop, spec: FeedSpec) -> str:
    """Return where a feed lies: a private one at the first partner's who may read it."""
    if not spec.private:
        return ""
    for token in workshop.store.feed_tokens():
        if token.revoked is None and opened([spec], token):
            return private_folder(token.token)
    raise RequestError(
        tr("feed {feed} is private, and nobody has a token: syndicator feeds token add PARTNER", feed=spec.id)
    )
