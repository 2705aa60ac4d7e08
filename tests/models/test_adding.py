"""``models add`` and ``models list`` against a service in the format of Mozilla's."""

import hashlib
import json
import threading

import pytest

from syndicator.engines.model_shelf import ModelService, ModelShelf
from syndicator.errors import FetchError, HttpStatusError, ParseError, RequestError, UnreachableError
from syndicator.model import Pair
from syndicator.translation.model_records import best_release

PAIR = Pair("pt", "en")


@pytest.fixture
def shelf(tmp_path):
    return ModelShelf(tmp_path / "shelf")


class Desk:
    """Adds pt-en from the service to the shelf."""

    def __init__(self, service, shelf):
        self.service, self.shelf, self.told, self.slept = service, shelf, [], []

    def add(self):
        client = ModelService(
            f"{self.service.url}/v1/records", f"{self.service.url}/files", "test", sleep=self.slept.append
        )
        try:
            release = best_release(client.releases(), PAIR)
            return self.shelf.add(release, client, lambda *told: self.told.append(told))
        finally:
            client.close()


@pytest.fixture
def desk(service, shelf):
    return Desk(service, shelf)


def contents(folder):
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.is_file()
    }


def test_a_model_is_fetched_verified_and_put_in_place_whole(desk, models):
    assert desk.add()
    placed = contents(desk.shelf.folder / "pt-en")
    assert placed.pop("manifest.json")
    assert placed == contents(models / "pt-en")
    model = desk.shelf.model(PAIR)
    assert (model.state, model.version, model.architecture) == ("verified", "2.0", "tiny")
    assert {path.name for path in desk.shelf.folder.iterdir()} <= {"pt-en", ".lock", ".parts"}
    assert list((desk.shelf.folder / ".parts").iterdir()) == []
    assert all(0 <= done <= total for _, done, total in desk.told)
    assert {name for name, done, total in desk.told if done == total} == set(placed)


def test_what_is_there_is_not_fetched_again(desk):
    desk.add()
    before = len(desk.service.fetched)
    assert not desk.add()
    assert len(desk.service.fetched) == before


