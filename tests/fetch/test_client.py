import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from syndicator.errors import (
    AddressRefusedError,
    FetchTimeoutError,
    HttpStatusError,
    TooLargeError,
    UnreachableError,
)
from syndicator.fetch.client import MAX_REDIRECTS
from syndicator.model import Validators


def test_a_document_comes_as_it_is(site, fetcher):
    url = site.answer(
        "/rss",
        b"<rss/>",
        Content_Type="text/xml; charset=windows-1251",
        ETag='"1"',
        Last_Modified="yesterday",
    )
    document = fetcher.fetch(url)
    assert (document.url, document.final_url, document.status) == (url, url, 200)
    assert (document.body, document.content_type) == (b"<rss/>", "text/xml; charset=windows-1251")
    assert document.validators == Validators(etag='"1"', last_modified="yesterday")
    assert document.moved_to == ""
    assert abs(datetime.now(UTC) - document.fetched_at) < timedelta(seconds=5)


def test_the_request_says_who_asks_and_for_what(site, fetcher):
    fetcher.fetch(site.answer("/rss"), accept="text/html")
    [(_, headers)] = site.requests
    assert headers["user-agent"] == "syndicator-test (ops@example.eu)"
    assert headers["accept"] == "text/html"
    assert headers["accept-encoding"] == "gzip, deflate"
    assert not {"if-none-match", "if-modified-since", "cookie", "authorization"} & headers.keys()


def test_an_unchanged_document_has_no_body_and_keeps_its_validators(site, fetcher):
    sent = Validators(etag='"1"', last_modified="Tue, 05 Mar 2024 10:00:00 GMT")
    url = site.answer("/rss", status=304)
    document = fetcher.fetch(url, sent)
    assert (document.status, document.body, document.validators) == (304, b"", sent)
    [(_, headers)] = site.requests
    assert headers["if-none-match"] == '"1"'
    assert headers["if-modified-since"] == "Tue, 05 Mar 2024 10:00:00 GMT"


def test_unchanged_as_an_answer_to_a_first_question_is_an_error(site, fetcher):
    with pytest.raises(HttpStatusError, match="304"):
        fetcher.fetch(site.answer("/rss", status=304))


@pytest.mark.parametrize("status", [204, 206, 300, 302, 400, 401, 403, 404, 410, 500, 502, 503, 599])
def test_any_other_status_is_an_error_with_its_number(site, fetcher, status):
    url = site.answer("/rss", b"" if status == 204 else b"<rss/>", status=status)
    with pytest.raises(HttpStatusError) as error:
        fetcher.fetch(url)
    assert error.value.status == status
    assert error.value.retry_after is None
    assert str(error.value).startswith(url)
    assert str(status) in str(error.value)


@pytest.mark.parametrize("status", [429, 503])
def test_a_request_to_wait_is_handed_on(site, fetcher, status):
    with pytest.raises(HttpStatusError) as error:
        fetcher.fetch(site.answer("/rss", status=status, Retry_After="120"))
    assert (error.value.status, error.value.retry_after) == (status, 120.0)


def redirects(site, *statuses):
    """Chain /0 → /1 → … with these statuses; the last one answers. Returns the first address."""
    for number, status in enumerate(statuses):
        site.answer(f"/{number}", status=status, Location=f"/{number + 1}")
    site.answer(f"/{len(statuses)}", b"here")
    return site.url("/0")


@pytest.mark.parametrize(
    ("statuses", "moved_to"),
    [
        ([302], ""),
        ([303], ""),
        ([307], ""),
        ([301], "/1"),
        ([308], "/1"),
        ([301, 308], "/2"),
        ([301, 302, 301], "/1"),
        ([302, 301], ""),
    ],
)
def test_redirects_are_followed_and_permanent_ones_named(site, fetcher, statuses, moved_to):
    document = fetcher.fetch(redirects(site, *statuses))
    assert document.body == b"here"
    assert document.url == site.url("/0")
    assert document.final_url == site.url(f"/{len(statuses)}")
    assert document.moved_to == (site.url(moved_to) if moved_to else "")


def test_endless_redirects_end(site, fetcher):
    url = site.answer("/a", status=302, Location="/a")
    with pytest.raises(HttpStatusError, match="redirects") as error:
        fetcher.fetch(url)
    assert error.value.status == 302
    assert len(site.requests) == MAX_REDIRECTS + 1


