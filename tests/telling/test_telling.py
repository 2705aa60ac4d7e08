"""From what is wrong to whoever is told: a whole service, and real places to be told at."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from syndicator.errors import NoticeError
from syndicator.runtime.build import open_workshop
from syndicator.runtime.monitoring.figures import Figures, HeldArticle
from syndicator.runtime.once import run_once
from syndicator.runtime.telling import ways
from syndicator.runtime.telling.noting import note_news, settle_targets
from syndicator.runtime.telling.sending import GIVEN_UP, Teller, delay, send_due
from syndicator.runtime.telling.targets import targets_of
from syndicator.runtime.telling.testing import send_tests, try_targets
from syndicator.runtime.telling.troubles import troubles
from syndicator.settings.load import load
from syndicator.store import telling, tokens
from syndicator.store.erasing import erase

from .conftest import Program

SOURCE = ("Мостът е отворен", "Мостът над реката в центъра на града беше отворен за движение във вторник.")


def configured(folder, extra, engine="http://127.0.0.1:9"):
    (folder / "inbox").mkdir(exist_ok=True)
    path = folder / "syndicator.yaml"
    path.write_text(
        f"""\
site: {{title: News, base_url: "https://feeds.example.eu/", contact: ops@example.eu}}
storage: {{database: "sqlite:///state.db", feeds: feeds, compress: false}}
languages: {{targets: [en]}}
sources:
  - {{id: pasted, name: Editors, kind: inbox, path: inbox, publish: full, permission: {{by: me}}}}
translation:
  engines: [{{id: libre, kind: libretranslate, url: "{engine}", local: true}}]
feeds:
  - {{id: all, title: News}}
{extra}
""",
        "utf-8",
    )
    return load(path, {"TOKEN": "t0ken", "HOOK": extra}, datetime.now(UTC))


def write(folder, name="one", title=SOURCE[0]):
    (folder / "inbox" / f"{name}.txt").write_text(f"{title}\n\n{SOURCE[1]}", "utf-8")


def cycle(settings, now=None, *, reload_refused=False):
    """Run one cycle as ``once`` does, at a moment."""
    with open_workshop(settings, now) as workshop:
        settle_targets(workshop)
        run_once(workshop)
        note_news(workshop, reload_refused=reload_refused)
        send_due(workshop.database, settings, at_once=True)


def pending(settings):
    with open_workshop(settings) as workshop, workshop.database.reading() as connection:
        return telling.due(connection, [target.key for target in targets_of(settings)], None)


def test_an_alert_is_told_once_and_so_is_its_end(tmp_path, hook, mail, program):
    settings = configured(
        tmp_path,
        f"""\
on_alert:
  - {{kind: webhook, url: "{hook.url}", token: "${{env:TOKEN}}"}}
  - {{kind: mail, to: [ops@example.eu, night@example.eu], from: bot@example.eu,
     smtp: "{mail.place}", tls: none, user: bot, password: "${{env:TOKEN}}"}}
  - {{kind: command, command: ["{program.path}"]}}
