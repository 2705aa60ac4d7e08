"""Finds a site's copyright line."""

import re
from collections.abc import Sequence

_MARK = re.compile(
    r"©|&copy;|\(c\)(?=\s*(?:19|20)\d\d)|copyright\b|всички\s+права\s+(?:са\s+)?запазени", re.IGNORECASE
)
_MAY_MARK = ("©", "&copy;", "(c)", "copyright", "всички")  # quicker to look for than the marks themselves
_RESERVED = re.compile(
    r"(?:всички\s+права\s+(?:са\s+)?запазени|all\s+rights\s+reserved)\s*[.!]?", re.IGNORECASE
)
_NOT_A_NOTICE = re.compile(r"снимк|фото|photo", re.IGNORECASE)
_ENDS = re.compile(
    r"\s*(?:powered\s+by|уеб\s*дизайн|web\s*design|дизайн|изработка|разработ\w+|хостинг|(?:за\s+)?контакти?\s*:|e-?mail"
    r"|тел\.|telephone|\||собственик|издател|designed|developed|created\s+by)",
    re.IGNORECASE,
)
_PROVES = re.compile(r"(?:19|20)\d\d|права|copyright|rights", re.IGNORECASE)
_LONGEST_OWNER = 60  # characters
_LONGEST = 200  # characters


def copyright_line(text: str) -> str:
    """Return the copyright notice in a line: from its mark to „Всички права запазени.“ or its end.

    ``""`` where the line holds none. Contacts and makers' names behind it are left out.
    """
    folded = text.casefold()
    if not any(map(folded.__contains__, _MAY_MARK)):
        return ""
    text = " ".join(text.split())
    mark = _MARK.search(text)
    if mark is None or not _PROVES.search(text) or _NOT_A_NOTICE.search(text[: mark.end() + 10]):
        return ""
    reserved = _RESERVED.search(text)
    start = _sentence_start(text, mark.start())
    if reserved is not None and reserved.end() - start <= _LONGEST:
        notice = text[start : reserved.end()]
    else:
        notice = text[start:]
        end = _ENDS.search(notice, 1)
        notice = notice[: end.start()] if end else notice
    return notice.strip(" |,;:–—-")[:_LONGEST]


def find_rights(lines: Sequence[str]) -> str:
    """Return the last copyright notice among a page's lines, ``""`` if there is none."""
    for line in reversed(lines):
        if len(line) <= 3 * _LONGEST and (notice := copyright_line(line)):
            return notice
    return ""


def _sentence_start(text: str, at: int) -> int:
    """Return where the words before a mark begin that name the owner: „Тракия днес © 2026“."""
    before = text[:at].rstrip(" .,-–—|")
    start = max(before.rfind(mark) + len(mark) - 1 for mark in (". ", "! ", "| ", ": "))
    start = start if start >= 1 else 0
    return start if 0 < len(before) - start <= _LONGEST_OWNER else at
