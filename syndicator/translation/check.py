"""Judges an engine's answer for one segment, before anybody may read it.

Four outcomes matter. A **blocking** finding means that the answer must never be seen. A **refused** one is no
better unless the operator has chosen to publish what is suspect: an address is gone. A **doubtful** one (a
number is gone, or another) may be a slip of the engine or a freedom of the language: the caller asks once
more, and an equal answer stands with a warning. A **warning** is told to the operator only.

Figures: measured on 997 Bulgarian sentences and the recorded answers of three engines (bg→en), and of one
engine for bg→it and en→it. What blocks or refuses must stay below 1 in 2,000 of those real answers; the
benchmarks ``check_rates.py`` and ``check_faults.py`` print the rates.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import groupby, permutations
from operator import eq

from rapidfuzz import fuzz

from syndicator.text.classifier import knows, likeliest
from syndicator.text.languages import is_cyrillic_language, primary_language
from syndicator.text.messages import tr
from syndicator.text.transliterate import transliterate
from syndicator.translation.numbers import compare_numbers, invented_numbers
from syndicator.translation.protect import addresses


class Severity(IntEnum):
    """How much a finding weighs; the worst one decides."""

    WARN = 1
    DOUBT = 2
    REFUSE = 3
    BLOCK = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """One flaw of an answer: its short name (a metric's label) and what was seen."""

    name: str
    severity: Severity
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that was found in one answer."""

    findings: tuple[Finding, ...] = ()

    @property
    def severity(self) -> int:
        """The weight of the worst finding, 0 if there is none."""
        return max(finding.severity for finding in self.findings) if self.findings else 0

    @property
    def blocks(self) -> bool:
        """Whether the answer is refused, however often it comes."""
        return self.severity >= Severity.REFUSE

    @property
    def unfit(self) -> bool:
        """Whether no operator's choice may publish the answer."""
        return self.severity == Severity.BLOCK

    @property
    def doubts(self) -> bool:
        """Whether the segment is worth asking once more."""
        return self.severity == Severity.DOUBT

    def __str__(self) -> str:
        """Return the findings for a log line or ``articles show``."""
        return "; ".join(f"{finding.name}: {finding.detail}" for finding in self.findings)


_GOOD = Verdict()

# Median of len(target) / len(source); any other pair is taken as 1.
USUAL_LENGTH: Mapping[tuple[str, str], float] = {
    ("bg", "en"): 0.96,
    ("bg", "it"): 1.08,
    ("en", "it"): 1.12,
    ("en", "bg"): 1.04,
}
# Lengths relative to the usual one. On the real answers the extremes are .63 and 2.0; of those that lack the
# full stop of their source (7 of 4,985) the shortest has .84.
CUT_SURELY, CUT_UNENDED, CUT_HEADING, SHORT, LONG, RAMBLING = 0.36, 0.78, 0.5, 0.66, 1.7, 2.6
DOUBTED_UNENDED = 0.95
CUT_LONG, LONG_FROM = 0.56, 60  # a long sentence that comes back as a short one, ended or not
TWICE_FROM, TWICE, HALVES_ALIKE = 4, 90, 70  # words; likeness of an answer's halves, and of its source's
LENGTH_COUNTS_FROM = 25  # characters; shorter segments (headings, names) vary too much
# But a short sentence does not lose both its end and half of its length (none of 26 in the corpus does), and
# a shorter one ("Да!") only if nearly nothing is left; without an end to lose, it is asked for once more.
CUT_SHORT, SHORT_FROM = 0.6, 12
CUT_TINY, DOUBTED_HEADING = 0.5, 0.4
ONE_LETTER_WORDS = frozenset("aàeèéioòóyñ")  # of the languages that we know
COMMON_WORDS_FROM = 4  # in lower case; with fewer, names make two languages look alike
LANGUAGE_FROM = 6  # words
CERTAIN = 0.9  # of the classifier's answer
UNSURE = ""
TRANSLITERATED = 85  # likeness to the source in Latin letters; real answers reach 76
TOLD_TWICE_FROM, TOLD_TWICE = 4, 0.3  # runs of four words that come again, and their share

_LETTER = re.compile(r"[^\W\d_]")
_SAYS_SOMETHING = re.compile(r"\w")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+")
# The same where no digit and no underscore is, as in three sentences of four, in less than half the time.
_PLAIN_WORD = re.compile(r"\w+(?:['’]\w+)?")
_NOT_PLAIN = re.compile(r"[\d_]")
_END = re.compile(r"[.!?…][\"'”“’»)\]\s]*$")
_NEXT_SENTENCE = re.compile(r"[.!?…][\"'”“’»)\]]*\s+(?=[\"„“«(]*[A-ZÀ-ÖØ-ÞА-Я])")
# No sentence ends in one of these; one that does was broken off.
_HANGING = re.compile(
    r"\b(?:the|an?|of|to|in|for|with|by|from|and|or|but|that|which|when|because|is|are|was|were|has|have|not|its"
    r"|il|lo|la|gli|un|una|di|del|della|dei|delle|in|nel|nella|con|per|da|dal|dalla|che|e|o|ma|è|sono|ha|non"
    r"|os?|as?|do|da|dos|das|em|no|na|que|com|por|para|é|foi|um|uma)$",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
# What only a server, a proxy or a language model says of itself; the same words twice prove nothing.
_MACHINES_OWN = (
    r"<!doctype|<html|<body|unusual traffic from your|\(server error\)|as an ai\b|\bmymemory warning"
    r"|(?:error|http|status)(?: code)?[: ]*(?:4\d\d|50\d|52\d)\b"
    r"|\b(?:4\d\d|50\d) (?:error|too|internal|bad|service|gateway|forbidden|not found|unauthorized|payment)"
    r"|(?:can.?not|can.t|could not|unable to|failed to) (?:be )?translate"
    r"|query length limit exceeded|select two distinct languages|invalid language pair|distinct language pair"
    r"|\"(?:error|message|translatedtext|code|detail)\"\s*:"
    r"|(?:enable|requires|turn on) (?:javascript|cookies)|checking your browser"
    r"|verify (?:that )?you are (?:a )?human"
    r"|attention required!|ray id|upstream (?:connect|request)|disconnect/reset before headers|errno \d+"
    r"|connection (?:refused|reset|timed out)|no healthy upstream|slowdown: \d"
    r"|requests? per (?:minute|second)"
    r"|(?:requested|following) url (?:could not be|was not)|the origin (?:web )?server|proxy error"
    r"|authori[sz]ation failed|traceback \(most recent|model .{0,40}not found|<\|im_|\[/?inst\]"
    r"|(?:here is|here.s|sure[,!]).{0,30}translation\b.{0,20}:|^translation:"
)
_MACHINES_OWN_WORDS = re.compile(_MACHINES_OWN, re.IGNORECASE)
_ERROR_PAGE = re.compile(
    rf"{_MACHINES_OWN}|too many requests|unusual traffic|rate limit|service (?:temporarily )?unavailable"
    r"|server error|internal server error|bad gateway|gateway time-?out|access denied|captcha"
    r"|quota (?:has been )?exceeded|(?:character|usage|request) limit|log ?in to continue"
    r"|invalid (?:api |subscription )?key|error \d{3}\b|translation (?:error|failed)"
    r"|(?:error|\d{3}).{0,4}that.s an error|not supported"
    r"|(?:please )?(?:try|retry) (?:again )?(?:later|in \d)|error.{0,80}that.s all we know"
    r"|(?:request|operation) timed out|temporarily (?:unavailable|blocked|overloaded)|overloaded"
    r"|i.m sorry, (?:but )?i.{0,30}(?:assist|help|translat|provide)",
    re.IGNORECASE,
)
# One of these stands in whatever the pattern above finds; to look for them takes a thirtieth of its time.
_ERROR_HINTS = (
    *("error", "http", "status", "4", "50", "translat", "<html", "<body", "unusual traffic", "as an ai"),
    *("mymemory", "limit", "select two", "language pair", '"message"', '"code"', '"detail"', "javascript"),
    *(
        "cookies",
        "your browser",
        "verify ",
        "attention required",
        "ray id",
        "upstream",
        "disconnect",
        "errno",
    ),
    *(
        "connection ",
        "slowdown",
        " per minute",
        " per second",
        " url ",
        "origin ",
        "ation failed",
        "traceback",
    ),
    *("model ", "<|im_", "inst]", "too many", "unavailable", "gateway", "denied", "captcha", "quota"),
    *(
        "in to continue",
        "invalid",
        "<!doctype",
        "not supported",
        "try later",
        "try again",
        "try in ",
        "timed out",
    ),
    *("temporarily", "overloaded", "sorry"),
)
# The commonest short words; enough to tell one language from another in a sentence.
STOP_WORDS: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "bg": "и на в за от да се с по не са че е от което като при до или към ще след това има",
        "en": "the of and to in is was for that on with as by at from are his her it an be were which this"
        " a or but not have has had they their you can will while often other may more one",
        "it": "il di che la e in un una per del della con non sono da al le i gli si alla nel è lo come dei"
        " a o ma anche più alle ai agli delle degli cui questo questa mentre altri ha ed due dal dalla sul"
        " su nei nelle nello sui sulla sulle suoi sua suo loro",
        "de": "der die das und in den von zu mit ist im für auf des dem ein eine nicht sich auch als es an",
        "fr": "le la les de des et en un une du est pour que dans qui sur par avec au aux ne pas il a sont",
        "es": "el la los las de y en un una que del por con para es se al lo como su fue no más",
        "pt": "o a os as de e em um uma que do da dos das para com por no na não se é ao foi mais",
        "ro": "și în de la a cu pe un o din este care pentru nu mai sau ale fost sunt că prin",
    }.items()
}

