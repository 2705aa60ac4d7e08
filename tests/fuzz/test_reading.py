# ruff: noqa: E501, RUF005 (markup reads better unbroken)
"""Anything may come from the network: the decoder, the cleaner and the readers of files never break.

Runs as property tests; ``python tests/fuzz/test_reading.py [SECONDS]`` goes on with random mutations of pages.
"""

import random
import sys
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.errors import SourceError
from syndicator.extract.decode import decode
from syndicator.extract.letters import read_letter
from syndicator.extract.office import read_office
from syndicator.extract.page import read_markup
from syndicator.model import SiteRules
from syndicator.text.html import clean_html

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SOFIA = ZoneInfo("Europe/Sofia")
SEED = (
    "<html><head><meta charset=utf-8><title>Мост</title></head><body><article><h1>Нов мост</h1><p>Автор: Иван"
    " Петров</p><p>Общината откри новия мост над Сазлийка след ремонт от две години.</p><table><tr><td>1<br><br>2"
    "<iframe src='https://youtu.be/aB3dE6gH9jK'></iframe><a href='/a.pdf'>тук</a></table></article></body></html>"
)
PIECES = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<div class='",
            "'>",
            "<table>",
            "<td>",
            "<br>",
            "<a href=",
            "<img src=",
            "<!--",
            "-->",
            "&",
        ]
        + [
            "<iframe src=//youtu.be/aB3dE6gH9jK>",
            "<svg>",
            "<math>",
            "<script>",
            "</script>",
            "Прочетена: 5",
            "©",
            "\x00",
        ]
        + [
            "Общината откри новия мост над реката след дълъг ремонт на пътя.",
            "12 март 2026",
            "<h1>",
            "<noscript>",
        ]
    ),
    max_size=30,
)


def read_all(data: bytes) -> None:
    text = decode(data, "", "html")
    cleaned = clean_html(text, "https://a.example/")
    assert clean_html(cleaned, "https://a.example/") == cleaned
    for reader in (
        lambda: read_markup(text, "https://a.example/1", SiteRules(), "bg", NOW, SOFIA),
        lambda: read_letter(data, "a.eml", "bg", NOW, SOFIA),
        lambda: read_office(data, "a.docx", "bg", NOW, SOFIA),
    ):
        try:
            reader()
        except SourceError:
            continue


@given(st.one_of(st.binary(max_size=200), PIECES.map(lambda pieces: "".join(pieces).encode())))
@settings(max_examples=60, deadline=None)
def test_anything_is_read_or_refused_by_name(data):
    read_all(data)


@given(st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_damaged_pages(seed):
    read_all(mutated(random.Random(seed)))


def mutated(chance: random.Random) -> bytes:
    data = bytearray(SEED.encode(chance.choice(["utf-8", "cp1251", "utf-16"])))
    for _ in range(chance.randrange(1, 12)):
        at, length = chance.randrange(len(data)), chance.randrange(1, 30)
        part = (
            bytes(chance.randrange(256) for _ in range(length))
            if chance.random() < 0.3
            else data[at : at + length]
        )
        data[chance.randrange(len(data)) : at] = bytes(part)
        data = data or bytearray(b"x")
    return bytes(data)


if __name__ == "__main__":
    end = time.monotonic() + float(sys.argv[1] if len(sys.argv) > 1 else 60)
    rounds = 0
    while time.monotonic() < end:
        read_all(mutated(random.Random(rounds)))
        rounds += 1
    print(f"{rounds} damaged pages")
