"""Measures the whole line: made articles in, published feeds out, each sentence judged to the letter.

    python benchmarks/whole_line.py CORPUS [--replay replay_mt.py] [--engine google] [--faults] [--keep DIR]

Exits with 1 where a figure is below its floor. See README.md in this folder for what the figures mean.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus_articles import MadeArticle, editable_line, make_articles, replace_line, set_aside
from corpus_site import Site, kinds, section_of, template_of
from engine_tap import EngineRequest, EngineTap, Pair, Purchase, first_fit, tally
from judge import CORRECTION, FeedVerdict, Standard, Verdict, judge_feed
from program import CAPACITY, ENGINE, LANGUAGES, Program, Run, command_of, touched, write_config
from published_tree import FeedFile, PublishedEntry, read_html
from recorded import Recorded, ReplayServer
from score_sheet import PACKING, Row, exact_row, feed_rows, file_rows, info_row, none_row, table

EDITS = 2  # lines kept back: one for a feed's article, one for a page
CYCLES = 12
FAULTS = {
    "error500": 0.2, "error429": 0.1, "echo": 0.05, "empty": 0.05, "truncate": 0.05, "garbage": 0.03, "numbers": 0.02,
}  # fmt: skip
SHOWN = 20  # failures printed


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything of one measurement."""

    recorded: Recorded
    articles: list[MadeArticle]
    kept_back: list[str]
    engine: str
    site: Site
    replay: ReplayServer
    tap: EngineTap
    program: Program

    def standards(self) -> dict[str, Standard]:
        """What to hold entries against, per language."""
        lines = [line.text for article in self.site.articles.values() for line in article.body_lines()]
        lines += [article.title for article in self.articles]
        addresses = {number: self.site.url_of(number) for number in self.site.articles}
        return {language: self.recorded.standard(language, lines, addresses) for language in LANGUAGES}

    def judge(self) -> dict[str, FeedVerdict]:
        """Judge every language's Atom feed as it is now."""
        articles = list(self.site.articles.values())
        verdicts = {}
        for language, standard in self.standards().items():
            feed = self.program.feed(language, "atom")
            verdicts[language] = judge_feed(feed.entries if feed else (), articles, standard)
        return verdicts

    def feed_files(self) -> dict[str, list[FeedFile]]:
        """Every published feed, per language."""
        found: dict[str, list[FeedFile]] = {}
        for language in LANGUAGES:
            files = [self.program.feed(language, ending) for ending in ("atom", "rss", "json")]
            found[language] = [file for file in files if file]
        return found

    def entries_by_article(self) -> dict[tuple[str, int], PublishedEntry]:
        """The Atom entries by language and article's number."""
        found = {}
        for language, verdict in self.judge().items():
            feed = self.program.feed(language, "atom")
            by_id = {entry.id: entry for entry in feed.entries} if feed else {}
            found.update({(language, number): by_id[v.entry_id] for number, v in verdict.entries.items()})
        return found

    def purchases(self, requests: Sequence[EngineRequest]) -> dict[Pair, Purchase]:
        return tally(requests, self.recorded.is_known, self.recorded.is_part)


@contextmanager
def bench(
    recorded: Recorded, options: argparse.Namespace, folder: Path, faults: Mapping[str, float] | None = None
) -> Iterator[Bench]:
    """Make the articles, serve them, start the engine, write the config."""
    in_use, kept_back = set_aside(recorded.lines, EDITS)
    articles = make_articles(in_use, kinds(options.articles))
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise SystemExit(f"{folder} is not empty: name a new folder with --keep")
    program = Program(command_of(options.command), folder, options.timeout)
    with (
        Site(articles, folder / "inbox") as site,
        ReplayServer(recorded, faults) as replay,
        EngineTap(replay.url) as tap,
    ):
        write_config(program, site.sources(), options.engine, tap.url, max(100, options.articles))
        yield Bench(recorded, articles, kept_back, options.engine, site, replay, tap, program)


# The clean measurement


def measure(bench: Bench) -> tuple[list[Row], list[str]]:
    """Run three kinds of cycles (first, nothing new, one edit each); return the rows and the failures' reasons."""
    first = bench.program.once()
    requests = bench.tap.take()
    pages, _ = bench.site.bodies_sent()
    if not bench.program.feeds.exists():
        return [exact_row("first run: exit code", first.exit_code, 0), none_row("feeds missing", {"": 9})], [
            "the program published nothing",
            *first.errors.splitlines()[-SHOWN:],
        ]
    bought = bench.purchases(requests)
    verdicts = bench.judge()
    rows = feed_rows(verdicts, bench.articles)
    rows += file_rows(bench.feed_files())
    rows += [none_row("feed files missing", missing_files(bench))]
    rows += first_run_rows(bench, first, requests, bought)
    rows += [info_row("pages downloaded, of those needed", f"{pages} of {pages_needed(bench)}")]
    rows += second_run_rows(bench)
    reasons: list[str] = []
    for article, new_line in edits(bench):
        edited_rows, flaws = edit_rows(bench, article, new_line)
        rows, reasons = rows + edited_rows, reasons + flaws
    return rows, [*failures(verdicts, bought), *file_failures(bench), *reasons]


