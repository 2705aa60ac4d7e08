"""Write the config that ``syndicator init`` leaves behind: short, working, and explained line by line."""

import textwrap
from dataclasses import dataclass

from syndicator.model import Publish, SourceKind
from syndicator.text.messages import tr

WIDTH = 100


@dataclass(frozen=True, slots=True)
class FirstSource:
    """The first source that the operator named."""

    id: str
    name: str
    kind: SourceKind
    place: str  # the address, or the folder of an inbox
    publish: Publish = Publish.SUMMARY


@dataclass(frozen=True, slots=True)
class Answers:
    """What the operator was asked."""

    title: str
    base_url: str
    contact: str  # "" for none
    targets: tuple[str, ...]
    source: FirstSource | None = None
    libretranslate: str = ""  # address of a server; "": Google's web translation
    language: str = "bg"
    database: str = "sqlite:///../var/syndicator.db"
    feeds: str = "../feeds"
    schema: str = ""  # where schema.json lies, from the config's folder; "" to leave that line out


def render_config(answers: Answers) -> str:
    """Return a config that ``check`` finds no mistake in, as long as every answer is right in itself."""
    parts = (
        head_part(answers),
        site_part(answers),
        storage_part(answers),
        languages_part(answers),
        sources_part(answers.source),
        translation_part(answers.libretranslate),
        feeds_part(answers.title),
    )
    return "\n".join("\n".join(part) + "\n" for part in parts)


def quoted(text: str) -> str:
    """Return a text as YAML's double-quoted scalar (YAML 1.2.2 §7.3.1) that holds no placeholder."""
    return '"' + "".join(map(escaped, text.replace("${", "$${"))) + '"'


def escaped(letter: str) -> str:
    """Return a character as it stands between double quotes."""
    if letter in '"\\':
        return "\\" + letter
    return letter if letter.isprintable() else f"\\U{ord(letter):08x}"


def comment(text: str, indent: int = 0) -> list[str]:
    """Return a text as lines of comment."""
    lead = " " * indent + "# "
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=lead,
        break_on_hyphens=False,
        break_long_words=False,
    )


def listed(codes: tuple[str, ...]) -> str:
    """Return language codes as a list on one line."""
    return f"[{', '.join(map(quoted, codes))}]"


def head_part(answers: Answers) -> list[str]:
    """Return the lines before the first key."""
    lines = [f"# yaml-language-server: $schema={answers.schema}"] if answers.schema else []
    return [
        *lines,
        *comment(
            tr(
                "The config of syndicator. `syndicator check` tells every mistake in it with its line; "
                "docs/configuration.md explains every key. Relative paths start at this file's folder."
            )
        ),
    ]


def site_part(answers: Answers) -> list[str]:
    """Return the lines about the site."""
    contact = (
        [f"  contact: {quoted(answers.contact)}"] if answers.contact else ["  # contact: ops@example.eu"]
    )
    return [
        "site:",
        *comment(tr("The name that readers see; a text, or one per language: {bg: …, en: …}"), 2),
        f"  title: {quoted(answers.title)}",
        *comment(tr("The public address of the published tree"), 2),
        f"  base_url: {quoted(answers.base_url)}",
        *comment(
            tr("An e-mail address for questions; it stands in feeds and in every request to a source"), 2
        ),
        *contact,
        "  timezone: Europe/Sofia",
    ]


def storage_part(answers: Answers) -> list[str]:
    """Return the lines about where things are kept."""
    return [
        "storage:",
        *comment(tr("Everything that must not be lost: articles, translations, ids"), 2),
        f"  database: {quoted(answers.database)}",
        *comment(tr("The folder to publish with a web server"), 2),
        f"  feeds: {quoted(answers.feeds)}",
    ]


def languages_part(answers: Answers) -> list[str]:
    """Return the lines about languages."""
    return [
        "languages:",
        *comment(tr("What sources are written in, unless they say otherwise"), 2),
        f"  source: {quoted(answers.language)}",
        *comment(tr("What everything is translated into"), 2),
        f"  targets: {listed(answers.targets)}",
    ]


def sources_part(source: FirstSource | None) -> list[str]:
    """Return the lines about sources."""
    explained = comment(
        tr(
            "A source is a feed, a page (one article) or an inbox (a folder of text or HTML files). "
            "`publish` says how much of an article its owner lets you publish: full, summary or title."
        )
    )
    if source is None:
        return [
            *explained,
            "sources: []",
            "#  - id: example",
            "#    name: Пример",
            "#    kind: feed",
            '#    url: "https://example.bg/rss"',
            "#    publish: summary",
        ]
    key = "path" if source.kind is SourceKind.INBOX else "url"
    permission = (
        [
            *comment(tr("Who permitted the full text, and when; `syndicator check` reminds you"), 4),
            '    # permission: {by: "the editor", date: 2026-03-01, reference: "e-mail"}',
        ]
        if source.publish is Publish.FULL
        else []
    )
    return [
        *explained,
        "sources:",
        f"  - id: {quoted(source.id)}",
        f"    name: {quoted(source.name)}",
        f"    kind: {source.kind}",
        f"    {key}: {quoted(source.place)}",
        f"    publish: {source.publish}",
        *permission,
        "    # every: 15m",
        "    # tags: [news]",
    ]


def translation_part(libretranslate: str) -> list[str]:
    """Return the lines about engines."""
    explained = comment(tr("The engines are tried in this order. A secret never stands here: ${env:NAME}"), 2)
    if not libretranslate:
        return [
            "translation:",
            *explained,
            "  engines:",
            *comment(tr("Google's public web page; the text leaves this machine"), 4),
            "    - {id: google, kind: deep-translator, provider: google}",
        ]
    return [
        "translation:",
        *explained,
        "  engines:",
        "    - id: libre",
        "      kind: libretranslate",
        f"      url: {quoted(libretranslate)}",
        '      # api_key: "${env:LIBRE_KEY}"',
        *comment(tr("true if the server is yours; only such engines get confidential texts"), 6),
        "      local: false",
    ]


def feeds_part(title: str) -> list[str]:
    """Return the lines about feeds."""
    return [
        *comment(
            tr("Each feed comes in every language; its id stands in its address and must never change.")
        ),
        "feeds:",
        "  - id: all",
        f"    title: {quoted(title)}",
    ]
