"""Language codes, their names and scripts, and texts chosen by language.

Codes are BCP 47 (RFC 5646): ``bg``, ``pt-BR``, ``sr-Latn``.
"""

from datetime import date, datetime
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from syndicator.model import LocalText
from syndicator.text.transliterate import has_cyrillic, transliterate


@lru_cache(maxsize=1024)
def normalise_language(code: str) -> str:
    """Return a code in its customary spelling (RFC 5646 §2.1.1): ``BG`` → ``bg``, ``pt_br`` → ``pt-BR``.

    A code that is not well formed comes back as it is, in the same spelling: judging codes is left to
    whoever knows which of them an engine takes.
    """
    first, *others = code.strip().replace("_", "-").split("-")
    spelled = [first.lower()]
    for part in others:
        if len(part) == 2:
            spelled.append(part.upper())
        elif len(part) == 4 and part.isalpha():
            spelled.append(part.title())
        else:
            spelled.append(part.lower())
    return "-".join(spelled)


@cache
def primary_language(code: str) -> str:
    """Return the language itself, without script or region: ``pt-BR`` → ``pt``."""
    return normalise_language(code).partition("-")[0]


@cache
def script_of(code: str) -> str:
    """Return the ISO 15924 script that a language is written in (``Cyrl``, ``Latn``); ``""`` if unknown.

    A script named in the code wins; else the likely one of Unicode's CLDR.
    """
    subtags = normalise_language(code).split("-")
    for subtag in subtags[1:]:
        if len(subtag) == 4 and subtag.isalpha():
            return subtag
    likely = get_global("likely_subtags")
    for candidate in ("_".join(subtags), subtags[0]):
        if expanded := likely.get(candidate):
            return next((part for part in str(expanded).split("_") if len(part) == 4), "")
    return ""


@cache
def is_cyrillic_language(code: str) -> bool:
    """Whether the readers of a language read Cyrillic script."""
    return script_of(code) == "Cyrl"


def is_right_to_left(code: str) -> bool:
    """Whether a language is written from right to left."""
    return script_of(code) in {"Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg"}


@cache
def _names(in_language: str) -> dict[str, str]:
    """Return the names of languages in one of them; in English where CLDR lacks it."""
    for candidate in (in_language, primary_language(in_language), "en"):
        try:
            return {str(code): str(name) for code, name in Locale.parse(candidate, sep="-").languages.items()}
        except (UnknownLocaleError, ValueError):
            continue
    return {}


def language_name(code: str, in_language: str) -> str:
    """Return the name of a language in another one, capitalised as in running text there (CLDR).

    ``("bg", "it")`` → ``bulgaro``. The code itself stands in for a language without a name.
    """
    names = _names(normalise_language(in_language))
    code = normalise_language(code)
    return names.get(code.replace("-", "_")) or names.get(primary_language(code)) or code


def local_date(moment: datetime, language: str) -> str:
    """Return the date of a time as readers of a language write it: ``22 febbraio 2018`` (CLDR, long form)."""
    return _local_day(moment.date(), language)


@lru_cache(maxsize=4096)  # a day's articles stand in many lists
def _local_day(day: date, language: str) -> str:
    from babel.dates import format_date  # looks for the machine's time zone when it is loaded

    for candidate in (language, primary_language(language)):
        try:
            return str(format_date(day, "long", Locale.parse(normalise_language(candidate), sep="-")))
        except (UnknownLocaleError, ValueError):
            continue
    return day.isoformat()


def local_month(month: str, language: str) -> str:
    """Return a month (``2018-02``) as readers of a language write it: ``febbraio 2018`` (CLDR)."""
    from babel.dates import format_skeleton

    for candidate in (language, primary_language(language)):
        try:
            locale = Locale.parse(normalise_language(candidate), sep="-")
            return str(format_skeleton("yMMMM", date.fromisoformat(f"{month}-01"), locale=locale))
        except (UnknownLocaleError, ValueError):
            continue
    return month


def localized(text: LocalText, language: str) -> str:
    """Return the text for the readers of a language; ``""`` only where there is no text at all.

    The language itself comes first, then the same without region, then the text given without a language,
    then any other, those in the readers' script before the rest. What is in Cyrillic script is
    transliterated for readers of another one.
    """
    given = {normalise_language(code) if code else "": value for code, value in text.items() if value}
    wanted = normalise_language(language)
    by_script = sorted(given, key=lambda code: script_of(code) != script_of(wanted)) if given else []
    for code in (wanted, primary_language(wanted), "", *by_script):
        if code in given:
            return _in_script(given[code], wanted)
    return ""


@lru_cache(maxsize=4096)  # the names of sources and feeds stand in every entry
def _in_script(text: str, language: str) -> str:
    return text if is_cyrillic_language(language) or not has_cyrillic(text) else transliterate(text)