# Words that two languages share ("in", "a", "come") tell them apart as little as names do.
_ALL_STOP_WORDS: frozenset[str] = frozenset().union(*STOP_WORDS.values())
_OTHERS = {one: tuple(other for other in STOP_WORDS if other != one) for one in STOP_WORDS}
_TELLING = {(one, other): STOP_WORDS[one] - STOP_WORDS[other] for one, other in permutations(STOP_WORDS, 2)}


def check(source: str, target: str, source_language: str, target_language: str) -> Verdict:
    """Judge ``target`` as a translation of ``source`` (both plain text, masks already put back)."""
    if not target.strip() or (_LETTER.search(source) and not _SAYS_SOMETHING.search(target)):
        return Verdict((Finding("empty", Severity.BLOCK, tr("nothing came back")),))
    findings = (
        _echo(source, target, source_language, target_language),
        _script(source, target, target_language),
        _error_page(source, target),
        _markup(source, target),
        _babble(source, target),
        _length(source, target, source_language, target_language),
        _language(source, target, target_language),
        _numbers(source, target, source_language, target_language),
        _addresses(source, target),
    )
    return Verdict(tuple(finding for finding in findings if finding)) if any(findings) else _GOOD


def _echo(source: str, target: str, source_language: str, target_language: str) -> Finding | None:
    if source_language == target_language or not _LETTER.search(source):
        return None
    for address in addresses(source):  # stays as it is in any language
        source, target = source.replace(address, ""), target.replace(address, "")
    from_cyrillic = is_cyrillic_language(source_language)
    same_script = from_cyrillic == is_cyrillic_language(target_language)
    words = _written(source)
    common = sum(map(str.islower, words))
    is_sentence = common >= COMMON_WORDS_FROM and common >= len(words) / 2
    if same_script:
        # Names and borrowed words are the same in both; only a whole sentence cannot be.
        may_stay = not is_sentence
    elif from_cyrillic:
        may_stay = not _CYRILLIC.search(source)  # "INTERREG 2014–2020" stays as it is
    else:
        may_stay = not _LATIN.search(source) or _mostly_names(source)
    if may_stay:
        return None
    # Within one script real translations reach 87 ("Tomba di Tutankhamon (KV62)."), across two near 0.
    score = fuzz.ratio(source.casefold(), target.casefold())
    # A number or an address that both have makes short texts alike; then the script tells.
    came_back = same_script or not from_cyrillic or bool(_CYRILLIC.search(target))
    if came_back and score >= (92 if same_script else 80):
        return Finding("echo", Severity.BLOCK, tr("the source came back ({score:.0f} % alike)", score=score))
    if from_cyrillic and not same_script and is_sentence:
        score = fuzz.ratio(transliterate(source).casefold(), target.casefold())
        if score >= TRANSLITERATED:
            told = tr("the source came back in Latin letters ({score:.0f} % alike)", score=score)
            return Finding("echo", Severity.BLOCK, told)
    return None