def missing_files(bench: Bench) -> dict[str, int]:
    return {language: 3 - len(files) for language, files in bench.feed_files().items()}


def pages_needed(bench: Bench) -> int:
    """Pages that a program must fetch: single pages, and those behind feeds with summaries only."""
    sections = [section_of(article.number) for article in bench.articles]
    return sum(bool(s.address) and not s.id.endswith("-full") for s in sections)


def first_run_rows(
    bench: Bench, first: Run, requests: Sequence[EngineRequest], bought: Mapping[Pair, Purchase]
) -> list[Row]:
    count = len(bench.articles)
    stats = bench.replay.stats()
    rows = [
        exact_row("first run: exit code", first.exit_code, 0),
        exact_row("first run: articles new", first.figure("articles", "new"), count),
        exact_row("first run: translations done", first.figure("translations", "done"), 2 * count),
        exact_row("first run: feeds written", first.figure("feeds_written"), 9),
        exact_row("first run: requests told", first.figure("engines", ENGINE, "requests"), len(requests)),
    ]
    capacity = CAPACITY[bench.engine]
    for pair, purchase in sorted(bought.items()):
        # The page that deep-translator reads takes one text: segments are its lines.
        extra = 1 if bench.engine == "google" else 0
        least = first_fit([len(text) + extra for text in purchase.segments], capacity)
        ratio = purchase.requests / least if least else 0.0
        rows.append(
            Row(
                f"{'→'.join(pair)}: requests, of first-fit's {least}",
                {"": f"{purchase.requests} = {ratio:.2f}"},
                f"≤ {PACKING}",
                ratio <= PACKING,
            )
        )
        rows.append(
            info_row(
                f"{'→'.join(pair)}: segments, sent again, probes and spans, their requests",
                f"{len(purchase.segments)}, {purchase.repeats}, {len(purchase.probes)}, {purchase.probe_requests}",
            )
        )
    rows.append(info_row("letters sent that no sentence covers", stats.get("unknown_chars", 0)))
    rows.append(cost_row("first run", first))
    return rows


def cost_row(name: str, run: Run) -> Row:
    return info_row(
        f"{name}: seconds, CPU seconds, peak memory",
        f"{run.seconds:.1f}, {run.cpu_seconds:.1f}, {run.peak_megabytes:.0f} MB",
    )


def second_run_rows(bench: Bench) -> list[Row]:
    """A run with nothing new costs nothing and touches nothing."""
    before = bench.program.files()
    bench.site.forget_counts()
    second = bench.program.once()
    pages, feeds = bench.site.bodies_sent()
    return [
        exact_row("second run: exit code", second.exit_code, 0),
        exact_row("second run: engine requests", len(bench.tap.take()), 0),
        exact_row("second run: page bodies", pages, 0),
        exact_row("second run: feed bodies", feeds, 0),
        exact_row("second run: files touched", len(touched(before, bench.program.files())), 0),
        exact_row("second run: feeds written", second.figure("feeds_written"), 0),
        cost_row("second run", second),
    ]


def edits(bench: Bench) -> Iterator[tuple[MadeArticle, str]]:
    """An article of a feed that carries it whole, and one that is a page of its own, each with a new line."""
    lines = iter(bench.kept_back)
    for section_id in ("wp-full", "page"):
        for article in bench.articles:
            if section_of(article.number).id == section_id and has_editable_line(article):
                yield article, next(lines)
                break


def has_editable_line(article: MadeArticle) -> bool:
    try:
        return bool(editable_line(article))
    except ValueError:
        return False


