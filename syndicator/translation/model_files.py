"""Which files make a translation model, and which models languages need. Names only, no files are touched.

A folder of models holds one folder per pair, ``pt-en``, with the files under their publisher's names:

=========  ==================================  ==========================================
kind       name                                what it is
=========  ==================================  ==========================================
model      ``model.pten.intgemm.alphas.bin``   the network
vocab      ``vocab.pten.spm``                  the vocabulary of both languages
srcvocab   ``srcvocab.enja.spm``               or that of the language translated from,
trgvocab   ``trgvocab.enja.spm``               and that of the language translated into
lex        ``lex.50.50.pten.s2t.bin``          the shortlist of likely words: a third faster
=========  ==================================  ==========================================
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from syndicator.model import Pair

KINDS = ("model", "vocab", "srcvocab", "trgvocab", "lex")
MANIFEST = "manifest.json"  # beside the files: what `models add` fetched, with sizes and hashes


@dataclass(frozen=True, slots=True)
class ModelNames:
    """The names of the files of one model."""

    model: str
    source_vocabulary: str
    target_vocabulary: str
    shortlist: str  # "" where there is none: slower, but no worse

    @property
    def all(self) -> tuple[str, ...]:
        """Every file once."""
        return tuple(
            dict.fromkeys(
                filter(None, (self.model, self.source_vocabulary, self.target_vocabulary, self.shortlist))
            )
        )


def folder_of(pair: Pair) -> str:
    """Return the name of a pair's folder."""
    return f"{pair.source}-{pair.target}"


def pair_of(folder: str, known: Collection[Pair] = ()) -> Pair | None:
    """Return the pair that a folder's name, or an operator's word, means; None: it means none.

    Language codes may hold hyphens themselves ("zh-Hans-en"): then the cut that gives a known pair is meant.
    """
    parts = folder.split("-")
    cuts = [Pair("-".join(parts[:at]), "-".join(parts[at:])) for at in range(1, len(parts))]
    found = [pair for pair in cuts if pair.source and pair.target]
    return next((pair for pair in found if pair in known), found[0] if found else None)


def kind_of(name: str) -> str | None:
    """Return a file's kind by its name; None: it is no part of a model."""
    kind, _, rest = name.partition(".")
    return kind if kind in KINDS and rest and not rest.endswith((".part", ".tmp")) else None


def names_in(names: Iterable[str]) -> ModelNames | tuple[str, ...]:
    """Return the files of a model among the names in its folder, or the kinds that are missing."""
    found: dict[str, str] = {}
    for name in sorted(names):
        kind = kind_of(name)
        if kind is not None:
            found[kind] = name
    source = found.get("srcvocab") or found.get("vocab")
    target = found.get("trgvocab") or found.get("vocab")
    missing = [] if "model" in found else ["model"]
    if not source or not target:
        # Half of a divided vocabulary needs its other half; with nothing there, one for both is usual.
        missing += (
            [kind for kind in ("srcvocab", "trgvocab") if kind not in found]
            if source or target
            else ["vocab"]
        )
    if missing or not source or not target:
        return tuple(missing)
    return ModelNames(found["model"], source, target, found.get("lex", ""))


def needed_pairs(
    sources: Iterable[str], targets: Iterable[str], pivot: str, present: Collection[Pair] = ()
) -> tuple[Pair, ...]:
    """Return the pairs that a local engine needs for languages, each once.

    A direct model is used where there is one; else both hops by way of the pivot.
    """
    needed: dict[Pair, None] = {}
    targets = tuple(targets)
    for source in sources:
        for target in targets:
            direct = Pair(source, target)
            if source == target:
                continue
            if pivot in (source, target) or direct in present:
                needed[direct] = None
            else:
                needed.update(dict.fromkeys((Pair(source, pivot), Pair(pivot, target))))
    return tuple(needed)
