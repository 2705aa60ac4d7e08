from ipaddress import ip_address

import pytest

from syndicator.errors import AddressRefusedError
from syndicator.fetch.guard import check_address, is_public, permitted, read_exemptions


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "212.39.90.1", "2a00:1450:4001::1", "2606:4700::1111"]
)
def test_public_addresses(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::8.8.8.8",
        "::ffff:8.8.8.8",
        "::ffff:127.0.0.1",
        "64:ff9b::8.8.8.8",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "3fff::1",
        "fc00::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_other_addresses(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    ("entry", "host", "address", "passes"),
    [
        ("127.0.0.1", "localhost", "127.0.0.1", True),
        ("127.0.0.1", "localhost", "127.0.0.2", False),
        ("127.0.0.0/8", "localhost", "127.0.0.2", True),
        ("10.1.2.3/8", "intranet", "10.9.9.9", True),
        ("[::1]", "::1", "::1", True),
        ("Intranet.example.", "intranet.example", "10.0.0.1", True),
        ("intranet.example", "intranet.example.", "10.0.0.1", True),
        ("intranet.example", "other.example", "10.0.0.1", False),
        ("пример.бг", "xn--e1afmkfd.xn--90ae", "10.0.0.1", True),
        ("10.0.0.0/8", "::1", "::1", False),
    ],
)
def test_exemptions(entry, host, address, passes):
    exemptions = read_exemptions([entry])
    assert bool(permitted(host, [ip_address(address)], exemptions)) is passes


def test_only_the_public_ones_of_several_addresses_are_asked():
    addresses = [ip_address("10.0.0.1"), ip_address("8.8.8.8")]
    assert permitted("x.bg", addresses, read_exemptions([])) == (ip_address("8.8.8.8"),)


def test_names_and_paths_become_ascii():
    assert str(check_address(" https://пример.бг/новина?в=й#горе ")) == (
        "https://xn--e1afmkfd.xn--90ae/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B0?%D0%B2=%D0%B9"
    )


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "x",
            "/rss",
            "http://",
            "http:///rss",
            "http://[::1/",
            "http://x.bg:99999/",
            "http://x.bg/\x01",
        ),
        *("ftp://x.bg/", "file:///etc/passwd", "javascript:alert(1)", "gopher://x.bg/"),
    ],
)
def test_what_is_no_web_address_is_refused(url):
    with pytest.raises(AddressRefusedError):
        check_address(url)


def test_a_password_is_refused_and_not_repeated():
    with pytest.raises(AddressRefusedError, match="user name or password") as refusal:
        check_address("https://editor:geheim@x.bg/rss")
    assert "geheim" not in str(refusal.value)
    assert "https://x.bg/rss" in str(refusal.value)
