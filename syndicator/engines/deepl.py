"""DeepL's API (https://developers.deepl.com/docs), with a client of our own.

deep-translator sends DeepL's key in the address, where it ends in logs; here it is a header. Texts are sent
plain, each sentence on its own: DeepL neither cuts them nor joins them, and the glossary is enforced on the
result like any engine's. DeepL's own glossaries are not used: they would have to be kept in step on their
side, and every changed term would buy its sentences again.
"""

from collections.abc import Sequence

from syndicator.engines.http import Answer, HttpService, texts_of
from syndicator.errors import AnswerMalformedError, EngineRefusedError
from syndicator.model import Pair
from syndicator.text.languages import primary_language
from syndicator.text.messages import tr

MAX_CHARACTERS = 10_000
MAX_TEXTS = 50  # the API's limit
FREE, PRO = "https://api-free.deepl.com", "https://api.deepl.com"
# What it has translated for years; any other language is asked for.
KNOWN = frozenset(
    "ar bg cs da de el en es et fi fr hu id it ja ko lt lv nb nl pl pt ro ru sk sl sv tr uk zh".split()
)
# A target whose bare code is out of use or means the American or Brazilian kind.
TARGETS = {"en": "EN-GB", "pt": "PT-PT", "no": "NB"}


class DeepLEngine:
    """The port :class:`~syndicator.ports.Engine` for DeepL."""

    max_texts = MAX_TEXTS

    def __init__(
        self,
        engine_id: str,
        api_key: str,
        *,
        url: str = "",
        local: bool = False,
        timeout: float = 20.0,
        max_characters: int = MAX_CHARACTERS,
    ) -> None:
        self.id = engine_id
        self.local = local
        self.max_characters = max_characters
        # DeepL marks the keys of its free plan, which has a host of its own.
        host = url or (FREE if api_key.endswith(":fx") else PRO)
        self._url = host.rstrip("/").removesuffix("/translate").removesuffix("/v2") + "/v2"
        self._service = HttpService(
            engine_id,
            timeout=timeout,
            secret=api_key,
            headers={"Authorization": f"DeepL-Auth-Key {api_key}"},
        )
        self._listed: dict[str, frozenset[str]] = {}

    def size(self, text: str) -> int:
        """Return the characters of a text."""
        return len(text)

    def supports(self, pair: Pair) -> bool:
        """Return whether DeepL knows both languages; asks only for unusual ones. Raises EngineError."""
        return self._knows("source", pair.source) and self._knows("target", pair.target)

    def _knows(self, side: str, language: str) -> bool:
        if primary_language(TARGETS.get(language, language)) in KNOWN:
            return True
        if side not in self._listed:
            answer = self._service.send("GET", f"{self._url}/languages?type={side}")
            if answer.status in (404, 405):  # a proxy that only translates
                listed: object = []
            elif answer.status != 200:
                self._refuse(answer)
            else:
                listed = self._service.content(answer)
            if not isinstance(listed, list):
                raise AnswerMalformedError(
                    self.id, tr("{url} answers no list of languages; check url", url=answer.url)
                )
            codes = (str(one.get("language", "")) for one in listed if isinstance(one, dict))
            self._listed[side] = frozenset(code.lower() for code in codes)
        return language.lower() in self._listed[side]

    def translate(self, texts: Sequence[str], pair: Pair) -> list[str]:
        """Translate texts in one request. Raises EngineError."""
        body = {
            "text": list(texts),
            "source_lang": primary_language(TARGETS.get(pair.source, pair.source)).upper(),
            "target_lang": TARGETS.get(pair.target, pair.target).upper(),
            "split_sentences": "0",
            "preserve_formatting": True,
        }
        answer = self._service.send("POST", f"{self._url}/translate", body)
        if answer.status != 200:
            self._refuse(answer)
        found = self._service.content(answer)
        listed = found.get("translations") if isinstance(found, dict) else None
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            raise AnswerMalformedError(self.id, tr("the answer has no translations in it"))
        return texts_of(self.id, [one.get("text") for one in listed], len(texts))

    def _refuse(self, answer: Answer) -> None:
        if answer.status == 403:  # also what a key of the other plan hears
            text = tr(
                "{url}: DeepL refuses the key ({said}); check api_key: one of the free plan ends in :fx",
                url=answer.url,
                said=self._service.open(answer.said) or answer.status,
            )
            raise EngineRefusedError(self.id, text)
        self._service.refuse(answer)
