"""deep-translator made safe: what all its providers share that we use.

deep-translator has no timeouts, one shared object mixes up the answers of several threads, and what it
returns for a failure looks like a translation. So each call makes a new object, its HTTP call goes through a
session of ours (:data:`hook` stands where the provider's module has ``requests``) with a timeout and a size
limit, error statuses keep their meaning, and an answer can be looked at before deep-translator reads it.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import requests
from deep_translator.base import BaseTranslator
from deep_translator.exceptions import BaseError
from deep_translator.exceptions import RequestError as PageError
from urllib3.exceptions import HTTPError, ReadTimeoutError

from syndicator.engines.http import retry_after
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

LARGEST_PAGE = 5_000_000  # bytes; the real ones have under 50 KB

Examine = Callable[[requests.Response], None]


def trust(response: requests.Response) -> None:
    """Look at nothing."""
    del response


def ask(
    engine: str, translator: BaseTranslator, text: str, timeout: float, examine: Examine = trust
) -> str | list[str]:
    """Return what a translator, made for this call only, gives for a text. Raises EngineError.

    ``examine`` sees the answer first, and raises EngineError for what deep-translator would take for a
    translation.
    """
    try:
        with _here(timeout, examine):
            answer: object = translator.translate(text)
    except requests.Timeout as error:
        raise EngineTimeoutError(engine, tr("no answer within {seconds:g} s", seconds=timeout)) from error
    except requests.RequestException as error:
        kind = EngineDownError if _never_connected(error) else EngineUnavailableError
        raise kind(engine, tr("no connection: {reason}", reason=_reason(error))) from error
    except StatusError as error:
        raise named(engine, error) from error
    except PageError as error:
        raise EngineUnavailableError(engine, tr("the page answered with an error")) from error
    except BaseError as error:
        raise EngineUnavailableError(engine, tr("the page had no translation on it")) from error
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration, RuntimeError) as error:
        # deep-translator reads what it expects without looking: an answer of another shape ends like this.
        raise AnswerMalformedError(engine, tr("the answer is not what the service gives")) from error
    if answer is None:  # the page repeated the text
        return text
    if not isinstance(answer, str | list):
        raise AnswerMalformedError(engine, tr("the answer is not what the service gives"))
    return answer


def as_lines(texts: Sequence[str]) -> str:
    """Return the texts as the lines of one."""
    return "\n".join(" ".join(text.split()) for text in texts)


def from_lines(engine: str, answer: str, texts: int) -> list[str]:
    """Return the lines of an answer, one for each text. Raises AnswerMalformedError."""
    lines = [line.strip() for line in answer.split("\n")]
    if len(lines) != texts:
        raise AnswerMalformedError(engine, tr("{got} lines came back for {sent}", got=len(lines), sent=texts))
    return lines


class StatusError(Exception):
    """An error status, kept from deep-translator: it would forget which."""

    def __init__(self, status: int, wait: float | None) -> None:
        super().__init__(str(status))
        self.status = status
        self.retry_after = wait


def named(engine: str, error: StatusError) -> EngineError:
    """Return what a status means."""
    status = error.status
    if status == 429:
        return RateLimitedError(engine, tr("too many requests (429)"), error.retry_after)
    if status in (400, 413, 414):
        return RequestTooLongError(engine, tr("the request was too long ({status})", status=status))
    if status in (401, 403):
        return EngineRefusedError(
            engine, tr("the service refuses us ({status}); check url and api_key", status=status)
        )
    if status in (404, 405):
        return EngineRefusedError(
            engine, tr("no translation service answers there ({status}); check url", status=status)
        )
    return EngineUnavailableError(engine, tr("answered with status {status}", status=status))


def _never_connected(error: requests.RequestException) -> bool:
    words = _reason(error)
    return any(each in words for each in ("refused", "resolve", "unreachable", "not known", "No address"))


def _reason(error: requests.RequestException) -> str:
    cause: BaseException = error
    while cause.__context__ is not None:
        cause = cause.__context__
    return str(cause) or type(error).__name__


class _TimedRequests:
    """Stands where deep-translator's modules have ``requests``: the same calls, with the thread's timeout."""

    exceptions = requests.exceptions

    def __init__(self) -> None:
        self.here = threading.local()

    def get(self, url: str, **options: Any) -> requests.Response:  # noqa: ANN401 - requests' own options
        return self._send("GET", url, **options)

    def post(self, url: str, **options: Any) -> requests.Response:  # noqa: ANN401 - requests' own options
        return self._send("POST", url, **options)

    def _send(self, method: str, url: str, **options: Any) -> requests.Response:  # noqa: ANN401
        seconds: float = getattr(self.here, "seconds", 20.0)
        ends_at = time.monotonic() + seconds
        with requests.Session() as session:
            session.trust_env = False
            response = session.request(
                method, url, timeout=seconds, stream=True, allow_redirects=method == "GET", **options
            )
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
        response.encoding = "utf-8"
        getattr(self.here, "examine", trust)(response)
        if not 200 <= response.status_code < 300:
            wait = retry_after(response.headers.get("Retry-After", ""), datetime.now(UTC))
            raise StatusError(response.status_code, wait)
        return response


hook = _TimedRequests()


@contextmanager
def _here(seconds: float, examine: Examine) -> Iterator[None]:
    """Set the timeout of this thread's calls, and who looks at their answers."""
    hook.here.seconds, hook.here.examine = seconds, examine
    try:
        yield
    finally:
        del hook.here.seconds, hook.here.examine
