"""The worker as a real service: everything that its unit promises, tried under a real systemd."""

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

CONFIG = "/etc/syndicator/syndicator.yaml"
STATE = "/var/lib/syndicator"
ENGLISH = {
    "Читалището получи нови книги": "The community centre received new books",
    "Триста нови книги пристигнаха вчера в читалището в Дъбово.": (
        "Three hundred new books arrived yesterday at the community centre in Dabovo."
    ),
    "Децата от училището ги подредиха по рафтовете до вечерта.": (
        "The children from the school arranged them on the shelves by the evening."
    ),
}
ARTICLE = "Читалището получи нови книги\n\n" + "\n".join([*ENGLISH][1:]) + "\n"


class Web:
    """An engine and a page in one server of this machine; what was asked of it is kept."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.keys: list[str] = []
        self.pages = 0
        self.delay = 0.0
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/languages":
                    self.answer([{"code": "bg", "name": "bg", "targets": ["en"]}])
                else:
                    web.pages += 1
                    self.answer({})

            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                web.keys.append(asked.get("api_key", ""))
                time.sleep(web.delay)
                self.answer({"translatedText": [ENGLISH.get(text, "It is late.") for text in asked["q"]]})

            def answer(self, value: object) -> None:
                data = json.dumps(value).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer((host, 0), Handler)
        self.url = f"http://{host}:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    server = Web()
    yield server
    server.close()


def config(web: Web, extra: str = "", fetch: str = "", title: str = "News") -> str:
    return f"""\
site: {{title: {title}, base_url: "https://feeds.example.eu/", contact: ops@example.eu}}
storage: {{database: "sqlite:///{STATE}/syndicator.db", feeds: {STATE}/feeds}}
languages: {{source: bg, targets: [en]}}
fetch: {{per_host: {{delay: 0s}}, timeout: 3s{fetch}}}
sources:
  - {{id: box, name: Inbox, kind: inbox, path: /srv/inbox, publish: full, permission: {{by: me}}, every: 2s}}
{extra}
translation:
  engines:
    - {{id: own, kind: libretranslate, url: "{web.url}", api_key: "${{credential:own}}", local: true}}
