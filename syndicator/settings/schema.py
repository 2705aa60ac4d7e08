"""The shape of a config: every key, its kind and its default.

The descriptions and examples travel into ``schema.json``, which editors read; the examples also stand in
messages. What a key means to an operator is told at length in ``docs/configuration.md``.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from syndicator.model import Content, OnGone, Place, Publish, SourceKind
from syndicator.settings.scalars import (
    AbsolutePath,
    BaseAddress,
    Bind,
    Contact,
    Cron,
    Database,
    Day,
    Duration,
    Embedder,
    FeedsPlace,
    Id,
    Language,
    LeastLength,
    LocalText,
    NoticeLine,
    NoticeMark,
    PositiveDuration,
    PrivateException,
    SecretAddress,
    Selector,
    Size,
    StatusPage,
    Text,
    TimeZone,
    Watcher,
    WebAddress,
)


def default(value: object, description: str) -> Any:  # noqa: ANN401 - as pydantic.Field
    """Return a field whose default is written, and checked, as an operator would write it."""
    return Field(default=value, validate_default=True, description=description)


class Record(BaseModel):
    """A map of the config; unknown keys are errors, nothing is guessed, and nothing changes once read."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", hide_input_in_errors=True)

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        """Show the id alone: any other value may hold a filled secret."""
        if "id" in type(self).model_fields:
            yield "id", getattr(self, "id", None)


class Format(StrEnum):
    """A format that feeds are published in."""

    RSS = "rss"
    ATOM = "atom"
    JSON = "json"


class OnSuspect(StrEnum):
    """What happens to a translation that the checks doubt."""

    HOLD = "hold"
    PUBLISH = "publish"


class Provider(StrEnum):
    """A web service that deep-translator speaks to."""

    GOOGLE = "google"
    MICROSOFT = "microsoft"
    MYMEMORY = "mymemory"
    YANDEX = "yandex"


class FundingSettings(Record):
    """Who pays, told to readers."""

    text: LocalText = Field(
        description="The line on pages and feeds", examples=["Co-funded by the European Union"]
    )
    image: WebAddress | None = Field(default=None, description="Address of the funder's emblem")


class SiteSettings(Record):
    """The published site as a whole."""

    title: LocalText = Field(
        description="Name of the site, a text or one per language", examples=["INNOGROW News"]
    )
    base_url: BaseAddress = Field(
        description="Public address of the published tree", examples=["https://feeds.example.eu/"]
    )
    contact: Contact | None = Field(
        default=None,
        description="E-mail address in the User-Agent and the feeds",
        examples=["ops@example.eu"],
    )
    timezone: TimeZone = Field(
        default="Europe/Sofia", description="Time zone of cron expressions and of days"
    )
    funding: FundingSettings | None = Field(default=None, description="Who pays, told to readers")
    index_pages: bool = Field(
        default=False, description="Whether search engines may list the articles' pages"
    )


class S3Settings(Record):
    """How the store of an `s3://` place is reached; what is missing comes from the environment (`AWS_…`)."""

    endpoint: WebAddress | None = Field(
        default=None,
        description="Address of a store that is not AWS",
        examples=["https://s3.eu-central-003.backblazeb2.com"],
    )
    region: Text | None = Field(default=None, description="Its region", examples=["eu-central-1"])
    access_key_id: SecretStr | None = Field(default=None, min_length=1, description="Key's id")
    secret_access_key: SecretStr | None = Field(
        default=None, min_length=1, description="Key, as a placeholder", examples=["${env:S3_KEY}"]
    )


class StorageSettings(Record):
    """Where the state and the published files are kept."""

    database: Database = default("sqlite:///../var/syndicator.db", "Address of the database")
    feeds: FeedsPlace = default("../feeds", "Folder of the published tree, or s3://bucket/prefix")
    s3: S3Settings | None = Field(default=None, description="How the store of an s3:// place is reached")
    compress: bool = Field(
        default=True, description="Write each text compressed as well, for web servers to hand out"
    )
    status_page: StatusPage = Field(
        default=None,
        description="The operator's page with charts; default: status.html beside the database; false: none",
    )


