"""Microsoft's Translator, version 3 of its API
(https://learn.microsoft.com/azure/ai-services/translator/text-translation/reference/v3/translate).

deep-translator's class for it is not used: it asks a fixed host for the languages with every object, sends
one text a request, and forgets the status. Same key, same service, a client of our own.
"""

from collections.abc import Sequence
from typing import NoReturn

from syndicator.engines.http import Answer, HttpService, texts_of
from syndicator.errors import AnswerMalformedError, RequestTooLongError
from syndicator.model import Pair
from syndicator.text.messages import tr

HOST = "https://api.cognitive.microsofttranslator.com"
MAX_CHARACTERS = 10_000  # it takes 50,000; less is lost, and less waited for, when one request fails
MAX_TEXTS = 1000  # the API's limit
# It knows these under codes of its own.
CODES = {"pt": "pt-pt", "pt-BR": "pt", "no": "nb", "zh": "zh-Hans", "sr": "sr-Cyrl", "he": "he"}
NO_QUOTA = (403001, 429002)


class MicrosoftEngine:
    """The port :class:`~syndicator.ports.Engine` for Microsoft's Translator."""

    max_texts = MAX_TEXTS

    def __init__(
        self,
        engine_id: str,
        api_key: str,
        *,
        region: str = "",
        url: str = "",
        local: bool = False,
        timeout: float = 20.0,
        max_characters: int = MAX_CHARACTERS,
    ) -> None:
        self.id = engine_id
        self.local = local
        self.max_characters = max_characters
        self._url = (url or HOST).rstrip("/").removesuffix("/translate")
        headers = {"Ocp-Apim-Subscription-Key": api_key}
        if region:
            headers["Ocp-Apim-Subscription-Region"] = region
        self._service = HttpService(
            engine_id, timeout=timeout, secret=api_key, headers=headers, key_name="api_key, region"
        )
        self._languages: frozenset[str] | None = None

    def size(self, text: str) -> int:
        """Return the characters of a text."""
        return len(text)

    def supports(self, pair: Pair) -> bool:
        """Return whether both languages are known; asks for the list once. Raises EngineError."""
        if self._languages is None:
            found = self._service.ask("GET", f"{self._url}/languages?api-version=3.0&scope=translation")
            listed = found.get("translation") if isinstance(found, dict) else None
            if not isinstance(listed, dict):
                raise AnswerMalformedError(
                    self.id, tr("{url} answers no list of languages; check url", url=f"{self._url}/languages")
                )
            self._languages = frozenset(code.lower() for code in listed)
        return {_code(pair.source).lower(), _code(pair.target).lower()} <= self._languages

    def translate(self, texts: Sequence[str], pair: Pair) -> list[str]:
        """Translate texts in one request. Raises EngineError."""
        address = (
            f"{self._url}/translate?api-version=3.0&from={_code(pair.source)}&to={_code(pair.target)}"
            "&textType=plain"
        )
        answer = self._service.send("POST", address, [{"Text": text} for text in texts])
        if answer.status != 200:
            self._refuse(answer)
        found = self._service.content(answer)
        if not isinstance(found, list):
            raise AnswerMalformedError(self.id, tr("the answer has no translations in it"))
        return texts_of(self.id, [_first(one) for one in found], len(texts))

    def _refuse(self, answer: Answer) -> NoReturn:
        code = _code_of(self._service.content(answer)) if answer.said else 0
        if code in NO_QUOTA:
            raise self._service.no_quota(answer)
        if code in (400050, 400077):
            raise RequestTooLongError(self.id, self._service.open(answer.said))
        self._service.refuse(answer)


def _code(language: str) -> str:
    return CODES.get(language, language)


def _first(one: object) -> object:
    """Return the text of one answer, or None where there is none."""
    listed = one.get("translations") if isinstance(one, dict) else None
    return (
        listed[0].get("text") if isinstance(listed, list) and listed and isinstance(listed[0], dict) else None
    )


def _code_of(found: object) -> int:
    error = found.get("error") if isinstance(found, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, int) else 0
