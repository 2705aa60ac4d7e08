"""Google's mobile page, through deep-translator (see :mod:`syndicator.engines.deep_translator_http`).

It is asked by GET requests, in which a Cyrillic letter takes six bytes: segments are packed line by line up
to about 1,500 characters, 8 KB of address. The answer is unescaped and counted.
"""

import html
from collections.abc import Sequence
from urllib.parse import urlsplit

from deep_translator import GoogleTranslator, google
from deep_translator.constants import GOOGLE_LANGUAGES_TO_CODES

from syndicator.engines.deep_translator_http import as_lines, ask, from_lines, hook
from syndicator.errors import RequestTooLongError
from syndicator.model import Pair
from syndicator.text.messages import tr

google.requests = hook

MAX_CHARACTERS = 1500
LONGEST_TEXT = 4999  # characters; deep-translator refuses more
# Google's page knows these languages under codes of its own.
CODES = {"he": "iw", "zh": "zh-CN", "nb": "no", "jv": "jw"}


class GoogleEngine:
    """The port :class:`~syndicator.ports.Engine` for Google's mobile page."""

    max_texts = 0

    def __init__(
        self,
        engine_id: str,
        *,
        url: str = "",
        local: bool = False,
        timeout: float = 20.0,
        max_characters: int = MAX_CHARACTERS,
    ) -> None:
        self.id = engine_id
        self.local = local
        self.max_characters = max_characters
        # An address without a path names the host only.
        self._url = f"{url.rstrip('/')}/m" if url and urlsplit(url).path in ("", "/") else url
        self._timeout = timeout

    def size(self, text: str) -> int:
        """Return the characters a line takes."""
        return len(text) + 1

    def supports(self, pair: Pair) -> bool:
        """Return whether Google knows both languages (a fixed list: no request is made)."""
        known = set(GOOGLE_LANGUAGES_TO_CODES.values())
        return _code(pair.source) in known and _code(pair.target) in known

    def translate(self, texts: Sequence[str], pair: Pair) -> list[str]:
        """Translate texts as the lines of one request. Raises EngineError."""
        text = as_lines(texts)
        if len(text) > LONGEST_TEXT:
            raise RequestTooLongError(
                self.id, tr("{length} characters are more than the page takes", length=len(text))
            )
        translator = GoogleTranslator(source=_code(pair.source), target=_code(pair.target))
        if self._url:
            translator._base_url = self._url  # noqa: SLF001 - deep-translator has no other way to another host
        answer = str(ask(self.id, translator, text, self._timeout))
        return [html.unescape(line).strip() for line in from_lines(self.id, answer or text, len(texts))]


def _code(language: str) -> str:
    return CODES.get(language, language)
