"""Judges published entries to the letter: every sentence must be the one that was recorded, and nothing else.

Knows nothing of the corpus or of any engine: it is given articles, and what each of their lines must read
in each language.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from corpus_articles import Line, MadeArticle, Span
from published_tree import PublishedEntry, Range, Reading, read_html
from rapidfuzz import fuzz

NOTICE = re.compile(
    r"machine|automatic|translat|tradu|tradott|original|source|fonte|източник|оригинал|преведен|^©|rights",
    re.IGNORECASE,
)
CORRECTION = re.compile(r"\s*(?:Поправено|Corrected|Corretto): [\w., ]+")  # the line with the date of an edit
MARK_WORDS = 3  # at the head of a summary
LOOKS_LIKE = 60  # rapidfuzz score from which a piece of text is the remains of a lost sentence


@dataclass(frozen=True, slots=True)
class Expected:
    """What a line may read in one language."""

    readings: tuple[str, ...]  # as a whole, and put together from its sentences
    remains: tuple[str, ...] = ()  # what it looks like when a part of it was not known to the engine


@dataclass(frozen=True, slots=True)
class Standard:
    """What entries in one language are held against."""

    language: str
    lines: Mapping[str, Expected]  # by the source line
    markers: frozenset[str]  # words that only noise holds
    addresses: Mapping[int, str]  # of articles, by number; "" for one without


@dataclass(slots=True)
class Verdict:
    """What was found in one entry."""

    number: int
    entry_id: str
    title_is_right: bool
    sentences: int = 0
    missing: list[str] = field(default_factory=list)  # source lines
    links: int = 0
    missing_links: list[str] = field(default_factory=list)
    pictures: int = 0
    missing_pictures: list[str] = field(default_factory=list)
    has_list: bool = False
    list_is_right: bool = True
    emphasised: int = 0
    missing_emphasis: list[str] = field(default_factory=list)
    junk: list[str] = field(default_factory=list)
    stray: list[str] = field(default_factory=list)  # text that is nobody's
    broken: list[str] = field(default_factory=list)  # what is shown in place of missing sentences
    cyrillic: list[str] = field(default_factory=list)
    disorder: list[str] = field(default_factory=list)  # source lines that stand before their predecessor

    @property
    def is_clean(self) -> bool:
        """Whether the entry shows the right title and sentences, and nothing else."""
        return self.title_is_right and not (
            self.missing or self.junk or self.stray or self.broken or self.cyrillic or self.disorder
        )

    def flaws(self) -> list[str]:
        """Everything that makes the entry wrong, in words."""
        named = {
            "missing": self.missing,
            "junk": self.junk,
            "stray": self.stray,
            "broken": self.broken,
            "cyrillic": self.cyrillic,
            "out of order": self.disorder,
        }
        wrong_title = [] if self.title_is_right else ["title"]
        return wrong_title + [f"{name}: {text[:160]}" for name, texts in named.items() for text in texts]


@dataclass(slots=True)
class FeedVerdict:
    """What was found in one feed."""

    language: str
    entries: dict[int, Verdict] = field(default_factory=dict)  # by the article's number
    twice: list[str] = field(default_factory=list)  # entries of an article that has one already
    unknown: list[str] = field(default_factory=list)  # entries of no article

    def total(self, count: Callable[[Verdict], int]) -> int:
        return sum(map(count, self.entries.values()))


def squeeze(text: str) -> str:
    return " ".join(text.split())


def same_address(one: str, other: str) -> bool:
    """Whether two addresses are the same but for percent-encoding and the fragment."""
    a, b = urlsplit(one), urlsplit(other)
    return (a.netloc, unquote(a.path), unquote(a.query)) == (b.netloc, unquote(b.path), unquote(b.query))


def identify(
    entry: PublishedEntry, articles: Sequence[MadeArticle], standard: Standard
) -> MadeArticle | None:
    """The article that an entry shows: by the original's address, else by its title."""
    for article in articles:
        address = standard.addresses[article.number]
        if address and any(same_address(address, link) for link in entry.links):
            return article
    title = squeeze(entry.title)
    return next((a for a in articles if title in standard.lines[a.title].readings), None)


