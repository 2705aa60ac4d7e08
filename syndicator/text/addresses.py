"""Addresses in ASCII: what every reader, importer and validator takes."""

import ipaddress
import re
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?")
_PLAIN_TEXT = r"[\w.~/:@!$&'()*+,;=-]"
_PLAIN_QUERY = r"[\w.~/:@!$&'()*+,;=?-]"
_PLAIN_ESCAPE = r"(?:[89A-F][0-9A-F]|2[0-9A-CF]|3[A-F])"  # of no letter, digit or mark that needs none
_PLAIN = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]{0,40}[a-z0-9])?\.){1,4}[a-z]{2,20}/"
    rf"{_PLAIN_TEXT}*(?:%{_PLAIN_ESCAPE}{_PLAIN_TEXT}*)*"
    rf"(?:\?(?=[^#]){_PLAIN_QUERY}*(?:%{_PLAIN_ESCAPE}{_PLAIN_QUERY}*)*)?"
    rf"(?:\#(?=.){_PLAIN_QUERY}*(?:%{_PLAIN_ESCAPE}{_PLAIN_QUERY}*)*)?",
    re.ASCII,
)
_LONGEST_PLAIN = 500  # characters
_WHITESPACE_AND_CONTROLS = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]+")
_SURROGATES = re.compile("[\ud800-\udfff]")


def ascii_url(url: str) -> str:
    """Return an absolute http(s) address as an ASCII URI (RFC 3987 §3.1), or ``""`` for anything else.

    The host is written in IDNA, path, query and fragment are percent-encoded in UTF-8; what is encoded
    already stays. Scheme and host are in lower case, a default port goes, an empty path is ``/`` (RFC 3986
    §6.2), so that equal addresses look equal. A user name and password in front of the host are dropped:
    they must never be published. Never raises.
    """
    if not url or is_plain_url(url):
        return url
    text = _SURROGATES.sub("", url)
    text = _WHITESPACE_AND_CONTROLS.sub(lambda match: "%20" if match.group() == " " else "", text.strip())
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return ""
    scheme = parts.scheme.lower()
    host = _ascii_host(parts)
    if scheme not in _DEFAULT_PORTS or not host:
        return ""
    authority = host if port in {None, _DEFAULT_PORTS[scheme]} else f"{host}:{port}"
    path = _encoded(parts.path, "/:@!$&'()*+,;=") or "/"
    query = _encoded(parts.query, "/?:@!$&'()*+,;=")
    fragment = _encoded(parts.fragment, "/?:@!$&'()*+,;=")
    return urlunsplit((scheme, authority, path, query, fragment))


def is_plain_url(url: str) -> bool:
    """Whether an address is absolute, and already written as :func:`ascii_url` would write it: most are."""
    return len(url) <= _LONGEST_PLAIN and _PLAIN.fullmatch(url) is not None


def _ascii_host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if ":" in host:
        try:
            return f"[{ipaddress.IPv6Address(host).compressed}]"
        except ValueError:
            return ""
    try:
        ascii_host = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    return ascii_host if _HOST.fullmatch(ascii_host) else ""


def _encoded(text: str, safe: str) -> str:
    """Percent-encode a part of an address once, whatever of it was encoded before."""
    text = _STRAY_PERCENT.sub("%25", text)
    return _ESCAPE.sub(_tidy_escape, quote(text, safe=safe + "%"))


def _tidy_escape(match: re.Match[str]) -> str:
    """Return an escape in capitals, or the letter itself where it needed none (RFC 3986 §6.2.2)."""
    char = chr(int(match.group(1), 16))
    return char if char in _UNRESERVED else match.group().upper()


def same_site(first: str, second: str) -> bool:
    """Whether two absolute addresses are of one site: the same host and port, with or without ``www.``."""
    return site_of(first) == site_of(second) != ""


def site_of(url: str) -> str:
    """Return an address's host, without ``www.``, and its port where it is no usual one; ``""`` for none."""
    try:
        parts = urlsplit(ascii_url(url))
    except ValueError:
        return ""
    return parts.netloc.removeprefix("www.")
