"""Feeds of all shapes that the program can publish, odd ones and made-up ones, for whoever judges feeds."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from syndicator.model import Attachment, Edition, Entry, Feed, Image, Mark
from syndicator.text.html import clean_html
from tests.formats.conftest import BASE, ODD_ENTRIES, feed_of, machine_entry, original_entry

PAGE = f"{BASE}it/articles/aaaaaaaaaaaaa.html"
FORMULA = "∀ε>0 ∃δ: |x−a|<δ ⇒ |f(x)−L|<ε; E=mc², ∑ₙ 1/n² = π²/6, 𝒜⊂𝔹, a<b>c & d≠e"

MORE_ENTRIES = {
    "on_our_page": machine_entry(url=PAGE),
    "mathematical_signs": machine_entry(
        title=FORMULA, summary=FORMULA, body=clean_html(f"<p>{FORMULA}</p><p>x &lt; y &amp;lt; z</p>", BASE)
    ),
    "lone_surrogates": machine_entry(
        title="\ud83c a \udf77", summary="\udc00", body="<p>\ud800 b \udfff</p>", authors=("\ud801 x",)
    ),
    "very_long_title": machine_entry(title="Много дълго заглавие " * 400),
    "one_endless_title": machine_entry(title="Ж" * 20_000),
    "withdrawn_with_everything": machine_entry(withdrawn=True, body="", summary="", tags=("a", "b")),
    "reviewed_on_our_page": machine_entry(mark=Mark.REVIEWED, url=PAGE, engines=("local", "deepl")),
    "bilingual": machine_entry(
        original_title="Експерти от Стара Загора <b>&amp;",
        original_body="<p>На 22.02.2018 в град Мантуа ]]> се проведе среща.</p>",
    ),
    "title_only": machine_entry(summary="", body="", image=None),
    "documents": machine_entry(
        attachments=(
            Attachment("https://example.bg/a.pdf", "Програма & <i>план</i>", "application/pdf", "bg"),
            Attachment("https://example.bg/ю.docx", "", "application/octet-stream", ""),
        )
    ),
    "everything_in_the_body": machine_entry(
        body=clean_html(
            "<h1>a</h1><h2>b</h2><table><caption>t</caption><tr><th>x<td>y</table><pre>&lt;script&gt;</pre>"
            '<p style="color:red" onclick="x()">z<a href="/d" target=_blank>d</a><iframe src="https://e.bg/v">'
            '</iframe><script>alert("1")</script><img src=/i.png onerror=x alt="&quot;q&quot;"><br><hr>'
            "<video src=v.mp4></video><form><input></form><blockquote>q</blockquote><dl><dt>1<dd>2</dl>"
            '<a href="mailto:a@b.bg">m</a> <a href="tel:+359">t</a> <sub>1</sub><sup>2</sup><o:p>w</o:p>',
            "https://example.bg/",
        )
    ),
    "russian_doll": machine_entry(body="<ul><li>" * 60 + "дъно" + "</li></ul>" * 60),
    "quotes_everywhere": machine_entry(
        title="\"а\" 'б' „в“ «г»", source_name="\"Д\" 'е'", image=Image("https://example.bg/a.jpg", '"ж"')
    ),
    "as_old_as_a_date_is_believed": machine_entry(published=datetime(1990, 1, 1, tzinfo=UTC)),
    "not_of_this_web": machine_entry(url="ftp://example.bg/a", original_url="file:///etc/passwd"),
    "own_networks_address": machine_entry(
        url="http://127.0.0.1:8000/a?b=[c]|d^e`{f}", original_url="http://[::1]/x y#z#q"
    ),
    "spaces_only": machine_entry(title="\u00a0\u2003", summary="\u200b", body="<p>\u00a0</p>"),
    "code_that_is_no_engine": machine_entry(engines=("my engine & co", "двигател")),
    "language_with_a_region": machine_entry(language="pt-BR", source_language="sr-Latn"),
    "cjk": machine_entry(language="zh", title="专家会议", summary="会议", body="<p>会议在曼托瓦举行。</p>"),
    "two_authors_and_an_empty_one": machine_entry(authors=("А. Б.", "", "В. Г., Д. Е. (снимки) <x@y.bg>")),
}

ALL_ENTRIES = ODD_ENTRIES | MORE_ENTRIES


def odd_feeds() -> Iterator[tuple[str, Feed]]:
    """Yield every odd article in a feed with an everyday one, and odd feeds, each by its name."""
    for name, entry in ALL_ENTRIES.items():
        beside = machine_entry(id="tag:feeds.example.eu,2026:stzagora/2:it")
        yield name, feed_of(entry, beside, language=entry.language)
    yield "empty", feed_of()
    yield (
        "no_contact_rights_or_funding",
        feed_of(machine_entry(), contact="", rights="", funding="", funding_image="", editions=()),
    )
    yield "with_hubs", feed_of(machine_entry(), hubs=("https://hub.example.eu/", "https://b.example/?x=y&z"))
    yield "combined", combined_feed()
    yield (
        "markup_in_the_feed",
        feed_of(
            machine_entry(), title="<b>A&B</b> ]]>", description="&lt;i> \x01", rights="© <", funding="a && b"
        ),
    )
    yield "svg_logo", feed_of(machine_entry(), funding_image="https://example.eu/ЕС.svg")
    yield "title_in_brackets", feed_of(machine_entry(), title="(\\)")
    yield "all_at_once", feed_of(*numbered(entry for name, entry in ALL_ENTRIES.items() if name != "huge"))


def combined_feed() -> Feed:
    """Return a feed that holds all languages of an article."""
    english = machine_entry(
        id="tag:feeds.example.eu,2026:stzagora/1:en", language="en", title="Experts", url=PAGE
    )
    return feed_of(machine_entry(), english, original_entry(), language="mul", editions=())


def numbered(entries: Iterator[Entry]) -> Iterator[Entry]:
    """Yield the entries with an id each."""
    for number, entry in enumerate(entries):
        yield replace(entry, id=f"tag:feeds.example.eu,2026:stzagora/{number}:{entry.language}")


any_text = st.text(st.characters(exclude_categories=()), max_size=40)
"""Lone surrogates, controls and noncharacters included."""

_MARKUP = (
    "<p> </p> <b> </i> <a|href=' '> <img|src= <li> <table> & &lt; ]]> <!-- <![CDATA[ <script> javascript:"
    ' https://пример.бг/ю <div|dir=rtl> "'
)
_marked_up = st.lists(
    st.sampled_from([part.replace("|", " ") for part in _MARKUP.split()]) | any_text, max_size=14
).map("".join)

bodies = _marked_up.map(lambda html: clean_html(html, "https://example.bg/a/"))
"""Whatever markup a source may have, cleaned as the program cleans it."""

addresses = (
    st.just("")
    | st.just("https://example.bg/news/1")
    | any_text.map("https://example.bg/{}".format)
    | any_text
    | any_text.map("http://пример.бг/{}".format)
)
_ZONES = st.sampled_from([UTC, timezone(timedelta(hours=2)), timezone(-timedelta(hours=11))])


def _moments(latest: int) -> st.SearchStrategy[datetime]:
    """Make up a moment; intake believes none before 1990."""
    earliest, end = datetime(1990, 1, 2), datetime(latest, 1, 1)  # noqa: DTZ001 - hypothesis wants no zone
    return st.datetimes(min_value=earliest, max_value=end, timezones=_ZONES)


images = st.none() | st.builds(
    Image,
    url=addresses,
    alt=any_text,
    caption=any_text,
    credit=any_text,
    media_type=st.sampled_from(["", "image/jpeg", "image/webp", "jpg", "text/html; charset=x"]) | any_text,
    length=st.none() | st.integers(-1, 10**12),
)


def _lines(most: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(any_text, max_size=most).map(tuple)


@st.composite
def articles(draw: st.DrawFn) -> Entry:
    """Make up an entry of any shape."""
    withdrawn = draw(st.sampled_from([False, False, False, True]))
    mark = draw(st.sampled_from(list(Mark)))
    language = draw(st.sampled_from(["it", "en", "ar", "pt", "bg"]))
    body = draw(bodies)
    bilingual = mark is not Mark.ORIGINAL and not withdrawn and draw(st.booleans())
    return Entry(
        id="tag:feeds.example.eu,2026:made-up/1:it",
        language=language,
        title=draw(any_text),
        summary="" if withdrawn else draw(any_text),
        body="" if withdrawn else body,
        url=draw(st.just(PAGE) | addresses),
        original_url=draw(addresses),
        source_id="made-up",
        source_name=draw(any_text),
        source_url=draw(addresses),
        source_language=draw(st.sampled_from(["bg", "", "el", "sr-Cyrl"])),
        mark=mark,
        published=draw(_moments(2035)),
        dated_by_first_sight=draw(st.booleans()),
        updated=draw(_moments(2026)),
        authors=draw(_lines(3)),
        image=draw(images),
        rights=draw(any_text),
        tags=draw(_lines(4)),
        engines=draw(_lines(2)) if mark is Mark.MACHINE else (),
        editions=draw(
            st.sampled_from(
                [
                    (),
                    (
                        Edition("bg", "", "tag:feeds.example.eu,2026:made-up/1:bg"),
                        Edition("en", "", "tag:feeds.example.eu,2026:made-up/1:en"),
                    ),
                ]
            )
        ),
        withdrawn=withdrawn,
        original_title=draw(any_text) if bilingual else "",
        original_body=draw(bodies) if bilingual else "",
    )


@st.composite
def made_up_feeds(draw: st.DrawFn) -> Feed:
    """Make up a feed of one to three articles."""
    entries = list(numbered(iter(draw(st.lists(articles(), min_size=1, max_size=3)))))
    return feed_of(
        *entries,
        title=draw(any_text),
        description=draw(any_text),
        rights=draw(any_text),
        funding=draw(any_text),
        funding_image=draw(addresses),
        contact=draw(st.just("ops@example.eu") | st.just("") | any_text),
        language=draw(st.sampled_from(["it", "en", "mul", "ar"])),
        updated=max(entry.updated for entry in entries) + timedelta(seconds=1),
    )
