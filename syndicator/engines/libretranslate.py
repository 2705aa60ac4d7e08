"""LibreTranslate, a free server that an operator can run (https://docs.libretranslate.com)."""

import time
import weakref
from collections.abc import Sequence
from typing import Any

import httpx

from syndicator.errors import (
    AnswerMalformedError,
    EngineError,
    EngineRefusedError,
    EngineTimeoutError,
    EngineUnavailableError,
    RateLimitedError,
    RequestTooLongError,
)
from syndicator.model import Pair
from syndicator.text.messages import tr

MAX_CHARACTERS = 5000
MAX_TEXTS = 100
LARGEST_ANSWER = 5_000_000  # bytes


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
        self._timeout = timeout
        self._client = httpx.Client(timeout=timeout, trust_env=False, follow_redirects=False)
        weakref.finalize(
            self, self._client.close
        )  # with its connections, when nobody needs the engine any more
        self._targets: dict[str, frozenset[str]] | None = None

    def size(self, text: str) -> int:
        """Return the characters of a text."""
        return len(text)

    def supports(self, pair: Pair) -> bool:
        """Return whether the server has a model for the pair; asks it once. Raises EngineError."""
        if self._targets is None:
            listed = self._answer(self._send("GET", "/languages"))
            if not isinstance(listed, list):
                raise AnswerMalformedError(self.id, tr("{url}/languages is no list", url=self._url))
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
        answer = self._answer(self._send("POST", "/translate", body))
        translated = answer.get("translatedText") if isinstance(answer, dict) else None
        if isinstance(translated, str):
            translated = [translated]
        if not isinstance(translated, list) or not all(isinstance(one, str) for one in translated):
            raise AnswerMalformedError(self.id, tr("the answer has no translatedText"))
        if len(translated) != len(texts):
            raise AnswerMalformedError(
                self.id, tr("{got} texts came back for {sent}", got=len(translated), sent=len(texts))
            )
        return translated

    def _send(self, method: str, path: str, body: dict[str, object] | None = None) -> httpx.Response:
        ends_at = time.monotonic() + self._timeout
        try:
            with self._client.stream(method, self._url + path, json=body) as response:
                # httpx's own timeout begins anew with every packet.
                content = bytearray()
                for chunk in response.iter_bytes():
                    content += chunk
                    if time.monotonic() > ends_at:
                        raise httpx.ReadTimeout(tr("the answer took too long"))
                    if len(content) > LARGEST_ANSWER:
                        raise httpx.ReadError(tr("the answer is too large"))
                return httpx.Response(
                    response.status_code, headers=_plain(response.headers), content=bytes(content)
                )
        except httpx.TimeoutException as error:
            raise EngineTimeoutError(
                self.id, tr("{url}: no answer within {seconds:g} s", url=self._url, seconds=self._timeout)
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise EngineUnavailableError(
                self.id, tr("{url}: no connection: {reason}", url=self._url, reason=error)
            ) from error

    def _answer(self, response: httpx.Response) -> Any:  # noqa: ANN401 - whatever JSON the server sends
        if response.status_code != 200:
            raise self._named(response)
        try:
            return response.json()
        except ValueError as error:
            raise AnswerMalformedError(self.id, tr("{url}: the answer is no JSON", url=self._url)) from error

    def _named(self, response: httpx.Response) -> EngineError:
        status = response.status_code
        said = _said(response)
        if status == 429:
            after = response.headers.get("Retry-After", "")
            return RateLimitedError(
                self.id,
                tr("{url}: too many requests (429)", url=self._url),
                float(after) if after.isdigit() else None,
            )
        if status in (401, 403):
            return EngineRefusedError(
                self.id,
                tr(
                    "{url}: the server refuses the key ({said}); check api_key",
                    url=self._url,
                    said=said or status,
                ),
            )
        if status == 413 or (
            status == 400 and any(word in said.lower() for word in ("too long", "exceed", "limit"))
        ):
            return RequestTooLongError(
                self.id, tr("{url}: the request is too long ({said})", url=self._url, said=said or status)
            )
        if status in (400, 404, 405):
            return EngineRefusedError(
                self.id,
                tr(
                    "{url}: the server does not take the request ({said}); check url and languages",
                    url=self._url,
                    said=said or status,
                ),
            )
        return EngineUnavailableError(
            self.id,
            tr(
                "{url}: answered with status {status} {said}", url=self._url, status=status, said=said
            ).strip(),
        )


def _plain(headers: httpx.Headers) -> dict[str, str]:
    """Return the headers of a body that is unpacked already."""
    return {
        name: value
        for name, value in headers.items()
        if name not in {"content-encoding", "content-length", "transfer-encoding"}
    }


def _said(response: httpx.Response) -> str:
    try:
        body = response.json()
    except ValueError:
        return ""
    return str(body.get("error", ""))[:200] if isinstance(body, dict) else ""
