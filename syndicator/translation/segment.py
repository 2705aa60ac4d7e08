"""Cuts plain text into sentences.

A wrong cut costs more than a missed one: an engine translates two sentences together as well as apart, but
half a sentence badly. So a full stop after anything that may be an abbreviation is no end, unless what
follows can hardly go on with the sentence.
"""

import re
import unicodedata
from functools import lru_cache

# Words that end in a full stop in the middle of a sentence. A word that also ends sentences ("г.", "ч.",
# "лв.") stands in AMBIGUOUS instead.
ABBREVIATIONS = frozenset(
    """
    авт адв ал акад ап арх бел бл бр бул вел вж вкл вр вх ген гл гр граф д-р доп доц е-р ет ж.к
    жк зав зам и.д изд изм изх им инд инж инсп кап кв кмет.зам кн км/ч к.с л.с лейт м-р маг майк мл нар нач
    напр обл обн общ о.з ок оф отм пл подп пол полк пом попр поч прев прибл прим проф р р-н рег респ сб св
    сек серж соц сп ст.н.с стар стр съст т.е т.нар т.н.р тел ул упр фиг худ ч.л чл
    ас асист ив гл дж кк изр сл пр хр христ вел
    mr mrs ms dr st jr prof no vs col sgt lt capt rev hon fig vol pp ca approx sig sigg dott ing avv art
    """.split()
)
# Units, dates and closing words: they end a sentence as often as not.
AMBIGUOUS = frozenset(
    """
    г гг ч мин сек лв ст хил млн млрд дка дм см мм км кг т м н.е пр.н.е пр.хр сл.хр т.н т.нат и.др др.под под
    др ред ко щ.д с.г т.г м.г м.м б.р б.а а.м a.m p.m u.s inc ltd corp co etc ecc щт
    """.split()
)
# Words that begin a sentence and seldom anything else when capitalised after a unit or a year.
STARTERS = frozenset(
    """
    а ако във в до докато днес за заради затова защото и из или как какво като когато които който която към
    между на над нашата нашият не него ние но нека от освен отново по под поради после при през преди
    пред с със сега само след според срещу така там тази тези тогава това този той тя те тук тъй у успоредно
    във въпреки всички всеки всяка всяко вчера вече няма има беше бяха бе ще накрая следващия следващата
    трябва може плаща очаква предстои организаторите сред според
    the a an in on at it he she they we this that these those after before but and if when while
    il lo la i gli le un una nel nella questo questa dopo prima ma se quando
    """.split()
)
# Names that look like a plural with its article ("Документите"), which otherwise begins a sentence.
_PLURAL_NAMES = frozenset(
    "съединените обединените алпите андите балканите родопите карпатите кордилерите филипините хималаите"
    " апенините пиренеите судетите сейшелите бахамите бермудите малдивите азорите".split()
)
_ARTICLES = ("ите", "ът", "ят", "ата", "ята", "ото")
# "На 22.02.2018 г. …", "През 2018 г. …": what stands before the full stop is only the date of what follows.
_DATED = re.compile(
    r"""
    \W* (?:в|във|до|за|към|на|около|от|по|пред|преди|през|след|in|on|since|nel|il) \s
    (?: (?:периода|началото|края|средата|месец|юли|година|сезон|пролетта|лятото|есента|зимата) \s (?:на\s)? )*
    [\d./:–-]+ (?: \s [^\W\d_]+ )? (?: \s [\d./:–-]+ )? \s? (?: гг? | ч ) \.
    """,
    re.VERBOSE | re.IGNORECASE,
)

LOOK_BACK = 300  # characters

# It begins with a set, and is found in a third of the time that a look back before it takes.
_PAUSE = re.compile(
    r"""
    (?P<mark> [.!?…] (?<! [.!?…]{2} ) [.!?…]* )
    (?P<close> (?: ["'»”“’)\]] | \s ["”“](?=\s|$) )* )
    \s+
    (?= (?: ["'«„“‘(\[] | [–—-]\s? )* (?P<next> [^\W_] ) )
    """,
    re.VERBOSE,
)
_LAST_WORD = re.compile(r"[^\s(\[„“\"'«–—]+$")
_DOTTED_WORDS = re.compile(r"(?<![\w.])(?:[^\W\d_]{1,2}\.\s?)+[^\W\d_]{1,4}$")
_LONGEST_DOTTED_END = 6  # characters from its last full stop on
_NEXT_WORD = re.compile(r"[\W_]*(?P<word>[^\W\d_]+(?:-[^\W\d_]+)*)(?P<stop>\.?)")
_INITIAL = re.compile(r"[^\W\d_]")
_DAY_OR_ORDINAL = re.compile(r"\d{1,2}(?:\.\d{1,2})?")  # "22", "22.02"
_REMARK = re.compile(r"[(\[]\s*$")  # nothing but the mark stands in the brackets: "(?)", "(!)", "(…)"
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")