@pytest.mark.parametrize(
    "target",
    [
        *("ftp://x.bg/", "file:///etc/passwd", "http://u:p@127.0.0.1/", "http://[::1/", "http://10.0.0.1/"),
        *("//10.0.0.1/", "http://127.0.0.1:99999/", "javascript:alert(1)"),
    ],
)
def test_every_hop_is_guarded(site, fetcher, target):
    url = site.answer("/a", status=302, Location=target)
    with pytest.raises(AddressRefusedError) as error:
        fetcher.fetch(url)
    assert str(error.value).startswith(url)


@pytest.mark.parametrize("target", ["http://xn--/", "http://\xad/", "http://%/", "http://a..b/"])
def test_redirects_to_names_that_are_none(site, fetcher, target):
    with pytest.raises((AddressRefusedError, UnreachableError)):
        fetcher.fetch(site.answer("/a", status=302, Location=target))


def test_an_error_after_a_redirect_names_both_addresses(site, fetcher):
    url = site.answer("/a", status=302, Location="/gone")
    with pytest.raises(HttpStatusError) as error:
        fetcher.fetch(url)
    assert site.url("/a") in str(error.value)
    assert site.url("/gone") in str(error.value)


def test_a_cookie_reaches_the_next_hop_but_no_later_exchange(site, fetcher):
    def asks_for_cookie(handler):
        handler.send_response(200 if "cookie" in site.requests[-1][1] else 302)
        handler.send_header("Set-Cookie", "seen=1; path=/")
        handler.send_header("Location", "/wall")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    site.routes["/wall"] = asks_for_cookie
    fetcher.fetch(site.url("/wall"))
    fetcher.fetch(site.url("/wall"))
    assert ["cookie" in headers for _, headers in site.requests] == [False, True, False, True]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0.0.0.0"])
def test_loopback_is_refused_under_every_name_unless_exempt(site, fetcher_with, host):
    site.answer("/", b"secret")
    with pytest.raises(AddressRefusedError, match="allow_private"):
        fetcher_with(allow_private=()).fetch(site.url("/", host))
    assert site.requests == []


def test_an_exempt_host_name_is_asked(site, fetcher_with):
    site.answer("/", b"ours")
    assert fetcher_with(allow_private=("localhost",)).fetch(site.url("/", "localhost")).body == b"ours"


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, lambda body: zlib.compress(body, wbits=-15)])
def test_packed_bodies_are_unpacked(site, fetcher, pack):
    body = "Здравей, Мантуа! ".encode() * 2000
    encoding = "gzip" if pack is gzip.compress else "deflate"
    url = site.answer("/", pack(body), Content_Encoding=encoding)
    assert fetcher.fetch(url).body == body


def test_a_body_that_only_claims_to_be_packed_is_taken_as_it_is(site, fetcher):
    assert fetcher.fetch(site.answer("/", b"<rss/>", Content_Encoding="gzip")).body == b"<rss/>"
    assert fetcher.fetch(site.answer("/e", b"", Content_Encoding="gzip")).body == b""


@pytest.mark.parametrize(
    ("body", "encoding"),
    [(gzip.compress(b"a" * 5000, mtime=0)[:-9], "gzip"), (b"\x1f\x8b" + b"\x07" * 90, "gzip"), (b"x", "br")],
)
def test_damaged_packing_is_no_document(site, fetcher, body, encoding):
    with pytest.raises(UnreachableError):
        fetcher.fetch(site.answer("/", body, Content_Encoding=encoding))


def test_the_size_limit_counts_after_unpacking(site, fetcher):
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < 100_000
    with pytest.raises(TooLargeError, match="max_bytes"):
        fetcher.fetch(site.answer("/", bomb, Content_Encoding="gzip"))
    assert len(fetcher.fetch(site.answer("/most", b"x" * 100_000)).body) == 100_000
    with pytest.raises(TooLargeError):
        fetcher.fetch(site.answer("/more", b"x" * 100_001))


