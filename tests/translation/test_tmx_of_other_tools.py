"""What other tools write is read, and what is written here they read."""

import io
from datetime import UTC, datetime

import pytest
from translate.storage.tmx import tmxfile

from syndicator.translation.tmx import MemoryUnit, read_tmx, stream_tmx, write_tmx

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
OMEGAT = """<?xml version="1.0" encoding="{encoding}"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4">
  <header creationtool="OmegaT" o-tmf="OmegaT TMX" adminlang="EN-US" datatype="plaintext" srclang="BG-BG"
    creationtoolversion="6.0.0" segtype="sentence"><note>бележка</note><prop type="x">y</prop></header>
  <body>
    <!-- Default translations -->
    <tu>
      <note>за редактора</note>
      <prop type="file">a.txt</prop>
      <tuv {attribute}="BG-BG"><seg>Мостът <bpt i="0" x="0">&lt;b0&gt;</bpt>е<ept i="0">&lt;/b0&gt;</ept>
        отворен<ph x="1"/>.</seg></tuv>
      <tuv {attribute}="EN-US" changeid="ana" changedate="20260102T030405Z"><note>ok</note>
        <seg>The <hi type="b">bridge</hi> is open.</seg></tuv>
    </tu>
  </body>
</tmx>
"""


@pytest.mark.parametrize("attribute", ["xml:lang", "lang"])
@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16"])
def test_omegats_files(attribute: str, encoding: str) -> None:
    data = OMEGAT.format(attribute=attribute, encoding=encoding).encode(encoding)
    (unit,) = read_tmx(data, "m.tmx")
    assert unit == MemoryUnit("bg", "en", "Мостът е отворен.", "The bridge is open.")
    assert unit.changed == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_translate_toolkit_reads_ours() -> None:
    units = [MemoryUnit("bg", "en", "Чай & <мед>", "Tea & <honey>", changed=NOW)]
    units.append(MemoryUnit("bg", "en", "„Да“", "“Yes”", "google"))
    store = tmxfile.parsestring(b"".join(write_tmx(units, "bg", "0.1", NOW)))
    assert [(one.source, one.target) for one in store.units] == [(one.source, one.target) for one in units]


def test_ours_reads_translate_toolkits() -> None:
    store = tmxfile()
    store.addtranslation("Чай & <мед>", "bg", "Tea & <honey>", "en")
    store.addtranslation("„Да“", "bg", "“Yes”", "en", comment="бележка")
    read = read_tmx(bytes(store), "m.tmx")
    wanted = {("Чай & <мед>", "Tea & <honey>"), ("„Да“", "“Yes”")}
    assert {(one.source, one.target) for one in read if one.source_language == "bg"} == wanted


def test_units_come_before_the_file_is_read_to_its_end() -> None:
    written = list(
        write_tmx((MemoryUnit("bg", "en", f"Дума {n}", f"Word {n}") for n in range(5000)), "bg", "1", NOW)
    )
    file = io.BytesIO(b"".join(written))
    units = stream_tmx(file, "m.tmx")
    next(units)
    assert file.tell() < len(file.getvalue()) / 2
    assert sum(1 for _ in units) == 4999
