"""Compares the numbers of a sentence with those of its translation, whatever way each language writes them.

"1 000 000", "1,000,000" and "1.000.000" are one number, and so are "1,5" and "1.5"; 17:00 may become 5 pm,
"2" may become "two", and "XIX" "19th".
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise

_NUMBER = re.compile(r"\d+(?:[.,:\u00a0\u202f ]\d+)*")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+")
_WORD = re.compile(r"[^\W\d_]+")

# A line each: a value and the words for it.
_NAMES = {
    "en": """
        0 zero nil nought
        1 one first once single
        2 two second twice both double pair half
        3 three third thrice
        4 four fourth quarter
        5 five fifth
        6 six sixth
        7 seven seventh
        8 eight eighth
        9 nine ninth
        10 ten tenth decade
        11 eleven eleventh
        12 twelve twelfth dozen noon midnight
        13 thirteen thirteenth
        14 fourteen fourteenth
        15 fifteen fifteenth
        16 sixteen sixteenth
        17 seventeen seventeenth
        18 eighteen eighteenth
        19 nineteen nineteenth
        20 twenty twentieth twenties
        30 thirty thirtieth thirties
        40 forty fortieth forties
        50 fifty fiftieth fifties
        60 sixty sixtieth sixties
        70 seventy seventieth seventies
        80 eighty eightieth eighties
        90 ninety ninetieth nineties
        100 hundred hundredth hundreds century centuries
        1000 thousand thousandth thousands millennium
        1000000 million millions
    """,
    "it": """
        0 zero
        1 un uno una primo prima unico
        2 due secondo seconda doppio entrambi entrambe coppia metà
        3 tre terzo terza
        4 quattro quarto quarta
        5 cinque quinto quinta
        6 sei sesto sesta
        7 sette settimo settima
        8 otto ottavo ottava
        9 nove nono nona
        10 dieci decimo decima decennio
        11 undici undicesimo
        12 dodici dodicesimo dozzina mezzogiorno mezzanotte
        13 tredici tredicesimo
        14 quattordici quattordicesimo
        15 quindici quindicesimo quindicina
        16 sedici sedicesimo
        17 diciassette diciassettesimo
        18 diciotto diciottesimo
        19 diciannove diciannovesimo
        20 venti ventesimo
        30 trenta trentesimo
        40 quaranta quarantesimo
        50 cinquanta cinquantesimo
        60 sessanta sessantesimo
        70 settanta settantesimo
        80 ottanta ottantesimo
        90 novanta novantesimo
        100 cento centesimo centinaia secolo secoli
        1000 mille mila migliaia millennio
        1000000 milione milioni
    """,
}


def _by_word(lines: str) -> dict[str, int]:
    rows = (line.split() for line in lines.strip().splitlines())
    return {word: int(value) for value, *words in rows for word in words}


WORDS: Mapping[str, Mapping[str, int]] = {language: _by_word(lines) for language, lines in _NAMES.items()}
_ROMAN = re.compile(r"\b(?=[IVX])(X{0,3})(IX|IV|V?I{0,3})\b")


def missing_numbers(source: str, target: str, target_language: str) -> tuple[str, ...]:
    """Return the source's numbers, as written there, that the translation does not have in any form."""
    have = Counter(value for value, _ in numbers(target))
    spelled = _spelled(target, target_language)
    unmatched = []
    for value, written in numbers(source):
        if have[value]:
            have[value] -= 1
        else:
            unmatched.append((value, written))
    # Only what is left over may pass for another form of a number.
    return tuple(
        written for value, written in unmatched if not (value in spelled or _other_form(value, have))
    )


def numbers(text: str) -> tuple[tuple[str, str], ...]:
    """Return each number of a text as (canonical form, as written).

    The canonical form has no grouping and a point before decimals; parts of times and dates
    ("9:30", "22.02.2018", "5–0") are numbers of their own, without leading zeros.
    """
    found: list[tuple[str, str]] = []
    for match in _NUMBER.finditer(text):
        found.extend(_canonical(match.group()))
    return tuple(found)


def _canonical(written: str) -> list[tuple[str, str]]:
    if _THOUSANDS.fullmatch(written):
        return [(re.sub(r"\D", "", written), written)]
    if on_the_hour := re.fullmatch(r"(\d\d?):00", written):
        return [(_bare(on_the_hour[1]), written)]  # "17:00" → "5 pm"
    separators = re.findall(r"\D", written)
    if len(separators) == 1 and separators[0] in ".,":
        whole, part = re.split(r"\D", written)
        return [(_plain(f"{_bare(whole)}.{part}"), written)]
    grouped = re.fullmatch(r"(\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+)([.,])(\d+)", written)
    if grouped and grouped[2] not in grouped[1]:
        whole = re.sub(r"\D", "", grouped[1])
        return [(_plain(f"{whole}.{grouped[3]}"), written)]
    return [(_bare(part), part) for part in re.split(r"\D", written)]


def _bare(digits: str) -> str:
    return digits.lstrip("0") or "0"


def _plain(decimal: str) -> str:
    return decimal.rstrip("0").rstrip(".") if "." in decimal else decimal


def _other_form(value: str, have: Counter[str]) -> bool:
    """Whether the number stands there in another form; takes what it matched."""
    for parts in _other_forms(value):
        if have >= Counter(parts):
            have.subtract(parts)
            return True
    return False


def _other_forms(value: str) -> Iterator[tuple[str, ...]]:
    """Yield the groups of numbers that may stand for one, by the habits of languages."""
    whole, _, part = value.partition(".")
    if not part:
        yield from ((hour,) for hour in _on_a_dial(value))  # 17 часа → 5 pm
        if len(value) == 4 and value[:2] in ("19", "20"):
            yield (value[2:],)  # 1990 → '90
        for zeros in ("000", "000000"):
            if value.endswith(zeros):
                yield (value.removesuffix(zeros),)  # 5000 → 5 thousand
        return
    minutes = _bare(part.ljust(2, "0"))
    for hour in (whole, *_on_a_dial(whole)):
        yield (hour, _bare(part))
        yield (hour, minutes)  # "14,30 ч." → 2:30 pm; "14.3" was 14.30


def _on_a_dial(hour: str) -> tuple[str, ...]:
    """Return an hour of the 24-hour clock as the 12-hour clock shows it."""
    if hour == "0":
        return ("12",)
    return (str(int(hour) - 12),) if len(hour) == 2 and 13 <= int(hour) <= 24 else ()


def _spelled(text: str, language: str) -> frozenset[str]:
    table = WORDS.get(language)
    if table is None:
        return frozenset()
    words = [word.casefold() for word in _WORD.findall(text)]
    values = [table[word] for word in words if word in table]
    sums = {a + b for a, b in pairwise(values) if a > b}  # twenty-one
    products = {a * b for a, b in pairwise(values) if a < b}  # two hundred
    return frozenset(map(str, {*values, *sums, *products, *_romans(text)}))


def _romans(text: str) -> set[int]:
    units = {"": 0, "I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9}
    return {10 * len(match[1]) + units[match[2]] for match in _ROMAN.finditer(text)}