class RetentionSettings(Record):
    """How long articles are kept; what was translated stays in the memory."""

    days: int | None = Field(default=None, ge=2, description="Most days since an article came in")
    articles: int | None = Field(default=None, ge=1, description="Most articles; the oldest go first")


class LanguagesSettings(Record):
    """What is translated into what."""

    source: Language = Field(default="bg", description="Language of sources that do not say otherwise")
    targets: tuple[Language, ...] = Field(
        description="Languages to translate into",
        examples=[["en", "it"]],
        json_schema_extra={"uniqueItems": True},
    )


class ServeSettings(Record):
    """The built-in web server."""

    bind: Bind = Field(default="127.0.0.1:8080", description="Host and port to listen on")
    embed_ancestors: tuple[Embedder, ...] = Field(
        default=("*",),
        description="Sites that may show FEED.embed.html in a frame; `*`: any, an empty list: none",
        examples=[["https://partner.example"]],
    )
    watchers: tuple[Watcher, ...] = Field(
        default=("127.0.0.0/8", "::1"),
        description="Addresses and networks that may see /metrics and /status; an empty list: nobody",
        examples=[["127.0.0.0/8", "10.8.0.0/24"]],
    )


class WebSubSettings(Record):
    """Who tells subscribers of a change at once (W3C WebSub)."""

    hubs: tuple[WebAddress, ...] = Field(
        min_length=1,
        description="Addresses of the hubs that are told of every change",
        examples=[["https://hub.example.eu/"]],
        json_schema_extra={"uniqueItems": True},
    )


class PerHostSettings(Record):
    """How one host is treated."""

    concurrency: int = Field(default=2, ge=1, le=32, description="Requests at the same time")
    delay: Duration = default("1s", "Pause between two requests")


class Robots(StrEnum):
    """What robots.txt is to us."""

    OBEY = "obey"
    IGNORE = "ignore"


class FetchSettings(Record):
    """How addresses of sources are read."""

    allow_private: tuple[PrivateException, ...] = Field(
        default=(), description="Hosts and networks that the guard against private addresses lets through"
    )
    timeout: PositiveDuration = default("20s", "Longest time for one answer, redirects included")
    max_bytes: Size = default("5MB", "Largest answer, after decompression")
    per_host: PerHostSettings = default({}, "How one host is treated")
    ports: tuple[Annotated[int, Field(ge=1, le=65535)], ...] = Field(
        default=(), description="Ports that may be asked besides 80, 443 and those of the sources' addresses"
    )
    robots: Robots = Field(
        default=Robots.OBEY,
        strict=False,
        description="Whether robots.txt binds where a source has a permission",
    )


class ImagesSettings(Record):
    """Lead pictures of articles."""

    mirror: bool = Field(
        default=False, description="Publish the pictures of sources with a permission ourselves"
    )
    max_bytes: Size = default("10MB", "Largest picture to fetch")
    max_width: int = Field(
        default=1600, ge=100, le=10_000, description="Wider ones are made smaller, in pixels"
    )


class PermissionSettings(Record):
    """The right to publish a source's full text, for the record."""

    by: Text = Field(description="Who gave it", examples=["the editor"])
    date: Day | None = Field(default=None, description="When it was given")
    reference: Text | None = Field(default=None, description="Where it can be looked up")
    until: Day | None = Field(default=None, description="Last day on which it holds")


class RulesSettings(Record):
    """CSS selectors for a site whose pages are misread without."""

    body: Selector | None = Field(default=None, description="Element that holds the article")
    title: Selector | None = Field(default=None, description="Element that holds its title")
    date: Selector | None = Field(default=None, description="Element that holds its date")
    author: Selector | None = Field(default=None, description="Element that holds its author")
    remove: tuple[Selector, ...] = Field(default=(), description="Elements that do not belong to the article")
    links: Selector | None = Field(default=None, description="Links to articles on a listing")
    next: Selector | None = Field(default=None, description="Link to the next page of a listing")


