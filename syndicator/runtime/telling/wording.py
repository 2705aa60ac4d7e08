"""A notice in words: a subject of one line, and a text."""

from collections.abc import Iterator, Mapping
from typing import Any

from syndicator.text.messages import tr

LONGEST_SUBJECT = 150


def subject_of(content: Mapping[str, Any]) -> str:
    """Return what a notice is about, in one line."""
    told = _subject(content)
    one_line = " ".join(f"[syndicator] {told}".split())
    return one_line if len(one_line) <= LONGEST_SUBJECT else one_line[: LONGEST_SUBJECT - 1] + "…"


def _subject(content: Mapping[str, Any]) -> str:
    if content["event"] == "test":
        return tr("a test")
    if content["event"] == "published":
        entries = content["entries"]
        return entries[0]["title"] if len(entries) == 1 else tr("new entries: {number}", number=len(entries))
    raised, cleared = content["raised"], content["cleared"]
    if len(raised) == 1:
        return str(raised[0]["text"])
    if raised:
        return tr("problems: {number}", number=len(raised))
    if len(cleared) == 1:
        return tr("over: {text}", text=cleared[0]["text"])
    return tr("problems that are over: {number}", number=len(cleared))


def text_of(content: Mapping[str, Any]) -> str:
    """Return a notice as plain text."""
    return "\n".join([*_lines(content), "", str(content["site"])]) + "\n"


def _lines(content: Mapping[str, Any]) -> Iterator[str]:
    if content["event"] == "test":
        yield tr("This is a test. Alerts will reach you here.")
        return
    if content["event"] == "published":
        for entry in content["entries"]:
            yield f"{entry['title']}\n{entry['language']}, {entry['feed']}: {entry['url']}\n"
        return
    for each in content["raised"]:
        yield tr("Since {moment}: {text}", moment=each["since"], text=each["text"])
    if content["raised"]:
        yield ""
        yield tr("`syndicator status` tells more. You will hear of each once, and when it is over.")
    for each in content["cleared"]:
        yield tr("Over, after it began on {moment}: {text}", moment=each["since"], text=each["text"])
