"""The program of one engine process: a file of its own that imports nothing of ours, to start at once.

A line of JSON comes in on stdin, a line goes out on stdout, in the same order:

    {"id": 7, "model": {…}, "text": "Bom dia.", "most": 80}
        → {"id": 7, "text": "Good morning."}
        → {"id": 7, "error": "damaged", "file": "…", "why": "…"}
        → {"id": 7, "error": "failed", "why": "…"}

``model`` holds ``folder``, the names ``model``, ``source``, ``target`` and ``shortlist`` ("" for none), and
``hashes``: SHA-256 by name, as far as they are known. What is loaded is what was hashed: the same bytes.
The process ends when stdin does, and when a sentence takes more than ``most`` seconds (the system sees to
that: an engine that hangs looks at nothing), so it does not outlive its owner for long.
"""

import hashlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

MODELS_KEPT = 3  # some 50 MB each


class DamagedError(Exception):
    """A file that is not what its publisher made."""

    def __init__(self, file: str, why: str) -> None:
        super().__init__(file, why)
        self.file = file
        self.why = why


def main() -> None:
    """Answer until stdin ends."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the owner decides
    # Whatever a library prints must not get among the answers.
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    os.environ["RUST_BACKTRACE"] = "0"
    loaded: dict[str, Any] = {}
    for line in sys.stdin.buffer:
        request = json.loads(line)
        signal.alarm(request["most"])
        try:
            answer = {"text": engine_for(request["model"], loaded).translate(request["text"])}
        except DamagedError as error:
            answer = {"error": "damaged", "file": error.file, "why": error.why}
        # A panic of the engine is no Exception; after one, nothing that it holds can be trusted.
        except BaseException as error:  # noqa: BLE001
            loaded.clear()
            answer = {"error": "failed", "why": f"{type(error).__name__}: {error}"}
        signal.alarm(0)
        answers.write(json.dumps({"id": request["id"], **answer}).encode() + b"\n")


def engine_for(model: dict[str, Any], loaded: dict[str, Any]) -> Any:  # noqa: ANN401 - as compiled
    """Return the engine of a model, from memory or disk. Raises DamagedError."""
    key = json.dumps(model, sort_keys=True)
    if key not in loaded:
        while len(loaded) >= MODELS_KEPT:
            del loaded[next(iter(loaded))]
        loaded[key] = load(model)
    loaded[key] = loaded.pop(key)  # the last used is the last to go
    return loaded[key]


def load(model: dict[str, Any]) -> Any:  # noqa: ANN401 - as compiled
    """Read, verify and load a model. Raises DamagedError."""
    from fxtranslate import Translator

    folder = Path(model["folder"])
    names = {part: model[part] for part in ("model", "source", "target", "shortlist")}
    # Many models have one vocabulary for both languages; to look through it takes as long as to load it all.
    files = dict.fromkeys(filter(None, names.values()))
    data = {name: read(folder / name, model["hashes"].get(name)) for name in files}
    for name in dict.fromkeys((names["source"], names["target"])):
        if not is_whole_message(data[name]):
            raise DamagedError(name, "it ends in the middle")
    try:
        vocabularies = data[names["source"]], data[names["target"]]
        engine = Translator(data[names["model"]], *vocabularies, data.get(names["shortlist"]))
        engine.translate("1")
    except BaseException as error:  # noqa: BLE001 - panics of the engine are no Exceptions
        # ValueErrors come of the model, panics of the shortlist.
        name = names["model"] if isinstance(error, ValueError) else names["shortlist"] or names["model"]
        raise DamagedError(name, str(error)) from None
    return engine


def read(path: Path, expected: str | None) -> bytes:
    """Return a file's bytes, verified where a hash is known. Raises DamagedError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DamagedError(path.name, error.strerror or str(error)) from None
    if expected and hashlib.sha256(data).hexdigest() != expected:
        raise DamagedError(path.name, "its SHA-256 is not that of its publisher")
    return data


def is_whole_message(data: bytes) -> bool:
    """Whether data is a sequence of whole protobuf fields, as a SentencePiece vocabulary is.

    The engine takes a vocabulary that was cut off without complaint, and answers with babble
    (wire format: https://protobuf.dev/programming-guides/encoding/).
    """
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        if tag & 7 == 0:
            _, at = varint(data, at)
        elif tag & 7 == 2:
            length, at = varint(data, at)
            at += length
        elif tag & 7 in (1, 5):
            at += 8 if tag & 7 == 1 else 4
        else:
            return False
    return at == len(data) and at > 0


def varint(data: bytes, at: int) -> tuple[int, int]:
    """Return the number at a place and the place behind it; one beyond the end where it is cut off."""
    value = shift = 0
    while at < len(data) and shift < 64:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at
    return 0, len(data) + 1


if __name__ == "__main__":
    main()
