"""Which addresses a source may lead us to: decisions on values, without a connection.

A feed or page names addresses that its author chose. Without a guard, a link to ``http://127.0.0.1:8080/``
would make this program ask the operator's own machines and publish what they answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import httpx

from syndicator.errors import AddressRefusedError
from syndicator.text.messages import tr

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network

HIGHEST_PORT = 65_535

# Of IPv6 only global unicast is asked at all (RFC 4291 §2.4): this leaves out IPv4-mapped addresses,
# 64:ff9b::/96 (NAT64), fec0::/10 (site-local), link-local, unique local and multicast ones.
GLOBAL_UNICAST = IPv6Network("2000::/3")

# "Global" to Python's ipaddress, yet leading elsewhere: whole registries of special use (RFC 6890), relays
# that wrap an IPv4 address (6to4, RFC 3056 and RFC 7526), and documentation (RFC 9637).
SPECIAL_USE: tuple[IPNetwork, ...] = (
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
    IPv6Network("2001::/23"),
    IPv6Network("2002::/16"),
    IPv6Network("3fff::/20"),
)


@dataclass(frozen=True, slots=True)
class Exemptions:
    """What the operator exempts from the guard (config ``fetch.allow_private``)."""

    hosts: frozenset[str]  # lower case
    networks: tuple[IPNetwork, ...]


def read_exemptions(entries: Iterable[str]) -> Exemptions:
    """Sort config entries into networks (``10.0.0.0/8``, ``127.0.0.1``, ``::1``) and host names."""
    hosts: set[str] = set()
    networks: list[IPNetwork] = []
    for entry in entries:
        name = entry.strip().strip("[]").rstrip(".").lower()
        try:
            networks.append(ip_network(name, strict=False))
        except ValueError:
            hosts.add(_ascii_host(name))
    return Exemptions(frozenset(hosts), tuple(networks))


def _ascii_host(name: str) -> str:
    """Return a name as it is looked up; one that is no name stays as it is and matches nothing."""
    try:
        return httpx.URL(scheme="http", host=name).raw_host.decode("ascii")
    except httpx.InvalidURL:
        return name


def is_public(address: IPAddress) -> bool:
    """Return whether an address is globally reachable and no gateway into another network."""
    if isinstance(address, IPv6Address) and (address.scope_id or address not in GLOBAL_UNICAST):
        return False  # a zone (RFC 4007) names an interface of this machine
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return not any(address in network for network in SPECIAL_USE)


def permitted(host: str, addresses: Iterable[IPAddress], exemptions: Exemptions) -> tuple[IPAddress, ...]:
    """Return those of a host's addresses that may be asked, in their order."""
    if host.rstrip(".").lower() in exemptions.hosts:
        return tuple(addresses)
    return tuple(
        address
        for address in addresses
        if is_public(address) or any(address in network for network in exemptions.networks)
    )


def is_exempt(host: str, addresses: Iterable[IPAddress], exemptions: Exemptions) -> bool:
    """Return whether the operator named a host, or the networks of all its addresses, as exempt."""
    if host.rstrip(".").lower() in exemptions.hosts:
        return True
    return all(any(address in network for network in exemptions.networks) for address in addresses)


def literal_address(host: str) -> IPAddress | None:
    """Return the address that a host spelled as an address means, None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def check_address(url: str) -> httpx.URL:
    """Return an address ready to be asked; names in it are in ASCII (IDNA), paths percent-encoded.

    Raises AddressRefusedError where it is no http or https address or carries a user name or password.
    """
    try:
        address = httpx.URL(url.strip())
        named = bool(address.host)  # fails on labels that are no IDNA
    except (httpx.InvalidURL, UnicodeError) as error:
        raise AddressRefusedError(tr("{url}: this is no address: {reason}", url=url, reason=error)) from error
    if address.userinfo:
        shown = address.copy_with(username=None, password=None)
        raise AddressRefusedError(
            tr("{url}: a user name or password in an address is not sent; remove it", url=shown)
        )
    if address.scheme not in {"http", "https"} or not named:
        raise AddressRefusedError(
            tr("{url}: only addresses that begin with http:// or https:// can be fetched", url=url)
        )
    if (address.port or 0) > HIGHEST_PORT:
        raise AddressRefusedError(tr("{url}: there is no port {port}", url=url, port=address.port))
    return address.copy_with(fragment=None) if address.fragment else address
