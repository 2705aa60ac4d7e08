"""What a hostile site may try on the network: none of it gets through, hangs us or fills our memory."""

# ruff: noqa: E501 - hostile inputs read better on one line

import gzip
import ipaddress
import socket
import threading
import zlib
from contextlib import contextmanager
from datetime import timedelta

import pytest

from syndicator.errors import AddressRefusedError, FetchError, TooLargeError
from syndicator.fetch import connection

SPELLINGS = """
http://127.0.0.1/ http://127.1/ http://2130706433/ http://0x7f000001/ http://0x7f.1/ http://0177.0.0.1/
http://017700000001/ http://127.0.0.1./ http://0.0.0.0/ http://0/ http://localhost/ http://LOCALHOST./
http://[::1]/ http://[::]/ http://[0:0:0:0:0:0:0:1]/ http://[::ffff:127.0.0.1]/ http://[::ffff:7f00:1]/
http://[::127.0.0.1]/ http://[64:ff9b::7f00:1]/ http://[64:ff9b::127.0.0.1]/ http://[64:ff9b:1::a00:1]/
http://[2002:7f00:1::]/ http://[2002:c0a8:1::1]/ http://[2001::1]/ http://[fec0::1]/ http://[fe80::1]/
http://[fe80::1%25eth0]/ http://[fe80::1%25lo]/ http://[2606:4700::1111%25eth0]/ http://[fc00::1]/
http://[fd00:ec2::254]/ http://[ff02::1]/ http://[100::1]/ http://[2001:db8::1]/ http://[3fff::1]/
http://10.0.0.1/ http://172.16.0.1/ http://192.168.0.1/ http://169.254.169.254/latest/meta-data/
http://100.64.0.1/ http://192.0.2.1/ http://198.51.100.1/ http://203.0.113.1/ http://198.18.0.1/
http://224.0.0.1/ http://240.0.0.1/ http://255.255.255.255/ http://192.88.99.1/ http://192.0.0.1/
http://①②⑦.⓪.⓪.①/ http://127。0。0。1/ http://3232235521/ http://0xa9fea9fe/
""".split()


@pytest.mark.parametrize("url", SPELLINGS)
def test_no_spelling_leads_to_a_private_address(fetcher_with, url):
    with pytest.raises(FetchError):
        fetcher_with(allow_private=(), timeout=timedelta(seconds=3)).fetch(url)


@pytest.mark.parametrize("url", SPELLINGS[:12:3] + SPELLINGS[12:30:4] + SPELLINGS[35:50:4])
def test_no_redirect_leads_to_one_either(site, fetcher_with, url):
    fetcher = fetcher_with(allow_private=("site.test",), timeout=timedelta(seconds=3))
    with named(**{"site.test": ["127.0.0.1"]}):
        site.answer("/go", status=302, Location=url)
        with pytest.raises(FetchError):
            fetcher.fetch(site.url("/go", "site.test"))


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "ftp://a.bg/x", "gopher://a.bg:70/_x", "data:text/html,x", "javascript:alert(1)",
        "jar:http://a.bg!/x", "//a.bg/x", "http:/a.bg", "http://", "http://a.bg:99999/", "http://u:p@a.bg/",
        "http://u@a.bg/", "http://127.0.0.1#@a.bg:80@b.bg/", "http://a\x00.bg/", "http://a.bg\r\nHost: b.bg/",
        "unix:///var/run/docker.sock", "dict://127.0.0.1:11211/stat", "ldap://a.bg/",
    ],
)  # fmt: skip
def test_only_plain_web_addresses_are_asked(fetcher, url):
    with pytest.raises(FetchError):
        fetcher.fetch(url)


@pytest.mark.parametrize("port", [21, 22, 25, 110, 143, 3306, 5432, 6379, 9200, 11211, 8080, 8443])
def test_other_ports_are_asked_only_where_the_operator_says_so(fetcher_with, port):
    with (
        named(**{"public.test": ["93.184.216.34"]}),
        pytest.raises(AddressRefusedError, match=r"fetch\.ports"),
    ):
        fetcher_with(allow_private=()).fetch(f"http://public.test:{port}/")


def test_a_port_of_the_config_is_asked(fetcher_with):
    asked = []
    with named(asked, **{"public.test": ["93.184.216.34"]}), pytest.raises(FetchError) as found:
        fetcher_with(allow_private=(), ports=frozenset({8080}), timeout=timedelta(seconds=0.5)).fetch(
            "http://public.test:8080/"
        )
    assert not isinstance(found.value, AddressRefusedError)


def test_the_address_that_was_checked_is_the_one_connected_to(fetcher_with):
    """A name that answers with a public address first and a private one later (DNS rebinding)."""
    asked = []
    with named(asked, **{"rebind.test": ["192.0.2.1", "127.0.0.1"]}), pytest.raises(AddressRefusedError):
        fetcher_with(allow_private=()).fetch("http://rebind.test/")
    assert asked == ["rebind.test"]  # once, and never again by the library beneath