@lru_cache(maxsize=4096)  # a paragraph is cut when it is planned, and again when it is put together
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return the sentences of a text as (start, end) offsets, without the blanks between them.

    Joining the slices with the text between them gives the text back; every character that is not blank
    lies in exactly one slice.
    """
    cuts: list[int] = []
    for pause in _PAUSE.finditer(text):
        if _is_end(text, cuts[-1] if cuts else 0, pause):
            cuts.append(pause.end())
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


@lru_cache(maxsize=2048)  # a segment is asked for under this form several times in a row
def normalised(text: str) -> str:
    """Return the form under which a segment is remembered: NFC, single blanks, nothing invisible."""
    return " ".join(visible(text).split())


def visible(text: str) -> str:
    """Return a text in NFC without the characters that nobody sees.

    Soft hyphens, zero-width blanks and marks of direction change how a text is broken, not what it says
    (UAX #14). Joiners stay: emoji and other scripts are made of them.
    """
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def _is_end(text: str, start: int, pause: re.Match[str]) -> bool:
    """Judge a pause in the sentence that began at ``start``."""
    if pause["next"].islower():
        return False  # "Кога?" попита той
    # A bounded look back: a page of nothing but pauses must not take the square of its length.
    start = max(start, pause.start() - LOOK_BACK)
    before = text[start : pause.start()]
    if pause["close"] and _REMARK.search(before):
        return False
    if _ends_only_a_part(text[start : pause.end()], pause["close"]) and not _starts_anew(text, pause.end()):
        return False
    return pause["mark"] != "." or _is_end_after(before, text, pause.end())


def _ends_only_a_part(sentence: str, close: str) -> bool:
    """Whether the full stop belongs to brackets or quotes that began inside the sentence: "(до 1990 г.)"."""
    if ")" not in close and "]" not in close:
        return False
    opening = max(sentence.rfind("("), sentence.rfind("["))
    return bool(sentence[:opening].strip(" \"'„“«–—-")) and opening >= 0


def _is_end_after(before: str, text: str, following: int) -> bool:
    """Judge a full stop by the sentence so far (``before``) and by what begins at ``text[following]``."""
    found = _LAST_WORD.search(before[before.rfind(" ") + 1 :])
    if found is None:
        return True
    word = found.group().casefold()
    dotted = _DOTTED_WORDS.search(before) if "." in before[-_LONGEST_DOTTED_END:] else None
    joined = re.sub(r"\s", "", dotted.group()).casefold() if dotted else ""
    while joined:  # "и т. н.", "пр. н. е.", "т. нар.", also behind another one: "4 в. пр. Хр."
        if joined in ABBREVIATIONS or joined in AMBIGUOUS:
            word = joined
            break
        joined = joined.partition(".")[2]
    if word in AMBIGUOUS:
        return not _DATED.fullmatch(f"{before}.") and _starts_anew(text, following)
    if word in ABBREVIATIONS or _INITIAL.fullmatch(word):
        return False
    if _DAY_OR_ORDINAL.fullmatch(word):
        is_list_number = not before[: -len(word)].strip()
        return not is_list_number and _starts_anew(text, following)
    return True


def _starts_anew(text: str, at: int) -> bool:
    """Whether the word at ``at`` can hardly go on with a sentence."""
    found = _NEXT_WORD.match(text, at)
    if found is None:
        return False
    word = found["word"].casefold()
    if len(word) == 1 and found["stop"]:
        return False  # an initial: "А. Петров"
    # A noun with its article is seldom a name: "Документите", "Входът", "Цената".
    with_article = len(word) > 4 and word.endswith(_ARTICLES) and word not in _PLURAL_NAMES
    return word in STARTERS or (with_article and not found["word"].isupper())