def _mostly_names(text: str) -> bool:
    return not any(word.islower() for word in _written(text))


def _script(source: str, target: str, target_language: str) -> Finding | None:
    cyrillic = _CYRILLIC.findall(target)
    to_cyrillic = is_cyrillic_language(target_language)
    if not cyrillic and not to_cyrillic:
        return None
    letters = len(_LETTER.findall(target))
    if to_cyrillic:
        if letters >= 10 and len(cyrillic) < letters * 0.3 and not _mostly_names(source):
            return Finding("script", Severity.BLOCK, tr("hardly a Cyrillic letter in it"))
        return None
    words = [word for word in _WORD.findall(target) if _CYRILLIC.search(word)]
    named = ", ".join(words[:3])
    # A name or two that the engine did not know is transliterated on assembly; more is no translation.
    if len(cyrillic) <= letters * 0.3 and len(words) <= 3 and all(word[0].isupper() for word in words):
        return Finding("leftover name", Severity.WARN, named)
    return Finding("leftover", Severity.BLOCK, tr("still in Cyrillic: {words}", words=named))


def _error_page(source: str, target: str) -> Finding | None:
    folded = target.casefold()
    if not any(map(folded.__contains__, _ERROR_HINTS)):
        return None
    found = _ERROR_PAGE.search(target)
    if not found or _ERROR_PAGE.search(source):
        return None
    status = re.search(r"\d{3}", found.group())
    if status and status.group() in source:
        return None  # the article is about "Грешка 404"
    rest = _ERROR_PAGE.sub("", target)
    # An article may well report that access was denied; then most of the answer is something else.
    if _MACHINES_OWN_WORDS.search(target) or len(rest) < len(target) / 2:
        return Finding("error page", Severity.BLOCK, found.group())
    return Finding("error phrase", Severity.DOUBT, found.group())


