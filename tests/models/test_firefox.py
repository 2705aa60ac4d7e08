"""The local engine with real models: what it answers, and what it survives."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest

from syndicator.engines.firefox import FirefoxEngine
from syndicator.engines.model_workers import PROGRAM as PROGRAM_FILE
from syndicator.engines.model_workers import (
    BrokenError,
    HungError,
    ModelPlace,
    ModelWorkers,
    shared_workers,
)
from syndicator.errors import PairRefusedError
from syndicator.model import Pair
from syndicator.ports import Engine

PAIR, BACK = Pair("pt", "en"), Pair("en", "pt")
SENTENCES = [
    "A vinha fica na encosta da montanha.",
    "Os agricultores colheram as uvas em setembro.",
    "O vinho deste ano é muito bom.",
    "A escola abriu um curso novo para jovens.",
]


def test_it_is_an_engine_that_keeps_texts_at_home(engine):
    port: Engine = engine
    assert (port.id, port.local, port.max_texts) == ("local", True, 0)
    assert port.supports(PAIR)
    assert port.supports(BACK)
    assert not port.supports(Pair("pt", "it"))
    assert not port.supports(Pair("xx", "en"))


def test_answers_come_in_the_order_of_the_texts(engine):
    answers = engine.translate(SENTENCES, PAIR)
    for answer, word in zip(answers, ["vineyard", "grapes", "wine", "school"], strict=True):
        assert word in answer.lower()
    assert engine.translate(SENTENCES[2:3], PAIR) == answers[2:3]


def test_both_directions_and_texts_of_several_sentences(engine):
    there = engine.translate([" ".join(SENTENCES[:2])], PAIR)[0]
    assert there.count(".") == 2
    assert "uvas" in engine.translate([there], BACK)[0]


def test_texts_without_words_come_back_as_they_are(engine, workers):
    texts = ["", "2018–2020", "😀", "***", "№ 7"]
    assert engine.translate(texts, PAIR) == texts
    assert workers.pids == [], "nothing of it needs a process"


def test_signs_that_the_model_loses_are_put_back(engine):
    texts = [
        "O ministro disse: „A vinha é nossa“ e saiu.",
        "A vinha — a maior da região — é nossa.",
        "Custa 50 € por pessoa.",
        "Bom dia a todos 😀!",
        "• Artigo § 5",
    ]
    quotes, dashes, euro, emoji, sign = engine.translate(texts, PAIR)
    assert "“The vineyard is ours” and" in quotes
    assert dashes.count(" — ") == 2
    assert "€50" in euro
    assert "😀" in emoji
    assert sign.startswith("• ")
    assert "§ 5" in sign


def test_a_sentence_that_is_too_long_for_the_model_is_translated_to_its_end(engine):
    who = ["o professor", "a médica", "o pescador", "a rainha", "o jardineiro", "a ministra"]
    what = ["comprou três livros", "visitou a velha ponte", "plantou uma árvore", "perdeu o comboio"]
    clauses = [f"{one} {did} em {2000 + at}" for at, (one, did) in enumerate(product(who, what))]
    sentence = f"Nessa aldeia {', '.join(clauses)}, e no fim todos dançaram."
    assert len(sentence.split()) > 160
    answer = engine.translate([sentence], PAIR)[0]
    years = [str(2000 + at) for at in range(len(clauses))]
    assert [year for year in years if year not in answer] == []
    assert answer.rstrip(".").endswith("danced")


def test_threads_never_get_each_others_answers(engine):
    texts = [f"A casa número {number} é azul." for number in range(24)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda text: engine.translate([text], PAIR)[0], texts))
    for number, answer in enumerate(answers):
        assert str(number) in answer


def test_processes_start_on_demand_and_are_shared(models, workers):
    one = FirefoxEngine("one", models, workers=workers)
    other = FirefoxEngine("other", models, workers=workers)
    assert workers.pids == []
    one.translate(SENTENCES[:1], PAIR)
    assert len(workers.pids) == 1, "one sentence needs one process"
    other.translate(SENTENCES, PAIR)
    assert len(workers.pids) == 2
    before = workers.pids
    one.translate(SENTENCES, BACK)
    assert workers.pids == before


def test_all_processes_load_a_model_that_will_be_asked_for(models, workers):
    engine = FirefoxEngine("local", models, workers=workers)
    engine.get_ready(Pair("xx", "en"))
    assert workers.pids == [], "there is no such model"
    engine.get_ready(PAIR)
    before = workers.pids
    assert len(before) == 2
    engine.translate(SENTENCES, PAIR)
    assert workers.pids == before


def test_the_last_owner_ends_the_processes(models):
    engine = FirefoxEngine("one", models, workers=shared_workers(1))
    assert shared_workers(1) is shared_workers(1)
    engine.translate(SENTENCES[:1], PAIR)
    [pid] = shared_workers(1).pids
    del engine
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


class Doomed(threading.Thread):
    """Sends a signal to the first engine process as soon as there is one."""

    def __init__(self, workers, number):
        super().__init__(daemon=True)
        self.workers, self.number, self.hit = workers, number, []

    def run(self):
        while not self.workers.pids:
            time.sleep(0.005)
        self.hit = self.workers.pids[:1]
        os.kill(self.hit[0], self.number)


MANY = [f"{sentence[:-1]} e {number} pessoas chegaram." for number in range(12) for sentence in SENTENCES]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "hanging"])
def test_a_process_that_dies_or_hangs_is_replaced_and_its_sentence_tried_again(models, workers, number):
    # Long enough for a healthy sentence on a busy machine, short enough for a test.
    engine = FirefoxEngine("local", models, workers=workers, timeout=8)
    doomed = Doomed(workers, number)
    doomed.start()
    answers = engine.translate(MANY, PAIR)
    doomed.join()
    assert all(str(at // 4) in answer for at, answer in enumerate(answers))
    assert doomed.hit[0] not in workers.pids
    with pytest.raises(ProcessLookupError):
        os.kill(doomed.hit[0], 0)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "hanging"])
def test_processes_that_died_or_hung_while_idle_cost_no_sentence(models, workers, number):
    engine = FirefoxEngine("local", models, workers=workers, timeout=4)
    engine.translate(SENTENCES, PAIR)
    for pid in workers.pids:
        os.kill(pid, number)
    assert "vineyard" in engine.translate(SENTENCES[:1], PAIR)[0]


# No real sentence is known that breaks the engine, so these processes end, or hang, at a certain word.
PROGRAM = """
import json, os, sys, time
for line in sys.stdin:
    told = json.loads(line)
    if "fatal" in told["text"]: os._exit(3)
    if "slow" in told["text"]: time.sleep(60)
    print(json.dumps({"id": told["id"], "text": told["text"].upper()}), flush=True)
