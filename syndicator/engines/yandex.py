"""Yandex Translate's API of version 1.5, through deep-translator.

Yandex gives out no new keys for this version; it serves who has an old one, or a host of their own that
speaks it (``url:``). Texts go as lines of one form, so the key stands in no address; the status of an error
stands in the answer's ``code``.
"""

from collections.abc import Sequence

import requests
from deep_translator import YandexTranslator, yandex
from deep_translator.constants import GOOGLE_LANGUAGES_TO_CODES

from syndicator.engines.deep_translator_http import as_lines, ask, from_lines, hook
from syndicator.errors import (
    AnswerMalformedError,
    EngineRefusedError,
    EngineUnavailableError,
    RateLimitedError,
    RequestTooLongError,
)
from syndicator.model import Pair
from syndicator.text.messages import tr

yandex.requests = hook

HOST = "https://translate.yandex.net"
PATH = "/api/{version}/tr.json/{endpoint}"
LONGEST_TEXT = 10_000  # characters of one request
WRONG_KEY, BLOCKED_KEY, NO_QUOTA, TOO_LONG, CANNOT, NO_PAIR = 401, 402, 404, 413, 422, 501


class YandexEngine:
    """The port :class:`~syndicator.ports.Engine` for Yandex's API 1.5."""

    max_texts = 0

    def __init__(
        self,
        engine_id: str,
        api_key: str,
        *,
        url: str = "",
        local: bool = False,
        timeout: float = 20.0,
        max_characters: int = 1500,
    ) -> None:
        self.id = engine_id
        self.local = local
        self.max_characters = max_characters
        self._api_key = api_key
        self._timeout = timeout
        # deep-translator fills braces in.
        self._url = (url or HOST).rstrip("/").replace("{", "%7B").replace("}", "%7D") + PATH

    def size(self, text: str) -> int:
        """Return the characters a line takes."""
        return len(text) + 1

    def supports(self, pair: Pair) -> bool:
        """Return whether both are languages that deep-translator lets pass (no request is made)."""
        return {pair.source, pair.target} <= set(GOOGLE_LANGUAGES_TO_CODES.values())

    def translate(self, texts: Sequence[str], pair: Pair) -> list[str]:
        """Translate texts as the lines of one request. Raises EngineError."""
        text = as_lines(texts)
        if len(text) > LONGEST_TEXT:
            raise RequestTooLongError(
                self.id, tr("{length} characters are more than the page takes", length=len(text))
            )
        translator = YandexTranslator(source=pair.source, target=pair.target, api_key=self._api_key)
        translator._base_url = self._url  # noqa: SLF001 - deep-translator has no other way to another host
        answer = ask(self.id, translator, text, self._timeout, self._examine)
        if isinstance(answer, list):
            if not all(isinstance(one, str) for one in answer):
                raise AnswerMalformedError(self.id, tr("the answer has no translations in it"))
            answer = "\n".join(answer)
        return from_lines(self.id, answer, len(texts))

    def _examine(self, response: requests.Response) -> None:
        """Raise for an error that is told in the answer's body."""
        try:
            found = response.json()
        except ValueError as error:
            if response.status_code == 200:
                raise AnswerMalformedError(self.id, tr("the answer is no JSON; check url")) from error
            return
        code = found.get("code") if isinstance(found, dict) else None
        if not isinstance(code, int) or code == 200:
            return
        if code in (WRONG_KEY, BLOCKED_KEY):
            raise EngineRefusedError(
                self.id, tr("the service refuses the key ({status}); check api_key", status=code)
            )
        if code == NO_QUOTA:
            raise EngineRefusedError(self.id, tr("the quota of this key is used up for today"))
        if code == TOO_LONG:
            raise RequestTooLongError(self.id, tr("the request was too long ({status})", status=code))
        if code in (CANNOT, NO_PAIR):
            raise EngineRefusedError(
                self.id, tr("it does not translate between these languages ({status})", status=code)
            )
        if code == 429:
            raise RateLimitedError(self.id, tr("too many requests (429)"))
        raise EngineUnavailableError(self.id, tr("answered with status {status}", status=code))
