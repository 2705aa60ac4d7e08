"""Compares the numbers of a sentence with those of its translation, whatever way each language writes them.

"1 000 000", "1,000,000" and "1.000.000" are one number, and so are "1,5" and "1.5"; 17:00 may become 5 pm,
"2" may become "two", "XIX" "19th", "70-те години" "the 1970s" and "1,2 млн." "1,200,000".

A number that is not there was either *changed* (something else stands in its place: 160 km/h became 100 mph,
or 12 became 13) or *dropped* (nothing does). Good translations do the first now and then, the second hardly
ever; so they weigh differently.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

_NUMBER = re.compile(
    r"\d\d*(?:[.,:\u00a0\u202f ]\d+)*"
)  # \d+, but a search is quicker that begins with a set
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
        2 due secondo seconda doppio entrambi entrambe coppia metà mezzo mezza mezz
        3 tre terzo terza
        4 quattro quarto quarta
        5 cinque quinto quinta
        6 sei sesto sesta
        7 sette settimo settima
        8 otto ottavo ottava
        9 nove nono nona
        10 dieci decimo decima decennio decina decine
        11 undici undicesimo
        12 dodici dodicesimo dozzina mezzogiorno mezzanotte
        13 tredici tredicesimo
        14 quattordici quattordicesimo
        15 quindici quindicesimo quindicina
        16 sedici sedicesimo
        17 diciassette diciassettesimo
        18 diciotto diciottesimo
        19 diciannove diciannovesimo
        20 venti ventesimo ventina
        30 trenta trentesimo trentina
        40 quaranta quarantesimo quarantina
        50 cinquanta cinquantesimo cinquantina
        60 sessanta sessantesimo sessantina
        70 settanta settantesimo settantina
        80 ottanta ottantesimo ottantina
        90 novanta novantesimo novantina
        100 cento centesimo centinaia secolo secoli
        1000 mille mila migliaia millennio
        1000000 milione milioni
    """,
    "bg": """
        0 нула
        1 един една едно първи първа първо първият първата първото
        2 два две дву двама втори втора второ половин половина двата двете двамата
        3 три трима трети трета трето трите тримата четвърт
        4 четири четирима четвърти четвърта четвърто
        5 пет петима пети пета пето
        6 шест шестима шести шеста шесто
        7 седем седми седма седмо
        8 осем осми осма осмо
        9 девет девети девета девето
        10 десет десетима десети десета десето десетилетие десетки
        11 единадесет единайсет
        12 дванадесет дванайсет дузина полунощ
        13 тринадесет тринайсет
        14 четиринадесет четиринайсет
        15 петнадесет петнайсет
        16 шестнадесет шестнайсет
        17 седемнадесет седемнайсет
        18 осемнадесет осемнайсет
        19 деветнадесет деветнайсет
        20 двадесет двайсет двадесети
        30 тридесет трийсет тридесети
        40 четиридесет четирийсет
        50 петдесет
        60 шестдесет
        70 седемдесет
        80 осемдесет
        90 деветдесет
        100 сто стотици век века столетие
        1000 хиляда хиляди хил
        1000000 милион милиона милиони млн
    """,
    "pt": """
        0 zero
        1 um uma primeiro primeira único única
        2 dois duas segundo segunda ambos ambas dobro metade meio meia par
        3 três terceiro terceira
        4 quatro quarto quarta
        5 cinco quinto quinta
        6 seis sexto sexta
        7 sete sétimo sétima
        8 oito oitavo oitava
        9 nove nono nona
        10 dez décimo décima década dezena dezenas
        11 onze
        12 doze dúzia meia-noite
        13 treze
        14 catorze quatorze
        15 quinze quinzena
        16 dezesseis dezasseis
        17 dezessete dezassete
        18 dezoito
        19 dezenove dezanove
        20 vinte vigésimo
        30 trinta
        40 quarenta
        50 cinquenta
        60 sessenta
        70 setenta
        80 oitenta
        90 noventa
        100 cem cento centena centenas século séculos
        1000 mil milhar milhares milénio milênio
        1000000 milhão milhões
    """,
}


def _by_word(lines: str) -> dict[str, int]:
    rows = (line.split() for line in lines.strip().splitlines())
    return {word: int(value) for value, *words in rows for word in words}


