"""Google's mobile page, through deep-translator.

deep-translator is used with care: it has no timeouts, one shared object mixes up the answers of several
threads, and what it returns for a failure looks like a translation. So each call makes a new object, its HTTP
call goes through a session of ours with a timeout, and the answer is unescaped and counted.

It sends GET requests, in which a Cyrillic letter takes six bytes: segments are packed line by line up to
about 1,500 characters, 8 KB of address.
"""

import html
import threading
import time
from collections.abc import Sequence
from typing import Any

import requests
from deep_translator import GoogleTranslator, google
from deep_translator.constants import GOOGLE_LANGUAGES_TO_CODES
from deep_translator.exceptions import BaseError
from deep_translator.exceptions import RequestError as PageError
from urllib3.exceptions import HTTPError, ReadTimeoutError

from syndicator.errors import (
    AnswerMalformedError,
    EngineTimeoutError,
    EngineUnavailableError,
    RateLimitedError,
    RequestTooLongError,
)
from syndicator.model import Pair
from syndicator.text.messages import tr

MAX_CHARACTERS = 1500
LONGEST_TEXT = 4999  # characters; deep-translator refuses more
LARGEST_PAGE = 5_000_000  # bytes; the real one has under 50 KB
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
        self._url = url
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
        text = _one_line_each(texts)
        if len(text) > LONGEST_TEXT:
            raise RequestTooLongError(
                self.id, tr("{length} characters are more than the page takes", length=len(text))
            )
        answer = self._page(text, pair)
        lines = [html.unescape(line).strip() for line in answer.split("\n")]
        if len(lines) != len(texts):
            raise AnswerMalformedError(
                self.id,
                tr("{got} lines came back for {sent}", got=len(lines), sent=len(texts)),
            )
        return lines

    def _page(self, text: str, pair: Pair) -> str:
        translator = GoogleTranslator(source=_code(pair.source), target=_code(pair.target))
        if self._url:
            translator._base_url = self._url  # noqa: SLF001 - deep-translator has no other way to another host
        try:
            with _timed(self._timeout):
                answer = translator.translate(text)
        except requests.Timeout as error:
            raise EngineTimeoutError(
                self.id, tr("no answer within {seconds:g} s", seconds=self._timeout)
            ) from error
        except requests.RequestException as error:
            raise EngineUnavailableError(
                self.id, tr("no connection: {reason}", reason=_reason(error))
            ) from error
        except _StatusError as error:
            raise self._named(error) from error
        except PageError as error:
            raise EngineUnavailableError(self.id, tr("the page answered with an error")) from error
        except BaseError as error:
            raise EngineUnavailableError(self.id, tr("the page had no translation on it")) from error
        if not answer:  # deep-translator's None: the page repeated the text
            return text
        return str(answer)

    def _named(
        self, error: "_StatusError"
    ) -> RateLimitedError | RequestTooLongError | EngineUnavailableError:
        if error.status == 429:
            return RateLimitedError(self.id, tr("too many requests (429)"), error.retry_after)
        if error.status in (400, 413, 414):
            return RequestTooLongError(
                self.id, tr("the request was too long ({status})", status=error.status)
            )
        return EngineUnavailableError(self.id, tr("answered with status {status}", status=error.status))


def _one_line_each(texts: Sequence[str]) -> str:
    return "\n".join(" ".join(text.split()) for text in texts)


def _code(language: str) -> str:
    return CODES.get(language, language)


def _reason(error: requests.RequestException) -> str:
    cause: BaseException = error
    while cause.__context__ is not None:
        cause = cause.__context__
    return str(cause) or type(error).__name__


class _StatusError(Exception):
    """An error status, kept from deep-translator: it would forget which."""

    def __init__(self, status: int, retry_after: float | None) -> None:
        super().__init__(str(status))
        self.status = status
        self.retry_after = retry_after


class _TimedRequests:
    """Stands where deep-translator's module has ``requests``: the same call, with the thread's timeout."""

    def __init__(self) -> None:
        self.here = threading.local()

    def get(self, url: str, **options: Any) -> requests.Response:  # noqa: ANN401 - requests' own options
        seconds: float = getattr(self.here, "seconds", 20.0)
        ends_at = time.monotonic() + seconds
        with requests.Session() as session:
            session.trust_env = False
            response = session.get(url, timeout=seconds, stream=True, **options)
            # requests' own timeout begins anew with every packet.
            body = bytearray()
            try:
                while chunk := response.raw.read1(65536, decode_content=True):
                    body += chunk
                    if time.monotonic() > ends_at:
                        raise requests.ReadTimeout(tr("the answer took too long"))
                    if len(body) > LARGEST_PAGE:
                        raise requests.RequestException(tr("the answer is too large"))
            except ReadTimeoutError as error:
                raise requests.ReadTimeout(str(error)) from error
            except HTTPError as error:
                raise requests.ConnectionError(str(error)) from error
            response._content = bytes(body)  # noqa: SLF001 - where requests itself keeps it
        if not 200 <= response.status_code < 300:
            after = response.headers.get("Retry-After", "")
            raise _StatusError(response.status_code, float(after) if after.isdigit() else None)
        response.encoding = "utf-8"
        return response


_hook = _TimedRequests()
google.requests = _hook


class _timed:  # noqa: N801 - reads as a statement: with _timed(20)
    """Sets the timeout of this thread's calls."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __enter__(self) -> None:
        _hook.here.seconds = self.seconds

    def __exit__(self, *_: object) -> None:
        del _hook.here.seconds
