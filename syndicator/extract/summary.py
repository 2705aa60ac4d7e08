"""Tells a summary that somebody wrote from the beginning of the article, cut off."""

import re

from syndicator.text.languages import is_cyrillic_language

_CUT = re.compile(r"(?:\.{2,}|…|\[\W*\]|>+|»)\s*$")
_READ_ON = re.compile(
    r"(?<!\s)\s*+(?:\[\W{0,10}\]|…|\.{3})?\s*+(?:(?:прочет(?:и|ете)\s+(?:още|повече|цялата\s+\w+)|виж(?:те)?\s+(?:още|повече)"
    r"|(?:continue\s+reading|read\s+more).*|\bоще)\.?)?\s*+(?:\.{2,}|[…>»→\]\[])*+\s*+$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?][\"”“»]?(?=\s)")
_NOT_LETTERS = re.compile(r"[\W_]+")
_CYRILLIC = re.compile(r"[а-яА-ЯёЁ]")
_LETTER = re.compile(r"[^\W\d_]")
_CONTENT_WORD = re.compile(r"[^\W\d_]{4,}")
_SHARED_WORDS = 0.4  # of a summary's words; a slogan of the whole site shares next to none with an article
_STEM = 5  # letters


def own_summary(description: str, title: str, body: str, language: str) -> str:
    """Return a page's or feed's description as a summary, ``""`` where it is none of the article's own.

    All texts are plain. None is: the beginning of the body, cut off or not; the title once more; a text in
    another script than the language's; what has nothing to do with the article.
    """
    summary = " ".join(description.split())
    letters = _letters(summary)
    if not letters or letters in _letters(title) or _CUT.search(summary):
        return ""
    body_letters = _letters(body)
    if body_letters.startswith(letters[: max(30, len(letters) // 2)]) or letters in body_letters:
        return ""
    if is_cyrillic_language(language) and not _is_mostly_cyrillic(summary):
        return ""
    return summary if _is_about(summary, f"{title} {body}") else ""


def whole_sentences(text: str) -> str:
    """Return the whole sentences at the start of a text that was cut off, ``""`` where there is none."""
    text = " ".join(text.split())
    ends = [match.end() for match in _SENTENCE_END.finditer(f"{without_read_on(text)} ")]
    return text[: ends[-1]].strip() if ends else ""


def without_read_on(text: str) -> str:
    """Return a text without the marks of having been cut off at its end: „[…]“, „Прочетете още“."""
    return _READ_ON.sub("", text).strip()


def is_cut_off(text: str) -> bool:
    """Whether a text says of itself that it goes on elsewhere."""
    text = text.strip()
    return bool(_CUT.search(text)) or _READ_ON.sub("", text).strip() not in {text, text.rstrip(".")}


def _is_mostly_cyrillic(text: str) -> bool:
    letters = len(_LETTER.findall(text))
    return letters > 0 and len(_CYRILLIC.findall(text)) / letters >= 0.6


def _is_about(summary: str, article: str) -> bool:
    words = {word.casefold()[:_STEM] for word in _CONTENT_WORD.findall(summary)}
    known = {word.casefold()[:_STEM] for word in _CONTENT_WORD.findall(article)}
    return bool(words) and len(words & known) / len(words) >= _SHARED_WORDS


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", text).casefold()