@contextmanager
def named(asked=None, **names):
    """Let names mean addresses, as a hostile name server would have it: the next one at each question."""
    system = socket.getaddrinfo
    turns = {name: list(addresses) for name, addresses in names.items()}

    def look_up(host, port, *more, **options):
        if host not in turns:
            return system(host, port, *more, **options)
        if asked is not None:
            asked.append(host)
        address = turns[host].pop(0) if len(turns[host]) > 1 else turns[host][0]
        family = socket.AF_INET6 if ipaddress.ip_address(address).version == 6 else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port))]

    connection.socket.getaddrinfo = look_up
    try:
        yield
    finally:
        connection.socket.getaddrinfo = system


@contextmanager
def talking(pieces):
    """A server that says what it is told to, to whoever connects."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = threading.Event()

        def talk():
            try:
                client, _ = server.accept()
                with client:
                    client.recv(65536)
                    for piece in pieces(done):
                        client.sendall(piece)
            except OSError:
                pass

        thread = threading.Thread(target=talk, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        finally:
            done.set()
            thread.join(5)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"


def endless(first, piece, pause=0.0):
    def pieces(done):
        yield first
        while not done.is_set():
            if pause:
                done.wait(pause)
            yield piece

    return pieces


def once(data):
    return lambda done: [data]


def chunked(data, encoding):
    return HEAD + b"Content-Encoding: %s\r\nConnection: close\r\n\r\n%s" % (encoding, data)


BOMB = gzip.compress(b"0" * 20_000_000)
TALKS = {
    "endless body": endless(HEAD + b"\r\n", b"x" * 65536),
    "endless chunks": endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b"x" * 4096 + b"\r\n"),
    "endless chunk extension": endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;", b"x" * 65536),
    "endless trailer": endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n" * 1000),
    "endless headers": endless(HEAD, b"X-Flood: 1\r\n" * 1000),
    "endless header": endless(HEAD + b"X: ", b"x" * 65536),
    "endless status line": endless(b"HTTP/1.1 200 ", b"x" * 65536),
    "endless interim answers": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 500),
    "no HTTP at all": endless(b"", b"SSH-2.0-OpenSSH\r\n" * 1000),
    "slow body": endless(HEAD + b"Content-Length: 99999\r\n\r\n", b"x", 0.1),
    "slow headers": endless(HEAD, b"X: y\r\n", 0.1),
    "slow status line": endless(b"HTTP/1.1 ", b"2", 0.1),
    "silence": lambda done: (b"" for _ in iter(lambda: done.wait(0.1), True)),
    "gzip bomb": once(chunked(BOMB, b"gzip")),
    "gzip bomb in a gzip": once(chunked(gzip.compress(BOMB) , b"gzip, gzip")),
    "deflate bomb": once(chunked(zlib.compress(b"0" * 20_000_000), b"deflate")),
    "bare deflate bomb": once(chunked(zlib.compress(b"0" * 20_000_000, wbits=-15), b"deflate")),
    "brotli that nobody asked for": once(chunked(b"\x8b\x02\x80" * 100, b"br")),
    "zstd that nobody asked for": once(chunked(b"\x28\xb5\x2f\xfd" * 100, b"zstd")),
    "unknown packing": once(chunked(b"x", b"rot13")),
    "broken gzip": once(chunked(b"\x1f\x8b\x08" + b"\xff" * 100, b"gzip")),
    "gzip that breaks off": once(chunked(gzip.compress(b"x" * 1000)[:-20], b"gzip")),
    "announced as huge": once(HEAD + b"Content-Length: 99999999999\r\n\r\nx"),
    "announced as negative": once(HEAD + b"Content-Length: -1\r\n\r\nx"),
    "two lengths": once(HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx"),
    "shorter than announced": once(HEAD + b"Content-Length: 100\r\n\r\nx"),
    "chunk of a negative size": once(HEAD + b"Transfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n"),
    "chunk of an enormous size": once(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 30 + b"\r\nx"),
    "header without a colon": once(HEAD + b"broken header\r\n\r\nx"),
    "header with a null": once(HEAD + b"X: \x00\r\n\r\nx"),
    "redirect to itself": once(b"HTTP/1.1 301 Moved\r\nLocation: /\r\nConnection: close\r\n\r\n"),
    "redirect to a file": once(b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n"),
    "redirect to nonsense": once(b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\n\r\n"),
    "empty": once(b""),
}  # fmt: skip


@pytest.mark.parametrize("talk", TALKS.values(), ids=TALKS.keys())
def test_a_hostile_server_gets_a_named_error_in_bounded_time(fetcher_with, talk):
    fetcher = fetcher_with(timeout=timedelta(seconds=1))
    with talking(talk) as url, pytest.raises(FetchError):
        fetcher.fetch(url)


def test_a_bomb_is_refused_as_too_large(fetcher):
    with talking(TALKS["gzip bomb"]) as url, pytest.raises(TooLargeError):
        fetcher.fetch(url)
