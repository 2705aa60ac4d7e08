"""Compares the numbers of a sentence with those of its translation, whatever way each language writes them.

"1 000 000", "1,000,000" and "1.000.000" are one number, and so are "1,5" and "1.5"; 17:00 may become 5 pm,
"2" may become "two", and "XIX" "19th".
"""

import re
from collections import Counter
from collections.abc import Mapping

_NUMBER = re.compile(r"\d+(?:[.,:\u00a0\u202f ]\d+)*")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+")
_WORD = re.compile(r"[^\W\d_]+")

WORDS: Mapping[str, Mapping[str, int]] = {
    "en": {
        word: value
        for value, names in {
            0: "zero nil", 1: "one first once single", 2: "two second twice both double pair half", 3: "three third thrice",
            4: "four fourth quarter", 5: "five fifth", 6: "six sixth", 7: "seven seventh", 8: "eight eighth",
            9: "nine ninth", 10: "ten tenth", 11: "eleven eleventh", 12: "twelve twelfth dozen noon midnight",
            13: "thirteen thirteenth", 14: "fourteen fourteenth", 15: "fifteen fifteenth",
            16: "sixteen sixteenth", 17: "seventeen seventeenth", 18: "eighteen eighteenth",
            19: "nineteen nineteenth", 20: "twenty twentieth twenties", 21: "twenty-first", 30: "thirty thirties",
            40: "forty forties", 50: "fifty fifties", 60: "sixty sixties", 70: "seventy seventies",
            80: "eighty eighties", 90: "ninety nineties", 100: "hundred hundredth century centuries",
            1000: "thousand thousands millennium", 1000000: "million millions",
        }.items()
        for word in names.split()
    },
    "it": {
        word: value
        for value, names in {
            0: "zero", 1: "un uno una primo prima unico", 2: "due secondo seconda doppio entrambi coppia metà", 3: "tre terzo terza",
            4: "quattro quarto quarta", 5: "cinque quinto quinta", 6: "sei sesto sesta", 7: "sette settimo settima",
            8: "otto ottavo ottava", 9: "nove nono nona", 10: "dieci decimo decima", 11: "undici undicesimo",
            12: "dodici dodicesimo dozzina mezzogiorno mezzanotte", 13: "tredici tredicesimo", 14: "quattordici",
            15: "quindici quindicesimo", 16: "sedici sedicesimo", 17: "diciassette", 18: "diciotto",
            19: "diciannove", 20: "venti ventesimo", 30: "trenta", 40: "quaranta", 50: "cinquanta",
            60: "sessanta", 70: "settanta", 80: "ottanta", 90: "novanta", 100: "cento secolo", 1000: "mille mila",
            1000000: "milione milioni",
        }.items()
        for word in names.split()
    },
}  # fmt: skip
_ROMAN = re.compile(r"\b(?=[IVX])(X{0,3})(IX|IV|V?I{0,3})\b")


def missing_numbers(source: str, target: str, target_language: str) -> tuple[str, ...]:
    """Return the source's numbers, as written there, that the translation does not have in any form."""
    found = numbers(source)
    if not found:
        return ()
    have = Counter(value for value, _ in numbers(target))
    spelled = _spelled(target, target_language)
    missing = []
    for value, written in found:
        if have[value]:
            have[value] -= 1
        elif not (_other_form(value, have) or value in spelled):
            missing.append(written)
    return tuple(missing)


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
    forms = []
    if value.isdigit():
        number = int(value)
        if 13 <= number <= 24:
            forms.append(str(number - 12))  # 17 часа → 5 pm
        if number == 0:
            forms.append("12")
        if len(value) == 4 and value[:2] in ("19", "20"):
            forms.append(value[2:])  # 1990 → '90
        for zeros in ("000", "000000"):
            if value.endswith(zeros):
                forms.append(value[: -len(zeros)])  # 5000 → 5 thousand
    else:
        whole, part = value.split(".")
        if have[whole] and have[_bare(part)]:
            have[whole] -= 1
            have[_bare(part)] -= 1
            return True
        forms.append(whole + part)  # 2.4 GHz written 24, "14.30 ч." as 2:30 pm is two numbers there
        if (
            whole.isdigit()
            and 13 <= int(whole) <= 24
            and have[str(int(whole) - 12)]
            and (have[_bare(part)] or part == "00")
        ):
            return True
    for form in forms:
        if have[form]:
            have[form] -= 1
            return True
    return False


def _spelled(text: str, language: str) -> frozenset[str]:
    table = WORDS.get(language)
    if table is None:
        return frozenset()
    words = [word.casefold() for word in _WORD.findall(text)]
    values = [table[word] for word in words if word in table]
    sums = {a + b for a, b in zip(values, values[1:], strict=False) if a > b}  # twenty-one
    products = {a * b for a, b in zip(values, values[1:], strict=False) if a < b}  # two hundred
    return frozenset(map(str, {*values, *sums, *products, *_romans(text)}))


def _romans(text: str) -> set[int]:
    units = {"": 0, "I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9}
    return {10 * len(match[1]) + units[match[2]] for match in _ROMAN.finditer(text)}