@pytest.mark.parametrize("kind", ["model", "vocab", "lex"])
@pytest.mark.parametrize("harm", ["cut", "altered", "gone"])
def test_a_damaged_file_is_named_and_fetched_again_alone(desk, models, kind, harm):
    desk.add()
    before = len(desk.service.fetched)
    file = next((desk.shelf.folder / "pt-en").glob(f"{kind}*"))
    data = bytearray(file.read_bytes())
    if harm == "gone":
        file.unlink()
    else:
        data[len(data) // 2] ^= 1
        file.write_bytes(data[: len(data) // 2] if harm == "cut" else data)
    assert file.name in desk.shelf.model(PAIR).damage
    assert desk.add()
    assert len(desk.service.fetched) == before + 1
    assert desk.shelf.model(PAIR).state == "verified"


def test_a_model_put_there_by_hand_is_taken_over_without_fetching(desk, models):
    (desk.shelf.folder / "pt-en").mkdir(parents=True)
    for path in (models / "pt-en").iterdir():
        (desk.shelf.folder / "pt-en" / path.name).write_bytes(path.read_bytes())
    assert desk.shelf.model(PAIR).state == "unknown"
    assert desk.add()
    assert desk.service.fetched == []
    assert desk.shelf.model(PAIR).state == "verified"


def test_a_connection_that_breaks_is_gone_on_with_where_it_broke(desk):
    desk.service.faults = [desk.service.cut(0.5), desk.service.cut(0.1)]
    assert desk.add()
    first, again = desk.service.fetched[:2]
    assert first.path == again.path
    assert first.range == ""
    assert again.range.startswith("bytes=")
    assert int(again.range[6:-1]) > 0


def test_the_next_command_goes_on_where_the_last_one_gave_up(desk):
    first = next(iter(desk.service.attachments))
    desk.service.faults = [desk.service.cut(0.5)] + [desk.service.status(503)] * 4
    with pytest.raises(HttpStatusError, match="503"):
        desk.add()
    assert desk.slept == [1.0, 2.0, 4.0, 8.0]
    assert not (desk.shelf.folder / "pt-en").exists()
    assert len(desk.service.fetched) == 5
    assert desk.add()
    assert int(desk.service.fetched[5].range[6:-1]) > 0
    assert first


def test_a_service_that_knows_no_ranges_starts_over(desk):
    desk.service.ranges = False
    desk.service.faults = [desk.service.cut(0.5)]
    assert desk.add()
    assert desk.shelf.model(PAIR).state == "verified"


def test_a_wrong_beginning_from_an_earlier_try_is_thrown_away_once(desk):
    parts = desk.shelf.folder / ".parts"
    parts.mkdir(parents=True)
    digest = next(
        record["attachment"]["hash"]
        for record in desk.service.records
        if record["name"].startswith("model.pten")
    )
    (parts / f"{digest}.part").write_bytes(b"something else")
    assert desk.add()
    assert desk.shelf.model(PAIR).state == "verified"


CHANGES = {
    "cut short": lambda data: data[: len(data) // 2],
    "altered": lambda data: data[:100] + bytes([data[100] ^ 1]) + data[101:],
    "longer": lambda data: data + b"more",
    "a page": lambda data: b"<html>login</html>",
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_attachment_that_is_not_as_described_changes_nothing(desk, change):
    desk.add()
    before = contents(desk.shelf.folder / "pt-en")
    for path in (desk.shelf.folder / "pt-en").glob("vocab*"):
        path.write_bytes(b"damaged")
    desk.service.faults = [desk.service.instead(CHANGES[change])] * 9
    with pytest.raises(FetchError, match=r"/files/main-workspace/\S+\.zst: "):
        desk.add()
    after = contents(desk.shelf.folder / "pt-en")
    assert {name for name in before if before[name] != after[name]} == {"vocab.pten.spm"}
    desk.service.faults = []
    assert desk.add()
    assert contents(desk.shelf.folder / "pt-en") == before


def test_a_file_whose_own_hash_is_wrong_is_refused(desk):
    for record in desk.service.records:
        record["decompressedHash"] = "0" * 64
    with pytest.raises(FetchError, match=r"model\.pten\S*: what was unpacked"):
        desk.add()
    assert not (desk.shelf.folder / "pt-en").exists()


def test_a_service_that_is_not_there_and_one_that_is_something_else(desk):
    desk.service.records = {"not": "a list"}
    with pytest.raises(ParseError, match="array `data`"):
        desk.add()
    desk.service.close()
    with pytest.raises(UnreachableError, match="no connection"):
        desk.add()


def test_two_commands_do_not_work_on_one_folder(desk):
    entered, leave = threading.Event(), threading.Event()

    def hold(handler, data):
        entered.set()
        leave.wait(20)
        return False

    desk.service.faults = [hold]
    first = threading.Thread(target=desk.add)
    first.start()
    assert entered.wait(20)
    try:
        with pytest.raises(RequestError, match="another command"):
            desk.add()
    finally:
        leave.set()
        first.join()
    assert desk.shelf.model(PAIR).state == "verified"


def test_the_commands(office, service, models):
    office.configure(service.url)
    assert "syndicator models add pt-en" in office.run("check").out
    assert office.run("models", "list", "--json").json == {
        "folder": str(office.folder / "models"),
        "models": [],
        "missing": ["pt-en"],
    }
    ran = office.run("models", "add", "pt-en")
    assert ran.code == 0, ran.err
    assert "version 2.0 is in place" in ran.out
    logged = [json.loads(line) for line in ran.err.splitlines()]
    assert {line["file"] for line in logged if line["event"] == "model file fetched"} == {
        path.name for path in (models / "pt-en").iterdir()
    }
    assert "there already" in office.run("models", "add", "pt-en").out
    assert "Nothing is missing" in office.run("models", "add").out
    listed = office.run("models", "list").out
    assert "pt-en" in listed
    assert "verified" in listed
    assert office.run("check").out == ""
    next((office.folder / "models" / "pt-en").glob("lex*")).write_bytes(b"x")
    listed = office.run("models", "list").out
    assert "lex.50.50.pten.s2t.bin: it has 1 bytes" in listed
    assert "models add pt-en" in listed
    assert "is in place" in office.run("models", "add").out, "without a pair: what is missing or damaged"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["add", "pt-it"], "has no model for pt-it; it has pt-en"),
        (["add", "portuguese"], '"portuguese" is no pair'),
        (["add", "pt-en", "--engine", "google"], "google: no engine of kind firefox"),
    ],
)
def test_what_cannot_be_met_is_told_and_nothing_is_fetched(office, service, arguments, words):
    office.configure(service.url)
    ran = office.run("models", *arguments)
    assert ran.code == 1
    assert words in ran.err
    assert service.fetched == []


def test_without_a_local_engine_the_way_to_one_is_told(office, service):
    office.configure(service.url)
    config = office.config.read_text("utf-8")
    engine = next(line for line in config.splitlines() if "kind: firefox" in line)
    office.config.write_text(
        config.replace(engine, '    - {id: l, kind: libretranslate, url: "http://127.0.0.1:9", local: true}'),
        "utf-8",
    )
    ran = office.run("models", "list")
    assert ran.code == 1
    assert "kind: firefox, models: ../var/models" in ran.err