def _markup(source: str, target: str) -> Finding | None:
    tag = _TAG.search(target)
    if tag and not _TAG.search(source):
        return Finding("markup", Severity.BLOCK, tag.group())
    return None


def _babble(source: str, target: str) -> Finding | None:
    words = _words(target)
    if _has_run(words) and not _has_run(_words(source)):
        return Finding("babble", Severity.BLOCK, tr("a word four times in a row"))
    is_twice = len(words) >= TWICE_FROM and _halves(words) >= TWICE
    if is_twice and _halves(_words(source)) < HALVES_ALIKE:
        told = tr("the same is told twice: “{words} …”", words=" ".join(words[:4]))
        return Finding("babble", Severity.BLOCK, told)
    quads = list(zip(words, words[1:], words[2:], words[3:], strict=False))
    if len(set(quads)) == len(quads):  # each stands there once, as in nearly every answer
        return None
    grams = Counter(quads)
    if max(_four_grams(_words(source)).values(), default=0) >= 2:
        return None
    gram, times = grams.most_common(1)[0]
    if times >= 3:
        told = tr("“{words} …” {times} times", words=" ".join(gram), times=times)
        return Finding("babble", Severity.BLOCK, told)
    again = sum(count - 1 for count in grams.values())
    if again >= TOLD_TWICE_FROM and again >= grams.total() * TOLD_TWICE:
        return Finding(
            "babble", Severity.BLOCK, tr("the same is told twice: “{words} …”", words=" ".join(gram))
        )
    return None


# Five checks ask for the words of the same two texts, one after the other.
@lru_cache(maxsize=4)
def _written(text: str) -> tuple[str, ...]:
    word = _WORD if _NOT_PLAIN.search(text) else _PLAIN_WORD
    return tuple(word.findall(text))


@lru_cache(maxsize=4)
def _words(text: str) -> tuple[str, ...]:
    return tuple(map(str.casefold, _written(text)))


def _halves(words: Sequence[str]) -> float:
    """Return how much the two halves of a text are alike, in per cent."""
    middle = (len(words) + 1) // 2
    return fuzz.ratio(" ".join(words[:middle]), " ".join(words[middle:]))


def _has_run(words: Sequence[str]) -> bool:
    """Whether a word stands there four times in a row."""
    if not any(map(eq, words, words[1:])):  # as nearly always
        return False
    return any(len(list(run)) >= 4 for _, run in groupby(words))


def _four_grams(words: Sequence[str]) -> Counter[tuple[str, ...]]:
    return Counter(zip(words, words[1:], words[2:], words[3:], strict=False))


def _ratio(source: str, target: str) -> float:
    return len(target) / max(1, len(source))


def _sentences(text: str) -> int:
    return len(_NEXT_SENTENCE.findall(text)) + 1


def _length(source: str, target: str, source_language: str, target_language: str) -> Finding | None:
    usual = USUAL_LENGTH.get((source_language, target_language), 1.0)
    ratio = _ratio(source, target) / usual
    ends = bool(_END.search(source))
    unended = ends and not _END.search(target)
    if len(source) < LENGTH_COUNTS_FROM:
        return _short_length(source, target, ratio, ends=ends, unended=unended)
    least = CUT_LONG if len(source) >= LONG_FROM else CUT_SURELY
    if unended and ratio < DOUBTED_UNENDED and _HANGING.search(target):
        return Finding("cut", Severity.BLOCK, _told(ratio))
    if ratio < least or (ratio < CUT_UNENDED and unended) or (ratio < CUT_HEADING and not ends):
        return Finding("cut", Severity.BLOCK, _told(ratio))
    if ratio < SHORT and _sentences(target) < _sentences(source):
        return Finding("cut", Severity.BLOCK, _told(ratio))
    if ratio > RAMBLING:
        return Finding("rambling", Severity.BLOCK, _told(ratio))
    if ratio < SHORT or (ratio < DOUBTED_UNENDED and unended):
        return Finding("short", Severity.DOUBT, _told(ratio))
    if ratio > LONG:
        return Finding("long", Severity.WARN, _told(ratio))
    return None


