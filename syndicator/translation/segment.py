"""Cuts plain text into sentences.

A wrong cut costs more than a missed one: an engine translates two sentences together as well as apart, but
half a sentence badly. So a full stop after anything that may be an abbreviation is no end, unless what
follows can hardly go on with the sentence.
"""

import re
import unicodedata

# Words that end in a full stop in the middle of a sentence. A word that also ends sentences ("г.", "ч.",
# "лв.") stands in AMBIGUOUS instead.
ABBREVIATIONS = frozenset(
    """
    акад арх бл бул вж вкл гр ген граф д-р доц др ж.к жк зам им инж изд кап кв км/ч л.с м-р напр нар
    обл обн общ ок оф пл полк пом поч прибл проф р рег респ св сек соц стр сп съст т.е т.н.р
    т.нар тел ул упр фиг худ ч.л чл ал инд кн бр вх изх ет ап вр е-р нач зав кмет.зам о.з подп майк лейт серж
    mr mrs ms dr st jr prof no vs col sgt lt capt rev hon fig vol pp ca approx sig dott ing avv art
    """.split()
)
# Units, dates and closing words: they end a sentence as often as not.
AMBIGUOUS = frozenset(
    """
    г гг ч мин сек лв ст хил млн млрд дка дм см мм км кг т м н.е пр.н.е пр.хр сл.хр т.н т.нат и.др др.под
    щ.д а.м p.m a.m u.s inc ltd corp co etc ecc бр щт
    """.split()
)
# Words that begin a sentence and seldom anything else when capitalised after a unit or a year.
STARTERS = frozenset(
    """
    а ако във в до докато днес за заради затова защото и из или как какво като когато които който която към
    между на над нашата нашият не него ние но нека от освен отново по под поради после при през преди
    пред с със сега само след според срещу така там тази тези тогава това този той тя те тук тъй у успоредно
    във въпреки всички всеки всяка всяко вчера вече няма има беше бяха бе ще
    the a an in on at it he she they we this that these those after before but and if when while
    il lo la i gli le un una nel nella questo questa dopo prima ma se quando
    """.split()
)

_PAUSE = re.compile(
    r"""
    (?P<mark> [.!?…]+ )
    (?P<close> (?: ["'»”“’)\]] | \s ["”“](?=\s|$) )* )
    \s+
    (?= (?: ["'«„“‘(\[]+ | [–—-]\s? )* (?P<next> [^\W_] ) )
    """,
    re.VERBOSE,
)
_LAST_WORD = re.compile(r"[^\s(\[„“\"'«–—]+$")
_NEXT_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_INITIAL = re.compile(r"[^\W\d_]")
_YEAR_OR_DAY = re.compile(r"(?:^|\s)\d{1,4}\s*$")


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return the sentences of a text as (start, end) offsets, without the blanks between them.

    Joining the slices with the text between them gives the text back; every character that is not blank
    lies in exactly one slice.
    """
    cuts = [match.end() for match in _PAUSE.finditer(text) if _is_end(text, match)]
    slices = []
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        piece = text[start:end]
        stripped = piece.strip()
        if stripped:
            begin = start + len(piece) - len(piece.lstrip())
            slices.append((begin, begin + len(stripped)))
    return tuple(slices)


def split(text: str) -> tuple[str, ...]:
    """Return the sentences of a text as strings."""
    return tuple(text[start:end] for start, end in sentences(text))


def normalised(text: str) -> str:
    """Return the form under which a segment is remembered: NFC, single blanks, nothing invisible.

    Soft hyphens and zero-width characters change how a text is broken, not what it says (UAX #14).
    """
    text = unicodedata.normalize("NFC", text)
    text = re.sub("[\u00ad\u200b-\u200f\u2060\ufeff]", "", text)
    return re.sub(r"\s+", " ", text).strip()


def _is_end(text: str, pause: re.Match[str]) -> bool:
    following = pause["next"]
    if following.islower():
        return False
    mark = pause["mark"]
    if mark != ".":
        # "Кога?" попита той — a lower-case continuation was refused above; "…" before a capital is an end.
        return True
    before = text[: pause.start()]
    if pause["close"]:
        return True
    word_match = _LAST_WORD.search(before)
    if word_match is None:
        return True
    word = word_match.group().casefold()
    next_word = _NEXT_WORD.match(text, pause.end()) or _NEXT_WORD.search(text, pause.end())
    starts_anew = next_word is not None and next_word.group().casefold() in STARTERS
    if _INITIAL.fullmatch(word) and word not in AMBIGUOUS:
        return False  # an initial: "И. Вазов"
    if word in ABBREVIATIONS:
        return False
    if word in AMBIGUOUS:
        return starts_anew
    if word.isdigit() and len(word) <= 2:
        return starts_anew and not text[: pause.start()].strip().isdigit()  # an ordinal or a list number
    return True