""",
    )
    write(tmp_path)
    cycle(settings)
    cycle(settings)  # a restart in between changes nothing: the state is in the database
    [told] = hook.posts
    [raised] = told["raised"]
    assert (told["event"], told["cleared"], told["site"]) == ("alerts", [], "https://feeds.example.eu/")
    assert (raised["kind"], raised["subject"]) == ("engine_off", "libre")
    assert "libre" in told["subject"]
    assert "syndicator status" in told["text"]
    assert hook.headers[0]["Authorization"] == "Bearer t0ken"
    assert hook.headers[0]["Idempotency-Key"] == told["id"]
    [message] = mail.mails
    assert message["To"] == "ops@example.eu, night@example.eu"
    assert message["Subject"].startswith("[syndicator] the engine libre does not translate")
    assert message["Auto-Submitted"] == "auto-generated"
    assert raised["text"] in message.get_content()
    assert len(mail.logins) == 1
    assert program.read() == [{**told, "id": program.read()[0]["id"]}]

    with open_workshop(settings) as workshop, workshop.database.writing() as connection:
        connection.exec_driver_sql("UPDATE engines SET last_success = '2999-01-01 00:00:00', rests = 0")
    (tmp_path / "inbox" / "one.txt").unlink()
    with open_workshop(settings) as workshop:
        note_news(workshop)
        note_news(workshop)
        send_due(workshop.database, settings)
    [_, over] = hook.posts
    assert over["raised"] == []
    assert over["cleared"] == [raised]
    assert over["subject"].startswith("[syndicator] over: the engine libre")
    assert len(mail.mails) == 2


def test_what_is_held_is_told_after_a_day(tmp_path, hook):
    settings = configured(tmp_path, f'on_alert: [{{kind: webhook, url: "{hook.url}", only: [article_held]}}]')
    write(tmp_path)
    now = datetime.now(UTC)
    with open_workshop(settings, now) as workshop:
        run_once(workshop)
        with workshop.database.writing() as connection:
            connection.exec_driver_sql(
                "UPDATE renditions SET state = 'held', reason = 'x: echo: y' WHERE language = 'en'"
            )
    for hours, told in ((0, 0), (23, 0), (25, 1), (50, 1)):
        with open_workshop(settings, now + timedelta(hours=hours)) as workshop:
            note_news(workshop)
            send_due(workshop.database, settings, at_once=True)
        assert len(hook.posts) == told, hours
    assert hook.posts[0]["raised"][0]["since"] == now.isoformat(timespec="seconds")


def test_the_text_of_a_confidential_source_is_told_to_nobody():
    held = [
        HeldArticle("abc", "en", "refused: echo: alike — “Тайна”", "echo", confidential)
        for confidential in (True, False)
    ]
    secret, plain = troubles(Figures(datetime.now(UTC), (), (), (), tuple(held), (), (), 0))
    assert "Тайна" not in secret.text
    assert "echo" in secret.text
    assert "Тайна" in plain.text


def test_a_refused_reload_is_told_and_its_end(tmp_path, hook):
    settings = configured(
        tmp_path, f'on_alert: [{{kind: webhook, url: "{hook.url}", only: [reload_refused]}}]'
    )
    cycle(settings, reload_refused=True)
    cycle(settings, reload_refused=True)
    cycle(settings)
    assert [(len(post["raised"]), len(post["cleared"])) for post in hook.posts] == [(1, 0), (0, 1)]


def test_a_target_that_fails_is_told_later_and_holds_nothing_up(tmp_path, hook, program, caplog):
    settings = configured(
        tmp_path,
        f"""\
on_alert:
  - {{kind: webhook, url: "{hook.url}"}}
  - {{kind: command, command: ["{program.path}"]}}
