"""Whether a site reserves its texts from text and data mining (TDMRep, W3C Community Group, 10 May 2024).

Three places can say so: ``/.well-known/tdmrep.json`` for a host, the header ``tdm-reservation`` of an answer,
and a ``meta`` element of that name in a page. The nearer one to the text goes before.
"""

import json
import re

from syndicator.extract.decode import decode
from syndicator.model import FetchedDocument

WELL_KNOWN = "/.well-known/tdmrep.json"
HEADER = "tdm-reservation"
MOST_RULES = 1000
LONGEST_RULE = 500  # characters of a location
HEAD = 200_000  # characters in which a page's head must end
_META = re.compile(r"<meta\b[^<>]{0,1000}>", re.IGNORECASE)
_NAME = re.compile(r"""\bname\s*=\s*["']?tdm-reservation["'\s/>]""", re.IGNORECASE)
_CONTENT = re.compile(r"""\bcontent\s*=\s*["']?\s*([01])\s*["'\s/>]""", re.IGNORECASE)

Rules = tuple[tuple[str, bool], ...]
"""Locations with wildcards as in robots.txt, and whether what lies there is reserved."""


def read_rules(body: bytes) -> Rules:
    """Return the rules of a tdmrep.json; none where it is not one: a broken file reserves nothing."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    entries = found if isinstance(found, list) else [found]
    rules = []
    for entry in entries[:MOST_RULES]:
        if not isinstance(entry, dict):
            continue
        location, value = entry.get("location"), entry.get("tdm-reservation")
        if isinstance(location, str) and 0 < len(location) <= LONGEST_RULE and value in (0, 1, "0", "1"):
            rules.append((location, value in (1, "1")))
    return tuple(rules)


def rules_to_json(rules: Rules) -> str:
    """Return rules in the form of a tdmrep.json, "" for none."""
    told = [{"location": location, "tdm-reservation": int(reserved)} for location, reserved in rules]
    return json.dumps(told, ensure_ascii=False) if told else ""


def reserved_by(document: FetchedDocument, path: str, rules: Rules) -> str:
    """Return what reserves a document: ``meta tdm-reservation``, ``tdm-reservation``, a path; "" if nothing.

    ``path`` is that of its address, with the query.
    """
    stated = _in_page(document)
    if stated:
        return "<meta name=tdm-reservation>" if stated == "1" else ""
    header = document.tdm_reservation.strip()
    if header in ("0", "1"):
        return HEADER if header == "1" else ""
    if document.status != 200:
        return ""  # nothing was sent that could be mined
    return WELL_KNOWN if _reserved_at(path, rules) else ""


def _in_page(document: FetchedDocument) -> str:
    if b"tdm-reservation" not in document.body[:HEAD].lower():
        return ""
    head = decode(document.body[:HEAD], document.content_type, "html")
    for tag in _META.finditer(head):
        if _NAME.search(tag[0]) and (value := _CONTENT.search(tag[0])):
            return value[1]
    return ""


def _reserved_at(path: str, rules: Rules) -> bool:
    """Whether the most specific rule for a path reserves it: the longest (RFC 9309 §2.2.2)."""
    fitting = [(len(location), reserved) for location, reserved in rules if _fits(path, location)]
    return max(fitting)[1] if fitting else False


def _fits(path: str, location: str) -> bool:
    """Whether a path begins as a location says; ``*`` stands for anything, ``$`` at the end for the end."""
    whole = location.endswith("$")
    first, *pieces = location.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for piece in pieces:  # one pass from left to right: a pattern of many stars must not take long
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return not whole or at == len(path) or (bool(pieces) and path.endswith(pieces[-1]))