@contextmanager
def raw_server(talk):
    """A server that does with each connection what ``talk`` says; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)

        def serve():
            try:
                while True:
                    connection, _ = listener.accept()
                    with connection:
                        talk(connection)
            except OSError:
                pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(2)


def drip(piece, every=0.02):
    def talk(connection):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(piece)
            time.sleep(every)

    return talk


@pytest.mark.parametrize(
    "talk",
    [
        pytest.param(drip(b"X-A: b\r\n"), id="headers that never end"),
        pytest.param(drip(b"\r\n"), id="a body that never ends"),
        pytest.param(lambda connection: time.sleep(1), id="silence"),
        pytest.param(drip(b"HTTP/1.1 100 Continue\r\n\r\n"), id="continue, continue"),
    ],
)
def test_the_time_limit_holds_for_the_whole_exchange(fetcher_with, talk):
    fetcher = fetcher_with(timeout=timedelta(seconds=0.3))
    begun = time.monotonic()
    with raw_server(talk) as url, pytest.raises((FetchTimeoutError, UnreachableError)):
        fetcher.fetch(url)
    assert time.monotonic() - begun < 1.5


def test_slow_redirects_share_one_time_limit(site, fetcher_with):
    def slow(handler):
        time.sleep(0.15)
        handler.send_response(302)
        handler.send_header("Location", "/slow")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    site.routes["/slow"] = slow
    with pytest.raises(FetchTimeoutError):
        fetcher_with(timeout=timedelta(seconds=0.4)).fetch(site.url("/slow"))
    assert len(site.requests) < 5


def says(data):
    def talk(connection):
        connection.recv(4096)
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(4096)

    return talk


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"SSH-2.0-OpenSSH\r\n", id="another protocol"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", id="half a body"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", id="half the chunks"
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\nA: " + b"x" * 300_000, id="a header without end"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 60_000, id="headers without end"),
    ],
)
def test_what_breaks_off_or_is_no_http_is_no_document(fetcher, data):
    with raw_server(says(data)) as url, pytest.raises((UnreachableError, TooLargeError)) as error:
        fetcher.fetch(url)
    assert str(error.value).startswith(url)


def test_a_port_where_nobody_listens(fetcher):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    with pytest.raises(UnreachableError, match="refuses connections"):
        fetcher.fetch(url)


def test_a_name_that_does_not_exist(fetcher):
    with pytest.raises(UnreachableError, match=r"^https://nobody\.invalid/rss: the server's name"):
        fetcher.fetch("https://nobody.invalid/rss")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    if not shutil.which("openssl"):
        pytest.skip("openssl makes the certificate of this test")
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    extra = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(cert)]
    subprocess.run([*command.split(), *extra], check=True, capture_output=True)
    return key, cert


@contextmanager
def tls_site(site, certificate):
    key, cert = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    site.server.socket = context.wrap_socket(site.server.socket, server_side=True)
    yield f"https://localhost:{site.port}/rss"


def test_tls_with_a_certificate_we_trust(site, fetcher_with, certificate):
    site.answer("/rss", b"<rss/>")
    context = ssl.create_default_context(cafile=certificate[1])
    with tls_site(site, certificate) as url:
        assert fetcher_with(ssl_context=context).fetch(url).body == b"<rss/>"


def test_tls_with_a_certificate_nobody_trusts(site, fetcher, certificate):
    with (
        tls_site(site, certificate) as url,
        pytest.raises(UnreachableError, match="certificate is not valid"),
    ):
        fetcher.fetch(url)


def test_tls_where_none_is_spoken(site, fetcher):
    with pytest.raises(UnreachableError, match="encrypted"):
        fetcher.fetch(site.url("/").replace("http:", "https:"))


def test_threads_share_a_fetcher_and_each_gets_its_own_answer(site, fetcher_with):
    for number in range(40):
        site.answer(f"/{number}", f"page {number}".encode())
    fetcher = fetcher_with(per_host_concurrency=8)
    with ThreadPoolExecutor(8) as pool:
        documents = list(pool.map(lambda number: fetcher.fetch(site.url(f"/{number}")), range(40)))
    assert [document.body.decode() for document in documents] == [f"page {number}" for number in range(40)]


def test_waiting_for_a_turn_does_not_use_up_the_time(site, fetcher_with):
    url = site.answer("/", b"ok")
    fetcher = fetcher_with(timeout=timedelta(seconds=0.3), per_host_delay=timedelta(seconds=0.4))
    assert [fetcher.fetch(url).body for _ in range(3)] == [b"ok"] * 3


def test_a_closed_fetcher_asks_nothing(site, fetcher):
    url = site.answer("/", b"ok")
    fetcher.close()
    with pytest.raises(UnreachableError, match="stopping"):
        fetcher.fetch(url)
    assert site.requests == []