class MatchSettings(Record):
    """A keyword filter; a Bulgarian word stands for all its forms, and case does not count."""

    any: tuple[Text, ...] = Field(default=(), description="One of these must occur")
    all: tuple[Text, ...] = Field(default=(), description="Each of these must occur")
    none: tuple[Text, ...] = Field(default=(), description="None of these may occur")
    in_: tuple[Annotated[Place, Field(strict=False)], ...] = Field(
        default=(Place.TITLE, Place.TEXT, Place.TAGS),
        alias="in",
        min_length=1,
        description="Where the words are looked for",
    )


class SourceSettings(Record):
    """Where articles come from and what may be done with them."""

    id: Id = Field(description="Short permanent name of the source", examples=["stzagora"])
    name: LocalText = Field(description="Name that readers see", examples=["Стара Загора днес"])
    kind: SourceKind = Field(description="How the source is read", examples=["feed"], strict=False)
    url: WebAddress | None = Field(default=None, description="Address of a feed or page")
    path: AbsolutePath | None = Field(default=None, description="Folder of an inbox")
    keep: bool = Field(
        default=True,
        description="Whether an inbox keeps taken files in place, or moves them to done/ or failed/",
    )
    publish: Publish = Field(
        description="How much of an article may be published", examples=["full"], strict=False
    )
    permission: PermissionSettings | None = Field(default=None, description="The right to publish full text")
    language: Language | None = Field(default=None, description="Language; default: languages.source")
    every: PositiveDuration = default("30m", "Time between two polls")
    cron: Cron | None = Field(
        default=None, description="When to poll, as five cron fields, instead of `every`"
    )
    settle: Duration = default("0s", "An article waits until unchanged for this long")
    backfill: int | None = Field(
        default=None, ge=0, description="Most old articles to take at the first poll or for a new language"
    )
    full_text: bool = Field(
        default=True, description="Fetch the linked page where the feed has a summary only"
    )
    tags: tuple[Text, ...] = Field(default=(), description="Tags that every article of the source gets")
    rules: RulesSettings | None = Field(
        default=None, description="CSS selectors or XPath for the site's pages"
    )
    pages: int = Field(default=3, ge=1, le=50, description="Most pages of a listing to read in one poll")
    paths: tuple[Text, ...] = Field(
        default=(),
        description="Only addresses with such paths are followed from a listing or sitemap",
        examples=[["/novini/*"]],
    )
    recent: PositiveDuration = default("14d", "How far back the pages of a sitemap are followed")
    match: MatchSettings | None = Field(default=None, description="Keyword filter")
    max_age: PositiveDuration | None = Field(
        default=None, description="Articles older than this are passed over", examples=["90d"]
    )
    min_length: LeastLength | None = Field(
        default=None, description="Shorter articles are passed over", examples=["300 characters"]
    )
    accept: tuple[Language, ...] = Field(
        default=(), description="Further languages whose articles are taken as originals", examples=[["en"]]
    )
    priority: int = Field(
        default=0, description="Of sources that carry the same text, the one of the highest priority leads"
    )
    on_gone: OnGone = Field(
        default=OnGone.KEEP, strict=False, description="What happens to an article whose page is gone"
    )
    engines: tuple[str, ...] | None = Field(default=None, min_length=1, description="Only these engines")
    confidential: bool = Field(default=False, description="Only engines that are declared local")
    rights: LocalText | None = Field(default=None, description="Copyright line that readers see")
    index_pages: bool | None = Field(
        default=None, description="Whether search engines may list its pages; default: as `site` says"
    )


class BudgetSettings(Record):
    """The most an engine may be sent."""

    characters_per_day: int | None = Field(default=None, ge=1, description="Characters per calendar day")
    characters_per_month: int | None = Field(default=None, ge=1, description="Characters per calendar month")


class EngineSettings(Record):
    """What every translation engine takes."""

    id: Id = Field(description="Short permanent name of the engine", examples=["google"])
    local: bool = Field(default=False, description="Whether text stays on machines of the operator")
    timeout: PositiveDuration = default("20s", "Longest time for one request")
    max_characters: int = Field(default=2000, ge=100, description="Most characters in one request")
    requests_per_second: float | None = Field(
        default=None, gt=0, allow_inf_nan=False, description="Most requests in a second"
    )
    budget: BudgetSettings | None = Field(default=None, description="The most it may be sent")
    price_per_million: float = Field(
        default=0, ge=0, allow_inf_nan=False, description="Cost of a million characters, for `plan`"
    )