def edit_rows(bench: Bench, article: MadeArticle, new_line: str) -> tuple[list[Row], list[str]]:
    """One sentence edited: that segment is bought once a language, and that entry alone changes."""
    name = f"edit in {section_of(article.number).id}"
    before = bench.entries_by_article()
    bench.site.edit(replace_line(article, editable_line(article), new_line))
    run = bench.program.once()
    after = bench.entries_by_article()
    bought = bench.purchases(bench.tap.take())
    segments = {target: len(purchase.segments) for (_, target), purchase in bought.items()}
    exact = all(
        (bench.recorded.replay.plain_form(text) == bench.recorded.replay.plain_form(new_line))
        for (source, _), purchase in bought.items()
        if source == "bg"
        for text in purchase.segments
    )
    edited = {key for key in before if key[1] == article.number}
    verdicts = bench.judge()
    flaws = [
        f"{name}, {v.language}: {flaw}"
        for v in verdicts.values()
        if article.number in v.entries
        for flaw in v.entries[article.number].flaws()
    ]
    rows = [
        exact_row(f"{name}: exit code", run.exit_code, 0),
        exact_row(f"{name}: articles updated", run.figure("articles", "updated"), 1),
        exact_row(f"{name}: segments bought", segments, {"en": 1, "it": 1}),
        exact_row(f"{name}: it is the edited sentence", exact, True),
        exact_row(f"{name}: segments told", run.figure("segments", "from_engine"), 2),
        exact_row(f"{name}: entries that lost their id", changed_ids(before, after), 0),
        exact_row(f"{name}: its entries with a new updated", len(newer(before, after) & edited), len(LANGUAGES)),
        exact_row(f"{name}: others with a new updated", len(newer(before, after) - edited), 0),
        exact_row(f"{name}: they alone tell of a correction now", newly_corrected(before, after) == edited, True),
        exact_row(f"{name}: flaws of the new version", len(flaws), 0),
    ]  # fmt: skip
    return rows, flaws


Entries = Mapping[tuple[str, int], PublishedEntry]


def changed_ids(before: Entries, after: Entries) -> int:
    return sum(key not in after or after[key].id != entry.id for key, entry in before.items())


def newly_corrected(before: Entries, after: Entries) -> set[tuple[str, int]]:
    """The entries with a correction's date that had none before."""
    told = [
        {key for key, entry in entries.items() if CORRECTION.search(read_html(entry.content).text)}
        for entries in (before, after)
    ]
    return told[1] - told[0]


def newer(before: Entries, after: Entries) -> set[tuple[str, int]]:
    return {key for key, entry in before.items() if key in after and after[key].updated != entry.updated}


def failures(verdicts: Mapping[str, FeedVerdict], bought: Mapping[Pair, Purchase]) -> list[str]:
    """Every failure with the place where it arose."""
    found = []
    for language, feed in verdicts.items():
        sent = [
            text
            for (_, target), p in bought.items()
            if target == language
            for text in [*p.segments, *p.probes]
        ]
        for verdict in feed.entries.values():
            name = f"{language} {verdict.number:>3} {section_of(verdict.number).id}/{template_of(verdict.number)}"
            found += [
                f"{name}: {text[:200]}" for text in flaws_of(verdict, feed.language, verdicts["bg"], sent)
            ]
        found += [f"{language}: twice: {title}" for title in feed.twice]
        found += [f"{language}: of no article: {title}" for title in feed.unknown]
    return found


def flaws_of(verdict: Verdict, language: str, original: FeedVerdict, sent: Sequence[str]) -> list[str]:
    """An entry's flaws, its missing sentences with a reason."""
    found = [flaw for flaw in verdict.flaws() if not flaw.startswith("missing")]
    source = original.entries.get(verdict.number)
    for line in verdict.missing:
        if language == "bg":
            reason = "not in the original's entry"
        elif source is None or line in source.missing:
            reason = "lost or damaged before translation"
        else:
            pieces = [text for text in sent if text in line and len(text.split()) > 1]
            whole = any(line in text for text in sent)
            reason = (
                "sent whole, shown otherwise" if whole else f"sent as {pieces}" if pieces else "never sent"
            )
        found.append(f"missing, {reason}: {line}")
    named = {
        "link": verdict.missing_links,
        "picture": verdict.missing_pictures,
        "emphasis": verdict.missing_emphasis,
    }
    found += [f"{name} lost: {text}" for name, texts in named.items() for text in texts]
    return found + ([] if verdict.list_is_right else ["list items lost or added"])


def file_failures(bench: Bench) -> list[str]:
    found = []
    for files in bench.feed_files().values():
        for file in files:
            name = f"{file.path.parent.name}/{file.path.name}"
            found += [f"{name}: {fault}" for fault in file.faults]
            if not name.startswith("bg"):
                found += [f"{name}: Cyrillic: {text[:120]}" for text in file.cyrillic]
    return found


# The measurement under faults


