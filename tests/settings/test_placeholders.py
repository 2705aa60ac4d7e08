"""Secrets stand outside of the config, and stay out of messages."""

# ruff: noqa: E501 - the tables read best with one case a line

from datetime import UTC, datetime

import pytest

from syndicator.errors import ConfigError
from syndicator.settings.load import load

NOW = datetime(2026, 3, 15, tzinfo=UTC)
SECRET = "s3cr3t-Kazanlak"
LIBRE = "{id: l, kind: libretranslate, url: 'http://127.0.0.1:5000', api_key: '%s'}"
GOOGLE = "{id: google, kind: deep-translator, provider: google}"


def test_the_environment_fills_any_text(good, check):
    text = good.replace("https://feeds.example.eu/", "https://${env:HOST}/${env:DIR}")
    read, problems = check(text, {"HOST": "x.eu", "DIR": "news"})
    assert problems == ()
    assert read.site.base_url == "https://x.eu/news/"


def test_two_dollars_stand_for_one(good, check):
    read, _ = check(good.replace("INNOGROW News", "'$${env:X} for $5'"))
    assert read.site.title[""] == "${env:X} for $5"


def test_what_is_filled_in_is_not_filled_again(good, check):
    read, _ = check(good.replace("INNOGROW News", "${env:A}"), {"A": "${env:B}", "B": "x"})
    assert read.site.title[""] == "${env:B}"


def test_a_filled_value_is_no_yaml(good, check):
    read, _ = check(good.replace("INNOGROW News", "${env:A}"), {"A": "[a]: {b"})
    assert read.site.title[""] == "[a]: {b"


def test_a_credential_of_systemd(good, check, tmp_path):
    (tmp_path / "libre").write_text(SECRET + "\n")
    text = good.replace(GOOGLE, LIBRE % "${credential:libre}")
    read, problems = check(text, {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert problems == ()
    assert read.translation.engines[0].api_key.get_secret_value() == SECRET


def test_outside_systemd_a_credential_is_a_warning_to_check_and_a_mistake_to_work_with(good, check, tmp_path):
    text = good.replace(GOOGLE, LIBRE % "${credential:libre}")
    read, problems = check(text)
    assert read is None
    assert [(problem.path, problem.warning) for problem in problems] == [
        ("translation.engines[0].api_key", True)
    ]
    with pytest.raises(ConfigError, match="not available outside systemd") as caught:
        load(tmp_path / "syndicator.yaml", {}, NOW)
    assert not caught.value.problems[0].warning


def test_what_stands_for_a_missing_credential_is_not_judged(good, check):
    read, problems = check(good.replace("https://example.bg/rss", "${credential:rss}"))
    assert read is None
    assert [(problem.path, problem.warning) for problem in problems] == [("sources[0].url", True)]


def test_a_credential_that_was_not_given(good, check, tmp_path):
    _, problems = check(
        good.replace(GOOGLE, LIBRE % "${credential:no}"), {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    )
    assert "LoadCredential=no" in problems[0].message
    assert not problems[0].warning


# Each of these is wrong once the secret is filled in, and is complained of.
WRONG_PLACES = [
    ("title: INNOGROW News", "title: {bg: ${env:S}, it: '${env:S}', x: y}"),
    ("https://feeds.example.eu/", "${env:S}"),
    ("contact: ops@example.eu", "contact: ${env:S}"),
    ("contact: ops@example.eu", "timezone: ${env:S}"),
    ("sqlite:///var/syndicator.db", "${env:S}"),
    ("feeds: feeds", "feeds: s3://${env:S}"),
    ("source: bg", "source: ${env:S}"),
    ("targets: [en, it]", "targets: ['${env:S}']"),
    ("id: stzagora", "id: ${env:S}"),
    ("kind: feed", "kind: ${env:S}"),
    ("kind: feed\n    url: https://example.bg/rss", "kind: inbox\n    path: ./${env:S}/x"),
    ("https://example.bg/rss", "https://${env:S}:x@y"),
    ("https://example.bg/rss", "x${env:S}"),
    ("publish: summary", "publish: ${env:S}"),
    ("publish: summary", "publish: summary\n    every: ${env:S}"),
    ("publish: summary", "publish: summary\n    cron: ${env:S}"),
    ("publish: summary", "publish: summary\n    backfill: ${env:S}"),
    ("publish: summary", "publish: summary\n    full_text: ${env:S}"),
    ("publish: summary", "publish: summary\n    tags: ${env:S}"),
    ("publish: summary", "publish: summary\n    rules: {body: '[[${env:S}'}"),
    ("publish: summary", "publish: summary\n    engines: ['${env:S}', gogle]"),
    ("languages:", "serve: {bind: '${env:S}'}\nlanguages:"),
    ("languages:", "fetch: {max_bytes: '${env:S}', allow_private: ['/${env:S}']}\nlanguages:"),
    ("  engines:", "  glossary: ['${env:S}']\n  engines:"),
    ("  engines:", "  notices: {en: {line: '${env:S}', mark: '${env:S} a b c'}}\n  engines:"),
    ("kind: deep-translator", "kind: '${env:S}'"),
    ("provider: google", "provider: '${env:S}'"),
    (GOOGLE, "{id: l, kind: libretranslate, url: '${env:S}', api_key: '${env:S}'}"),
    (GOOGLE, LIBRE % SECRET),
    (GOOGLE, f"{{id: l, kind: libretranslate, url: 'http://u:{SECRET}@h', api_key: '{SECRET}', apikey: {SECRET}}}"),
    ("https://example.bg/rss", f"http s://u:{SECRET}@h"),
    ("id: all", "id: '${env:S}'"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "instead"), WRONG_PLACES)
def test_a_secret_in_the_wrong_place_is_not_told(good, check, written, instead):
    assert written in good
    _, problems = check(good.replace(written, instead, 1), {"S": SECRET})
    assert problems
    assert SECRET.lower() not in f"{problems!r} {' '.join(map(str, problems))}".lower()


def test_a_secret_is_not_in_the_representation_of_settings(good, check):
    text = good.replace(GOOGLE, LIBRE % "${env:S}").replace(
        "example.bg/rss", "u:${env:S}@example.bg/rss?t=${env:S}"
    )
    read, problems = check(text, {"S": SECRET})
    assert problems == ()
    assert SECRET not in f"{read!r} {read} {read.sources!r} {read.sources[0]} {read.translation.engines!r}"
    assert "stzagora" in repr(read.sources)