def _short_length(source: str, target: str, ratio: float, *, ends: bool, unended: bool) -> Finding | None:
    if unended and ratio < (CUT_SHORT if len(source) >= SHORT_FROM else CUT_TINY):
        return Finding("cut", Severity.BLOCK, _told(ratio))
    alone = target.strip()
    if len(alone) == 1 and len(_LETTER.findall(source)) > 2 and alone.casefold() not in ONE_LETTER_WORDS:
        return Finding("cut", Severity.BLOCK, tr("a single letter"))
    # Short texts vary, but not to a paragraph.
    if len(target) > 5 * len(source) + 30:
        told = tr("{target} characters for {source}", target=len(target), source=len(source))
        return Finding("rambling", Severity.BLOCK, told)
    if not ends and ratio < DOUBTED_HEADING and not target.isupper():  # "Европейски съюз" may become "EU"
        return Finding("short", Severity.DOUBT, _told(ratio))
    return None


def _told(ratio: float) -> str:
    return tr("{ratio:.2f} of the usual length", ratio=ratio)


def _language(source: str, target: str, target_language: str) -> Finding | None:
    words = _words(target)
    if len(words) < LANGUAGE_FROM or _mostly_names(source):
        return None
    wanted = primary_language(target_language)
    found = _by_stop_words(words, wanted)  # "No, no, no!" is no Spanish
    if found == UNSURE:
        found = _by_letters(target, wanted)
    if found in {wanted, UNSURE}:
        return None
    told = tr("reads like {other}, not {wanted}", other=found, wanted=target_language)
    return Finding("language", Severity.BLOCK, told)


def _by_stop_words(words: Collection[str], wanted: str) -> str:
    """Return the language that the commonest words speak for, UNSURE where they are too few or disagree."""
    if wanted not in STOP_WORDS:
        return UNSURE
    common = _ALL_STOP_WORDS.intersection(words)
    spoken_for = common & STOP_WORDS[wanted]
    if common == spoken_for:  # as nearly always: nothing speaks for another one
        return wanted if common else UNSURE
    disputed = False
    for other in _OTHERS[wanted]:
        hits = len(common & _TELLING[other, wanted])
        own = len(common & _TELLING[wanted, other])
        if hits >= max(3, 3 * own):
            return other
        disputed = disputed or hits >= max(1, own)
    return wanted if spoken_for and not disputed else UNSURE


def _by_letters(text: str, wanted: str) -> str:
    """Return the language that the letters speak for, UNSURE where the classifier does not know ``wanted``.

    Measured on 3,988 sentences of six words or more in English and Italian: no good one is taken for another
    language, 99.7 % of those in a wrong one are found.
    """
    if not knows(wanted):
        return UNSURE
    code, certainty = likeliest(text, {*STOP_WORDS, wanted})
    return code if certainty >= CERTAIN else UNSURE


def _addresses(source: str, target: str) -> Finding | None:
    lost = [address for address in addresses(source) if address.casefold() not in target.casefold()]
    if lost:
        return Finding("address", Severity.REFUSE, tr("missing or changed: {what}", what=", ".join(lost)))
    return None


def _numbers(source: str, target: str, source_language: str, target_language: str) -> Finding | None:
    found = compare_numbers(source, target, primary_language(target_language))
    if found.dropped:
        # Not refused for good: people and engines leave "50 mph (83 km/h)" half unsaid, and say so again.
        return Finding("number", Severity.DOUBT, tr("missing: {what}", what=", ".join(found.dropped)))
    if found.changed:
        return Finding(
            "number", Severity.DOUBT, tr("missing or changed: {what}", what=", ".join(found.changed))
        )
    # A changed digit may pass for a number that the source does not need ("one", "1:00"); then it is one too
    # many. Of 4,985 real answers 9 have such a number and lack none.
    languages = primary_language(source_language), primary_language(target_language)
    if invented := invented_numbers(source, target, *languages):
        return Finding("number", Severity.DOUBT, tr("not in the source: {what}", what=", ".join(invented)))
    return None
