"""Pages in other scripts: the text that stock extraction chose, found again in our own blocks."""

from lxml import etree

from syndicator.extract.decode import decode
from syndicator.extract.foreign import Choice, chosen_blocks, is_foreign
from syndicator.extract.measures import flat_text
from syndicator.text.html import parse_html
from syndicator.text.paragraphs import rebuild

LONG = "The bridge over the river was opened again on Tuesday after two years of work."


def chosen(markup: str, text: str) -> list[str]:
    page: etree._Element = rebuild(parse_html(markup), keep_divisions=True)
    return [flat_text(block) for block in chosen_blocks(page, text)]


def test_short_lines_count_whole_or_where_the_block_before_ends():
    markup = f"<p>Menu</p><p>{LONG}</p><p>Rock: Zara</p><p>river</p><p>{LONG} Again.</p><p>Imprint</p>"
    text = f"{LONG}\nRock: Zara\n{LONG} Again."
    assert chosen(markup, text) == [LONG, "Rock: Zara", f"{LONG} Again."]


def test_a_block_may_be_several_lines_of_the_text():
    markup = f"<p>{LONG}</p><p>Street 14<br>26899 Rhede</p>"
    assert chosen(markup, f"Street 14\n26899 Rhede\n{LONG}") == [LONG, "Street 1426899 Rhede"]


def test_a_text_that_the_page_does_not_show_becomes_paragraphs():
    assert chosen("<p>Menu</p>", f"{LONG}\nEnd.") == [LONG, "End."]


def test_a_long_block_counts_for_the_most_part():
    assert Choice(LONG).place_of("thebridgeovertheriverwasopenedagainontuesdayafterfour", 0) is not None
    assert Choice(LONG).place_of("x" * 60, 0) is None


def test_scripts_do_not_make_a_page_foreign():
    assert is_foreign(parse_html(f"<p>{LONG}</p><p>Мост</p>"))
    assert not is_foreign(parse_html(f"<script>{LONG * 9}</script><p>Мостът над реката беше отворен.</p>"))


def test_latin_2_is_no_cyrillic():
    text = '<meta charset="iso-8859-2"><p>Ziemniaki na szóstej, surówka na dziesiątej. Jak pomagać, żeby?</p>'
    assert decode(text.encode("iso-8859-2"), "text/html", "html") == text