feeds: [{{id: all, title: {{bg: Новини, en: News}}}}]
"""


@pytest.fixture(scope="module")
def service(machine, web):
    """The service, installed by the commands that the program names, and started."""
    machine.write(CONFIG, config(web))
    machine.write("/srv/inbox/books.txt", ARTICLE)
    told = machine.run(f"{machine.program} service install")
    assert "systemctl enable --now syndicator" in told
    machine.write("/etc/syndicator/credentials/own", "s3cret")
    machine.run("systemd-sysusers; systemd-tmpfiles --create 2>/dev/null; systemctl daemon-reload")
    # Under this name, so that the tests do not wait for what operators should wait for.
    machine.write(
        "/etc/systemd/system/syndicator.service.d/quick.conf",
        "[Service]\nRestartSec=200ms\nWatchdogSec=8s\nTimeoutAbortSec=1s\n"
        # A checkout below /tmp is none of the unit's concern; the tests must find it all the same.
        + ("PrivateTmp=no\n" if machine.program.is_relative_to("/tmp") else ""),
    )
    machine.run("systemctl daemon-reload && systemctl start syndicator")
    return machine


def feed(service) -> dict[str, object]:
    path = f"{STATE}/feeds/en/all.json"
    return json.loads(service.wait_for(f"grep -q Dabovo {path} && cat {path}"))


def test_it_publishes_what_a_web_server_can_read(service):
    entry = feed(service)["items"][0]
    assert entry["title"] == "The community centre received new books"
    assert service.run(f"setpriv --reuid=65534 --clear-groups cat {STATE}/feeds/en/all.rss")
    told = service.run(f"setpriv --reuid=65534 --clear-groups cat {STATE}/syndicator.db", check=False)
    assert "Permission denied" in told, "the database is nobody else's"


def test_it_is_a_user_of_its_own_that_reads_its_credential(service, web):
    feed(service)
    assert set(web.keys) == {"s3cret"}
    pid = service.show("MainPID")
    assert service.run(f"stat -c %U /proc/{pid}").strip() == "syndicator"
    assert "s3cret" not in service.journal()


def test_the_unit_is_without_fault_and_hardly_exposed(service):
    service.run("mkdir -p /run/unit && cp /etc/systemd/system/syndicator.service /run/unit/")
    assert service.run("systemd-analyze verify /run/unit/syndicator.service 2>&1") == ""
    told = service.run("systemd-analyze security --offline=true /run/unit/syndicator.service | tail -1")
    assert float(told.split(":")[1].split()[0]) <= 1.2


def test_a_command_by_root_leaves_nothing_that_the_worker_cannot_write(service):
    credentials = "CREDENTIALS_DIRECTORY=/etc/syndicator/credentials"
    service.run(f"{credentials} {service.program} articles list")
    assert service.run(f"find {STATE} ! -user syndicator").strip() == ""


def test_a_second_worker_is_told_who_holds_the_database(service):
    told = service.run(
        f"CREDENTIALS_DIRECTORY=/etc/syndicator/credentials {service.program} once; echo code $?"
    )
    assert "code 75" in told
    assert service.show("MainPID") in told


def test_a_reload_takes_a_good_config_over_and_refuses_a_bad_one(service, web):
    before = service.show("MainPID")
    service.write(CONFIG, config(web, title="Other News"))
    service.run("systemctl reload syndicator")
    service.wait_for("journalctl -u syndicator -o cat | grep -q 'site.title News → Other News'")
    service.write(CONFIG, config(web, title="Other News") + "nonsense: true\n")
    service.run("systemctl reload syndicator")
    service.wait_for("journalctl -u syndicator -o cat | grep -q 'last good one stays'")
    assert "nonsense" in service.journal()
    assert service.show("MainPID") == before
    assert service.show("ActiveState") == "active"
    service.write(CONFIG, config(web))


def test_one_that_hangs_is_killed_by_the_watchdog_and_comes_back(service):
    before = service.show("MainPID")
    service.run(f"kill -STOP {before}")
    service.wait_for("journalctl -u syndicator -b | grep -q \"result 'watchdog'\"")
    service.wait_for(f"test $(systemctl show --value -p MainPID syndicator) -gt {before}")
    service.wait_for("systemctl is-active -q syndicator")


def test_one_that_is_killed_comes_back_with_its_state(service, web):
    before, asked = feed(service), len(web.keys)
    pid = service.show("MainPID")
    service.run(f"kill -KILL {pid}")
    service.wait_for(f"test $(systemctl show --value -p MainPID syndicator) -gt {pid}")
    service.wait_for("systemctl is-active -q syndicator")
    time.sleep(3)
    assert feed(service)["items"] == before["items"]
    assert len(web.keys) == asked, "nothing is bought twice"


def test_the_kernel_keeps_it_from_private_addresses_that_the_unit_does_not_name(service, web):
    other = Web("127.0.0.2")
    try:
        extra = f'  - {{id: far, name: Far, kind: page, url: "{other.url}/p", publish: summary, every: 1s}}'
        service.write(CONFIG, config(web, extra, fetch=", allow_private: [127.0.0.2]"))
        service.run("systemctl reload syndicator")
        service.wait_for('journalctl -u syndicator -o cat | grep -q \'"source": "far".*error\'')
        assert other.pages == 0
        service.run(f"{service.program} service install && systemctl daemon-reload")
        allowed, denied = service.show("IPAddressAllow"), service.show("IPAddressDeny")
        assert "127.0.0.2/32" in allowed.split()
        # In a unit of its own: a container's kernel keeps the filter of a control group that is used again.
        limits = f"-p 'IPAddressAllow={allowed}' -p 'IPAddressDeny={denied}'"
        host, port = other.server.server_address
        asked = f"import socket; socket.create_connection(('{host}', {port}), 5)"
        service.run(f'systemd-run --quiet --wait --pipe {limits} /usr/bin/python3 -c "{asked}"')
    finally:
        service.write(CONFIG, config(web))
        service.run("systemctl reload syndicator")
        other.close()


def test_it_stops_in_time_although_its_engine_hangs(service, web):
    web.delay = 60.0
    asked = len(web.keys)
    service.write("/srv/inbox/more.txt", ARTICLE.replace("Триста", "Петстотин"))
    deadline = time.monotonic() + 20
    while len(web.keys) == asked and time.monotonic() < deadline:
        time.sleep(0.2)
    assert len(web.keys) > asked
    began = time.monotonic()
    service.run("systemctl stop syndicator")
    assert time.monotonic() - began < 20
    assert service.show("Result") == "success"
    web.delay = 0.0
    service.run("rm /srv/inbox/more.txt")


def test_a_config_that_cannot_be_used_ends_it_without_a_loop_of_restarts(service, web):
    service.write(CONFIG, "sources: [\n")
    service.run("systemctl restart syndicator", check=False)
    time.sleep(2)
    assert service.show("ExecMainStatus") == "78"
    assert service.show("ActiveState") == "failed"
    assert service.show("NRestarts") == "0"
    assert f"{CONFIG}:1" in service.journal()
    service.write(CONFIG, config(web))
    service.run("systemctl start syndicator")
    assert service.show("ActiveState") == "active"
