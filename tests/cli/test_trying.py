"""``sources try`` against real servers: the kind it finds, what it shows and drops, and YAML that works."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from ruamel.yaml import YAML

SENTENCE = "Общината откри новия мост над Сазлийка след ремонт, който продължи две години и половина. "
ARTICLE = f"""<html><head><title>Нов мост над Сазлийка - Вестник</title>
<script>var невидимо = 1;</script></head><body><nav><a href="/">Начало</a></nav>
<h1>Нов мост над Сазлийка</h1><p>{SENTENCE * 3}</p><p>{SENTENCE}Край.</p><p>Прочетена: 532 пъти</p>
<div class="comments"><p>Читател: браво за моста!</p></div></body></html>"""
SECTION = "<html><head><title>Новини</title></head><body><h1>Новини</h1>{}</body></html>".format(
    "".join(f'<h2><a href="/novini/{n}.html">Новина от общината номер {n}</a></h2>' for n in range(1, 9))
)
FEED = """<rss version="2.0"><channel><title>Вестник</title><link>{0}/</link><item><title>Нов мост
над Сазлийка</title>
<link>{0}/novini/1.html</link><description>Общината откри…</description></item></channel></rss>"""
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{0}/novini/1.html</loc>
<lastmod>2026-01-02</lastmod></url><url><loc>{0}/novini/2.html</loc></url></urlset>"""
PAGES = {
    "/rss.xml": (FEED, "application/rss+xml"),
    "/sitemap.xml": (SITEMAP, "application/xml"),
    "/novini": (SECTION, "text/html"),
    **{f"/novini/{number}.html": (ARTICLE, "text/html") for number in range(1, 9)},
    "/long.html": (ARTICLE.replace(SENTENCE, SENTENCE * 5), "text/html"),
    "/empty.html": ("<html><body><p>Няма.</p></body></html>", "text/html"),
}


class _Site(BaseHTTPRequestHandler):
    reserved = False

    def do_GET(self) -> None:
        text, kind = PAGES.get(self.path, ("", ""))
        body = text.replace("{0}", f"http://{self.headers['Host']}").encode()
        self.send_response(200 if kind else 404)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if self.server.reserved:  # type: ignore[attr-defined]
            self.send_header("TDM-Reservation", "1")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def town() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    server.reserved = False  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def address(town: ThreadingHTTPServer, path: str) -> str:
    return f"http://127.0.0.1:{town.server_address[1]}{path}"


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/rss.xml", "feed"), ("/sitemap.xml", "sitemap"), ("/novini", "listing"), ("/long.html", "page")],
)
def test_each_kind_is_found_and_its_yaml_passes_check(desk, town, path, kind):
    ran = desk.run("sources", "try", address(town, path), "--json")
    assert ran.code == 0, ran.err
    found = json.loads(ran.out)
    assert found["kind"] == kind
    assert found["article"]["title"] == "Нов мост над Сазлийка"
    assert SENTENCE.strip() in found["article"]["body"]
    assert "Прочетена" not in found["article"]["body"]

    yaml = YAML()
    config = yaml.load(desk.config.read_text("utf-8"))
    pasted = yaml.load(found["yaml"])
    assert pasted[0]["kind"] == kind
    config["sources"] = pasted
    with desk.config.open("w", encoding="utf-8") as file:
        yaml.dump(config, file)
    checked = desk.run("check")
    assert checked.code == 0, checked.err + checked.out


def test_what_was_dropped_is_shown_with_the_rule(desk, town):
    ran = desk.run("sources", "try", address(town, "/long.html"))
    assert ran.code == 0, ran.err
    assert "Прочетена: 532 пъти  [line: counter]" in ran.out
    assert "Читател: браво за моста!  [beside the article by its own name]" in ran.out
    assert "невидимо" not in ran.out
    assert "- id:" in ran.out


def test_a_reservation_is_told(desk, town):
    town.reserved = True
    ran = desk.run("sources", "try", address(town, "/long.html"))
    assert ran.code == 0, ran.err
    assert "permission:" in next(line for line in ran.out.splitlines() if line.startswith("!"))


def test_nothing_there_is_told_by_name(desk, town):
    for path in ("/empty.html", "/absent.html"):
        ran = desk.run("sources", "try", address(town, path))
        assert ran.code != 0
        assert path in ran.err