def _italian_words() -> dict[str, int]:
    """Return the numbers that Italian writes as one word (ventunenne, duecentomila) up to 999,000."""
    table = _by_word(_NAMES["it"])
    small = {value: next(word for word, v in table.items() if v == value) for value in range(3, 20)}
    small |= {1: "uno", 2: "due"}
    tens = {
        10 * at: word
        for at, word in enumerate(
            "venti trenta quaranta cinquanta sessanta settanta ottanta novanta".split(), start=2
        )
    }
    below = dict(small)
    for ten, word in tens.items():
        below[ten] = word
        for unit in range(1, 10):
            stem = word[:-1] if unit in (1, 8) else word  # ventuno, ventotto
            below[ten + unit] = stem + small[unit]
    hundreds = dict(below)
    for hundred in range(1, 10):
        word = "cento" if hundred == 1 else f"{small[hundred]}cento"
        hundreds[100 * hundred] = word
        hundreds.update({100 * hundred + rest: word + said for rest, said in below.items()})
    words = {word: value for value, word in hundreds.items()}
    words.update({f"{word}mila": 1000 * value for value, word in hundreds.items() if value > 1})
    words.update({word[:-1]: value for value, word in hundreds.items() if word.endswith("uno")})  # ventun
    words.update({f"{word[:-1]}enne": value for value, word in below.items() if value > 10})
    words.update({f"{word[:-1]}enni": value for value, word in below.items() if value > 10})
    words.update({f"{word[:-1]}esimo": value for value, word in below.items() if value > 10})
    return words


def _bulgarian_words() -> dict[str, int]:
    """Return the Bulgarian numbers with ordinals above ten and definite forms (петте, десетият)."""
    words = _by_word(_NAMES["bg"])
    ordinals = {
        f"{word}{ending}": value
        for word, value in words.items()
        if value > 10 and word.endswith(("десет", "йсет"))
        for ending in "иао"
    }
    words |= ordinals
    definite = {
        f"{word}{article}": value
        for word, value in words.items()
        for article in "те та то ят я ът а".split()
        if value > 1
    }
    return definite | words


WORDS: Mapping[str, Mapping[str, int]] = {
    **{language: _by_word(lines) for language, lines in _NAMES.items()},
    "bg": _bulgarian_words(),
    "it": _italian_words() | _by_word(_NAMES["it"]),
}
_BULGARIAN_COMPOUND = re.compile(
    r"\b(две|дву|три|четири|пет|шест|седем|осем|девет|десет|двадесет|тридесет|сто)"
    r"(?=час|днев|ноще|седмич|месеч|годиш|етаж|стай|местн|член|крат|процент|километр)"
)
_ROMAN = re.compile(r"\b(?=[IVX])(X{0,3})(IX|IV|V?I{0,3})\b")
_EXPONENT = re.compile(r"(\b[кдсkdc]?[мm])[23](?!\d)")  # "м3" → "cubic metres"
_RANGE = re.compile(r"(\d+)\s?[–—-]\s?(\d{3})(?!\d)")
_HALF = re.compile(r"\b(?:half|mezz[ao]|meia|meio)\b", re.IGNORECASE)

# Numbers that anything may say ("an hour"), and those that certain words say: a week, half, all of it.
SAID_BY_ANYTHING = frozenset("0 1".split())
_SAID_BY = """
    2 couple twin bi biennio biennale casal dupla двойка чифт
    3 quarter trimestre quarterly тримесечие
    6 half semestre semester полугодие
    7 week weekly settimana settimanale semana седмица
    10 decade decennio década десетилетие
    12 dozen noon midday midnight year mezzogiorno mezzanotte anno dozzina dúzia ano обяд полунощ година
    14 fortnight weeks settimane semanas седмици
    15 quarter fortnight quindicina quinzena четвърт
    20 score ventennio
    24 day midnight round giorno giornata dia mezzanotte денонощие
    30 half month mezz mezza mezzo mese meia mês половин месец
    50 half metà metade половина наполовина
    60 hour minute ora minuto hora час минута
    90 quarter trimestre
    100 all full fully whole entire entirely completely century tutto tutta tutti
    100 completamente interamente secolo todo toda completamente inteiramente século изцяло напълно век
    365 year anno ano година
    1000 grand kilometer kilometre kg ton tonne chilometro tonnellata тон
"""
# Words that multiply a number which stands before them; without one "10 000" is not told by "10".
_MULTIPLIERS = re.compile(
    r"thousand|million|mil[ae]\b|mille\b|migliaia|milion|mil\b|milh|хил|млн|милион|\d\s?[kKmM]\b",
    re.IGNORECASE,
)
# "1" names a thing or a day here, and no article says it: "Формула 1", "UTC+1", "1 януари", "1st", "1-ви".
_MONTH = (
    r"яну|фев|мар|апр|май|юни|юли|авг|сеп|окт|ное|дек|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    r"|gen|mag|giu|lug|ago|set|ott|dic|abr|fev|out|dez"
)
_NAMING_ONE = re.compile(
    r"(?:[^\W\d_][-+]|(?<=\w\s)[A-ZА-Я][^\W\d_]+\s)1\b(?![.,:]?\d)"
    rf"|(?<![\w.,:])1(?:st\b|°|-[вм]|\.?\s+(?i:{_MONTH}))"
)
_DATE = re.compile(r"(?<!\d)\d{1,2}\.(\d{1,2})\.\d{4}")
_MONTHS = """
    яну фев мар апр май юни юли авг сеп окт ное дек
    jan feb mar apr may jun jul aug sep oct nov dec
    gen feb mar apr mag giu lug ago set ott nov dic
    jan fev mar abr mai jun jul ago set out nov dez
"""
_MONTH_NUMBERS = {stem: 1 + at % 12 for at, stem in enumerate(_MONTHS.split())}
_AFTERNOON = re.compile(r"\d\s?p\.?m\b", re.IGNORECASE)
_FIRST = frozenset(
    "first primo prima prim primeiro primeira първи първият първа първата първо първото".split()
)
_CAPITAL_ONE = re.compile(r"(?<=\w[\s-])(?:One|Uno|Um|Едно)\b")  # "Formula One"
_PAIR = re.compile(r"(?<![\d:])(\d{1,3}):(\d{1,3})(?![\d:])")  # a time or a score
STANDS_FOR = 0.35  # of a sentence: how far from its place the number may be that stands for another
# A length or a speed told in these was another number in metres.
_OTHER_UNITS = frozenset(
    "mile miles miler mph feet foot inch inches yards pounds miglio miglia pollici".split()
)
_LARGE_WORDS = frozenset("million billion milione milioni miliardo miliardi milhão milhões милиона".split())
_WORDS_FOR: dict[str, frozenset[str]] = {}
for _row in _SAID_BY.strip().splitlines():
    _value, *_words = _row.split()
    _WORDS_FOR[_value] = _WORDS_FOR.get(_value, frozenset()) | frozenset(_words)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The source's numbers, as written there, that the translation does not have in any form."""

    changed: tuple[str, ...] = ()  # something else may stand in their place
    dropped: tuple[str, ...] = ()  # nothing does

    @property
    def missing(self) -> tuple[str, ...]:
        """All of them."""
        return self.changed + self.dropped