def judge_feed(
    entries: Iterable[PublishedEntry], articles: Sequence[MadeArticle], standard: Standard
) -> FeedVerdict:
    """Judge every entry of a feed."""
    verdict = FeedVerdict(standard.language)
    for entry in entries:
        article = identify(entry, articles, standard)
        if article is None:
            verdict.unknown.append(entry.title)
        elif article.number in verdict.entries:
            verdict.twice.append(entry.title)
        else:
            verdict.entries[article.number] = judge_entry(entry, article, standard)
    return verdict


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line was found in a reading."""

    line: Line
    start: int
    end: int


def find_lines(article: MadeArticle, text: str, standard: Standard) -> dict[str, Place]:
    """Find each body line once in the text, the longest first so that none is taken for a part of another."""
    taken = bytearray(len(text))
    found: dict[str, Place] = {}
    longest_first = sorted(
        article.body_lines(), key=lambda line: -max(map(len, standard.lines[line.text].readings))
    )
    for line in longest_first:
        place = first_free(text, standard.lines[line.text].readings, taken)
        if place:
            taken[place[0] : place[1]] = b"\1" * (place[1] - place[0])
            found[line.text] = Place(line, *place)
    return found


def first_free(text: str, readings: Iterable[str], taken: bytearray) -> tuple[int, int] | None:
    for reading in readings:
        start = text.find(reading)
        while start >= 0:
            end = start + len(reading)
            if not any(taken[start:end]) and stands_alone(text, start, end):
                return start, end
            start = text.find(reading, start + 1)
    return None


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether nothing is glued to a stretch of text: no letter or digit touches its ends."""
    return not text[max(0, start - 1) : start].isalnum() and not text[end : end + 1].isalnum()


def judge_entry(entry: PublishedEntry, article: MadeArticle, standard: Standard) -> Verdict:
    """Hold one entry against its article."""
    reading = read_html(entry.content)
    places = find_lines(article, reading.text, standard)
    lines = list(article.body_lines())
    verdict = Verdict(
        article.number,
        entry.id,
        title_is_right=squeeze(entry.title) in standard.lines[article.title].readings,
        sentences=len(lines),
        missing=[line.text for line in lines if line.text not in places],
        cyrillic=list(entry.cyrillic) if standard.language != "bg" else [],
    )
    notices = notice_lines(reading, places)
    judge_order(verdict, lines, places)
    judge_marks(verdict, article, reading, places)
    judge_pictures(verdict, article, reading)
    judge_lists(verdict, article, reading)
    judge_remainder(verdict, article, reading, places, notices, standard)
    judge_foreign_links(verdict, article, reading, notices, standard)
    judge_summary(verdict, entry, article, standard)
    return verdict


def notice_lines(reading: Reading, places: Mapping[str, Place]) -> list[tuple[int, int]]:
    """The stretches before the first and after the last sentence that say who translated, from where, and when
    the text was corrected."""
    starts = [place.start for place in places.values()]
    ends = [place.end for place in places.values()]
    found = []
    for line in re.finditer(r"[^\n]+", reading.text):
        outside = not starts or line.end() <= min(starts) or line.start() >= max(ends)
        if outside and (NOTICE.search(line.group()) or CORRECTION.fullmatch(line.group())):
            found.append(line.span())
    return found


def judge_order(verdict: Verdict, lines: Sequence[Line], places: Mapping[str, Place]) -> None:
    last = -1
    for line in lines:
        place = places.get(line.text)
        if place and place.start < last:
            verdict.disorder.append(line.text)
        elif place:
            last = place.start


def judge_marks(
    verdict: Verdict, article: MadeArticle, reading: Reading, places: Mapping[str, Place]
) -> None:
    """Links must be there; emphasis must lie inside its own sentence."""
    for line, span in article.spans:
        if span.tag == "a":
            verdict.links += 1
            if not any(is_link(range_, span) for range_ in reading.ranges):
                verdict.missing_links.append(span.href)
            continue
        verdict.emphasised += 1
        place = places.get(line.text)
        if not (place and any(is_inside(range_, span.tag, place) for range_ in reading.ranges)):
            verdict.missing_emphasis.append(line.text)


def is_link(range_: Range, span: Span) -> bool:
    """Whether a range is the span's link, absolute and around some text."""
    wanted, found = urlsplit(span.href), urlsplit(range_.href)
    if range_.tag != "a" or not found.netloc or range_.start >= range_.end:
        return False
    return found.path == wanted.path and wanted.netloc in ("", found.netloc)


def is_inside(range_: Range, tag: str, place: Place) -> bool:
    """Whether the range marks some, and not all, words of the sentence."""
    marked = min(range_.end, place.end) - max(range_.start, place.start)
    return range_.tag == tag and 0 < marked < place.end - place.start


