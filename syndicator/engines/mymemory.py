"""MyMemory (https://mymemory.translated.net/doc/spec.php), through deep-translator.

It answers one text a request, of at most 500 bytes: 250 Cyrillic letters. Whatever goes wrong comes with
status 200 and stands, in capitals, where the translation would: it is told by ``responseStatus`` and by its
words. Where it has no translation it offers what others once wrote for a similar text; that is none.
"""

import html
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

import requests
from deep_translator import MyMemoryTranslator, mymemory
from deep_translator.constants import MY_MEMORY_LANGUAGES_TO_CODES

from syndicator.engines.deep_translator_http import ask, hook
from syndicator.errors import (
    AnswerMalformedError,
    EngineRefusedError,
    EngineUnavailableError,
    RateLimitedError,
    RequestTooLongError,
)
from syndicator.model import Pair
from syndicator.text.messages import tr

mymemory.requests = hook

HOST = "https://api.mymemory.translated.net"
LARGEST = 499  # bytes of one text
# Of several regions of a language, the one that is meant without one.
PREFERRED = {"en": "en-GB", "pt": "pt-PT", "es": "es-ES", "fr": "fr-FR", "de": "de-DE", "zh": "zh-CN",
             "sr": "sr-Cyrl-RS", "no": "nb-NO", "it": "it-IT"}  # fmt: skip
USED_UP = re.compile(r"YOU USED ALL AVAILABLE FREE TRANSLATIONS", re.IGNORECASE)
WAIT = re.compile(r"(\d+) HOURS?\s+(\d+) MINUTES?\s+(\d+) SECONDS?", re.IGNORECASE)
ERROR = re.compile(
    r"\A\s*(?:MYMEMORY WARNING|QUERY LENGTH LIMIT|INVALID (?:LANGUAGE PAIR|SOURCE|TARGET|EMAIL)|NO QUERY"
    r"|'?[A-Z-]+'? IS AN INVALID|PLEASE SELECT TWO DISTINCT|LIMIT EXCEEDED|AUTHENTICATION FAILURE)"
)


class MyMemoryEngine:
    """The port :class:`~syndicator.ports.Engine` for MyMemory."""

    max_texts = 1

    def __init__(self, engine_id: str, *, url: str = "", local: bool = False, timeout: float = 20.0) -> None:
        self.id = engine_id
        self.local = local
        self.max_characters = LARGEST
        self._timeout = timeout
        host = url or HOST
        self._url = f"{host.rstrip('/')}/get" if urlsplit(host).path in ("", "/") else host

    def size(self, text: str) -> int:
        """Return the bytes of a text: that is what is limited."""
        return len(text.encode())

    def supports(self, pair: Pair) -> bool:
        """Return whether both languages are on its list (a fixed one: no request is made)."""
        return bool(_code(pair.source) and _code(pair.target))

    def translate(self, texts: Sequence[str], pair: Pair) -> list[str]:
        """Translate a text. Raises EngineError."""
        return [self._one(text, pair) for text in texts]

    def _one(self, text: str, pair: Pair) -> str:
        if self.size(text) > LARGEST:
            raise RequestTooLongError(
                self.id,
                tr("{length} bytes are more than it takes ({most})", length=self.size(text), most=LARGEST),
            )
        translator = MyMemoryTranslator(source=_code(pair.source), target=_code(pair.target))
        translator._base_url = self._url  # noqa: SLF001 - deep-translator has no other way to another host
        answer = ask(self.id, translator, text, self._timeout, self._examine)
        return html.unescape(str(answer)).strip()

    def _examine(self, response: requests.Response) -> None:
        """Raise for whatever is no translation, before deep-translator takes it for one."""
        try:
            found = response.json()
        except ValueError as error:
            if response.status_code == 200:
                raise AnswerMalformedError(self.id, tr("the answer is no JSON; check url")) from error
            return
        data = found.get("responseData") if isinstance(found, dict) else None
        said = data.get("translatedText") if isinstance(data, dict) else None
        details = str(found.get("responseDetails") or "") if isinstance(found, dict) else ""
        words = said if isinstance(said, str) else ""
        if USED_UP.search(f"{words} {details}"):
            wait = WAIT.search(f"{words} {details}")
            hours, minutes, seconds = map(int, wait.groups()) if wait else (1, 0, 0)
            raise RateLimitedError(
                self.id,
                tr("its free characters of the day are used up"),
                float(hours * 3600 + minutes * 60 + seconds),
            )
        status = str(found.get("responseStatus", response.status_code)) if isinstance(found, dict) else ""
        if response.status_code != 200 and not words and not details:
            return  # the status says it
        if "LENGTH LIMIT" in f"{words} {details}".upper():
            raise RequestTooLongError(self.id, tr("the text is too long for it"))
        if ERROR.search(words) or status in ("400", "403"):
            raise EngineRefusedError(
                self.id, tr("it refuses: {said}", said=(details or words or status)[:200])
            )
        if status == "429":
            raise RateLimitedError(self.id, tr("too many requests (429)"))
        if status != "200" and response.status_code == 200:
            raise EngineUnavailableError(self.id, tr("answered with status {status}", status=status))
        if response.status_code == 200 and not isinstance(said, str):
            raise AnswerMalformedError(self.id, tr("the answer has no translations in it"))
        if response.status_code == 200 and not words.strip():
            raise AnswerMalformedError(self.id, tr("the answer has no translations in it"))


def _code(language: str) -> str:
    """Return MyMemory's code of a language; "" for one that it lacks."""
    codes = set(MY_MEMORY_LANGUAGES_TO_CODES.values())
    if language in codes:
        return language
    if language in PREFERRED:
        return PREFERRED[language]
    return min((code for code in codes if code.split("-")[0] == language), default="")
