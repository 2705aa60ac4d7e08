"""LibreTranslate, a free server that an operator can run (https://docs.libretranslate.com)."""

from collections.abc import Sequence

from syndicator.engines.http import HttpService, texts_of
from syndicator.errors import AnswerMalformedError
from syndicator.model import Pair
from syndicator.text.messages import tr

MAX_CHARACTERS = 5000
MAX_TEXTS = 100


class LibreTranslateEngine:
    """The port :class:`~syndicator.ports.Engine` for a LibreTranslate server.

    Texts are sent plain: the server's HTML mode translates every text node alone.
    """

    max_texts = MAX_TEXTS

    def __init__(
        self,
        engine_id: str,
        url: str,
        *,
        api_key: str = "",
        local: bool = False,
        timeout: float = 20.0,
        max_characters: int = MAX_CHARACTERS,
    ) -> None:
        self.id = engine_id
        self.local = local
        self.max_characters = max_characters
        self._url = url.rstrip("/")
        self._api_key = api_key
        self._service = HttpService(engine_id, timeout=timeout, secret=api_key)
        self._targets: dict[str, frozenset[str]] | None = None

    def size(self, text: str) -> int:
        """Return the characters of a text."""
        return len(text)

    def supports(self, pair: Pair) -> bool:
        """Return whether the server has a model for the pair; asks it once. Raises EngineError."""
        if self._targets is None:
            listed = self._service.ask("GET", f"{self._url}/languages")
            if not isinstance(listed, list):
                raise AnswerMalformedError(
                    self.id, tr("{url} answers no list of languages; check url", url=f"{self._url}/languages")
                )
            self._targets = {
                str(one.get("code")): frozenset(map(str, one.get("targets") or ()))
                for one in listed
                if isinstance(one, dict)
            }
        targets = self._targets.get(pair.source)
        if targets is None:
            return False
        # Servers before 1.3 do not list targets: there, every language goes into every other.
        return pair.target in (targets or self._targets)

    def translate(self, texts: Sequence[str], pair: Pair) -> list[str]:
        """Translate texts in one request. Raises EngineError."""
        body: dict[str, object] = {
            "q": list(texts),
            "source": pair.source,
            "target": pair.target,
            "format": "text",
        }
        if self._api_key:
            body["api_key"] = self._api_key
        answer = self._service.ask("POST", f"{self._url}/translate", body)
        translated = answer.get("translatedText") if isinstance(answer, dict) else None
        if isinstance(translated, str):
            translated = [translated]
        return texts_of(self.id, translated, len(texts))