"""
NOWHERE = ModelPlace("", "", "", "", "", {})


@pytest.mark.parametrize(("word", "error"), [("fatal", BrokenError), ("slow", HungError)])
def test_a_sentence_that_breaks_two_processes_is_named_and_the_next_call_is_whole(
    tmp_path, monkeypatch, word, error
):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, "utf-8")
    monkeypatch.setattr("syndicator.engines.model_workers.PROGRAM", program)
    workers = ModelWorkers(2)
    with pytest.raises(error, match=f"a {word} one"):
        workers.translate(["good", f"a {word} one", "better"], NOWHERE, 2)
    assert workers.translate(["good", "better"], NOWHERE, 2) == ["GOOD", "BETTER"]
    workers.close()
    assert workers.pids == []
    assert workers.translate(["again"], NOWHERE, 2) == ["AGAIN"]
    workers.close()


@pytest.fixture
def shouting(tmp_path, monkeypatch):
    """Two processes of the program above."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, "utf-8")
    monkeypatch.setattr("syndicator.engines.model_workers.PROGRAM", program)
    workers = ModelWorkers(2)
    yield workers
    workers.close()


def test_processes_that_hang_at_the_same_time_are_given_up_together(shouting):
    shouting._clock = lambda: time.monotonic() // 0.5 / 2  # so coarse that both begin at the same time
    for _ in range(2):
        with pytest.raises(HungError, match="slow"):
            shouting.translate(["a slow one", "b slow one", "good"], NOWHERE, 1)
    assert shouting.translate(["good", "better"], NOWHERE, 2) == ["GOOD", "BETTER"]


def test_a_process_that_one_call_leaves_idle_works_for_the_next(shouting):
    with ThreadPoolExecutor(1) as pool:
        stuck = pool.submit(shouting.translate, ["a slow one"], NOWHERE, 3)
        while not shouting.pids:
            time.sleep(0.005)
        texts = [f"number {number}" for number in range(20)]
        assert shouting.translate(texts, NOWHERE, 3) == [text.upper() for text in texts]
        assert not stuck.done()
        with pytest.raises(HungError, match="a slow one"):
            stuck.result()


