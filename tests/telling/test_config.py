"""What ``check`` says of targets that cannot be told: the place, what is wrong and what would be right."""

from datetime import UTC, datetime

import pytest

from syndicator.runtime.changes import changes
from syndicator.runtime.service import reached
from syndicator.settings.load import examine

CONFIG = """\
site: {{title: News, base_url: "https://feeds.example.eu/", contact: ops@example.eu}}
storage: {{database: "sqlite:///state.db", feeds: feeds}}
languages: {{targets: []}}
sources: []
feeds: [{{id: all, title: News, languages: [bg]}}]
{role}:
  - {target}
"""
MAIL = "kind: mail, to: [a@example.eu], from: b@example.eu"


def found(tmp_path, target, role="on_alert", **environ):
    path = tmp_path / "syndicator.yaml"
    path.write_text(CONFIG.format(role=role, target=target), "utf-8")
    settings, problems = examine(path, environ, datetime.now(UTC))
    return settings, [f"{one.path}: {one.message}" for one in problems if not one.warning]


@pytest.mark.parametrize(
    ("role", "target", "wanted"),
    [
        ("on_alert", "{kind: sms}", 'on_alert[0].kind: "sms" is not one of command, mail, webhook'),
        (
            "on_alert",
            f"{{{MAIL}, smtp: mail.example.eu}}",
            'on_alert[0].smtp: "mail.example.eu" is not',
        ),
        ("on_alert", "{kind: mail, to: [ops]}", 'on_alert[0].to[0]: "ops" is not an e-mail address'),
        ("on_alert", f'{{{MAIL}, smtp: "m.example.eu:587", user: x}}', "on_alert[0].password: is missing"),
        (
            "on_alert",
            f'{{{MAIL}, smtp: "m.example.eu:587", user: x, password: hunter2}}',
            "on_alert[0].password: a password must not stand in the config",
        ),
        (
            "on_alert",
            f'{{{MAIL}, smtp: "m.example.eu:25", tls: none, user: x, password: "${{env:PASSWORD}}"}}',
            "on_alert[0].tls: a password would cross the network in the open",
        ),
        ("on_alert", "{kind: webhook, url: hooks.example.eu}", "on_alert[0].url: "),
        (
            "on_alert",
            '{kind: webhook, url: "https://h.example.eu/", only: [engine_of]}',
            'on_alert[0].only[0]: "engine_of" is not one of source_silent, engine_off',
        ),
        ("on_alert", "{kind: command, command: [/no/such]}", "on_alert[0].command[0]: there is no program"),
        ("on_alert", "{kind: command, command: ls}", "on_alert[0].command: "),
        ("on_alert", "{kind: command, command: [ls], feeds: [all]}", "on_alert[0].feeds: means something"),
        ("on_publish", "{kind: command, command: [ls], only: [engine_off]}", "on_publish[0].only: means"),
        ("on_publish", "{kind: command, command: [ls], feeds: [al]}", "on_publish[0].feeds[0]: nothing has"),
    ],
)
def test_mistakes(tmp_path, role, target, wanted):
    settings, problems = found(tmp_path, target, role, PASSWORD="x")
    assert settings is None
    assert [problem for problem in problems if problem.startswith(wanted)], problems
    assert not any("hunter2" in problem for problem in problems)


def test_secrets_of_targets_stay_out_of_what_a_reload_says(tmp_path):
    target = '{kind: webhook, url: "${env:HOOK}", token: "${env:TOKEN}"}'
    before, _ = found(tmp_path, target, HOOK="https://h.example.eu/s3cr3t", TOKEN="t0ken")
    after, _ = found(tmp_path, target, HOOK="https://h.example.eu/0ther", TOKEN="n3w")
    told = " ".join(changes(before, after))
    assert "on_alert" in told
    for secret in ("s3cr3t", "0ther", "t0ken", "n3w"):
        assert secret not in told + repr(before)


def test_the_unit_lets_private_targets_be_reached(tmp_path):
    hook, _ = found(tmp_path, '{kind: webhook, url: "http://10.1.2.3:8000/x"}')
    mail, _ = found(tmp_path, f'{{{MAIL}, smtp: "192.168.7.8:25", tls: none}}')
    assert "10.1.2.3/32" in map(str, reached(hook))
    assert "192.168.7.8/32" in map(str, reached(mail))