class DeepTranslatorSettings(EngineSettings):
    """A web service by way of deep-translator."""

    kind: Literal["deep-translator"] = Field(description="Kind of engine")
    provider: Provider = Field(description="The web service", examples=["google"], strict=False)
    url: WebAddress | None = Field(default=None, description="Another host in place of the provider's own")
    api_key: SecretStr | None = Field(default=None, min_length=1, description="Key, as a placeholder")
    region: Text | None = Field(
        default=None, description="Region of a Microsoft resource", examples=["westeurope"]
    )
    # A Cyrillic character costs six bytes of a GET address, and servers refuse addresses beyond 8 KB or so.
    max_characters: int = Field(default=1500, ge=100, description="Most characters in one request")
    requests_per_second: float | None = Field(
        default=5, gt=0, allow_inf_nan=False, description="Most requests in a second"
    )


class LibreTranslateSettings(EngineSettings):
    """A LibreTranslate server."""

    kind: Literal["libretranslate"] = Field(description="Kind of engine")
    url: WebAddress = Field(description="Address of the server", examples=["http://127.0.0.1:5000"])
    api_key: SecretStr | None = Field(default=None, min_length=1, description="Key, as a placeholder")
    timeout: PositiveDuration = default("60s", "Longest time for one request")
    # What LibreTranslate itself allows anybody without a key.
    max_characters: int = Field(default=5000, ge=100, description="Most characters in one request")


class FirefoxSettings(EngineSettings):
    """Firefox Translations models on this machine."""

    kind: Literal["firefox"] = Field(description="Kind of engine")
    models: AbsolutePath = Field(description="Folder of the models", examples=["../var/models"])
    records: WebAddress = Field(
        default="https://firefox.settings.services.mozilla.com/v1/buckets/main/collections/"
        "translations-models-v2/records",
        description="Where `models add` reads which models there are",
    )
    attachments: WebAddress = Field(
        default="https://firefox-settings-attachments.cdn.mozilla.net/",
        description="Where `models add` gets their files",
    )
    processes: int | None = Field(
        default=None, ge=1, le=256, description="Engine processes; default: one per core"
    )
    local: bool = Field(default=True, description="Whether text stays on machines of the operator")
    timeout: PositiveDuration = default("20s", "Longest time for one sentence")
    # Enough sentences to keep every process busy to the end, few enough that little is lost at a kill.
    max_characters: int = Field(default=20_000, ge=100, description="Most characters in one request")


class DeepLSettings(EngineSettings):
    """DeepL's API."""

    kind: Literal["deepl"] = Field(description="Kind of engine")
    api_key: SecretStr = Field(
        min_length=1, description="Key, as a placeholder", examples=["${credential:deepl}"]
    )
    url: WebAddress | None = Field(default=None, description="Another host in place of DeepL's own")
    max_characters: int = Field(default=10000, ge=100, description="Most characters in one request")


class OpenAISettings(EngineSettings):
    """A language model behind an API like OpenAI's."""

    kind: Literal["openai"] = Field(description="Kind of engine")
    url: WebAddress = Field(description="Address of the API", examples=["http://127.0.0.1:11434/v1"])
    model: Text = Field(description="Name of the model", examples=["gemma3"])
    api_key: SecretStr | None = Field(default=None, min_length=1, description="Key, as a placeholder")
    timeout: PositiveDuration = default("60s", "Longest time for one request")


Engine = Annotated[
    DeepTranslatorSettings | LibreTranslateSettings | FirefoxSettings | DeepLSettings | OpenAISettings,
    Field(discriminator="kind"),
]


class RouteSettings(Record):
    """The engines for one pair of languages."""

    from_: Language = Field(alias="from", description="Language translated from", examples=["bg"])
    to: Language = Field(description="Language translated into", examples=["it"])
    engines: tuple[str, ...] = Field(
        min_length=1, description="Engines for this pair, tried in this order", examples=[["google"]]
    )


