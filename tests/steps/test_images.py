"""Lead pictures that we publish ourselves: fetched once, in every place of their article, gone with it."""

import io
import json
import re
import threading
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from lxml import etree
from PIL import Image

from syndicator.fetch.pictures import HttpPictures
from syndicator.model import FeedSpec
from syndicator.store import tokens

MEDIA = "{http://search.yahoo.com/mrss/}content"


def jpeg(colour="red", size=(800, 400)):
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (42.0, 25.0, 0.0)}
    exif[0x013B] = "Ivan Petrov"
    Image.new("RGB", size, colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


class Photos:
    """A server of pictures by path: a body, or a status."""

    def __init__(self):
        self.files = {}
        self.asked = []
        photos = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                if self.path != "/robots.txt":
                    photos.asked.append(self.path)
                kind, found = photos.files.get(self.path, ("text/plain", 404))
                body = b"no" if isinstance(found, int) else found
                self.send_response(found if isinstance(found, int) else 200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture(scope="module")
def server():
    photos = Photos()
    yield photos
    photos.server.shutdown()
    photos.server.server_close()


@pytest.fixture
def photos(server):
    server.files = {"/1.jpg": ("image/jpeg", jpeg())}
    server.asked = []
    return server


@pytest.fixture
def line(line, website, photos):
    """Return a line whose site has an article for each picture of the server, /1.jpg and so on."""
    plain = website.feed
    line.sources = [replace(line.sources[0], has_permission=True)]
    line.pictures = HttpPictures(line.fetcher, 400)
    website.items = [line.item(1)]
    website.names = {1: "1.jpg"}

    def feed():
        def add(match):
            name = website.names.get(int(match[1]), "")
            tag = f"<enclosure url='{photos.url}/{name}' type='image/jpeg' length='999999'/>" if name else ""
            return match[0] + tag

        return re.sub(r"<link>[^<]*/(\d+)</link>", add, plain())

    website.feed = feed
    return line


def shown(line, language="en"):
    """Return the picture of the newest entry: in RSS, Atom, JSON and on the page, and its length."""
    rss = etree.fromstring(line.tree.read(f"{language}/all.rss")).find("channel/item")
    atom = etree.fromstring(line.tree.read(f"{language}/all.atom")).find("{*}entry")
    (entry, *_) = line.entries(language)
    enclosure, media = rss.find("enclosure"), rss.find(MEDIA)
    linked = [one for one in atom.iterfind("{*}link") if one.get("rel") == "enclosure"]
    page = line.tree.read(entry["url"].removeprefix("https://e.example/")).decode()
    addresses = {
        "media": media.get("url") if media is not None else None,
        "atom": linked[0].get("href") if linked else None,
        "json": entry.get("image"),
        "page": next(iter(re.findall(r'<figure class="lead">\s*<img src="([^"]+)"', page)), None),
    }
    lengths = {
        "rss": enclosure.get("length") if enclosure is not None else None,
        "atom": linked[0].get("length") if linked else None,
    }
    assert len(set(addresses.values())) == 1, addresses
    assert len(set(lengths.values())) == 1, lengths
    return addresses["json"], lengths["rss"]


def pictures(line):
    return [path for path in line.tree.paths() if path.startswith("images/")]


def test_a_picture_is_ours_in_every_format_with_its_true_length(line, photos):
    line.cycle()
    (path,) = pictures(line)
    data = line.tree.read(path)
    assert re.fullmatch(r"images/picture-[0-9a-f]{40}\.jpg", path)
    assert shown(line) == (f"https://e.example/{path}", str(len(data)))
    picture = Image.open(io.BytesIO(data))
    assert picture.size == (400, 200)
    assert not picture.getexif().get_ifd(0x8825)
    assert line.entries()[0]["_syndicator"]["image_credit"] == "Ivan Petrov"
    before = line.files()
    line.cycle(1)
    assert line.files() == before
    assert photos.asked == ["/1.jpg"], "once"


def test_without_a_permission_or_the_setting_it_stays_at_its_site(line, photos):
    line.sources = [replace(line.sources[0], has_permission=False)]
    line.cycle()
    assert (pictures(line), photos.asked) == ([], [])
    assert shown(line)[0] == f"{photos.url}/1.jpg"
    line.sources = [replace(line.sources[0], has_permission=True)]
    line.cycle(1)
    assert len(pictures(line)) == 1
    assert shown(line)[0].startswith("https://e.example/images/")
    line.tree.write("images/emblem.png", b"of the operator")
    line.pictures = None
    line.cycle(1)
    assert pictures(line) == ["images/emblem.png"]
    assert shown(line)[0] == f"{photos.url}/1.jpg"


def test_a_picture_goes_when_its_permission_ends_and_comes_back_with_it(line):
    line.sources = [replace(line.sources[0], permitted_until=line.now + timedelta(hours=2))]
    line.cycle()
    assert len(pictures(line)) == 1
    line.cycle(3)
    assert pictures(line) == []
    line.sources = [replace(line.sources[0], permitted_until=None)]
    line.cycle(1)
    assert len(pictures(line)) == 1
    assert shown(line)[0].startswith("https://e.example/images/")


@pytest.mark.parametrize("end", ["withdraw", "erase"])
def test_a_picture_goes_with_its_article_unless_another_one_shows_it(line, website, end):
    website.items.append(line.item(2))
    website.names[2] = "1.jpg"
    line.cycle()
    first, second = line.titles("bg")
    getattr(line, end)(first)
    line.cycle(1)
    assert len(pictures(line)) == 1
    getattr(line, end)(second)
    line.cycle(1)
    assert pictures(line) == []


def test_a_picture_that_was_replaced_goes(line, website, photos):
    line.cycle()
    before = pictures(line)
    photos.files["/2.jpg"] = ("image/jpeg", jpeg("blue"))
    website.names[1] = "2.jpg"
    website.items[0].text = website.items[0].text.replace("новина", "голяма новина")
    line.cycle(1)
    assert len(pictures(line)) == 1
    assert pictures(line) != before
    assert shown(line)[0] == f"https://e.example/{pictures(line)[0]}"


@pytest.mark.parametrize(
    ("kind", "found", "stays"),
    [
        ("text/html", b"<html>Sorry</html>", False),
        ("text/plain", 404, False),
        ("image/jpeg", jpeg()[:300], False),
        ("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>", True),
    ],
    ids=["page", "gone", "cut", "drawing"],
)
def test_what_is_no_picture_to_show_is_not_shown(line, photos, kind, found, stays):
    photos.files["/1.jpg"] = (kind, found)
    line.cycle()
    assert len(line.entries()) == 1
    assert pictures(line) == []
    assert shown(line) == ((f"{photos.url}/1.jpg", str(len(found))) if stays else (None, None))


def test_an_unreachable_picture_stops_nothing_and_comes_later(line, photos):
    photos.files["/1.jpg"] = ("text/plain", 503)
    line.cycle()
    assert len(line.entries()) == 1
    assert shown(line) == (f"{photos.url}/1.jpg", None), "a length that nobody measured is not told"
    photos.files["/1.jpg"] = ("image/jpeg", jpeg())
    line.cycle(0.1)
    assert len(photos.asked) == 1, "not at once"
    line.cycle(1)
    (path,) = pictures(line)
    assert shown(line)[0] == f"https://e.example/{path}"


def test_an_address_of_a_private_network_is_not_asked(line, website):
    plain = website.feed
    website.feed = lambda: re.sub(r"http://127[^']*jpg", "http://10.0.0.1/x.jpg", plain())
    line.cycle()
    assert (len(line.entries()), pictures(line)) == (1, [])


def test_the_picture_of_a_private_article_is_private(line, website, photos):
    website.items = [line.item(1), line.item(2, tags=("open",))]
    photos.files["/2.jpg"] = ("image/jpeg", jpeg("blue"))
    website.names[2] = "2.jpg"
    line.feeds = [
        FeedSpec("all", {"": "All"}, ("bg", "en"), (), tags=("open",)),
        FeedSpec("members", {"": "Members"}, ("bg", "en"), (), private=True),
    ]
    with line.database.writing() as connection:
        first = tokens.add(connection, "one", "", line.now)
    line.cycle()
    assert len(pictures(line)) == 1
    folder = f"private/{first.token}/"
    assert len(line.tree.paths(f"{folder}images")) == 2
    entries = json.loads(line.tree.read(f"{folder}en/members.json"))["items"]
    assert all(entry["image"].startswith(f"https://e.example/{folder}images/") for entry in entries)
    with line.database.writing() as connection:
        second = tokens.add(connection, "two", "", line.now)
    line.cycle(1)
    assert len(line.tree.paths(f"private/{second.token}/images")) == 2
    assert len(photos.asked) == 2, "copied, not fetched again"


def test_a_tree_that_was_cleared_gets_its_pictures_back(line):
    line.cycle()
    before = pictures(line)
    for path in line.tree.paths():
        line.tree.remove(path)
    line.cycle(1)
    assert pictures(line) == before
    assert shown(line)[0] == f"https://e.example/{before[0]}"
