"""From verdicts to rows with floors, and from rows to a table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus_articles import MadeArticle
from judge import FeedVerdict, Verdict
from published_tree import FeedFile

# Floors, in per cent. 99.7 % of 997 sentences lets two go: lines on which reasonable segmenters differ.
ARTICLES = 100.0
SENTENCES = 99.7
TITLES = 99.0
STRUCTURE = 99.0  # links, pictures, lists
EMPHASIS = 90.0
PACKING = 1.2  # requests to those of first-fit packing


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; a row without a floor informs only."""

    name: str
    figures: Mapping[str, str]  # by language; "" for one figure of the whole
    floor: str = ""
    passed: bool = True


def share_row(name: str, counts: Mapping[str, tuple[int, int]], floor: float) -> Row:
    """A row of shares: (kept, of) per language."""
    figures = {language: f"{percent(*count):.2f} %" for language, count in counts.items()}
    return Row(name, figures, f"≥ {floor:g} %", all(percent(*count) >= floor for count in counts.values()))


def percent(kept: int, whole: int) -> float:
    return 100 * kept / whole if whole else 100.0


def none_row(name: str, counts: Mapping[str, int]) -> Row:
    """A row of counts of which none may be above zero."""
    return Row(name, {key: str(n) for key, n in counts.items()}, "0", not any(counts.values()))


def exact_row(name: str, found: object, wanted: object) -> Row:
    """A row whose one figure must be the wanted one."""
    return Row(name, {"": str(found)}, str(wanted), found == wanted)


def info_row(name: str, figure: object) -> Row:
    return Row(name, {"": str(figure)})


def feed_rows(verdicts: Mapping[str, FeedVerdict], articles: Sequence[MadeArticle]) -> list[Row]:
    """What the entries of each language keep and what they must not hold.

    An article without an entry counts with all that it should have shown.
    """

    def kept(
        whole: Callable[[MadeArticle], int], lost: Callable[[Verdict], int]
    ) -> dict[str, tuple[int, int]]:
        all_of_it = sum(map(whole, articles))
        absent = {
            language: sum(whole(a) for a in articles if a.number not in verdict.entries)
            for language, verdict in verdicts.items()
        }
        return {
            language: (all_of_it - absent[language] - verdict.total(lost), all_of_it)
            for language, verdict in verdicts.items()
        }

    def entries_with(flaw: Callable[[Verdict], object]) -> dict[str, int]:
        return {language: verdict.total(lambda v: bool(flaw(v))) for language, verdict in verdicts.items()}

    links = kept(lambda a: count_spans(a, {"a"}), lambda v: len(v.missing_links))
    emphasis = kept(lambda a: count_spans(a, {"strong", "em"}), lambda v: len(v.missing_emphasis))
    lists = kept(lambda a: bool(a.list_items), lambda v: v.has_list and not v.list_is_right)
    return [
        share_row("articles in the feed", kept(lambda _: 1, lambda _: 0), ARTICLES),
        share_row(
            "sentences to the letter", kept(lambda a: len(list(a.body_lines())), lambda v: len(v.missing)), SENTENCES
        ),
        share_row("titles", kept(lambda _: 1, lambda v: not v.title_is_right), TITLES),
        share_row("links", links, STRUCTURE),
        share_row("pictures", kept(lambda a: len(a.pictures), lambda v: len(v.missing_pictures)), STRUCTURE),
        share_row("lists", lists, STRUCTURE),
        share_row("emphasis", emphasis, EMPHASIS),
        none_row("entries with junk", entries_with(lambda v: v.junk)),
        none_row("entries with text of no sentence", entries_with(lambda v: v.stray)),
        none_row("entries with Cyrillic", {k: n for k, n in entries_with(lambda v: v.cyrillic).items() if k != "bg"}),
        none_row("entries out of order", entries_with(lambda v: v.disorder)),
        none_row("entries twice or of no article", {k: len(v.twice) + len(v.unknown) for k, v in verdicts.items()}),
    ]  # fmt: skip


def count_spans(article: MadeArticle, tags: set[str]) -> int:
    return sum(span.tag in tags for _, span in article.spans)


def file_rows(feeds: Mapping[str, Sequence[FeedFile]]) -> list[Row]:
    """What is wrong with the feeds as files, and whether the three formats say the same."""
    faults = {language: sum(len(file.faults) for file in files) for language, files in feeds.items()}
    # In RSS and JSON every entry counts here; in Atom the entries have a row of their own.
    leaks = {
        language: sum(
            len(file.cyrillic) + sum(len(e.cyrillic) for e in file.entries if file.path.suffix != ".atom")
            for file in files
        )
        for language, files in feeds.items()
        if language != "bg"
    }
    return [
        none_row("faults of feed files", faults),
        none_row("Cyrillic in feed heads, RSS, JSON", leaks),
        none_row(
            "entries that formats show differently", {k: differing(files) for k, files in feeds.items()}
        ),
    ]


def differing(files: Sequence[FeedFile]) -> int:
    """Entries whose id, title or content is not the same in all files."""
    shown = [{entry.id: (entry.title, squeezed(entry.content)) for entry in file.entries} for file in files]
    ids = set().union(*shown) if shown else set()
    return sum(len({one.get(entry_id) for one in shown}) > 1 for entry_id in ids)


def squeezed(html: str) -> str:
    """HTML without blanks between and within tags: XML has its own way with them."""
    return "".join(html.replace("/>", ">").split())


def table(rows: Iterable[Row], languages: Sequence[str] = ("bg", "en", "it")) -> str:
    """The rows as a text table."""
    rows = list(rows)
    width = max(len(row.name) for row in rows)
    lines = [f"{'':{width}}  " + "".join(f"{language:>11}" for language in languages) + "   floor"]
    for row in rows:
        if "" in row.figures:
            cells = f"{row.figures['']:>{11 * len(languages)}}"
        else:
            cells = "".join(f"{row.figures.get(language, ''):>11}" for language in languages)
        verdict = "" if not row.floor else "" if row.passed else "  << BELOW"
        lines.append(f"{row.name:{width}}  {cells}   {row.floor}{verdict}")
    return "\n".join(lines)