class PageWordsSettings(Record):
    """The words of the pages in a language; what is left out is said in English."""

    skip: Text | None = Field(default=None, description="Link that skips to the text")
    languages: Text | None = Field(default=None, description="Heading of the languages")
    side: Text | None = Field(default=None, description="Link to the page with the original beside")
    single: Text | None = Field(default=None, description="Link back from there")
    elsewhere: Text | None = Field(default=None, description="Sentence where the text is at the source only")
    rights: Text | None = Field(default=None, description="Label before the rights, with its colon")
    corrected: Text | None = Field(default=None, description="Label before a correction's date")
    translator: Text | None = Field(default=None, description="Label before the engines, with its colon")
    about: Text | None = Field(default=None, description="Heading above source and rights")
    search: Text | None = Field(default=None, description="Label of the search box")
    nothing: Text | None = Field(default=None, description="Sentence where no title matches")
    found: Text | None = Field(default=None, description="Label before a number of titles, with its colon")
    months: Text | None = Field(default=None, description="Heading of the lists by month")
    feed_hint: Text | None = Field(default=None, description="Sentence that says what a feed is good for")


class NoticeSettings(Record):
    """How readers of a language are told that a machine translated; what is left out is said in English."""

    line: NoticeLine = Field(
        description="First line of the content; {language} stands for the language translated from",
        examples=["Machine-translated from {language}"],
    )
    mark: NoticeMark = Field(
        description="At most three words at the head of the summary", examples=["[Machine translation]"]
    )
    reviewed_line: NoticeLine | None = Field(default=None, description="The line of a reviewed translation")
    reviewed_mark: NoticeMark | None = Field(default=None, description="The mark of a reviewed translation")
    original: Text | None = Field(default=None, description="Label before the original, with its colon")
    source: Text | None = Field(default=None, description="Label before the source, with its colon")
    withdrawn: Text | None = Field(default=None, description="Sentence in place of a withdrawn article")
    latest: Text | None = Field(default=None, description="Heading of the newest articles")
    subscribe: Text | None = Field(default=None, description="Label of the link to subscribe")
    pages: PageWordsSettings | None = Field(default=None, description="The words of the pages")


class TranslationSettings(Record):
    """How articles are translated."""

    engines: tuple[Engine, ...] = Field(default=(), description="Engines, tried in this order")
    routes: tuple[RouteSettings, ...] = Field(default=(), description="Other orders for pairs of languages")
    pivot: Language = Field(default="en", description="Language between, for engines that lack a direct pair")
    glossary: tuple[AbsolutePath, ...] = Field(default=(), description="Files of terms")
    memory: tuple[AbsolutePath, ...] = Field(default=(), description="TMX files of reviewed translations")
    on_suspect: OnSuspect = Field(
        default=OnSuspect.HOLD, strict=False, description="What happens to a doubtful translation"
    )
    notices: dict[Language, NoticeSettings] = Field(
        default_factory=dict, description="Notices in languages that the program has none for"
    )


class FeedSettings(Record):
    """Which articles a feed carries, and how."""

    id: Id = Field(description="Permanent name of the feed; stands in its address", examples=["all"])
    title: LocalText = Field(description="Title that readers see", examples=["News"])
    description: LocalText | None = Field(default=None, description="What the feed is about, for readers")
    languages: tuple[Language, ...] | None = Field(
        default=None, min_length=1, description="Editions; default: the source language and the targets"
    )
    sources: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="Only articles of these sources; default: every source"
    )
    tags: tuple[Text, ...] | None = Field(
        default=None, min_length=1, description="Only articles with one of these tags"
    )
    match: MatchSettings | None = Field(default=None, description="Keyword filter")
    formats: tuple[Annotated[Format, Field(strict=False)], ...] = Field(
        default=(Format.RSS, Format.ATOM, Format.JSON), min_length=1, description="Formats to publish"
    )
    limit: int = Field(default=50, ge=1, le=1000, description="Most entries; they stay at least 48 hours")
    max_age: PositiveDuration | None = Field(
        default=None, description="Older articles are left out", examples=["90d"]
    )
    min_length: LeastLength | None = Field(
        default=None, description="Shorter articles are left out", examples=["60 words"]
    )
    content: Content = Field(
        default=Content.FULL, strict=False, description="Whether entries carry the full text or its summary"
    )
    combined: bool = Field(default=False, description="All languages in one file, mul/ID")
    bilingual: bool = Field(default=False, description="The original under its translation")
    archives: bool | None = Field(
        default=None,
        description="Keep what leaves the feed in archive documents; default: yes, but for `combined` and"
        " `max_age`",
    )
    private: bool = Field(default=False, description="Published only for partners that hold a token")


