"""The configs of nginx and Caddy in the docs, in the real nginx and Caddy."""

import gzip
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from syndicator.serve.treatment import House, treatment_of

from .conftest import FEED, FILES

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/serving.md"
FOLDERS = "/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin"
NGINX, CADDY = (shutil.which(name, path=FOLDERS) for name in ("nginx", "caddy"))
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}

MAIN = """
daemon off;
master_process off;
pid nginx.pid;
error_log stderr warn;
events { worker_connections 64; }
http {
    access_log off;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    include site.conf;
}
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def snippet_of(language: str) -> str:
    pattern = rf"^## {language}$.*?^```\w*\n(.*?)^```$"
    (snippet,) = re.findall(pattern, DOCUMENT.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return snippet


def replaced(snippet: str, changes: dict[str, str]) -> str:
    for documented, ours in changes.items():
        assert documented in snippet
        snippet = snippet.replace(documented, ours)
    return snippet


def nginx(tree, folder: Path, port: int) -> list[str]:
    """Write the documented config for our tree; return the command that starts nginx on it."""
    if NGINX is None:
        pytest.skip("nginx is not installed")
    pushed = r'^    # (?="~\\\.\(rss)'
    snippet = snippet_of("nginx")
    assert re.search(pushed, snippet, re.MULTILINE)
    snippet = replaced(
        re.sub(pushed, "    ", snippet, flags=re.MULTILINE),
        {
            "listen 80;": f"listen 127.0.0.1:{port};",
            "root /srv/syndicator/feeds;": f"root {tree.root};",
            "/var/log/nginx/access.log": f"{folder}/access.log",
        },
    )
    (folder / "nginx.conf").write_text(MAIN, "utf-8")
    (folder / "site.conf").write_text(snippet, "utf-8")
    return [NGINX, "-p", str(folder), "-c", "nginx.conf", "-e", "stderr"]


def caddy(tree, folder: Path, port: int) -> list[str]:
    """The same for Caddy, without certificates."""
    if CADDY is None:
        pytest.skip("Caddy is not installed")
    pushed = re.compile(r"^\t# (?=@pushed|\t|\}|header @pushed)", re.MULTILINE)
    snippet = snippet_of("Caddy")
    assert len(pushed.findall(snippet)) == 5
    snippet = replaced(
        pushed.sub("\t", snippet),
        {
            "feeds.example.eu {": f"http://127.0.0.1:{port} {{",
            "root * /srv/syndicator/feeds": f"root * {tree.root}",
        },
    )
    (folder / "Caddyfile").write_text("{\n\tadmin off\n\tauto_https off\n}\n" + snippet, "utf-8")
    return [CADDY, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


@pytest.fixture(params=[nginx, caddy], ids=["nginx", "caddy"])
def server(request):
    return request.param


@pytest.fixture
def client(server, tree, tmp_path):
    """A client of a web server with the documented config and the tests' tree."""
    port = free_port()
    command = server(tree, tmp_path, port)
    log = tmp_path / "stderr"
    home = {"PATH": FOLDERS, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    with (
        log.open("w") as errors,
        subprocess.Popen(command, stderr=errors, env=home) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"Accept-Encoding": "identity"}) as client,
    ):
        try:
            for _ in range(200):
                assert process.poll() is None, log.read_text("utf-8")
                try:
                    client.get("/")
                    break
                except httpx.ConnectError:
                    time.sleep(0.05)
            yield client
        finally:
            process.terminate()
            process.wait(10)


def test_files_have_the_same_types_and_headers_as_from_the_built_in_server(client):
    house = House("https://feeds.example.eu/", hubs=("https://hub.example.eu/",))
    for path, data in FILES.items():
        answer = client.get(f"/{path}")
        assert (answer.status_code, answer.content) == (200, data), path
        expected = treatment_of(path, house)
        assert answer.headers["content-type"].replace('"', "") == expected.media_type.decode(), path
        for name in ("cache-control", "referrer-policy", "x-content-type-options", "x-robots-tag", "link"):
            ours = dict(expected.headers).get(name.encode(), b"").decode()
            assert answer.headers.get(name, "") == ours, (path, name)
        cors = dict(expected.headers).get(b"access-control-allow-origin", b"").decode()
        assert answer.headers.get("access-control-allow-origin", "") == cors, path
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        ours = dict(expected.headers)[b"content-security-policy"].decode()
        assert policy.rpartition("frame-ancestors ")[2] == ours.rpartition("frame-ancestors ")[2], path


def test_a_browser_gets_types_that_it_shows(client):
    for ending in ("rss", "atom"):
        answer = client.get(f"/en/all.{ending}", headers=BROWSER)
        assert answer.headers["content-type"] == "application/xml; charset=utf-8"
        assert answer.content == FILES[f"en/all.{ending}"]
        assert "Accept" in answer.headers["vary"].replace(" ", "").split(",")
        assert answer.headers["access-control-allow-origin"] == "*"
    assert client.get("/en/all.json", headers=BROWSER).headers["content-type"] == "application/json"


@pytest.mark.parametrize("browser", [{}, BROWSER], ids=["reader", "browser"])
def test_compressed_forms_conditions_and_ranges(client, browser):
    packed = client.get("/en/all.rss", headers={**browser, "Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == FEED
    assert int(packed.headers["content-length"]) == len(gzip.compress(FEED, mtime=0))
    assert "Accept-Encoding" in packed.headers["vary"]
    plain = client.get("/en/all.rss", headers=browser)
    assert packed.headers["etag"] != plain.headers["etag"]
    for known in (
        {"If-None-Match": plain.headers["etag"]},
        {"If-Modified-Since": plain.headers["last-modified"]},
    ):
        again = client.get("/en/all.rss", headers={**browser, **known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["cache-control"] == plain.headers["cache-control"]
    part = client.get("/en/all.rss", headers={**browser, "Range": "bytes=1-3"})
    assert (part.status_code, part.content) == (206, FEED[1:4])
    assert client.head("/en/all.rss", headers=browser).status_code == 200


def test_folders_hidden_files_and_forms_are_not_shown(client, tree):
    (tree.root / ".hidden").write_bytes(b"SECRET")
    (tree.root.parent / "secret").write_bytes(b"SECRET")
    (tree.root / "link").symlink_to(tree.root.parent)
    for path in ("/private/", "/private/s3cr3t/en/", "/assets/", "/.hidden", "/en/all.rss.gz", "/none"):
        answer = client.get(path)
        assert answer.status_code in (403, 404), path
        assert b"s3cr3t" not in answer.content
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert client.get("/en/").content == FILES["en/index.html"]
    assert client.post("/en/all.rss").status_code == 405


def test_a_script_of_another_site_may_ask(client):
    preflight = client.options("/en/all.json", headers={"Origin": "https://a.example"})
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert "If-None-Match" in preflight.headers["access-control-allow-headers"]


@pytest.mark.parametrize("server", [nginx], ids=["nginx"])
def test_no_log_holds_a_private_address(client, tmp_path):
    for path in ("/private/s3cr3t/en/all.rss", "/private/s3cr3t/en/none.rss", "/en/all.rss"):
        client.get(path)
        client.get(path, headers=BROWSER)
    for _ in range(50):
        logged = (tmp_path / "access.log").read_text("utf-8")
        if logged.count("/en/all.rss") >= 2:
            break
        time.sleep(0.05)
    assert logged.count("/en/all.rss") == 2
    assert "s3cr3t" not in logged
