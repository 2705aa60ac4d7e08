import pytest

from syndicator.errors import ParseError
from syndicator.extract.selectors import is_selector, is_xpath, select
from syndicator.text.html import parse_html

PAGE = '<div id="a"><p class="lead">Едно</p><p>Две <b title="т">три</b></p></div>'


@pytest.mark.parametrize(
    ("selector", "texts"),
    [
        ("p.lead", ["Едно"]),
        ("//p", ["Едно", "Две три"]),
        ("  //p[2]/b", ["три"]),
        (".//b/text()", ["три"]),
        ("//b/@title", ["три"]),
        ('xpath:id("a")/p[1]', ["Едно"]),
        ("(//p)[last()]", ["Две три"]),
        ("count(//p) > 1 and //none", []),
        ("string(//p)", []),
    ],
)
def test_css_and_xpath(selector, texts):
    if selector.startswith(("count", "string")):
        selector = f"xpath:{selector}"
    assert ["".join(found.itertext()) for found in select(parse_html(PAGE), selector)] == texts


@pytest.mark.parametrize(
    "selector", ["//p[", "xpath:", "//p[nonsense()]", "//x:p", "p..lead", "./", "xpath:$a"]
)
def test_what_is_no_selector_is_refused(selector):
    assert not is_selector(selector)
    with pytest.raises(ParseError, match="site rule"):
        select(parse_html(PAGE), selector)


def test_css_is_never_taken_for_xpath():
    assert not any(map(is_xpath, ["p", ".lead", "#a", "[title]", "*", "::before", ":root"]))
