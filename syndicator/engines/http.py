"""What all engines share that are asked over HTTP: one client, one time limit, one meaning of each status.

httpx's own timeout begins anew with every packet, so a server that sends a byte a second holds a request for
ever; here the whole answer has to be there in time. What servers say about a refused key may repeat the key:
it is taken out before anybody reads it.
"""

import re
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn
from urllib.parse import quote

import httpx

from syndicator.errors import (
    AnswerMalformedError,
    EngineDownError,
    EngineError,
    EngineRefusedError,
    EngineTimeoutError,
    EngineUnavailableError,
    RateLimitedError,
    RequestTooLongError,
)
from syndicator.text.messages import tr

LARGEST_ANSWER = 5_000_000  # bytes
LONGEST_SAID = 200  # characters of a server's own words in a message


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered, whole."""

    status: int
    headers: httpx.Headers
    body: bytes
    url: str  # where it came from, as messages may show it

    @property
    def said(self) -> str:
        """The server's own words about an error, from the usual places of a JSON answer; "" for none."""
        try:
            found: object = httpx.Response(200, content=self.body).json()
        except (ValueError, RecursionError):
            return ""
        for key in ("error", "message", "detail"):
            while isinstance(found, dict) and key in found:
                found = found[key]
        return found if isinstance(found, str) else ""


class HttpService:
    """A server that answers in JSON, on behalf of one engine."""

    def __init__(
        self,
        engine_id: str,
        *,
        timeout: float,
        secret: str = "",
        headers: Mapping[str, str] | None = None,
        key_name: str = "api_key",
    ) -> None:
        """``secret`` appears in no message; ``key_name`` is what the config calls it."""
        self._engine = engine_id
        self._timeout = timeout
        self._secret = secret
        self._key_name = key_name
        self._client = httpx.Client(
            timeout=timeout, trust_env=False, follow_redirects=False, headers=dict(headers or {})
        )
        # With its connections, when nobody needs the engine any more.
        weakref.finalize(self, self._client.close)

    def send(self, method: str, url: str, body: object = None) -> Answer:
        """Return the server's whole answer, whatever its status. Raises EngineError where none came."""
        shown = url.partition("?")[0]
        ends_at = time.monotonic() + self._timeout
        try:
            with self._client.stream(method, url, json=body) as response:
                content = bytearray()
                for chunk in response.iter_bytes():
                    content += chunk
                    if time.monotonic() > ends_at:
                        raise httpx.ReadTimeout(tr("the answer took too long"))
                    if len(content) > LARGEST_ANSWER:
                        raise httpx.ReadError(tr("the answer is too large"))
                return Answer(response.status_code, response.headers, bytes(content), shown)
        except httpx.ConnectTimeout as error:
            raise EngineDownError(
                self._engine,
                tr("{url}: no connection within {seconds:g} s", url=shown, seconds=self._timeout),
            ) from error
        except httpx.TimeoutException as error:
            raise EngineTimeoutError(
                self._engine, tr("{url}: no answer within {seconds:g} s", url=shown, seconds=self._timeout)
            ) from error
        except httpx.ConnectError as error:
            raise EngineDownError(
                self._engine,
                tr(
                    "{url}: no connection: {reason}; is the server running?",
                    url=shown,
                    reason=self.open(error),
                ),
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise EngineUnavailableError(
                self._engine, tr("{url}: no connection: {reason}", url=shown, reason=self.open(error))
            ) from error

    def ask(self, method: str, url: str, body: object = None) -> Any:  # noqa: ANN401 - whatever JSON came
        """Return the JSON of a good answer. Raises EngineError for any other."""
        answer = self.send(method, url, body)
        if answer.status != 200:
            self.refuse(answer)
        return self.content(answer)

    def content(self, answer: Answer) -> Any:  # noqa: ANN401 - whatever JSON came
        """Return an answer's JSON. Raises AnswerMalformedError."""
        try:
            return httpx.Response(200, content=answer.body).json()
        except (ValueError, RecursionError) as error:
            raise AnswerMalformedError(
                self._engine, tr("{url}: the answer is no JSON; check url", url=answer.url)
            ) from error

    def refuse(self, answer: Answer) -> NoReturn:
        """Raise what an error status means."""
        raise self.named(answer)

    def named(self, answer: Answer) -> EngineError:
        """Return the error that a status means (RFC 9110 §15, and what vendors made of it)."""
        status, url = answer.status, answer.url
        said = self.open(answer.said)
        shown = said or str(status)
        if status == 429:
            return RateLimitedError(
                self._engine,
                tr("{url}: too many requests (429)", url=url),
                retry_after(answer.headers.get("Retry-After", ""), datetime.now(UTC)),
            )
        if status in (401, 403):
            text = tr(
                "{url}: the server refuses the key ({said}); check {key}",
                url=url,
                said=shown,
                key=self._key_name,
            )
            return EngineRefusedError(self._engine, text)
        if status in (402, 456):
            return self.no_quota(answer)
        if status in (413, 414) or (status == 400 and _is_too_long(said)):
            return RequestTooLongError(
                self._engine, tr("{url}: the request is too long ({said})", url=url, said=shown)
            )
        if status in (404, 405) and not said:
            return EngineRefusedError(
                self._engine,
                tr(
                    "{url}: no translation service answers there ({status}); check url",
                    url=url,
                    status=status,
                ),
            )
        if status in (400, 404, 405, 422):
            text = tr(
                "{url}: the server does not take the request ({said}); check url and languages",
                url=url,
                said=shown,
            )
            return EngineRefusedError(self._engine, text)
        if 300 <= status < 400:
            text = tr(
                "{url}: the server sends us on to {place}; write that address as url",
                url=url,
                place=answer.headers.get("Location", "?")[:LONGEST_SAID],
            )
            return EngineRefusedError(self._engine, text)
        return EngineUnavailableError(
            self._engine,
            tr("{url}: answered with status {status} {said}", url=url, status=status, said=said).strip(),
        )

    def no_quota(self, answer: Answer) -> EngineRefusedError:
        """Return that what the vendor sells or gives is used up."""
        text = tr(
            "{url}: the quota of this key is used up ({said}); buy more, or wait for the next period",
            url=answer.url,
            said=self.open(answer.said) or answer.status,
        )
        return EngineRefusedError(self._engine, text)

    def open(self, words: object) -> str:
        """Return words that may be read by anybody: short, on one line, without the key or a part of it."""
        text = str(words)
        if self._secret:
            for form in (self._secret, quote(self._secret, safe="")):
                text = text.replace(form, "…")
            text = HALF_HIDDEN.sub("…", text)
        return " ".join(text.split())[:LONGEST_SAID]


# A key that the server half hid, "sk-a1b2****wxyz", still tells a good part of it.
HALF_HIDDEN = re.compile(r"[^\s'\"]*(?:\*{2,}|•{2,}|\.{3,})[^\s'\"]*\w")


def retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for, in seconds or by a date (RFC 9110 §10.2.3)."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return max(0.0, (at - now).total_seconds())


def texts_of(engine: str, found: object, texts: int) -> list[str]:
    """Return the answers: as many texts as were sent. Raises AnswerMalformedError."""
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise AnswerMalformedError(engine, tr("the answer has no translations in it"))
    if len(found) != texts:
        raise AnswerMalformedError(engine, tr("{got} texts came back for {sent}", got=len(found), sent=texts))
    return found


def _is_too_long(said: str) -> bool:
    return any(word in said.lower() for word in ("too long", "exceed", "limit", "too large", "maximum"))
