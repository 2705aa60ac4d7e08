"""Who may see what is the operator's own: metrics and the status page.

An address alone proves little, for a proxy on this machine asks from here for everybody. So a request counts
only where no proxy has left a mark on it, and where its ``Host`` is not a name that the public uses; the
latter keeps web pages from reading here through an operator's browser (DNS rebinding), too.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

PROXIES_MARKS = frozenset(
    {"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"}
)


@dataclass(frozen=True, slots=True)
class Watchers:
    """The addresses that may see; none: nobody."""

    networks: tuple[Network, ...]

    def admit(self, client: str, headers: Mapping[str, str]) -> bool:
        """Return whether a request may see.

        Args:
            client: the address that it came from
            headers: its headers, their names in lower case
        """
        if not PROXIES_MARKS.isdisjoint(headers):
            return False
        try:
            address = ipaddress.ip_address(client)
        except ValueError:
            return False
        address = getattr(address, "ipv4_mapped", None) or address
        if not any(address in network for network in self.networks):
            return False
        return not address.is_loopback or _is_here(headers.get("host", ""))


def _is_here(host: str) -> bool:
    """Return whether a ``Host`` header names this machine as such, rather than a public name."""
    name = host.rpartition("]")[0].removeprefix("[") if host.startswith("[") else host.partition(":")[0]
    if name.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def watchers(given: tuple[str, ...]) -> Watchers:
    """Return the watchers of addresses and networks such as ``127.0.0.1`` and ``10.0.0.0/8``."""
    return Watchers(tuple(ipaddress.ip_network(each, strict=False) for each in given))
