"""Signs that small local models lose: taken away before, put back afterwards.

Such a model knows some 32,000 pieces of words. Of quotation marks it knows the plain one; „“ « » or a long
dash are dropped, and with them goes the order of the sentence; €, №, § and emoji vanish, or turn into another
currency. So it gets a sentence without them (:attr:`Cleaned.text`), and :meth:`Cleaned.restore` gives its
answer what it lacks, wherever the place is certain; a wrong place is worse than a plain sign.
"""

import re
import unicodedata
from dataclasses import dataclass

from syndicator.text.languages import is_cyrillic_language, primary_language

# (opening, closing) as readers of a language expect them.
QUOTES = {
    **dict.fromkeys("bg cs de hr lt mk sk sl sr".split(), ("„", "“")),
    **dict.fromkeys("hu pl ro".split(), ("„", "”")),
    **dict.fromkeys("el es fr it ru uk".split(), ("«", "»")),
}
OTHER_QUOTES = ("“", "”")
NUMBER_SIGNS = {"it": "n. ", "es": "n.º ", "fr": "n° ", "de": "Nr. ", "pt": "n.º ", "pl": "nr ", "ro": "nr. "}
OTHER_NUMBER_SIGN = "No. "

_FANCY_QUOTES = "„“”«»‟〝〞＂"
_LOST = re.compile(f"[{_FANCY_QUOTES}‘’–—―€№§©]")
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200e\u200f\u2028-\u202e\u2060\ufeff]")
_LEAD = re.compile(r"(?:[•·▪▫►▶‣◦●○■□◆✓✔]\s*|[–—-]\s+)+")
_OF_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2190-\u23ff\u3030\u303d]")
_EMOJI = re.compile(
    f"(?:[\U0001f1e6-\U0001f1ff]{{2}}|{_OF_EMOJI.pattern}"
    "[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]*(?:\u200d[\U0001f000-\U0001faff\u2600-\u27bf][\ufe0f\U0001f3fb-\U0001f3ff]*)*)+"
)
_SPACED_DASH = re.compile(r"(?<=\S)\s+([–—―])\s+(?=\S)")
_TIGHT_DASH = re.compile(r"(?<=\w)([–—])(?=\w)")
_EURO_BEFORE = re.compile(r"€\s?(?=\d)")
_EURO_AFTER = re.compile(r"(?<=\d)\s?€")
_SIGN = re.compile(r"(?P<sign>[№§©])\s?(?P<number>\d+(?:[.,/-]\d+)*)")
_NUMBERED = r"(?<![\w.,/-]){number}(?![\w/-]|[.,]\d)"
_HAS_LABEL = re.compile(
    r"(?:\bn[ro]?[.°º]*|\bnum\w*\.?|\bnumber|\bн(?:омер|ом)\w*\.?|[№§©#])\s*$", re.IGNORECASE
)
_EUROS = re.compile(r"(?:\bEUR\s?(?P<before>\d[\d.,\s]*\d|\d))|(?:(?P<after>\d[\d.,]*)\s?EUR\b)")
_ENDING = re.compile(r"""[\s.!?…"”“»'’)\]]*$""")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A sentence as a local model understands it, and what was taken from it."""

    text: str
    source: str  # the sentence as it was
    lead: str = ""
    fancy_quotes: bool = False
    quoted_whole: bool = False
    dashes: tuple[str, ...] = ()  # those between blanks, in order
    ranges: tuple[str, ...] = ()  # "2018–2020"
    signs: tuple[tuple[str, str], ...] = ()  # ("№", "7")
    euros: int = 0
    emoji: tuple[tuple[str, float], ...] = ()  # with its place, from 0 (first) to 1 (last)

    def restore(self, answer: str, language: str) -> str:
        """Return a translation with the signs of the original where their places are certain."""
        answer = " ".join(answer.split())
        if not answer:
            return ""
        answer = self._quotes(answer, language)
        answer = self._dashes(answer)
        answer = self._euros(answer, language)
        answer = self._signs(answer, language)
        return self.lead + self._emoji(answer)

    def _quotes(self, answer: str, language: str) -> str:
        if not self.fancy_quotes:
            return answer
        if self.quoted_whole and not any(mark in answer for mark in f'"{_FANCY_QUOTES}'):
            answer = f'"{answer}"'
        opening, closing = QUOTES.get(language) or QUOTES.get(primary_language(language), OTHER_QUOTES)
        places = [at for at, letter in enumerate(answer) if letter == '"']
        if len(places) % 2 or self.text.count('"') != len(places):
            return answer
        if any(not _opens(answer, at) for at in places[::2]) or any(
            not _closes(answer, at) for at in places[1::2]
        ):
            return answer
        letters = list(answer)
        for number, at in enumerate(places):
            letters[at] = closing if number % 2 else opening
        return "".join(letters)

    def _dashes(self, answer: str) -> str:
        for written in self.ranges:
            plain = _TIGHT_DASH.sub("-", written)
            pieces = re.split(rf"(?<!\w){re.escape(plain)}(?!\w)", answer, maxsplit=1)
            answer = written.join(pieces)
        if not self.dashes or answer.count(" - ") != len(self.dashes):
            return answer
        first, *others = answer.split(" - ")
        return first + "".join(f" {dash} {other}" for dash, other in zip(self.dashes, others, strict=True))

    def _euros(self, answer: str, language: str) -> str:
        if not self.euros or answer.count("EUR") != self.euros:
            return answer
        before = primary_language(language) in {"en", "ga", "mt"}

        def written(found: re.Match[str]) -> str:
            amount = (found["before"] or found["after"]).strip()
            return f"€{amount}" if before else f"{amount} €"

        return _EUROS.sub(written, answer)

    def _signs(self, answer: str, language: str) -> str:
        for sign, number in self.signs:
            found = list(re.finditer(_NUMBERED.format(number=re.escape(number)), answer))
            if len(found) != 1 or _HAS_LABEL.search(answer[: found[0].start()]):
                continue
            at = found[0].start()
            answer = f"{answer[:at]}{_label(sign, language)}{answer[at:]}"
        return answer

    def _emoji(self, answer: str) -> str:
        before = "".join(f"{emoji} " for emoji, place in self.emoji if place == 0)
        after = "".join(f" {emoji}" for emoji, place in self.emoji if place == 1)
        words = answer.split(" ")
        for emoji, place in sorted(self.emoji, key=lambda one: -one[1]):
            if 0 < place < 1:
                words.insert(max(1, min(len(words), round(place * len(words)))), emoji)
        return before + " ".join(words) + after


def clean(sentence: str) -> Cleaned:
    """Return a sentence as a local model understands it; its text is "" where nothing is to be translated."""
    # Models know composed letters (NFC) only.
    text = " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", sentence)).split())
    lead = _LEAD.match(text)
    lead_text = lead[0] if lead and lead.end() < len(text) else ""
    text, emoji = _without_emoji(text[len(lead_text) :])
    if not any(map(str.isalpha, text)):
        return Cleaned("", sentence)
    if not _LOST.search(text):  # as in most sentences
        return Cleaned(text, sentence, lead_text, emoji=emoji)
    fancy = any(mark in text for mark in _FANCY_QUOTES) or bool(re.search(r"(?<!\w)‘", text))
    text = re.sub(r"(?<!\w)‘([^‘’]*)’(?!\w)", r'"\1"', text)
    text = text.translate({ord(mark): '"' for mark in _FANCY_QUOTES}).replace("’", "'").replace("‘", "'")
    dashes = tuple(_SPACED_DASH.findall(text))
    if " - " in text:  # one kind cannot be told from the other in the answer
        dashes = ()
    ranges = tuple(each for each in re.findall(r"[\w–—]+", text) if _TIGHT_DASH.search(each))
    text = _TIGHT_DASH.sub("-", _SPACED_DASH.sub(" - ", text))
    euros = 0 if "EUR" in text else len(_EURO_BEFORE.findall(text)) + len(_EURO_AFTER.findall(text))
    text = _EURO_AFTER.sub(" EUR", _EURO_BEFORE.sub("EUR ", text))
    signs = tuple((found["sign"], found["number"]) for found in _SIGN.finditer(text))
    text = _SIGN.sub(lambda found: f"No {found['number']}" if found["sign"] == "№" else found["number"], text)
    whole = fancy and text[0] == text[-1] == '"' and text.count('"') == 2
    return Cleaned(text, sentence, lead_text, fancy, whole, dashes, ranges, signs, euros, emoji)


def _without_emoji(text: str) -> tuple[str, tuple[tuple[str, float], ...]]:
    """Return a text without emoji, and where they stood."""
    if not _OF_EMOJI.search(text):
        return " ".join(text.split()), ()
    pieces = _EMOJI.split(text)
    found = _EMOJI.findall(text)
    rest = " ".join(" ".join(pieces).split())
    rest = re.sub(r"(?<=\w) (?=[.,;:!?…])", "", rest)
    words = max(1, len(rest.split()))
    placed: list[tuple[str, float]] = []
    seen = 0
    for number, emoji in enumerate(found):
        seen += len(pieces[number].split())
        if not any(map(str.isalnum, "".join(pieces[number + 1 :]))):
            placed.append((emoji, 1.0))
        else:
            placed.append((emoji, min(0.99, seen / words)))
    return rest, tuple(placed)


def _opens(text: str, at: int) -> bool:
    return (at == 0 or not text[at - 1].isalnum()) and at + 1 < len(text) and not text[at + 1].isspace()


def _closes(text: str, at: int) -> bool:
    return not text[at - 1].isspace() and (at + 1 == len(text) or not text[at + 1].isalnum())


def _label(sign: str, language: str) -> str:
    if sign == "§":
        return "§ "
    if sign == "©":
        return "© "
    if is_cyrillic_language(language):
        return "№ "
    return NUMBER_SIGNS.get(primary_language(language), OTHER_NUMBER_SIGN)