def picture_path(src: str) -> str:
    return urlsplit(src).path if urlsplit(src).netloc else ""


def judge_pictures(verdict: Verdict, article: MadeArticle, reading: Reading) -> None:
    shown = Counter(map(picture_path, reading.pictures))
    verdict.pictures = len(article.pictures)
    verdict.missing_pictures = [src for src in article.pictures if not shown[src]]
    verdict.junk += [
        f"picture {src}" for src in reading.pictures if picture_path(src) not in article.pictures
    ]
    verdict.junk += [f"picture {src} {n} times" for src, n in shown.items() if n > 1]


def judge_lists(verdict: Verdict, article: MadeArticle, reading: Reading) -> None:
    verdict.has_list = article.list_items > 0
    verdict.list_is_right = reading.list_items == article.list_items


def judge_remainder(
    verdict: Verdict,
    article: MadeArticle,
    reading: Reading,
    places: Mapping[str, Place],
    notices: Sequence[tuple[int, int]],
    standard: Standard,
) -> None:
    """Whatever is neither a recorded sentence nor the notice: remains of a lost sentence, junk, or stray."""
    text = list(reading.text)
    for start, end in [*((place.start, place.end) for place in places.values()), *notices]:
        text[start:end] = ["\n"] * (end - start)
    for range_ in reading.ranges:  # a link that found no words in its sentence may stand behind it
        if range_.tag == "a" and any(is_link(range_, span) for _, span in article.spans):
            text[range_.start : range_.end] = ["\n"] * (range_.end - range_.start)
    remains = [sound for line in verdict.missing for sound in all_sounds(standard.lines[line])]
    for piece in "".join(text).split("\n"):
        if not any(ch.isalnum() for ch in piece):
            continue
        found = junk_in(piece, article, standard)
        if found:
            verdict.junk.append(f"{found}: {piece.strip()}")
        elif any(fuzz.partial_ratio(piece.strip(), sound) >= LOOKS_LIKE for sound in remains):
            verdict.broken.append(piece.strip())
        else:
            verdict.stray.append(piece.strip())


def all_sounds(expected: Expected) -> tuple[str, ...]:
    return (*expected.readings, *expected.remains)


def junk_in(text: str, article: MadeArticle, standard: Standard) -> str:
    """The word or counter that gives junk away; "" if there is none."""
    if article.view_counter in re.sub(r"[\s.,]", "", text):
        return article.view_counter
    said = {word.casefold() for word in re.findall(r"[^\W\d_]+", text)}
    return min(said & standard.markers, default="")


def judge_foreign_links(
    verdict: Verdict,
    article: MadeArticle,
    reading: Reading,
    notices: Sequence[tuple[int, int]],
    standard: Standard,
) -> None:
    address = standard.addresses[article.number]
    for range_ in reading.ranges:
        in_notice = any(start <= range_.start and range_.end <= end for start, end in notices)
        ours = any(is_link(range_, span) for _, span in article.spans)
        if range_.tag == "a" and not (ours or in_notice or (address and same_address(range_.href, address))):
            verdict.junk.append(f"link {range_.href}")


def judge_summary(verdict: Verdict, entry: PublishedEntry, article: MadeArticle, standard: Standard) -> None:
    """A summary is a stretch of the article behind a mark of a few words."""
    shown = squeeze(read_html(entry.summary).text.replace("\u2060", ""))
    found = junk_in(shown, article, standard)
    if found:
        verdict.junk.append(f"summary, {found}: {shown}")
    elif not is_stretch(shown, article, standard):
        verdict.stray.append(f"summary: {shown}")


def is_stretch(shown: str, article: MadeArticle, standard: Standard) -> bool:
    """Whether a text, a few words of a mark and an ellipsis aside, stands in the article as it reads."""
    words = shown.rstrip(" .…[]").split(" ")
    alts = {block.lines[0].text for block in article.blocks if block.tag == "figure"}
    shown_lines = [standard.lines[line.text] for line in article.body_lines() if line.text not in alts]
    whole = " ".join(line.readings[0] for line in shown_lines)
    parted = " ".join(line.readings[-1] for line in shown_lines)
    title = standard.lines[article.title].readings[0]
    for skipped in range(MARK_WORDS + 1):
        rest = " ".join(words[skipped:])
        if any(rest in text for text in (whole, parted, title)):
            return True
    return False
