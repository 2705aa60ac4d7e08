"""The kinds of single values a config holds, each with what the operator is told when one is wrong.

A message shows what was given as :data:`GIVEN`; :mod:`syndicator.settings.wording` puts there what stands in
the file, so that a filled secret cannot enter a message.
"""

import ipaddress
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from pydantic import AfterValidator, BeforeValidator, SecretStr, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from syndicator.model import Length
from syndicator.text.languages import normalise_language
from syndicator.text.messages import tr

GIVEN = "\ue000"
OWN = "own"  # the type of errors that bring their own words

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?)([smhd])")
LONGEST = timedelta(days=3660)
BYTES = {"B": 1, "kB": 10**3, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
SIZE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?) ?([kKMG]i?B|B)")
BUCKET = re.compile(
    r"s3://(?P<name>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>(?:[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*)?))?/?"
)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
# Language, script and region of BCP 47 (RFC 5646 §2.1): what engines know and readers' programs understand.
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?")
EMAIL = re.compile(r"[^@\s<>(),;:]+@[^@\s<>(),;:]+\.[^@\s<>(),;:.]+")
HOST = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9])?)*"
)


def wrong(text: str) -> PydanticCustomError:
    """Return an error that carries its own words."""
    return PydanticCustomError(OWN, "{text}", {"text": text})


def read_duration(value: object) -> timedelta:
    """Read `20s`, `15m`, `6h` or `2d`."""
    match = DURATION.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise wrong(
            tr("{given} is not a duration; write a number and its unit: 20s, 15m, 6h or 2d", given=GIVEN)
        )
    duration = timedelta(seconds=min(float(match[1]) * SECONDS[match[2]], 1e10))
    if duration > LONGEST:
        raise wrong(tr("{given} is longer than ten years; write a shorter duration", given=GIVEN))
    return duration


def read_size(value: object) -> int:
    """Read `5MB`, `500kB` or `2GiB` as bytes."""
    match = SIZE.fullmatch(value) if isinstance(value, str) else None
    if not match or match[2] not in BYTES:
        raise wrong(tr("{given} is not a size; write a number and its unit: 500kB, 5MB or 1GB", given=GIVEN))
    size = int(float(match[1]) * BYTES[match[2]])
    if size < 1:
        raise wrong(tr("{given} lets nothing through; write a size such as 5MB", given=GIVEN))
    return size


LENGTH = re.compile(r"([0-9]{1,7})(?: ?(characters|words))?")


def read_length(value: object) -> Length:
    """Read `300`, `300 characters` or `60 words`."""
    if isinstance(value, Length):
        return value
    text = str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    match = LENGTH.fullmatch(text)
    if not match:
        raise wrong(
            tr("{given} is not a length; write a number and its unit: 300 characters, 60 words", given=GIVEN)
        )
    number = int(match[1])
    return Length(words=number) if match[2] == "words" else Length(characters=number)


def check_positive(duration: timedelta) -> timedelta:
    """Refuse a duration of nothing."""
    if not duration:
        raise wrong(tr("{given} is no time at all; write a duration such as 20s or 15m", given=GIVEN))
    return duration


def read_date(value: object) -> date:
    """Read `2026-03-01`."""
    if isinstance(value, date):
        return value
    try:
        if isinstance(value, str) and DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass  # 2026-02-30: the same words help
    raise wrong(tr("{given} is not a day of the calendar; write year-month-day: 2026-03-01", given=GIVEN))


def check_text(text: str) -> str:
    """Refuse a text without a visible character."""
    if not text.strip():
        raise wrong(tr("this text is empty; write one, or leave the key out"))
    return text


def check_id(text: str) -> str:
    """Refuse an id that could not stand in an address."""
    if not ID.fullmatch(text):
        raise wrong(
            tr(
                "{given} cannot be an id: take small letters a-z, digits, - and _ (at most 64), "
                "beginning with a letter or digit",
                given=GIVEN,
            )
        )
    return text


def check_language(text: str) -> str:
    """Refuse what is not shaped like a language code."""
    if LANGUAGE.fullmatch(text):
        return text
    likely = likely_language(text)
    if likely:
        raise wrong(tr("{given} is not a language code; did you mean {likely}?", given=GIVEN, likely=likely))
    raise wrong(tr("{given} is not a language code; write one such as bg, en, pt-BR or zh-Hant", given=GIVEN))