def missing_numbers(source: str, target: str, target_language: str) -> tuple[str, ...]:
    """Return the source's numbers, as written there, that the translation does not have in any form."""
    return compare_numbers(source, target, target_language).missing


def invented_numbers(source: str, target: str, source_language: str, target_language: str) -> tuple[str, ...]:
    """Return the translation's numbers, as written there, that the source says in no form."""
    if not _NUMBER.search(target):
        return ()
    _, spare = _compare(source, target, target_language)  # the rest stands for something
    if not spare:
        return ()
    return tuple(one for one in missing_numbers(target, source, source_language) if one in spare)


def compare_numbers(source: str, target: str, target_language: str) -> Numbers:
    """Tell which of the source's numbers the translation lacks, and whether something stands for them."""
    if not _NUMBER.search(source):
        return Numbers()
    return _compare(source, target, target_language)[0]


@lru_cache(maxsize=2)  # asked for what is missing, then for what is too much
def _compare(source: str, target: str, target_language: str) -> tuple[Numbers, frozenset[str]]:
    """Return what the translation lacks, and which numbers of it stand for none of the source's."""
    source, target = _EXPONENT.sub(r"\1", source), _EXPONENT.sub(r"\1", target)
    for first, last in _RANGE.findall(source):
        target = target.replace(f"{first} {last}", f"{first}–{last}")  # dashes that an engine drops
    placed = _placed(target)
    have = Counter(value for value, _, _ in placed)
    unmatched = []
    for value, written, place in _placed(source):
        if have[value]:
            have[value] -= 1
        else:
            unmatched.append((value, written, place))
    torn = tuple(_torn(source, target))
    if not unmatched:
        spare = frozenset(written for value, written, _ in placed if have[value] > 0)
        return Numbers((), torn), spare
    # Only what is left over may pass for another form of a number.
    spelled = _spelled(target, target_language)
    named = len(_NAMING_ONE.findall(source))
    words = frozenset(word.casefold() for word in _WORD.findall(target))
    known = target_language in WORDS
    months = {_MONTH_NUMBERS.get(word[:3], 0) for word in words}
    dated = {_bare(month) for month in _DATE.findall(source) if int(month) in months}  # 22.02.2018 → February
    if _AFTERNOON.search(source):  # 7:30 pm → 19:30
        unmatched = [each for each in unmatched if not _take_afternoon(each[0], have)]
    lacking = [
        (value, written, place)
        for value, written, place in unmatched
        if not (
            value in dated or _said(value, spelled, words, target, named) or _half(value, spelled, target)
        )
        and not _other_form(value, have, multiplied=not known or bool(_MULTIPLIERS.search(target)))
    ]
    # A number that the source has, too, or a torn-off "000" stands for no other.
    own = {"0", *(value for value, _, _ in _placed(source))}
    others = [place for value, _, place in placed if value not in own and have[value] > 0]
    changed, dropped = [], []
    for value, written, place in lacking:
        near = min(others, key=lambda other: abs(other - place), default=None)
        if near is not None and abs(near - place) <= STANDS_FOR:
            others.remove(near)
            changed.append(written)
        elif not (value == "1" and named) and _may_be_said_otherwise(value, words, known=known):
            changed.append(written)
        else:
            dropped.append(written)
    dropped += [pair for pair in torn if pair not in dropped]
    spare = frozenset(written for value, written, _ in placed if have[value] > 0)
    return Numbers(tuple(changed), tuple(dropped)), spare


