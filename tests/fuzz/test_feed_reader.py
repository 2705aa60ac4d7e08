# ruff: noqa: E501 - hostile inputs read better on one line
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

SPEC = spec_from_file_location("feed_reader", Path(__file__).with_name("feed_reader.py"))
feed_reader = module_from_spec(SPEC)
SPEC.loader.exec_module(feed_reader)

PIECES = st.sampled_from(
    """<rss version='2.0'> <channel> <item> </item> <title> </title> <link> <guid> <![CDATA[ ]]> &amp; &x; &#0;
    <!DOCTYPE <!ENTITY <?xml <feed xmlns='http://www.w3.org/2005/Atom'> <entry> <content type='xhtml'> <urlset>
    <url> <loc> http://site.bg/a </loc> { [ "items" : "version" https://jsonfeed.org/version/1.1 } ] <a href='/x'>
    <li> <pubDate> Mon, <h2> новина \x00 \ufeff \ud83d""".split()
)


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=300)
    | st.lists(PIECES, max_size=40).map(lambda all_: " ".join(all_).encode("utf-8", "replace"))
)
def test_whatever_comes_is_read_or_refused(data):
    feed_reader.try_bytes(data)
