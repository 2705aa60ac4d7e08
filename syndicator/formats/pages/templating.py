"""The templates, and what they may ask beside the values that they are given."""

import os
import re
import sys
from contextlib import suppress
from functools import cache, lru_cache
from importlib import resources
from importlib.util import cache_from_source
from pathlib import Path
from pickle import UnpicklingError  # Jinja's format is one
from typing import Any

from jinja2 import BaseLoader, BytecodeCache, Environment, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from syndicator.formats.extension import rfc3339
from syndicator.formats.links import translator_anchor
from syndicator.formats.pages.assets import assets
from syndicator.formats.pages.views import SitePages, Version
from syndicator.formats.paths import landing_path, month_path
from syndicator.text.languages import (
    is_cyrillic_language,
    is_right_to_left,
    language_name,
    local_date,
    local_month,
)

_MOST_OF_A_DESCRIPTION = 300
_FOLDER = "templates"
_OPTIONS: dict[str, Any] = {
    "autoescape": True,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": True,
}
_INCLUDED = re.compile(r'\{% include "([a-z_.0-9]+)" %\}\n')


class _Templates(BaseLoader):
    """The templates of this package, each with what it includes.

    That is put in before the template is compiled: an include of Jinja's own makes a new context each time,
    which takes longer than most of what is included.
    """

    def get_source(self, environment: Environment, template: str) -> tuple[str, None, None]:  # noqa: ARG002
        """Return a template's whole text."""
        return self._whole(template), None, None

    def _whole(self, template: str) -> str:
        text = (resources.files(__package__) / _FOLDER / template).read_text("utf-8")
        return _INCLUDED.sub(lambda match: self._whole(match.group(1)), text)


class _Compiled(BytecodeCache):
    """The compiled templates, which all languages share.

    They are kept where Python keeps its own compiled modules, under the same rules: where that folder cannot
    be written to, or PYTHONDONTWRITEBYTECODE says so, every start compiles them anew.
    """

    def __init__(self) -> None:
        self._by_key: dict[str, bytes] = {}

    def get_source_checksum(self, source: str) -> str:
        """Return a hash of all that the compiled code hangs on."""
        return super().get_source_checksum(repr((_OPTIONS, source)))

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the template's code if one language, or an earlier start, has compiled it."""
        if bucket.key not in self._by_key:
            with suppress(OSError):
                self._by_key[bucket.key] = _file_of(bucket).read_bytes()
        if bucket.key in self._by_key:
            with suppress(UnpicklingError, EOFError, ValueError):  # half a file after a power cut
                bucket.bytecode_from_string(self._by_key[bucket.key])  # tells by itself what does not fit

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the template's code for the other languages and for later starts."""
        self._by_key[bucket.key] = bucket.bytecode_to_string()
        if sys.dont_write_bytecode:
            return
        file = _file_of(bucket)
        unfinished = file.with_name(f"{file.name}.{os.getpid()}")
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(self._by_key[bucket.key])
            unfinished.replace(file)


def _file_of(bucket: Bucket) -> Path:
    """Return where a template's code lies: ``__pycache__/page-KEY.cpython-311.pyc``."""
    return Path(cache_from_source(str(Path(__file__).with_name(f"page-{bucket.key}.py"))))


_compiled = _Compiled()


@cache
def _environment(language: str) -> Environment:
    """Return the templates with a language's dates; compiling one takes longer than a page."""
    environment = Environment(  # noqa: S701 - they are escaped: _OPTIONS
        loader=_Templates(),
        undefined=StrictUndefined,
        auto_reload=False,
        bytecode_cache=_compiled,
        **_OPTIONS,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    environment.filters |= {
        "anchor": translator_anchor,
        "direction": lambda language: "rtl" if is_right_to_left(language) else "ltr",
        "landing": landing_path,
        "moment": rfc3339,
        "start": _start,
        "day": lambda moment: local_date(moment, language),
        "month_name": lambda month: local_month(month, language),
        "month_path": lambda month: month_path(language, month),
    }
    return environment


def render(template: str, site: SitePages, root: str, **values: object) -> bytes:
    """Return a page in UTF-8. ``root`` leads from its folder to the top of the published tree.

    Texts are escaped; only a :class:`Markup` goes in as it is.
    """
    page = (
        _environment(site.language)
        .get_template(template)
        .render(
            site=site,
            words=site.words,
            notice=site.notice,
            assets=assets(),
            root=root,
            **values,
        )
    )
    return page.encode()


def switch(versions: tuple[Version, ...], language: str, root: str) -> list[dict[str, object]]:
    """Return the entries of a switch between languages."""
    return [
        {
            "language": version.language,
            "name": switch_name(version.language, language),
            "lang": version.language if _is_told_in_itself(version.language, language) else language,
            "href": root + version.path if version.path else version.url,
            "current": version.language == language,
        }
        for version in versions
    ]


@lru_cache(maxsize=256)
def switch_name(code: str, language: str) -> str:
    """Return a language's own name, for that is what its readers look for.

    The readers of a page in another script get it in their own language: nobody meets a script that he may
    not read. Latin letters are read everywhere.
    """
    return language_name(code, code if _is_told_in_itself(code, language) else language)


def _is_told_in_itself(code: str, language: str) -> bool:
    return not is_cyrillic_language(code) or is_cyrillic_language(language)


def trusted(html: str) -> Markup:
    """Return clean HTML for a template to take over as it is (see :mod:`syndicator.text.html`)."""
    return Markup(html)  # noqa: S704 - cleaned when it was taken in, and again when it was translated


def _start(text: str) -> str:
    """Return the start of a text, for a page's description."""
    if len(text) <= _MOST_OF_A_DESCRIPTION:
        return text
    return text[:_MOST_OF_A_DESCRIPTION].rpartition(" ")[0].rstrip(" ,;:–—-") + "…"