class AlertKind(StrEnum):
    """What can be wrong."""

    SOURCE_SILENT = "source_silent"
    ENGINE_OFF = "engine_off"
    BUDGET_ENDED = "budget_ended"
    ARTICLE_HELD = "article_held"
    DISK_NEARLY_FULL = "disk_nearly_full"
    RELOAD_REFUSED = "reload_refused"


class TargetSettings(Record):
    """What everything takes that is told something."""

    timeout: PositiveDuration = default("20s", "Longest time for telling it once")
    only: tuple[Annotated[AlertKind, Field(strict=False)], ...] | None = Field(
        default=None, min_length=1, description="Only these alerts; default: all (under on_alert)"
    )
    feeds: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="Only entries of these feeds; default: all (under on_publish)"
    )
    languages: tuple[Language, ...] | None = Field(
        default=None,
        min_length=1,
        description="Only entries in these languages; default: all (under on_publish)",
    )


class Tls(StrEnum):
    """How a connection to a mail server is encrypted."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class MailTargetSettings(TargetSettings):
    """Tells by e-mail."""

    kind: Literal["mail"] = Field(description="Kind of target")
    to: tuple[Contact, ...] = Field(min_length=1, description="Who gets it", examples=[["ops@example.eu"]])
    from_: Contact = Field(
        alias="from", description="The sender's address", examples=["syndicator@example.eu"]
    )
    smtp: Bind = Field(description="Host and port of the mail server", examples=["smtp.example.eu:587"])
    tls: Tls = Field(default=Tls.STARTTLS, strict=False, description="How the connection is encrypted")
    user: Text | None = Field(default=None, description="Name to log in with")
    password: SecretStr | None = Field(default=None, min_length=1, description="Password, as a placeholder")


class WebhookTargetSettings(TargetSettings):
    """Tells by a POST of JSON."""

    kind: Literal["webhook"] = Field(description="Kind of target")
    url: SecretAddress = Field(
        description="Where to post to", examples=["https://hooks.example.eu/syndicator"]
    )
    token: SecretStr | None = Field(
        default=None, min_length=1, description="Sent as `Authorization: Bearer`, as a placeholder"
    )


class CommandTargetSettings(TargetSettings):
    """Tells by running a program, which reads JSON from its standard input."""

    kind: Literal["command"] = Field(description="Kind of target")
    command: tuple[Text, ...] = Field(
        min_length=1,
        description="The program and its arguments; no shell",
        examples=[["/usr/local/bin/tell-ops", "--now"]],
    )


Target = Annotated[
    MailTargetSettings | WebhookTargetSettings | CommandTargetSettings, Field(discriminator="kind")
]


class Settings(Record):
    """A whole config."""

    site: SiteSettings = Field(description="The published site as a whole")
    storage: StorageSettings = default({}, "Where the state and the published files are kept")
    retention: RetentionSettings = default({}, "How long articles are kept; default: for ever")
    languages: LanguagesSettings = Field(description="What is translated into what")
    serve: ServeSettings | None = Field(default=None, description="The built-in web server")
    websub: WebSubSettings | None = Field(default=None, description="Hubs that push changes to subscribers")
    fetch: FetchSettings = default({}, "How addresses of sources are read")
    images: ImagesSettings = default({}, "Lead pictures of articles")
    sources: tuple[SourceSettings, ...] = Field(default=(), description="Where articles come from")
    translation: TranslationSettings = default({}, "How articles are translated")
    feeds: tuple[FeedSettings, ...] = Field(default=(), description="What is published")
    on_alert: tuple[Target, ...] = Field(default=(), description="Who is told what is wrong")
    on_publish: tuple[Target, ...] = Field(default=(), description="Who is told of new entries")


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a config, as editors want it."""
    schema = Settings.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "syndicator config"
    return schema