def likely_language(text: str) -> str:
    """Return the code that was probably meant (`EN`, `pt_br`, `English`, `български`); "" if none is near."""
    spelled = normalise_language(text)
    if LANGUAGE.fullmatch(spelled):
        return spelled
    wanted = text.strip().casefold()
    for names in (Locale(language).languages for language in ("en", "bg", "it")):
        for code, name in names.items():
            if name.casefold() == wanted and LANGUAGE.fullmatch(code):
                return str(code)
    return ""


def check_notice_line(text: str) -> str:
    """Refuse a first line that does not name the language translated from."""
    try:
        named = text.format(language=GIVEN)
    except (KeyError, IndexError, ValueError, AttributeError):
        raise wrong(
            tr("braces may only stand around the word language: {place}", place="{language}")
        ) from None
    if GIVEN not in named:
        raise wrong(tr("this line must hold {place}, where the language's name goes", place="{language}"))
    return text


def check_notice_mark(text: str) -> str:
    """Refuse a mark that would not fit where lists show the start of a summary."""
    if not 1 <= len(text.split()) <= 3:
        raise wrong(tr("{given} must be one to three words, such as [Machine translation]", given=GIVEN))
    return text


def split_address(text: str) -> SplitResult:
    """Return the parts of an http(s) address; refuse what cannot be one (RFC 3986, RFC 9110 §4.2)."""
    if re.search(r"\s", text):
        raise wrong(tr("{given} holds a blank; an address has none (write %20 for it)", given=GIVEN))
    if re.search(r"[<>\"\\^`{|}\x00-\x1f]", text):
        raise wrong(tr("{given} holds a character that an address cannot hold", given=GIVEN))
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", text):
        raise wrong(tr("{given} is not a whole address; it must begin with https:// or http://", given=GIVEN))
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise wrong(tr("{given} is not an address; check its host and port", given=GIVEN)) from None
    if parts.scheme.lower() not in {"http", "https"}:
        raise wrong(tr("{given} is not a web address; it must begin with https:// or http://", given=GIVEN))
    if not parts.hostname or port == 0:
        raise wrong(tr("{given} names no host; write one such as https://example.bg/rss", given=GIVEN))
    return parts


def check_web_address(text: str) -> str:
    """Refuse what is not an http(s) address."""
    split_address(text)
    return text


def check_secret_address(secret: SecretStr) -> SecretStr:
    """Refuse what is not an http(s) address; who knows it may post to it, so it is not shown."""
    split_address(secret.get_secret_value())
    return secret


def read_base_address(text: str) -> str:
    """Return the public address of the published tree, ending in a slash."""
    parts = split_address(text)
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise wrong(tr("{given} must end with its path: leave out what begins with ? or #", given=GIVEN))
    if not text.isascii():
        raise wrong(
            tr(
                "{given} must be ASCII, because every published address is; "
                "write the host as its registrar shows it (xn--…) and the path with %-escapes",
                given=GIVEN,
            )
        )
    return text if text.endswith("/") else text + "/"


def check_contact(text: str) -> str:
    """Refuse what is not an e-mail address."""
    if not EMAIL.fullmatch(text):
        raise wrong(tr("{given} is not an e-mail address; write one such as ops@example.eu", given=GIVEN))
    return text


def check_timezone(text: str) -> str:
    """Refuse what is not a time zone of the IANA database."""
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise wrong(
            tr("{given} is not a time zone; write one such as Europe/Sofia, Europe/Rome or UTC", given=GIVEN)
        ) from None
    return text