""",
    )
    hook.status = 500
    write(tmp_path)
    cycle(settings)
    assert len(program.read()) == 1, "the other target was told all the same"
    [notice] = pending(settings)
    assert notice.attempts == 1
    assert "500" in notice.last_error
    assert "s3cr3t" not in notice.last_error, "an address may be a secret"
    with open_workshop(settings) as workshop:
        send_due(workshop.database, settings)
    assert len(pending(settings)) == 1, "not before its time"
    hook.status = 204
    cycle(settings)
    assert len(hook.posts) == 1
    assert pending(settings) == []
    assert len(program.read()) == 1


def test_after_a_week_a_notice_is_given_up(tmp_path, hook):
    settings = configured(tmp_path, f'on_alert: [{{kind: webhook, url: "{hook.url}"}}]')
    hook.status = 410
    write(tmp_path)
    cycle(settings)
    with open_workshop(settings) as workshop:
        old = (datetime.now(UTC) - GIVEN_UP - timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S")
        with workshop.database.writing() as connection:
            connection.exec_driver_sql("UPDATE notices SET created = ?", (old,))
        send_due(workshop.database, settings, at_once=True)
    assert pending(settings) == []


def test_delays_grow_up_to_six_hours():
    delays = [delay(attempts) for attempts in range(12)]
    assert delays[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert delays[-1] == timedelta(hours=6)


def test_new_entries_are_told_each_once_and_none_from_before(tmp_path, hook):
    quiet = configured(tmp_path, "")
    write(tmp_path, "before", "Училището има нова библиотека")
    cycle(quiet)
    settings = configured(
        tmp_path, f'on_publish: [{{kind: webhook, url: "{hook.url}", feeds: [all], languages: [bg]}}]'
    )
    cycle(settings)
    assert hook.posts == [], "what was there before is no news"
    write(tmp_path)
    cycle(settings)
    cycle(settings)
    [told] = hook.posts
    [entry] = told["entries"]
    assert told["event"] == "published"
    assert entry["title"] == SOURCE[0]
    published = json.loads((tmp_path / "feeds" / "bg" / "all.json").read_text("utf-8"))["items"]
    assert {entry["id"], entry["url"]} <= {
        value for item in published for value in item.values() if isinstance(value, str)
    }


def test_an_entry_at_the_place_of_an_erased_one_is_told(tmp_path, hook):
    settings = configured(tmp_path, f'on_publish: [{{kind: webhook, url: "{hook.url}"}}]')
    write(tmp_path)
    cycle(settings)
    with open_workshop(settings) as workshop, workshop.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM feed_entries")
        connection.exec_driver_sql("DELETE FROM articles")
    (tmp_path / "inbox" / "one.txt").unlink()
    (tmp_path / "inbox" / "two.txt").write_text(
        "Пазарът се мести\n\nОт събота пазарът на плодове ще се провежда на големия площад пред читалището.",
        "utf-8",
    )
    cycle(settings)
    assert [post["entries"][0]["title"] for post in hook.posts] == [SOURCE[0], "Пазарът се мести"]


def test_what_is_private_is_told_only_with_its_feed_and_without_a_token(tmp_path, hook):
    private = "  - {id: members, title: Members, private: true}"
    target = f'{{kind: webhook, url: "{hook.url}", languages: [bg]'
    settings = configured(tmp_path, f"{private}\non_publish: [{target}}}]")
    with open_workshop(settings) as workshop, workshop.database.writing() as connection:
        token = tokens.add(connection, "partner", "", workshop.now).token
    write(tmp_path)
    cycle(settings)
    assert [entry["feed"] for post in hook.posts for entry in post["entries"]] == ["all"]
    hook.posts.clear()
    settings = configured(tmp_path, f"{private}\non_publish: [{target}, feeds: [members]}}]")
    write(tmp_path, "two", "Училището има нова библиотека")
    cycle(settings)
    [entry] = [entry for post in hook.posts for entry in post["entries"]]
    assert (entry["feed"], entry["url"]) == ("members", ""), "the text came by the inbox, without an address"
    assert token not in json.dumps(hook.posts)


def test_what_was_to_be_told_of_an_erased_article_is_forgotten(tmp_path, hook):
    both = f'on_publish: [{{kind: webhook, url: "{hook.url}", languages: [bg]}}]'
    settings = configured(tmp_path, f'{both}\non_alert: [{{kind: webhook, url: "{hook.url}/alert"}}]')
    write(tmp_path)
    write(tmp_path, "two", "Училището има нова библиотека")
    hook.status = 500
    cycle(settings)
    with open_workshop(settings) as workshop, workshop.database.writing() as connection:
        [row] = connection.exec_driver_sql(
            "SELECT id, public_id FROM articles JOIN revisions USING (id) WHERE title = ?", (SOURCE[0],)
        )
        reason = f"libre: echo: {SOURCE[1]}"
        connection.exec_driver_sql(
            "UPDATE renditions SET state = 'held', reason = ? WHERE language = 'en'", (reason,)
        )
    for days in (0, 2):
        with open_workshop(settings, datetime.now(UTC) + timedelta(days=days)) as workshop:
            note_news(workshop)
    assert SOURCE[0] in str([notice.content for notice in pending(settings)])
    assert row.public_id in str([notice.content for notice in pending(settings)])
    with open_workshop(settings) as workshop:
        erase(workshop.database, row.id, workshop.now)
        with workshop.database.reading() as connection:
            told = str([one.text for one in telling.known(connection).values()])
    left = str([notice.content for notice in pending(settings)])
    assert SOURCE[0] not in left + told
    assert row.public_id not in left
    assert f"the article {row.public_id} was erased" in told
    assert "Училището" in left


def test_a_target_that_is_no_longer_configured_leaves_nothing_behind(tmp_path, hook):
    settings = configured(tmp_path, f'on_alert: [{{kind: webhook, url: "{hook.url}"}}]')
    hook.status = 500
    write(tmp_path)
    cycle(settings)
    other = configured(tmp_path, f'on_alert: [{{kind: webhook, url: "{hook.url}/other"}}]')
    cycle(other)
    with open_workshop(other) as workshop, workshop.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM notices").scalar() == 0


def test_a_worker_tells_in_a_thread_of_its_own(tmp_path, hook):
    settings = configured(tmp_path, f'on_alert: [{{kind: webhook, url: "{hook.url}", timeout: 5s}}]')
    write(tmp_path)
    hook.hang.clear()
    teller = Teller(lambda: settings)
    teller.start()
    with open_workshop(settings) as workshop:
        run_once(workshop)
        assert note_news(workshop)
        teller.wake()
    assert hook.posts == [], "it hangs, and nobody waited"
    hook.hang.set()
    deadline = time.monotonic() + 20
    while not hook.posts and time.monotonic() < deadline:
        time.sleep(0.05)
    teller.stop(10)
    assert len(hook.posts) == 1


def one(tmp_path, text):
    [target] = targets_of(configured(tmp_path, f"on_alert: [{text}]"))
    return target


CONTENT = {
    "event": "test",
    "id": "0a",
    "site": "https://feeds.example.eu/",
    "time": "2026-11-24T12:00:00+00:00",
}


def test_a_program_that_fails_hangs_or_cannot_be_run(tmp_path):
    for code, wanted, timeout in (
        ("sys.stderr.write('no credit left'); sys.exit(3)", "ended with 3: no credit left", "10s"),
        ("time.sleep(60)", "did not end in time", "1s"),
    ):
        program = Program(tmp_path, code)
        target = one(tmp_path, f'{{kind: command, command: ["{program.path}"], timeout: {timeout}}}')
        with pytest.raises(NoticeError, match=wanted):
            ways.deliver(target, CONTENT)
    program.path.chmod(0o644)
    with pytest.raises(NoticeError, match="Permission denied"):
        ways.deliver(target, CONTENT)


def test_a_program_gets_no_secret_of_ours(tmp_path, program, monkeypatch):
    monkeypatch.setenv("LIBRE_KEY", "s3cr3t")
    ways.deliver(one(tmp_path, f'{{kind: command, command: ["{program.path}"]}}'), CONTENT)
    environ = (tmp_path / "environ").read_text("utf-8")
    assert "s3cr3t" not in environ
    assert "SYNDICATOR_EVENT" in environ


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('{kind: webhook, url: "http://127.0.0.1:9/s3cr3t"}', "Connection refused"),
        ("{kind: mail, to: [a@example.eu], from: b@example.eu, smtp: 127.0.0.1:9}", "127.0.0.1:9: "),
    ],
)
def test_nobody_there(tmp_path, text, wanted):
    target = one(tmp_path, text)
    for call in (lambda: ways.deliver(target, CONTENT), lambda: ways.knock(target)):
        with pytest.raises(NoticeError, match=wanted) as raised:
            call()
        assert "s3cr3t" not in str(raised.value)


def test_a_mail_server_that_refuses_or_knows_no_encryption(tmp_path, mail):
    plain = f'kind: mail, to: [a@example.eu], from: b@example.eu, smtp: "{mail.place}"'
    mail.answer = "550 not from you"
    with pytest.raises(NoticeError, match="not from you"):
        ways.deliver(one(tmp_path, f"{{{plain}, tls: none}}"), CONTENT)
    with pytest.raises(NoticeError, match="STARTTLS"):
        ways.deliver(one(tmp_path, f"{{{plain}}}"), CONTENT)
    assert mail.mails == []


def test_a_mail_goes_encrypted_to_a_server_whose_certificate_is_known(
    tmp_path, encrypted_mail, certificate, monkeypatch
):
    mail, way = encrypted_mail
    target = one(
        tmp_path,
        f'{{kind: mail, to: [a@example.eu], from: b@example.eu, smtp: "{mail.place}", tls: {way}, user: bot,'
        ' password: "${env:TOKEN}"}',
    )
    with pytest.raises(NoticeError, match="CERTIFICATE_VERIFY_FAILED"):
        ways.deliver(target, CONTENT)
    assert (mail.mails, mail.logins) == ([], [])
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    ways._certificates.cache_clear()
    try:
        ways.deliver(target, CONTENT)
        assert ways.knock(target)
    finally:
        ways._certificates.cache_clear()
    assert mail.encrypted == [True]
    assert len(mail.logins) == 2


def test_a_title_cannot_add_headers(tmp_path, mail):
    target = one(
        tmp_path, f'{{kind: mail, to: [a@example.eu], from: b@example.eu, smtp: "{mail.place}", tls: none}}'
    )
    entry = {
        "title": "Нов мост\r\nBcc: x@example.eu",
        "feed": "all",
        "language": "bg",
        "url": "https://x.example/",
    }
    ways.deliver(target, {**CONTENT, "event": "published", "entries": [entry]})
    [message] = mail.mails
    assert message["Bcc"] is None
    assert message["Subject"] == "[syndicator] Нов мост Bcc: x@example.eu"


def test_trying_alarms_nobody_and_testing_reaches_everybody(tmp_path, hook, mail, program):
    settings = configured(
        tmp_path,
        f"""\
on_alert:
  - {{kind: webhook, url: "{hook.url}"}}
  - {{kind: mail, to: [ops@example.eu], from: bot@example.eu, smtp: "{mail.place}", tls: none}}
on_publish:
  - {{kind: command, command: ["{program.path}"]}}
""",
    )
    assert [trial.works for trial in try_targets(settings)] == [True] * 3
    assert (hook.posts, mail.mails, program.read()) == ([], [], [])
    assert hook.methods == ["HEAD"]
    assert [trial.works for trial in send_tests(settings)] == [True] * 3
    assert [hook.posts[0]["event"], program.read()[0]["event"]] == ["test", "test"]
    assert mail.mails[0]["Subject"] == "[syndicator] a test"
    hook.status = 500
    assert [trial.works for trial in send_tests(settings)] == [False, True, True]