def measure_faults(bench: Bench) -> tuple[list[Row], list[str]]:
    """Run cycles while the engine fails in every way, until all is published; judge what shows after each."""
    wrong: list[str] = []
    codes: list[str] = []
    seen: dict[tuple[str, int], tuple[str, str]] = {}
    lost: set[tuple[str, int]] = set()
    cpu, published, cycle = 0.0, 0, 0
    wanted = 2 * len(bench.articles)
    for cycle in range(1, CYCLES + 1):
        run = bench.program.once()
        cpu += run.cpu_seconds
        verdicts = bench.judge()
        published = sum(len(verdicts[language].entries) for language in ("en", "it"))
        wrong += [f"cycle {cycle}: {text}" for text in visible_flaws(verdicts)]
        now = {key: (entry.id, entry.updated) for key, entry in bench.entries_by_article().items()}
        lost |= {key for key, shown in seen.items() if now.get(key) != shown}
        seen |= now
        due = 0 if published == wanted else 3
        if run.exit_code != due:
            codes.append(f"cycle {cycle}: exit {run.exit_code}, not {due}")
        print(f"  cycle {cycle}: exit {run.exit_code}, {published} of {wanted} published", file=sys.stderr)
        if published == wanted:
            break
    stats = {
        key: n for key, n in bench.replay.stats().items() if key.startswith("fault") or key == "requests"
    }
    return [
        Row("faults: published, cycles", {"": f"{published} of {wanted}, {cycle}"}, f"all in {CYCLES}", published == wanted),
        exact_row("faults: wrong things seen", len(wrong), 0),
        exact_row("faults: entries that vanished or changed", len(lost), 0),
        exact_row("faults: wrong exit codes", len(codes), 0),
        info_row("faults: CPU seconds of all cycles", f"{cpu:.1f}"),
        info_row("faults: what the engine did", json.dumps(stats).replace('"', "").replace("fault_", "")),
    ], [*wrong, *codes]  # fmt: skip


def visible_flaws(verdicts: Mapping[str, FeedVerdict]) -> list[str]:
    """What is wrong with what readers can see in the translations now."""
    found = []
    for language in ("en", "it"):
        original = verdicts["bg"].entries
        for verdict in verdicts[language].entries.values():
            # What extraction lost stands in the clean measurement's table already.
            known = set(original[verdict.number].missing) if verdict.number in original else set()
            unknown = [line for line in verdict.missing if line not in known]
            flaws = [flaw for flaw in verdict.flaws() if not flaw.startswith("missing")]
            found += [f"{language} {verdict.number}: {text[:200]}" for text in flaws + unknown]
    return found


# The command


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "corpus", type=Path, help="folder of aligned lines (*.bg and their recorded translations)"
    )
    parser.add_argument(
        "--replay", type=Path, help="replay_mt.py; default: ../tools/replay_mt.py from the corpus"
    )
    parser.add_argument("--engine", choices=sorted(CAPACITY), default="libretranslate")
    parser.add_argument("--articles", type=int, default=48, help="how many; default 48")
    parser.add_argument("--keep", type=Path, help="work in this new folder and keep it")
    parser.add_argument("--command", default="", help="the program; default: the installed syndicator")
    parser.add_argument("--faults", action="store_true", help="then measure with a failing engine, too")
    parser.add_argument("--timeout", type=float, default=900, help="seconds a run may take")
    given = parser.parse_args(arguments)
    given.corpus = given.corpus.resolve()
    given.replay = (given.replay or given.corpus.parent / "tools" / "replay_mt.py").resolve()
    for path in (given.corpus, given.replay):
        if not path.exists():
            parser.error(f"{path} does not exist")
    return given


def main() -> int:
    """Measure, print, and return the exit code."""
    given = options()
    recorded = Recorded.load(given.replay, given.corpus)
    with tempfile.TemporaryDirectory(prefix="whole-line-") as scratch:
        folder = (given.keep or Path(scratch)).resolve()
        with bench(recorded, given, folder / "clean") as clean:
            rows, reasons = measure(clean)
        if given.faults:
            with bench(recorded, given, folder / "faults", FAULTS) as faulty:
                fault_rows, fault_reasons = measure_faults(faulty)
            rows, reasons = rows + fault_rows, reasons + fault_reasons
        if given.keep:
            report = {"rows": [asdict(row) for row in rows], "failures": reasons}
            (folder / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1), "utf-8")
    print(table(rows, LANGUAGES))
    print_reasons(reasons)
    return 0 if all(row.passed for row in rows) else 1


def print_reasons(reasons: Sequence[str]) -> None:
    if reasons:
        print(f"\n{len(reasons)} failures" + (f", the first {SHOWN}" if len(reasons) > SHOWN else "") + ":")
    for reason in reasons[:SHOWN]:
        print(f"  {reason}")


if __name__ == "__main__":
    sys.exit(main())
