"""The ways to tell: e-mail, a POST of JSON, a program.

Their addresses are the operator's own choice, so private ones are allowed. Each way ends within its target's
timeout, and says what went wrong without showing a password, a token or an address that is a secret.
"""

import json
import os
import signal
import smtplib
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from typing import Any

import httpx
import structlog

from syndicator import __version__
from syndicator.errors import NoticeError
from syndicator.runtime.telling.targets import Target
from syndicator.runtime.telling.wording import subject_of, text_of
from syndicator.settings.schema import (
    CommandTargetSettings,
    MailTargetSettings,
    Tls,
    WebhookTargetSettings,
)
from syndicator.text.messages import message_language, tr

log = structlog.get_logger(__name__)

KEPT_OF_AN_ERROR = 300  # characters of what a program says
KEPT_OF_THE_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "LC_MESSAGES", "TZ", "TMPDIR")
"""What a program gets of our environment: secrets of the config stand in it, too."""


def deliver(target: Target, content: Mapping[str, Any]) -> None:
    """Tell a target. Raises NoticeError."""
    settings = target.settings
    if isinstance(settings, MailTargetSettings):
        _mail(target, settings, content)
    elif isinstance(settings, WebhookTargetSettings):
        _post(settings, content)
    elif isinstance(settings, CommandTargetSettings):
        _run(settings, content)


def knock(target: Target) -> str:
    """See whether a target could be told, without telling it; return in words what was seen.

    Raises NoticeError.
    """
    settings = target.settings
    if isinstance(settings, MailTargetSettings):
        with _server(settings) as server:
            server.noop()
        return tr("the mail server takes us")
    if isinstance(settings, WebhookTargetSettings):
        status = _asked(settings, "HEAD", b"", "")
        return tr("it answers (status {status} to HEAD)", status=status)
    return tr("the program is there")  # `check` has looked


def _failed(reason: object) -> NoticeError:
    return NoticeError(str(reason))


def _mail(target: Target, settings: MailTargetSettings, content: Mapping[str, Any]) -> None:
    message = EmailMessage()
    message["From"] = settings.from_
    message["To"] = ", ".join(settings.to)
    message["Subject"] = subject_of(content)
    message["Date"] = format_datetime(datetime.fromisoformat(content["time"]))
    # The same at every attempt, so that a mail that comes twice is known as one.
    message["Message-ID"] = f"<{content['id']}@{settings.from_.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence answers it
    message["Content-Language"] = message_language()
    message.set_content(text_of(content))
    with _server(settings) as server:
        refused = server.send_message(message)
    if refused:  # the others have it, and must not get it again and again
        log.warning("mail refused", target=target.name, addresses=sorted(refused))


@contextmanager
def _server(settings: MailTargetSettings) -> Iterator[smtplib.SMTP]:
    """Give a connection to the mail server, encrypted and logged in."""
    host, _, port = settings.smtp.rpartition(":")
    host, seconds = host.strip("[]"), settings.timeout.total_seconds()
    server: smtplib.SMTP | None = None
    try:
        if settings.tls is Tls.TLS:
            server = smtplib.SMTP_SSL(host, int(port), timeout=seconds, context=_certificates())
        else:
            server = smtplib.SMTP(host, int(port), timeout=seconds)
        if settings.tls is Tls.STARTTLS:
            server.starttls(context=_certificates())
        if settings.user and settings.password:
            server.login(settings.user, settings.password.get_secret_value())
        yield server
        server.quit()
    except smtplib.SMTPResponseException as error:
        reason = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else ""
        raise _failed(f"{settings.smtp}: {error.smtp_code} {reason}") from error
    except (smtplib.SMTPException, ssl.SSLError, OSError) as error:
        raise _failed(f"{settings.smtp}: {error}") from error
    finally:
        if server is not None:
            server.close()


def _post(settings: WebhookTargetSettings, content: Mapping[str, Any]) -> None:
    told = {**content, "subject": subject_of(content), "text": text_of(content)}
    body = json.dumps(told, ensure_ascii=False).encode()
    status = _asked(settings, "POST", body, str(content["id"]))
    if not 200 <= status < 300:
        raise _failed(tr("it answered with status {status}", status=status))


def _asked(settings: WebhookTargetSettings, method: str, body: bytes, name: str) -> int:
    """Return the status of an answer; redirects are not followed, for a token must not travel."""
    headers = {"User-Agent": f"syndicator/{__version__}"}
    if body:
        headers |= {"Content-Type": "application/json", "Idempotency-Key": name}
    if settings.token:
        headers["Authorization"] = f"Bearer {settings.token.get_secret_value()}"
    address = settings.url.get_secret_value()
    try:
        with (
            httpx.Client(
                timeout=settings.timeout.total_seconds(), verify=_certificates(), trust_env=False
            ) as client,
            client.stream(method, address, content=body or None, headers=headers) as answer,
        ):
            return answer.status_code
    except httpx.TimeoutException as error:
        raise _failed(tr("no answer in time")) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _failed(str(error).replace(address, "…")) from error


def _run(settings: CommandTargetSettings, content: Mapping[str, Any]) -> None:
    told = {**content, "subject": subject_of(content), "text": text_of(content)}
    environ = {name: os.environ[name] for name in KEPT_OF_THE_ENVIRONMENT if name in os.environ}
    environ["SYNDICATOR_EVENT"] = str(content["event"])
    try:
        process = subprocess.Popen(  # noqa: S603 - the operator's own command, without a shell
            settings.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environ,
            start_new_session=True,
        )
    except OSError as error:
        raise _failed(error.strerror) from error
    try:
        _, said = process.communicate(
            json.dumps(told, ensure_ascii=False).encode(), settings.timeout.total_seconds()
        )
    except subprocess.TimeoutExpired as error:
        raise _failed(tr("it did not end in time")) from error
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)  # with all that it started
            process.communicate()
    if process.returncode != 0:
        last = said.decode("utf-8", "replace").strip()[-KEPT_OF_AN_ERROR:]
        reason = tr("it ended with {code}", code=process.returncode)
        raise _failed(f"{reason}: {last}" if last else reason)


@cache
def _certificates() -> ssl.SSLContext:
    return ssl.create_default_context()
