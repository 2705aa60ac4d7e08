"""What WordPress, Joomla and Feedly make of an entry."""

from dataclasses import replace

import pytest

from syndicator.formats.importers import IMPORTERS, newest, taken
from syndicator.formats.rss import render_rss
from syndicator.text.notices import notice_for

from .conftest import feed_of, machine_entry

ITALIAN = notice_for("it")


def offered(**changes):
    found = newest(render_rss(feed_of(machine_entry(**changes))), ITALIAN)
    assert found is not None
    return found


@pytest.mark.parametrize("importer", IMPORTERS)
def test_our_own_entries_keep_their_notice_and_link_everywhere(importer):
    found = taken(offered(), importer, ITALIAN)
    assert found.title == "Esperti di Stara Zagora a un incontro su INNOGROW"
    assert found.link == "https://example.bg/news/76737"
    assert not [warning for warning in found.warnings if "notice" in warning or "link" in warning]


def test_wordpress_cuts_the_summary_and_takes_the_enclosure():
    block, post = taken(offered(summary="parola " * 80), "wordpress", ITALIAN).views
    assert len(block.text.split()) == 56
    assert block.text.endswith(" […]")
    assert block.text.startswith("[Traduzione automatica] parola")
    assert post.image == "https://example.bg/i/foto.jpg"
    assert post.text.startswith("Traduzione automatica (lingua originale: bulgaro)")


def test_joomla_reads_the_summary_alone():
    found = taken(offered(), "joomla", ITALIAN)
    (view,) = found.views
    assert view.text == "[Traduzione automatica] Si è tenuto a Mantova un incontro internazionale."
    assert found.warnings == ("feed module: the picture is lost",)


def test_what_is_lost_is_named():
    plain = offered()
    bare = replace(plain, description="Si è tenuto un incontro.", link="https://example.bg/новини/1")
    found = taken(bare, "joomla", ITALIAN)
    assert found.link == ""
    assert "the link https://example.bg/новини/1 is refused: it has letters beyond ASCII" in found.warnings
    assert "feed module: the notice of translation is cut off" in found.warnings


def test_a_picture_of_the_text_stands_in_for_a_lead_picture():
    assert taken(offered(image=None), "feedly", ITALIAN).views[0].image == "https://example.bg/i/foto.jpg"


def test_an_empty_feed_has_nothing_to_show():
    assert newest(render_rss(feed_of()), ITALIAN) is None