def check_cron(text: str) -> str:
    """Refuse a cron expression (crontab(5)) that is wrong or never fires."""
    from cronsim import CronSim, CronSimError

    try:
        if len(text.split()) != 5:
            raise CronSimError("Wrong number of fields")
        next(CronSim(text, datetime(2026, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration):
        raise wrong(
            tr(
                "{given} is not a cron expression that ever comes due; write five fields "
                "(minute hour day month weekday), for example */15 7-20 * * *",
                given=GIVEN,
            )
        ) from None
    return text


def check_selector(text: str) -> str:
    """Refuse what is neither a CSS selector nor XPath that can be asked of a page."""
    check_text(text)
    if text.strip().startswith(("xpath:", "/", "./", "(")):
        return check_xpath(text)
    if not find_spec("cssselect"):
        return text  # lxml asks for it as an extra; without it no selector can be read
    from cssselect import HTMLTranslator, SelectorError

    try:
        HTMLTranslator().css_to_xpath(text)
    except SelectorError:
        raise wrong(
            tr("{given} is not a CSS selector; write one such as div.article or #text p", given=GIVEN)
        ) from None
    return text


def check_xpath(text: str) -> str:
    """Refuse what is no XPath that can be asked of a page: `//div[@id="text"]`, `xpath:id("text")`."""
    from lxml import etree

    try:
        etree.XPath(text.strip().removeprefix("xpath:").strip())(etree.Element("html"))
    except etree.XPathError:
        raise wrong(
            tr('{given} is no XPath; write one such as //div[@class="text"] or xpath:id("text")', given=GIVEN)
        ) from None
    return text


def read_bind(value: object) -> str:
    """Read `127.0.0.1:8080` or `[::1]:8080`."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(text, str):
        if match := re.fullmatch(r":?([0-9]{1,5})", text):
            raise wrong(
                tr(
                    "{given} is a port alone; "
                    "write 127.0.0.1:{port} (this machine only) or 0.0.0.0:{port} (all)",
                    given=GIVEN,
                    port=match[1],
                )
            )
        match = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^\s:\[\]/]+):([0-9]{1,5})", text)
        if match and int(match[2]) <= 65535 and (HOST.fullmatch(match[1]) or match[1].startswith("[")):
            return text
    raise wrong(tr("{given} is not a host and port; write 127.0.0.1:8080", given=GIVEN))


def check_embedder(text: str) -> str:
    """Refuse what is no source of a frame (CSP Level 3, ``frame-ancestors``) that an operator would mean."""
    if text == "*" or EMBEDDER.fullmatch(text):
        return text
    raise wrong(
        tr(
            "{given} is not a site; write its scheme and host, such as https://partner.example"
            " or https://*.partner.example, or * for any site",
            given=GIVEN,
        )
    )


def check_private_exception(text: str) -> str:
    """Refuse what is neither a host name nor an address nor a network."""
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        if HOST.fullmatch(text) and not re.fullmatch(r"[0-9.]+", text):
            return text
        raise wrong(
            tr(
                "{given} is neither a host nor a network; write a name (wiki.example.bg), "
                "an address (127.0.0.1) or a network (10.0.0.0/8), without scheme and port",
                given=GIVEN,
            )
        ) from None
    return text


def check_watcher(text: str) -> str:
    """Refuse what is not an address or a network."""
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise wrong(
            tr("{given} is not an address or a network; write 127.0.0.1 or 10.8.0.0/24", given=GIVEN)
        ) from None
    return text


def folder_of(info: ValidationInfo) -> Path:
    """Return the folder that relative paths are meant from: ``context["folder"]``, else the working one."""
    context = info.context
    return Path(context["folder"]) if context else Path()


def require_text(value: object) -> str:
    """Refuse what is not a text."""
    if not isinstance(value, str):
        raise wrong(tr("{given} is not a text; put it in quotes", given=GIVEN))
    return value


def read_path(value: object, info: ValidationInfo) -> Path:
    """Return a path of the config as an absolute one."""
    text = require_text(value)
    if not text.strip():
        raise wrong(tr("this path is empty; write one, relative to the config file's folder"))
    if "\0" in text or "://" in text:
        raise wrong(tr("{given} is not a path of a file or folder on this machine", given=GIVEN))
    if text.startswith("~"):
        raise wrong(tr("{given}: ~ has no meaning for a service; write the whole path", given=GIVEN))
    return (folder_of(info) / text).resolve()


@dataclass(frozen=True, slots=True)
class Bucket:
    """A place in an S3-compatible store."""

    name: str
    prefix: str  # without slashes at its ends; "" for the whole bucket

    def __str__(self) -> str:
        return f"s3://{self.name}/{self.prefix}".rstrip("/")


def read_feeds_place(value: object, info: ValidationInfo) -> Path | Bucket:
    """Return the place of the published tree."""
    if not isinstance(value, str) or not value.startswith("s3://"):
        return read_path(value, info)
    found = BUCKET.fullmatch(value)
    prefix = (found["prefix"] or "") if found else ".."
    if found is None or any(part.startswith(".") for part in prefix.split("/")):
        raise wrong(tr("{given} is no place in a bucket; write s3://bucket/prefix", given=GIVEN))
    return Bucket(found["name"], prefix)


def read_status_page(value: object, info: ValidationInfo) -> Path | Literal[False] | None:
    """Return the path of the status page; False for none, None where nothing was said."""
    return value if value is False or value is None else read_path(value, info)


def read_database(value: object, info: ValidationInfo) -> str:
    """Return the database's address; the path in ``sqlite:///`` is made absolute."""
    text = require_text(value)
    if re.match(r"postgres(?:ql)?(?:\+\w+)?://", text):
        raise wrong(tr("a PostgreSQL database is not available yet; write sqlite:///../var/syndicator.db"))
    path = text.removeprefix("sqlite:///")
    if text.startswith("sqlite:///") and path and not path.startswith(":"):
        return f"sqlite:///{read_path(path, info)}"
    raise wrong(
        tr(
            "{given} is not a database file; write sqlite:/// and a path: sqlite:///../var/syndicator.db",
            given=GIVEN,
        )
    )


def read_local_text(value: object) -> object:
    """Turn a text without a language into the map that the model holds."""
    if isinstance(value, str):
        return {"": check_text(value)}
    if isinstance(value, dict):
        if not value:
            raise wrong(tr("this map is empty; write a text, or one per language: {bg: …, en: …}"))
        if "" in value:
            raise wrong(tr('a text stands under the empty key ""; write its language there, such as en'))
        return value
    raise wrong(
        tr("{given} is no text; put it in quotes, or write one text per language: {{en: …}}", given=GIVEN)
    )


def check_language_or_none(text: str) -> str:
    """Let the key of a text without a language pass; refuse other keys that are no language codes."""
    return check_language(text) if text else text


def shaped(pattern: re.Pattern[str]) -> WithJsonSchema:
    """Return what an editor is told of a text with a shape; a placeholder may stand in its place."""
    return WithJsonSchema({"type": "string", "pattern": rf"^(?:{pattern.pattern})$|\$\{{"})


PLAIN = WithJsonSchema({"type": "string", "minLength": 1})
Text = Annotated[str, AfterValidator(check_text), PLAIN]
Id = Annotated[str, AfterValidator(check_id), shaped(ID)]
Language = Annotated[str, AfterValidator(check_language), shaped(LANGUAGE)]
LocalText = Annotated[
    dict[Annotated[str, AfterValidator(check_language_or_none)], Text],
    BeforeValidator(read_local_text),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {
                    "type": "object",
                    "minProperties": 1,
                    "propertyNames": {"pattern": f"^(?:{LANGUAGE.pattern})$"},
                    "additionalProperties": {"type": "string", "minLength": 1},
                },
            ]
        }
    ),
]
Duration = Annotated[timedelta, BeforeValidator(read_duration), shaped(DURATION)]
PositiveDuration = Annotated[
    timedelta, BeforeValidator(read_duration), AfterValidator(check_positive), shaped(DURATION)
]
Size = Annotated[int, BeforeValidator(read_size), shaped(SIZE)]
LeastLength = Annotated[
    Length,
    BeforeValidator(read_length),
    WithJsonSchema({"type": ["integer", "string"], "minimum": 0, "pattern": f"^{LENGTH.pattern}$"}),
]
Day = Annotated[date, BeforeValidator(read_date), shaped(DAY)]
WEB = re.compile(r"https?://.*")
WebAddress = Annotated[str, AfterValidator(check_web_address), shaped(WEB)]
SecretAddress = Annotated[SecretStr, AfterValidator(check_secret_address), shaped(WEB)]
BaseAddress = Annotated[str, AfterValidator(read_base_address), shaped(WEB)]
Contact = Annotated[str, AfterValidator(check_contact)]
TimeZone = Annotated[str, AfterValidator(check_timezone)]
Cron = Annotated[str, AfterValidator(check_cron)]
Selector = Annotated[str, AfterValidator(check_selector), PLAIN]
NoticeLine = Annotated[str, AfterValidator(check_notice_line), PLAIN]
NoticeMark = Annotated[str, AfterValidator(check_notice_mark), PLAIN]
Bind = Annotated[str, BeforeValidator(read_bind), PLAIN]
EMBEDDER = re.compile(r"https?://(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?")
Embedder = Annotated[str, AfterValidator(check_embedder), PLAIN]
PrivateException = Annotated[str, AfterValidator(check_private_exception), PLAIN]
Watcher = Annotated[str, AfterValidator(check_watcher), PLAIN]
AbsolutePath = Annotated[Path, BeforeValidator(read_path), PLAIN]
StatusPage = Annotated[
    Path | Literal[False] | None,
    BeforeValidator(read_status_page),
    WithJsonSchema({"anyOf": [{"type": "string", "minLength": 1}, {"const": False}]}),
]
FeedsPlace = Annotated[Path | Bucket, BeforeValidator(read_feeds_place), PLAIN]
Database = Annotated[str, BeforeValidator(read_database), PLAIN]
