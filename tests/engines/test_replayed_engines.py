"""Every online engine against the replay server, which speaks their formats and fails as it is told.

Skipped where that server and its recordings are not beside the repository.
"""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicator.engines.deepl import DeepLEngine
from syndicator.engines.google import GoogleEngine
from syndicator.engines.libretranslate import LibreTranslateEngine
from syndicator.engines.openai import OpenAIEngine
from syndicator.errors import (
    EngineTimeoutError,
    EngineUnavailableError,
    RateLimitedError,
    RequestTooLongError,
)
from syndicator.model import Pair, TranslationState

SHARED = Path(__file__).parents[3] / "shared"
SERVER, CORPUS = SHARED / "tools" / "replay_mt.py", SHARED / "corpus"
PAIR = Pair("bg", "en")
HEALTHY = dict.fromkeys(
    "error500 error429 hang echo empty truncate numbers drop_placeholders garbage latency_ms rps".split(), 0
) | {"hang_s": 3, "max_chars": 5000}
ENGINES = {
    "libretranslate": lambda url, **options: LibreTranslateEngine("online", url, **options),
    "google": lambda url, **options: GoogleEngine("online", url=url, **options),
    "deepl": lambda url, **options: DeepLEngine("online", "a-key", url=url, **options),
    "openai": lambda url, **options: OpenAIEngine("online", f"{url}/v1", "any", **options),
}

pytestmark = pytest.mark.skipif(not SERVER.exists(), reason="no replay server beside the repository")


def recorded() -> list[tuple[str, str]]:
    """Return lines that hold a number, and what Google answered for them."""
    sources = (CORPUS / "flores-dev.bg").read_text("utf-8").splitlines()
    answers = (CORPUS / "flores-dev.google.en").read_text("utf-8").splitlines()
    found = [
        (" ".join(source.split()), " ".join(answer.split()))
        for source, answer in zip(sources, answers, strict=True)
        if any(map(str.isdigit, answer))
        and "&" not in answer
        and source.count(".") == 1
        and '"' not in answer
    ]
    return found[:4]


@pytest.fixture(scope="module")
def replay() -> Iterator[str]:
    command = [sys.executable, str(SERVER), "--corpus", str(CORPUS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@pytest.fixture(params=ENGINES)
def engine(request, replay):
    tell(replay, **HEALTHY)
    return ENGINES[request.param](replay, timeout=30)


def tell(url: str, **faults: float) -> None:
    """Make the server fail from now on."""
    data = json.dumps(faults).encode()
    asked = urllib.request.Request(f"{url}/_control", data, {"Content-Type": "application/json"})
    urllib.request.urlopen(asked, timeout=30).close()


SOURCES, ANSWERS = zip(*recorded(), strict=True) if SERVER.exists() else ((), ())


def test_whole_answers_come_to_the_letter(engine):
    assert engine.translate(list(SOURCES), PAIR) == list(ANSWERS)
    assert engine.translate([SOURCES[0]], PAIR) == [ANSWERS[0]]


@pytest.mark.parametrize(
    ("faults", "error"),
    [
        ({"error500": 1}, EngineUnavailableError),
        ({"error429": 1}, RateLimitedError),
        ({"max_chars": 10}, RequestTooLongError),
    ],
)
def test_a_status_becomes_the_error_that_says_who_must_act(engine, replay, faults, error):
    tell(replay, **faults)
    if error is RequestTooLongError and not isinstance(engine, LibreTranslateEngine | GoogleEngine):
        pytest.skip("the server bounds requests in two formats only")
    with pytest.raises(error) as raised:
        engine.translate(list(SOURCES), PAIR)
    if error is RateLimitedError:
        assert raised.value.retry_after == 1


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_that_hangs_is_given_up(replay, name):
    tell(replay, **HEALTHY)
    tell(replay, hang=1)
    with pytest.raises(EngineTimeoutError):
        ENGINES[name](replay, timeout=0.5).translate(list(SOURCES), PAIR)


@pytest.mark.parametrize("fault", ["echo", "empty", "truncate", "garbage"])
def test_what_a_broken_engine_says_is_refused_and_never_known(bench, engine, replay, fault):
    tell(replay, **{fault: 1})
    for _ in range(3):
        translated = bench.chain(bench.supervised(engine)).translate(PAIR, SOURCES)
        assert not translated.known
        assert set(translated.failures) == set(SOURCES)
    tell(replay, **HEALTHY)
    bench.memory.fingerprint = "mended"
    known = bench.chain(bench.supervised(engine)).translate(PAIR, SOURCES).known
    assert [known[source].text for source in SOURCES] == list(ANSWERS)


def test_changed_digits_never_stand_unremarked(bench, engine, replay):
    tell(replay, numbers=1)
    known = bench.chain(bench.supervised(engine)).translate(PAIR, SOURCES).known
    assert all(answer.warning for answer in known.values())


@pytest.mark.parametrize("fault", ["error500", "error429"])
def test_an_engine_in_trouble_leaves_all_pending(bench, engine, replay, fault):
    tell(replay, **{fault: 1})
    translated = bench.chain(bench.supervised(engine)).translate(PAIR, SOURCES)
    assert {failure.state for failure in translated.failures.values()} == {TranslationState.PENDING}
