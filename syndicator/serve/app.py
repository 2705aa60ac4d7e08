"""The ASGI application that shows the published tree, and the few routes that others add."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from syndicator.formats.paths import without_token
from syndicator.serve.addresses import tree_path
from syndicator.serve.conditions import UNSATISFIABLE, Span, Verdict, asked_span, judge
from syndicator.serve.negotiation import best_coding, is_browser
from syndicator.serve.shelf import Document, Folder, Form, Shelf
from syndicator.serve.treatment import Headers
from syndicator.serve.watchers import Watchers

log = structlog.get_logger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

CHUNK = 64 * 1024
"""Bytes of a file that are in memory at a time for one client."""

_REPLACED_AT_MOST = 3  # times between a look at a file and opening it, before we give up

_PLAIN = "text/plain; charset=utf-8"
_PAGE = "text/html; charset=utf-8"
_GUARDED: Headers = [
    (b"cache-control", b"no-cache"),
    (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
]
_NOT_FOR_YOU = b"Only the addresses in serve.watchers may see this, and not through a proxy\n"
_METHODS = b"GET, HEAD, OPTIONS"
_PREFLIGHT: Headers = [
    (b"allow", _METHODS),
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", _METHODS),
    (b"access-control-allow-headers", b"if-none-match, if-modified-since, range, if-range"),
    (b"access-control-max-age", b"86400"),
]
_NOT_FOUND = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Not found</title>
<style>:root{color-scheme:light dark}body{font-family:system-ui,sans-serif;max-width:40rem;margin:4rem auto;\
padding:0 1.25rem;line-height:1.5}</style>
</head>
<body>
<h1>Not found</h1>
<p>There is nothing at this address. It may have been mistyped, or what was here has been taken away.</p>
</body>
</html>
"""
_GONE = _NOT_FOUND.replace("Not found", "Gone").replace(
    "There is nothing at this address. It may have been mistyped, or what was here has been taken away.",
    "The article that was here has been taken away.",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a route says."""

    body: bytes
    status: int = 200
    media_type: str = _PLAIN


Route = Callable[[], Answer]
"""Answers GET at one address. It runs in a thread and may take its time; its exceptions are bugs."""


def alive() -> Answer:
    """Say that the server answers (``/livez``)."""
    return Answer(b"ok\n")


def _nothing_gone(_path: str) -> bool:
    return False


def _nobody_asks(_path: str, _agent: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class PublishedTree:
    """Serves the files of a shelf: GET, HEAD, conditions, ranges, compressed forms.

    ``routes`` are further addresses by their paths, such as ``/livez``; they win over files, as do those for
    ``watchers`` only, such as ``/metrics``. ``gone`` tells of a path in the tree, in a thread, whether there
    was an article's page once; ``asked`` is told the path and the User-Agent of every document that was given
    out or found unchanged.
    """

    shelf: Shelf
    routes: Mapping[str, Route] = field(default_factory=lambda: {"/livez": alive})
    watched: Mapping[str, Route] = field(default_factory=dict)
    watchers: Watchers = Watchers(())  # noqa: RUF009 - frozen
    gone: Callable[[str], bool] = _nothing_gone
    asked: Callable[[str, str], None] = _nobody_asks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI 3, HTTP)."""
        del receive  # no request that is answered here has a body that matters
        if scope["type"] != "http":
            # ASGI 3: an application raises for kinds of connection that it does not speak.
            raise ValueError(f"this application answers HTTP only, not {scope['type']}")
        try:
            await self._answer(scope, send)
        except Exception:
            log.exception("no answer", method=scope["method"])  # the server itself tells nobody
            raise

    def unchanged(self, scope: Scope) -> Headers | None:
        """Return the headers of the 304 that a request gets; None where it has to be asked as a whole.

        This is most of what a feed's readers ask, and needs nothing that would have to be waited for.
        """
        if scope["method"] not in {"GET", "HEAD"} or self._is_route(scope["path"]):
            return None
        headers = _read(scope["headers"])
        if "if-none-match" not in headers and "if-modified-since" not in headers:
            return None
        found = self.shelf.find(scope["raw_path"])
        if not isinstance(found, Document):
            return None
        form = _chosen(found, headers)
        if judge(headers, form.etag, found.modified) is not Verdict.NOT_MODIFIED:
            return None
        self.asked(found.path, headers.get("user-agent", ""))
        return form.headers

    def _is_route(self, path: str) -> bool:
        return path in self.routes or path in self.watched

    def _admits(self, scope: Scope) -> bool:
        client = scope.get("client")
        return client is not None and self.watchers.admit(client[0], _read(scope["headers"]))

    async def _answer(self, scope: Scope, send: Send) -> None:
        method = scope["method"]
        if method == "OPTIONS":
            await _reply(send, 204, _PREFLIGHT)
            return
        if method not in {"GET", "HEAD"}:
            # What follows as its body is of no interest to anybody.
            closing = [(b"allow", _METHODS), (b"connection", b"close")]
            await _say(scope, send, 405, b"This address can be read, nothing else\n", headers=closing)
            return
        route = self.routes.get(scope["path"]) or self.watched.get(scope["path"])
        if route is not None:
            if scope["path"] in self.watched and not self._admits(scope):
                await _say(scope, send, 403, _NOT_FOR_YOU)
                return
            answer = await asyncio.to_thread(route)
            await _say(scope, send, answer.status, answer.body, answer.media_type)
            return
        raw = scope["raw_path"]
        for _ in range(_REPLACED_AT_MOST):
            found = self.shelf.find(raw)
            if isinstance(found, Document):
                if await _offer(found, scope, send):
                    self.asked(found.path, _read(scope["headers"]).get("user-agent", ""))
                    return
                self.shelf.forget(raw)
            elif isinstance(found, Folder):
                # Relative, for a proxy may show the tree elsewhere; "./", for a name may hold a colon.
                location = [(b"location", f"./{found.name}/".encode("ascii"))]
                await _say(scope, send, 301, b"", headers=location)
                return
            else:
                break
        path = tree_path(raw, self.shelf.house.prefix)
        if path is not None and "/articles/" in path and await asyncio.to_thread(self.gone, path):
            await _say(scope, send, 410, _GONE.encode(), _PAGE)
            return
        await _say(scope, send, 404, _NOT_FOUND.encode(), _PAGE)


async def _offer(document: Document, scope: Scope, send: Send) -> bool:
    """Send a document, or what the request's conditions make of it.

    Returns False, and has sent nothing, where the file was replaced since it was looked at.
    """
    headers = _read(scope["headers"])
    form = _chosen(document, headers)
    verdict = judge(headers, form.etag, document.modified)
    if verdict is Verdict.NOT_MODIFIED:
        await _reply(send, 304, form.headers)
        return True
    if verdict is Verdict.FAILED:
        await _say(scope, send, 412, b"It is another version by now\n")
        return True
    is_get = scope["method"] == "GET"
    span = asked_span(headers, form.etag, document.modified, form.size) if is_get else None
    if span is UNSATISFIABLE:
        size = [(b"content-range", f"bytes */{form.size}".encode("ascii"))]
        await _say(scope, send, 416, b"It is shorter than that\n", headers=size)
        return True
    treatment = document.treatment
    in_browser = is_browser(headers.get("accept"))
    media_type = treatment.media_type_in_browsers if in_browser else treatment.media_type
    told = [*form.full_headers, (b"content-type", media_type)]
    if is_get:
        return await _send_file(form, span, told, send)
    await _reply(send, 200, [*told, (b"content-length", str(form.size).encode("ascii"))])
    return True


def _chosen(document: Document, headers: Mapping[str, str]) -> Form:
    return document.forms[best_coding(headers.get("accept-encoding"), document.forms)]


def _read(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return a request's headers by name; what stands in several lines is one list (RFC 9110 §5.3)."""
    read: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        read[name] = f"{read[name]}, {value}" if name in read else value
    return read


async def _send_file(form: Form, span: Span | None, headers: Headers, send: Send) -> bool:
    """Send a file or a part of it, never more than a piece at a time; False where it was replaced."""
    file = form.open()
    if file is None:
        return False
    start, end = (span.start, span.end) if span else (0, form.size)
    told = [*headers, (b"content-length", str(end - start).encode("ascii"))]
    if span:
        told.append((b"content-range", f"bytes {start}-{end - 1}/{form.size}".encode("ascii")))
    with file:
        file.seek(start)
        left = end - start
        piece = file.read(min(CHUNK, left))
        if len(piece) == left:
            file.close()  # a slow client of a short file holds no handle
        await send({"type": "http.response.start", "status": 206 if span else 200, "headers": told})
        while True:
            left -= len(piece)
            await send({"type": "http.response.body", "body": piece, "more_body": left > 0})
            if left <= 0:
                return True
            await asyncio.sleep(0)  # a fast client of a long file leaves room for the others
            piece = file.read(min(CHUNK, left))
            if not piece:
                raise EOFError(f"{without_token(str(form.file))} was cut while it was sent")


async def _say(
    scope: Scope,
    send: Send,
    status: int,
    body: bytes,
    media_type: str = _PLAIN,
    headers: Headers | None = None,
) -> None:
    """Send a short answer of our own."""
    told = [
        *_GUARDED,
        (b"content-type", media_type.encode("ascii")),
        (b"content-length", str(len(body)).encode("ascii")),
        *(headers or []),
    ]
    await _reply(send, status, told, b"" if scope["method"] == "HEAD" else body)


async def _reply(send: Send, status: int, headers: Headers, body: bytes = b"") -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
