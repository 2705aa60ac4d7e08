"""Feeds to write: an everyday one, and odd ones, each named for its oddity."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from syndicator.model import Edition, Entry, Feed, Image, Mark

BASE = "https://feeds.example.eu/"


def machine_entry(**changes) -> Entry:
    """Return an article that a machine translated from Bulgarian into Italian."""
    entry = Entry(
        id="tag:feeds.example.eu,2026:stzagora/1:it",
        language="it",
        title="Esperti di Stara Zagora a un incontro su INNOGROW",
        summary="Si è tenuto a Mantova un incontro internazionale.",
        body=(
            "<p>Il 22.02.2018 a Mantova si è tenuto un incontro &amp; scambio.</p>"
            '<ul><li>primo</li><li><strong>secondo</strong> <a href="https://example.bg/b">punto</a>'
            "</li></ul>"
            '<figure><img src="https://example.bg/i/foto.jpg" alt="Foto">'
            "<figcaption>Vino</figcaption></figure>"
        ),
        url="https://example.bg/news/76737",
        original_url="https://example.bg/news/76737",
        source_id="stzagora",
        source_name="Stara Zagora dnes",
        source_url="https://example.bg/rss",
        source_language="bg",
        mark=Mark.MACHINE,
        published=datetime(2018, 2, 24, 8, 30, tzinfo=UTC),
        dated_by_first_sight=False,
        updated=datetime(2026, 3, 2, 10, 15, 30, tzinfo=UTC),
        authors=("Evgenia Dobreva",),
        image=Image(
            url="https://example.bg/i/foto.jpg",
            alt="Foto",
            caption="Il vino di lamponi",
            credit="Ivan Petrov",
            media_type="image/jpeg",
            length=48123,
        ),
        rights="© 2018 Stara Zagora dnes",
        tags=("innogrow", "Mantova"),
        engines=("google",),
        editions=(
            Edition("bg", "Експерти от Стара Загора", "tag:feeds.example.eu,2026:stzagora/1:bg"),
            Edition("en", "Experts from Stara Zagora", "tag:feeds.example.eu,2026:stzagora/1:en"),
            Edition("it", "Esperti di Stara Zagora", "tag:feeds.example.eu,2026:stzagora/1:it"),
        ),
    )
    return replace(entry, **changes)


def original_entry(**changes) -> Entry:
    """Return the Bulgarian original of the same article."""
    return machine_entry(
        id="tag:feeds.example.eu,2026:stzagora/1:bg",
        language="bg",
        title="Експерти от Стара Загора участваха в среща",
        summary="В Мантуа се проведе международна среща.",
        body="<p>На 22.02.2018 в град Мантуа се проведе среща.</p>",
        source_name="Стара Загора днес",
        mark=Mark.ORIGINAL,
        engines=(),
        **changes,
    )


def feed_of(*entries: Entry, **changes) -> Feed:
    """Return the Italian feed "all" with these entries."""
    feed = Feed(
        id="all",
        language="it",
        title="Notizie",
        description="Notizie dal progetto",
        url=BASE,
        base_url=BASE,
        contact="ops@example.eu",
        updated=datetime(2026, 3, 2, 10, 15, 30, tzinfo=UTC),
        entries=entries,
        rights="© Stara Zagora dnes",
        funding="Co-finanziato dall'Unione europea",
        funding_image="https://feeds.example.eu/eu.png",
        editions=(
            Edition("bg", "Новини", "https://feeds.example.eu/bg/all"),
            Edition("en", "News", "https://feeds.example.eu/en/all"),
            Edition("it", "Notizie", "https://feeds.example.eu/it/all"),
        ),
    )
    return replace(feed, **changes)


BARE = machine_entry(
    summary="",
    image=None,
    authors=(),
    rights="",
    tags=(),
    engines=(),
    editions=(),
    original_url="",
    source_url="",
)
CONTROLS = (
    "а\x00б\x08в\x0bг\x1fд\x7fе\x85ж\x9fз\ud800и\udfffй\ufffeк\uffffл\ufdd0м\U0001fffeн\ufffdо\u2028п\u2029р"
)

ODD_ENTRIES = {
    "everyday": machine_entry(),
    "original": original_entry(),
    "reviewed": machine_entry(mark=Mark.REVIEWED),
    "withdrawn": machine_entry(withdrawn=True, body="", summary=""),
    "nothing_but_a_title": replace(BARE, body=""),
    "no_summary": machine_entry(summary=""),
    "summary_only": machine_entry(body=""),
    "no_author_image_or_address": BARE,
    "no_title": machine_entry(title=" \x00 "),
    "nobody_says_when": machine_entry(dated_by_first_sight=True),
    "dated_in_the_future": machine_entry(published=datetime(2031, 1, 1, tzinfo=UTC)),
    "emoji": machine_entry(title="Вино 🍷 и 👩‍👩‍👧 🇧🇬", summary="🎉" * 40, tags=("🍷",)),
    "markup_in_the_title": machine_entry(
        title="Как <b>да</b> пишем &lt;p> & &copy; в HTML: 5 < 6 & AT&T &#38;"
    ),
    "markup_everywhere": machine_entry(
        summary="<script>alert(1)</script> a && b",
        authors=("Tom & <i>Jerry</i>",),
        rights="<b>&copy;</b>",
        tags=("<i>x</i>", "R&D"),
        source_name="A&B <c>днес</c>",
    ),
    "cdata_end": machine_entry(
        title="a ]]> b", summary="]]> <![CDATA[", body="<p>x ]]&gt; y ]]> z &lt;![CDATA[ q</p>"
    ),
    "control_characters": machine_entry(
        title=CONTROLS,
        summary=CONTROLS,
        body=f"<p>{CONTROLS}</p>",
        authors=(CONTROLS,),
        rights=CONTROLS,
        tags=(CONTROLS,),
        source_name=CONTROLS,
        image=Image("https://example.bg/a.jpg", CONTROLS, CONTROLS, CONTROLS),
    ),
    "nothing_but_control_characters": machine_entry(
        title="\x00", summary="\x01", body="\x02", authors=("\x03",), tags=("\x04",), rights="\x05"
    ),
    "right_to_left": machine_entry(
        language="ar",
        title="خبراء من ستارا زاغورا",
        summary="عقد اجتماع دولي",
        body="<p>عقد اجتماع في مانتوا</p>",
    ),
    "cyrillic_addresses": machine_entry(
        url="http://пример.бг/новини/Стара Загора?q=я",
        original_url="http://пример.бг/новини/Стара Загора?q=я",
        source_url="http://пример.бг/емисия",
        body='<p><a href="http://пример.бг/я?a=1&amp;b=ю">х</a></p>',
        image=Image("http://пример.бг/снимка.jpg", media_type="image/jpeg", length=7),
    ),
    "unusable_address": machine_entry(
        url="javascript:alert(1)", original_url="mailto:a@b.bg", source_url="//x"
    ),
    "picture_of_unknown_size": machine_entry(image=Image("https://example.bg/a.png", media_type="image/png")),
    "picture_of_unknown_type": machine_entry(image=Image("https://example.bg/a", length=5)),
    "picture_of_nonsense_type": machine_entry(
        image=Image("https://example.bg/a", media_type="jpg", length=0)
    ),
    "thousand_tags": machine_entry(tags=tuple(f"tag {n}" for n in range(1000))),
    "huge": machine_entry(body="<p>" + "Много дълга статия. " * 60_000 + "</p>"),
    "one_endless_word": machine_entry(summary="", body="<p>" + "ж" * 5000 + "</p>"),
}


@pytest.fixture(params=ODD_ENTRIES, ids=str)
def odd_feed(request) -> Feed:
    """A feed with one odd entry and an everyday one beside it."""
    odd = ODD_ENTRIES[request.param]
    beside = machine_entry(id="tag:feeds.example.eu,2026:stzagora/2:it")
    return feed_of(odd, beside)


@pytest.fixture
def make_entry():
    """The maker of a machine-translated entry; see ``machine_entry``."""
    return machine_entry


@pytest.fixture
def make_original():
    """The maker of an original entry; see ``original_entry``."""
    return original_entry


@pytest.fixture
def make_feed():
    """The maker of a feed; see ``feed_of``."""
    return feed_of