@pytest.mark.parametrize("word", ["fatal", "slow"])
def test_a_call_that_fails_takes_no_other_one_with_it(shouting, word):
    calls = [[f"call {call}, number {number}" for number in range(30)] for call in range(4)]
    calls[1][10] = f"a {word} one"
    with ThreadPoolExecutor(4) as pool:
        begun = [pool.submit(shouting.translate, texts, NOWHERE, 1.5) for texts in calls]
        with pytest.raises(BrokenError if word == "fatal" else HungError, match=f"a {word} one"):
            begun.pop(1).result()
        assert [call.result() for call in begun] == [
            [text.upper() for text in texts] for number, texts in enumerate(calls) if number != 1
        ]
    assert shouting.translate(["good"], NOWHERE, 2) == ["GOOD"]


def test_who_is_interrupted_leaves_the_others_their_answers(shouting, monkeypatch):
    """Even the thread that talks to the processes for all."""
    read, interrupted = shouting._read, threading.Event()

    def interrupt(worker):
        read(worker)
        if threading.current_thread().name.startswith("first") and not interrupted.is_set():
            interrupted.set()
            raise KeyboardInterrupt

    monkeypatch.setattr(shouting, "_read", interrupt)
    texts = [f"number {number}" for number in range(500)]
    with ThreadPoolExecutor(1, "first") as first, ThreadPoolExecutor(1) as second:
        one = first.submit(shouting.translate, texts, NOWHERE, 5)
        while not shouting.pids:
            time.sleep(0.001)
        other = second.submit(shouting.translate, texts, NOWHERE, 5)
        with pytest.raises(KeyboardInterrupt):
            one.result()
        assert other.result() == [text.upper() for text in texts]


# Hangs as an engine does: in compiled code, so that no Python is run beside it.
HANGING = """
import re, sys
sys.path.insert(0, sys.argv[1])
import model_process
class Engine:
    def translate(self, text): return str(re.match("(a+)+$", "a" * 60 + "b"))
model_process.engine_for = lambda model, loaded: Engine()
model_process.main()
"""


def test_a_process_that_hangs_ends_even_if_its_owner_is_gone():
    ran = subprocess.run(
        [sys.executable, "-c", HANGING, str(PROGRAM_FILE.parent)],
        input=b'{"id": 1, "model": {}, "text": "x", "most": 1}\n',
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (ran.returncode, ran.stdout) == (-signal.SIGALRM, b"")


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])


@pytest.mark.parametrize("kind", ["model.pten", "vocab.pten", "lex.50"])
def test_a_file_that_is_cut_short_is_refused_by_name(own_models, workers, kind):
    """Even where nothing is known of the files but their names."""
    file = next((own_models / "pt-en").glob(f"{kind}*"))
    cut(file)
    engine = FirefoxEngine("local", own_models, workers=workers)
    with pytest.raises(PairRefusedError) as caught:
        engine.translate(SENTENCES, PAIR)
    assert str(file) in str(caught.value)
    assert "syndicator models add pt-en" in str(caught.value)
    engine.get_ready(PAIR)  # tells nothing: the request did


def test_a_folder_that_lacks_a_file_is_refused_by_what_it_lacks(own_models, workers):
    next((own_models / "pt-en").glob("vocab*")).unlink()
    with pytest.raises(PairRefusedError, match=r"vocab.*it is missing.*models add pt-en"):
        FirefoxEngine("local", own_models, workers=workers).supports(PAIR)


def test_without_the_shortlist_it_works_as_well(own_models, workers):
    next((own_models / "pt-en").glob("lex*")).unlink()
    assert "vineyard" in FirefoxEngine("local", own_models, workers=workers).translate(SENTENCES[:1], PAIR)[0]


def test_a_missing_model_is_named_with_the_way_to_get_it(own_models, workers):
    shutil.rmtree(own_models / "pt-en")
    engine = FirefoxEngine("local", own_models, workers=workers)
    assert not engine.supports(PAIR)
    with pytest.raises(PairRefusedError, match="syndicator models add pt-en"):
        engine.translate(SENTENCES, PAIR)