def _said(value: str, spelled: frozenset[str], words: frozenset[str], target: str, named: int) -> bool:
    """Whether a word says the number; an article says no number that names something."""
    if value == "1" and named:
        return bool(words & _FIRST or _CAPITAL_ONE.search(target))
    return value in spelled


def _take_afternoon(hour: str, have: Counter[str]) -> bool:
    """Whether an hour of the 12-hour clock stands there as the 24-hour clock shows it; takes it."""
    late = str(int(hour) + 12) if hour.isdecimal() and 1 <= int(hour) <= 11 else ""
    if have[late] <= 0:
        return False
    have[late] -= 1
    return True


def _torn(source: str, target: str) -> list[str]:
    """Return the source's times and scores of which only one side is left: "11:" or ":00"."""
    return [
        f"{left}:{right}"
        for left, right in _PAIR.findall(source)
        if re.search(rf"(?<![\w:]){left}:(?!\s?\d)|(?<![\d\s]):{right}(?!\d)|(?<=\s):{right}(?!\d)", target)
    ]


def _may_be_said_otherwise(value: str, words: frozenset[str], *, known: bool) -> bool:
    if value in SAID_BY_ANYTHING or words & _WORDS_FOR.get(value, frozenset()):
        return True
    if words & _OTHER_UNITS and words & {"half", "mezzo", "mezza"}:
        return True  # "800 метра" → "half a mile"
    if value.startswith("1.") and words & _LARGE_WORDS:
        return True  # 1,2 млн. → "un milione e duecentomila"
    # In a language whose numbers we do not know it may stand there as a word.
    return not known and len(value.partition(".")[0]) < 3


def _half(value: str, spelled: frozenset[str], target: str) -> bool:
    """Whether "1,5" stands there as "one and a half"."""
    whole, _, part = value.partition(".")
    return part == "5" and whole in spelled and bool(_HALF.search(target))


def numbers(text: str) -> tuple[tuple[str, str], ...]:
    """Return each number of a text as (canonical form, as written).

    The canonical form has no grouping and a point before decimals; parts of times and dates
    ("9:30", "22.02.2018", "5–0") are numbers of their own, without leading zeros.
    """
    return tuple((value, written) for value, written, _ in _placed(text))


def _placed(text: str) -> list[tuple[str, str, float]]:
    """Return each number with its place in the text, from 0 to 1."""
    length = max(1, len(text))
    return [
        (value, written, match.start() / length)
        for match in _NUMBER.finditer(text)
        for value, written in _canonical(match.group())
    ]


def _canonical(written: str) -> list[tuple[str, str]]:
    if re.fullmatch(r"0[0-9][0-5][0-9]", written):
        return [(_bare(written[:2]), written), (_bare(written[2:]), written)]  # "0230 UTC" → "02:30"
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


def _other_form(value: str, have: Counter[str], *, multiplied: bool) -> bool:
    """Whether the number stands there in another form; takes what it matched."""
    for parts in _other_forms(value):
        if not multiplied and any(value == f"{part}{zeros}" for part in parts for zeros in ("000", "000000")):
            continue
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
        if len(value) == 2:
            yield (f"19{value}",)  # 70-те → the 1970s
            yield (f"20{value}",)  # сезон 05/06 → 2005–06
        for zeros in ("000", "000000"):
            yield (value + zeros,)  # 5 млн. → 5,000,000
            if value.endswith(zeros):
                yield (value.removesuffix(zeros),)  # 5000 → 5 thousand
        return
    for places in (3, 6):
        if len(part) <= places:
            yield (_bare(whole + part.ljust(places, "0")),)  # 1,2 млн. → 1,200,000
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
    if language == "bg":  # тридневен → "3-day"
        values += [table[lead] for lead in _BULGARIAN_COMPOUND.findall(text.casefold()) if lead in table]
    sums = {a + b for a, b in pairwise(values) if a > b}  # twenty-one
    products = {a * b for a, b in pairwise(values) if a < b}  # two hundred
    return frozenset(map(str, {*values, *sums, *products, *_romans(text)}))


def _romans(text: str) -> set[int]:
    units = {"": 0, "I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9}
    return {10 * len(match[1]) + units[match[2]] for match in _ROMAN.finditer(text)}
