"""One slip in a good config: it is found, at its place, in words that say what would be right."""

# ruff: noqa: E501 - the tables read best with one case a line

import re

import pytest

# What pydantic and ruamel would say, and an operator should not have to read.
JARGON = re.compile(
    r"Input should|Field required|Extra inputs|valid (?:string|integer|dictionary|tuple|boolean|number|list)|"
    r"validation error|pydantic|discriminator|instance of|Settings\b|expected tags|block mapping|while (?:scanning|parsing)|"
    r"flow mapping|simple key|Unable to extract|String should|Tuple should|Value error|tuple|NoneType|\ue000|Traceback"
)

SLIPS = [
    # what is written → what instead, where it is told, words of the message
    ("  contact:", "  '': x\n  contact:", "4:3: site.", "no such key"),
    ("  contact:", "  provider: google\n  contact:", "4:3: site.provider", "belongs under translation.engines[]"),
    ("title: INNOGROW News", "titel: INNOGROW News", "2:3: site.titel", "did you mean title?"),
    ("title: INNOGROW News", "Title: INNOGROW News", "2:3: site.Title", "did you mean title?"),
    ("base_url:", "base-url:", "3:3: site.base-url", "did you mean base_url?"),
    ("contact: ops@example.eu", "targets: [en]", "4:3: site.targets", "belongs under languages"),
    ("contact: ops@example.eu", "zebra: 1", "4:3: site.zebra", "the keys are title, base_url"),
    ("feeds:\n  - id: all\n    title: News", "feed:\n  - id: all\n    title: News", "20:1: feed", "did you mean feeds?"),
    ("title: INNOGROW News", "title: 2026", "2:10: site.title", "quotes"),
    ("title: INNOGROW News", "title: true", "2:10: site.title", "quotes"),
    ("title: INNOGROW News", 'title: " "', "2:10: site.title", "empty"),
    ("title: INNOGROW News", "title: {}", "2:10: site.title", "one per language"),
    ("title: INNOGROW News", "title: [a, b]", "2:10: site.title", "one text per language"),
    ("title: INNOGROW News", "title: {en: 1}", "2:15: site.title.en", "quotes"),
    ("title: INNOGROW News", "title: {EN: News, it: x}", "2:11: site.title.EN", '"EN" is not a language code; did you mean en?'),
    ("title: INNOGROW News", "title: {English: News}", "2:11: site.title.English", "did you mean en?"),
    ("title: INNOGROW News", "title: {български: Новини}", "2:11: site.title.български", "did you mean bg?"),
    ("title: INNOGROW News", 'title: {"": News}', "2:10: site.title", "empty key"),
    ("https://feeds.example.eu/", "feeds.example.eu", "3:13: site.base_url", '"feeds.example.eu" is not a whole address'),
    ("https://feeds.example.eu/", "ftp://feeds.example.eu/", "3:13: site.base_url", "https://"),
    ("https://feeds.example.eu/", "/feeds/", "3:13: site.base_url", "must begin with https://"),
    ("https://feeds.example.eu/", "https://", "3:13: site.base_url", "host"),
    ("https://feeds.example.eu/", "https://x.eu:99999/", "3:13: site.base_url", "port"),
    ("https://feeds.example.eu/", "https://x.eu:0/", "3:13: site.base_url", "host"),
    ("https://feeds.example.eu/", "https://[::1/", "3:13: site.base_url", "host and port"),
    ("https://feeds.example.eu/", "https://x.eu/?a=1", "3:13: site.base_url", "?"),
    ("https://feeds.example.eu/", "https://новини.бг/", "3:13: site.base_url", "ASCII"),
    ("https://feeds.example.eu/", "https://x.eu/a b", "3:13: site.base_url", "blank"),
    ("https://feeds.example.eu/", "8080", "3:13: site.base_url", "quotes"),
    ("contact: ops@example.eu", "contact: ops at example.eu", "4:12: site.contact", "ops@example.eu"),
    ("contact: ops@example.eu", "timezone: Sofia", "4:13: site.timezone", "Europe/Sofia"),
    ("contact: ops@example.eu", "timezone: ../../etc/passwd", "4:13: site.timezone", "Europe/Sofia"),
    ("contact: ops@example.eu", "funding: EU", "4:12: site.funding", "a map belongs"),
    ("contact: ops@example.eu", "funding: {image: https://x.eu/a.png}", "4:3: site.funding.text", "write for example"),
    ("sqlite:///var/syndicator.db", "var/syndicator.db", "6:13: storage.database", "sqlite:///../var/syndicator.db"),
    ("sqlite:///var/syndicator.db", "sqlite://", "6:13: storage.database", "sqlite:///"),
    ("sqlite:///var/syndicator.db", '"sqlite:///:memory:"', "6:13: storage.database", "sqlite:///"),
    ("sqlite:///var/syndicator.db", "mysql://x/y", "6:13: storage.database", "sqlite:///"),
    ("sqlite:///var/syndicator.db", "postgresql://user@host/db", "6:13: storage.database", "not available yet"),
    ("sqlite:///var/syndicator.db", "sqlite:///feeds/s.db", "6:13: storage.database", "published folder"),
    ("sqlite:///var/syndicator.db", "sqlite:///.", "6:13: storage.database", "is a folder"),
    ("feeds: feeds", "feeds: s3://", "7:10: storage.feeds", "s3://bucket/prefix"),
    ("feeds: feeds", "feeds: s3://Bucket/x", "7:10: storage.feeds", "s3://bucket/prefix"),
    ("feeds: feeds", "feeds: s3://bucket/a/../b", "7:10: storage.feeds", "s3://bucket/prefix"),
    ("feeds: feeds", "feeds: feeds\n  s3: {region: eu}", "8:7: storage.s3", "delete it"),
    ("feeds: feeds", "feeds: s3://bucket/a\n  s3: {endpoint: x}", "8:18: storage.s3.endpoint", "http"),
    ("feeds: feeds", "feeds: s3://bucket/a\n  s3: {access_key_id: '${env:HOME}'}", "8:7: storage.s3", "two parts"),
    ("feeds: feeds", "feeds: s3://bucket/a\n  s3: {access_key_id: a, secret_access_key: b}", "8:45: storage.s3.secret_access_key", "${env:NAME}"),
    ("feeds: feeds\n", "feeds: s3://bucket\nserve: {bind: '127.0.0.1:8080'}\n", "8:8: serve", "not s3://bucket"),
    ("feeds: feeds", "feeds: [feeds]", "7:10: storage.feeds", "text"),
    ("feeds: feeds", "feeds: ~/feeds", "7:10: storage.feeds", "whole path"),
    ("feeds: feeds", 'feeds: ""', "7:10: storage.feeds", "empty"),
    ("feeds: feeds", "feeds: syndicator.yaml", "7:10: storage.feeds", "is a file"),
    ("storage:\n  database: sqlite:///var/syndicator.db\n  feeds: feeds", "storage: feeds", "5:10: storage", "a map belongs"),
    ("source: bg", "source: BG", "9:11: languages.source", "did you mean bg?"),
    ("source: bg", "source: bulgarian", "9:11: languages.source", "did you mean bg?"),
    ("source: bg", "source: pt_br", "9:11: languages.source", "did you mean pt-BR?"),
    ("source: bg", "source: klingon!", "9:11: languages.source", "such as bg"),
    ("targets: [en, it]", "targets: en", "10:12: languages.targets", "[en]"),
    ("targets: [en, it]", "targets: {en: it}", "10:12: languages.targets", "`- `"),
    ("targets: [en, it]", "targets: [en, en]", "10:17: languages.targets[1]", "twice"),
    ("targets: [en, it]", "targets: [en, tlh]", "10:17: languages.targets[1]", "notices: {tlh:"),
    ("targets: [en, it]", "targets: [en, 5]", "10:17: languages.targets[1]", "quotes"),
    ("targets: [en, it]", "targets: [en, ~]", "10:17: languages.targets[1]", "empty"),
    ("  targets: [en, it]\n", "", "8:1: languages.targets", "write for example `targets: [en, it]`"),
    ("languages:\n  source: bg\n  targets: [en, it]\n", "", "1:1: languages", "is missing"),
    ("languages:", "serve: {embed_ancestors: [partner.example]}\nlanguages:", "8:27: serve.embed_ancestors[0]", "its scheme"),
    (
        "languages:",
        "websub: {hubs: ['https://h.example/', 'https://h.example/']}\nlanguages:",
        "8:39: websub.hubs[1]",
        "twice",
    ),
    ("languages:", "websub: {}\nlanguages:", "8:1: websub.hubs", "missing"),
    ("languages:", "serve: {bind: 8080}\nlanguages:", "8:15: serve.bind", "127.0.0.1:8080"),
    ("languages:", 'serve: {bind: ":8080"}\nlanguages:', "8:15: serve.bind", "0.0.0.0:8080"),
    ("languages:", "serve: {bind: localhost}\nlanguages:", "8:15: serve.bind", "127.0.0.1:8080"),
    ("languages:", "serve: yes\nlanguages:", "8:8: serve", "map"),
    ("languages:", "fetch: {timeout: 20}\nlanguages:", "8:18: fetch.timeout", "20s, 15m, 6h or 2d"),
    ("languages:", "fetch: {timeout: 20 seconds}\nlanguages:", "8:18: fetch.timeout", "20s, 15m, 6h or 2d"),
    ("languages:", "fetch: {timeout: 0s}\nlanguages:", "8:18: fetch.timeout", "no time at all"),
    ("languages:", "fetch: {timeout: 999999999d}\nlanguages:", "8:18: fetch.timeout", "shorter"),
    ("languages:", "fetch: {max_bytes: 5000000}\nlanguages:", "8:20: fetch.max_bytes", "5MB"),
    ("languages:", "fetch: {max_bytes: 5 mega}\nlanguages:", "8:20: fetch.max_bytes", "5MB"),
    ("languages:", "fetch: {max_bytes: 0MB}\nlanguages:", "8:20: fetch.max_bytes", "5MB"),
    ("languages:", "fetch: {per_host: {concurrency: 0}}\nlanguages:", "8:33: fetch.per_host.concurrency", "at least 1"),
    ("languages:", "fetch: {per_host: {concurrency: 99}}\nlanguages:", "8:33: fetch.per_host.concurrency", "at most 32"),
    ("languages:", "fetch: {per_host: {concurrency: 1.5}}\nlanguages:", "8:33: fetch.per_host.concurrency", "whole number"),
    ("languages:", 'fetch: {per_host: {concurrency: "2"}}\nlanguages:', "8:33: fetch.per_host.concurrency", "without quotes"),
    ("languages:", "fetch: {allow_private: 127.0.0.1}\nlanguages:", "8:24: fetch.allow_private", "[127.0.0.1]"),
    ("languages:", "fetch: {allow_private: ['http://127.0.0.1']}\nlanguages:", "8:25: fetch.allow_private[0]", "without scheme"),
    ("languages:", "fetch: {allow_private: [10.0.0.0/99]}\nlanguages:", "8:25: fetch.allow_private[0]", "10.0.0.0/8"),
    ("id: stzagora", "id: Стара Загора", "12:9: sources[0].id", "small letters"),
    ("id: stzagora", "id: 7", "12:9: sources[0].id", "quotes"),
    ("id: stzagora", "id: a/b", "12:9: sources[0].id", "small letters"),
    ("id: stzagora\n    name", "name", "12:5: sources[0].id", "write for example `id: stzagora`"),
    ("kind: feed", "kind: rss", "14:11: sources[0].kind", "not one of feed, page, listing, sitemap, inbox"),
    ("kind: feed", "kind: feeds", "14:11: sources[0].kind", "did you mean feed?"),
    ("kind: feed", "kind: [feed]", "14:11: sources[0].kind", "this list is not one of feed"),
    ("kind: feed", "kind: feed\n    pages: 2", "15:5: sources[0].pages", "for listing only"),
    ("kind: feed", "kind: feed\n    recent: 2d", "15:5: sources[0].recent", "for sitemap only"),
    ("kind: feed", "kind: page\n    paths: [/a/*]", "15:5: sources[0].paths", "for listing, sitemap only"),
    ("kind: feed", "kind: sitemap\n    rules: {links: a}", "15:13: sources[0].rules.links", "for listing only"),
    ("kind: feed", "kind: listing\n    pages: 0", "15:12: sources[0].pages", ""),
    ("kind: feed", "kind: inbox", "15:5: sources[0].url", "`path: ../inbox`"),
    ("    kind: feed\n", "", "12:5: sources[0].kind", "write one of feed, page"),
    ("url: https://example.bg/rss", "path: inbox", "15:5: sources[0].path", "only an inbox has a path"),
    ("    url: https://example.bg/rss\n", "", "12:5: sources[0].url", "`url: https://example.bg/rss`"),
    ("https://example.bg/rss", "example.bg/rss", "15:10: sources[0].url", "https://"),
    ("https://example.bg/rss", "https://user:secret@example.bg/rss", "15:10: sources[0].url", "password"),
    ("kind: feed\n    url: https://example.bg/rss", "kind: inbox\n    path: syndicator.yaml", "15:11: sources[0].path", "is a file"),
    ("kind: feed\n    url: https://example.bg/rss", "kind: inbox\n    path: feeds/in", "15:11: sources[0].path", "published folder"),
    ("publish: summary", "publish: all", "16:14: sources[0].publish", "not one of full, summary, title"),
    ("    publish: summary\n", "", "12:5: sources[0].publish", "write one of full, summary, title"),
    ("publish: summary", "publish: summary\n    permission: yes", "17:17: sources[0].permission", "a map belongs"),
    ("publish: summary", "publish: summary\n    permission: {by: x, date: 1.3.2026}", "17:31: sources[0].permission.date", "2026-03-01"),
    ("publish: summary", "publish: summary\n    permission: {by: x, date: 2026-02-30}", "17:31: sources[0].permission.date", "calendar"),
    ("publish: summary", "publish: summary\n    permission: {by: x, until: 2026}", "17:32: sources[0].permission.until", "2026-03-01"),
    ("publish: summary", "publish: summary\n    every: 15", "17:12: sources[0].every", "15m"),
    ("publish: summary", "publish: summary\n    every: 15m\n    cron: '* * * * *'", "18:11: sources[0].cron", "exclude each other"),
    ("publish: summary", "publish: summary\n    cron: '* * * *'", "17:11: sources[0].cron", "five fields"),
    ("publish: summary", "publish: summary\n    cron: '0 0 30 2 *'", "17:11: sources[0].cron", "ever comes due"),
    ("publish: summary", "publish: summary\n    cron: '* * * * * *'", "17:11: sources[0].cron", "five fields"),
    ("publish: summary", "publish: summary\n    cron: */15 7-20 * * *", "17:", '"*/15 7-20 * * *"'),
    ("publish: summary", "publish: summary\n    cron: * * * * *", "17:", '"* * * * *"'),
    ("publish: summary", "publish: summary\n    full_text: yes", "17:16: sources[0].full_text", "write true, without quotes"),
    ("publish: summary", "publish: summary\n    full_text: off", "17:16: sources[0].full_text", "write false, without quotes"),
    ("publish: summary", "publish: summary\n    full_text: maybe", "17:16: sources[0].full_text", "neither true nor false"),
    ("publish: summary", "publish: summary\n    backfill: -1", "17:15: sources[0].backfill", "at least 0"),
    ("publish: summary", "publish: summary\n    backfill: all", "17:15: sources[0].backfill", "whole number"),
    ("publish: summary", "publish: summary\n    tags: innogrow", "17:11: sources[0].tags", "[innogrow]"),
    ("publish: summary", "publish: summary\n    tags: [[a]]", "17:12: sources[0].tags[0]", "a list stands where one text"),
    ("publish: summary", "publish: summary\n    tags: [{a: b}]", "17:12: sources[0].tags[0]", "a map stands where one text"),
    ("publish: summary", "publish: summary\n    match: [INNOGROW]", "17:12: sources[0].match", "any, all, none"),
    ("publish: summary", "publish: summary\n    match: {some: [a]}", "17:13: sources[0].match.some", "any, all, none"),
    ("publish: summary", "publish: summary\n    rules: {body: 'div['}", "17:19: sources[0].rules.body", "CSS selector"),
    ("publish: summary", "publish: summary\n    rules: {body: ''}", "17:19: sources[0].rules.body", "empty"),
    ("publish: summary", "publish: summary\n    engines: [gogle]", "17:15: sources[0].engines[0]", "did you mean google?"),
    ("publish: summary", "publish: summary\n    engines: []", "17:14: sources[0].engines", "empty"),
    ("publish: summary", "publish: summary\n    confidential: true", "17:19: sources[0].confidential", "`local: true`"),
    ("publish: summary", "publish: summary\n    accepts: [en]", "17:5: sources[0].accepts", "no such key"),
    ("publish: summary", "publish: summary\n    id: b", "17:5: sources[0].id", "a second time (first in line 12)"),
    ("kind: deep-translator", "kind: google", "19:26: translation.engines[0].kind", "not one of deep-translator"),
    ("kind: deep-translator", "kind: deeptranslator", "19:26: translation.engines[0].kind", "did you mean deep-translator?"),
    ("kind: deep-translator, ", "", "19:7: translation.engines[0].kind", "write one of deep-translator"),
    ("kind: deep-translator", "kind: 3", "19:26: translation.engines[0].kind", '"3" is not one of'),
    ("provider: google", "provider: gogle", "19:53: translation.engines[0].provider", "did you mean google?"),
    ("provider: google", "provider: libre", "19:53: translation.engines[0].provider", "`kind: libretranslate`"),
    ("provider: google", "provider: linguee", "19:53: translation.engines[0].provider", "a dictionary of single words"),
    ("provider: google", "provider: pons", "19:53: translation.engines[0].provider", "use google or mymemory"),
    ("provider: google", "provider: deepl", "19:53: translation.engines[0].provider", "`kind: deepl`"),
    ("provider: google", "provider: baidu", "19:53: translation.engines[0].provider", "not available yet"),
    ("provider: google", "provider: microsoft", "19:7: translation.engines[0].api_key", "microsoft needs one"),
    (", provider: google", "", "19:7: translation.engines[0].provider", "write one of google"),
    ("provider: google", "provider: google, modell: x", "19:61: translation.engines[0].modell", "no such key"),
    ("provider: google", "provider: google, local: true", "19:68: translation.engines[0].local", "public web service"),
    ("provider: google", "provider: google, requests_per_second: 0", "19:82: translation.engines[0].requests_per_second", "above 0"),
    ("provider: google", "provider: google, requests_per_second: .inf", "19:82: translation.engines[0].requests_per_second", "not a number"),
    ("provider: google", "provider: google, requests_per_second: '5'", "19:82: translation.engines[0].requests_per_second", "without quotes"),
    ("provider: google", "provider: google, max_characters: 5", "19:77: translation.engines[0].max_characters", "at least 100"),
    ("provider: google", "provider: google, budget: 400000", "19:69: translation.engines[0].budget", "characters_per_day"),
    ("provider: google", "provider: google, budget: {characters_per_day: 400_000}", "19:90: translation.engines[0].budget.characters_per_day", "whole number"),
    ("provider: google", "provider: google, price_per_million: 20 EUR", "19:80: translation.engines[0].price_per_million", "number"),
    ("{id: google, kind: deep-translator, provider: google}", "google", "19:7: translation.engines[0]", "a map belongs"),
    ("{id: google, kind: deep-translator, provider: google}", "{id: l, kind: libretranslate}", "19:7: translation.engines[0].url", "http://127.0.0.1:5000"),
    ("{id: google, kind: deep-translator, provider: google}", "{id: l, kind: libretranslate, url: 'http://h', api_key: hush}", "19:63: translation.engines[0].api_key", "${env:NAME}"),
    ("{id: google, kind: deep-translator, provider: google}", "{id: l, kind: libretranslate, url: 'http://h', api_key: ''}", "19:63: translation.engines[0].api_key", "empty"),
    ("{id: google, kind: deep-translator, provider: google}", "{id: f, kind: firefox, models: m, processes: 0}", "19:52: translation.engines[0].processes", "1"),
    ("{id: google, kind: deep-translator, provider: google}", "{id: f, kind: firefox, models: syndicator.yaml}", "19:38: translation.engines[0].models", "is a file"),
    ("provider: google", "provider: google, api_key: '${env:HOME}'", "19:61: translation.engines[0].api_key", "takes no key"),
    ("provider: google", "provider: mymemory, region: westeurope", "19:63: translation.engines[0].region", "only microsoft"),
    ("  engines:\n    - {id: google, kind: deep-translator, provider: google}", "  on_suspect: hold", "17:1: translation.engines", "needs one"),
    ("  engines:", "  on_suspect: keep\n  engines:", "18:15: translation.on_suspect", "not one of hold, publish"),
    ("  engines:", "  pivot: english\n  engines:", "18:10: translation.pivot", "did you mean en?"),
    ("  engines:", "  glossary: glossary.yaml\n  engines:", "18:13: translation.glossary", "[glossary.yaml]"),
    ("  engines:", "  glossary: [glossary.yaml]\n  engines:", "18:14: translation.glossary[0]", "there is no file"),
    ("  engines:", "  glossary: [.]\n  engines:", "18:14: translation.glossary[0]", "is a folder"),
    ("  engines:", "  memory: [syndicator.yaml, syndicator.yaml]\n  engines:", "18:29: translation.memory[1]", "twice"),
    ("  engines:", "  memory: [https://x.eu/a.tmx]\n  engines:", "18:12: translation.memory[0]", "on this machine"),
    ("  engines:", "  routes: [{from: bg, to: it, engines: [local]}]\n  engines:", "18:41: translation.routes[0].engines[0]", "there are: google"),
    ("  engines:", "  routes: [{from: bg, to: bg, engines: [google]}]\n  engines:", "18:27: translation.routes[0].to", "another language"),
    ("  engines:", "  routes: [{from: bg, engines: [google]}]\n  engines:", "18:12: translation.routes[0].to", "write for example `to: it`"),
    ("  engines:", "  routes: [{from: bg, to: it, engines: [google]}, {from: bg, to: it, engines: [google]}]\n  engines:", "18:66: translation.routes[1].to", "already"),
    ("  engines:", "  notices: [en]\n  engines:", "18:12: translation.notices", "map belongs"),
    ("  engines:", "  notices: {en: Machine}\n  engines:", "18:17: translation.notices.en", "line, mark"),
    ("  engines:", "  notices: {EN: {line: '{language}', mark: x}}\n  engines:", "18:13: translation.notices.EN", "did you mean en?"),
    ("  engines:", "  notices: {en: {line: Machine, mark: x}}\n  engines:", "18:24: translation.notices.en.line", "{language}"),
    ("  engines:", "  notices: {en: {line: '{language} {x}', mark: x}}\n  engines:", "18:24: translation.notices.en.line", "braces"),
    ("  engines:", "  notices: {en: {line: '{language}', mark: a b c d}}\n  engines:", "18:44: translation.notices.en.mark", "one to three words"),
    ("id: all", "id: ALL", "21:9: feeds[0].id", "small letters"),
    ("    title: News", "    limit: 5", "21:5: feeds[0].title", "write for example `title: News`"),
    ("    title: News", "    title: News\n    limit: 0", "23:12: feeds[0].limit", "at least 1"),
    ("    title: News", "    title: News\n    limit: fifty", "23:12: feeds[0].limit", "such as 50"),
    ("    title: News", "    title: News\n    formats: [rss, html]", "23:20: feeds[0].formats[1]", "not one of rss, atom, json"),
    ("    title: News", "    title: News\n    formats: [rss, rss]", "23:20: feeds[0].formats[1]", "twice"),
    ("    title: News", "    title: News\n    formats: []", "23:14: feeds[0].formats", "empty"),
    ("    title: News", "    title: News\n    formats: rss", "23:14: feeds[0].formats", "[rss]"),
    ("    title: News", "    title: News\n    languages: [fr]", "23:17: feeds[0].languages[0]", "languages.targets"),
    ("    title: News", "    title: News\n    languages: [en, en]", "23:21: feeds[0].languages[1]", "twice"),
    ("    title: News", "    title: News\n    sources: [stzgora]", "23:15: feeds[0].sources[0]", "did you mean stzagora?"),
    ("    title: News", "    title: News\n    sources: [other]", "23:15: feeds[0].sources[0]", "there are: stzagora"),
    ("    title: News", "    title: News\n  - id: all\n    title: Again", "23:9: feeds[1].id", "taken (line 21)"),
    ("feeds:\n  - id: all\n    title: News", "feeds: all", "20:8: feeds", "list"),
    ("feeds:\n  - id: all\n    title: News", "feeds: {id: all, title: News}", "20:8: feeds", "`- `"),
    ("feeds:\n  - id: all\n    title: News", "feeds:\n  - all", "21:5: feeds[0]", "id, title"),
    # YAML itself
    ("  title: INNOGROW News", "\ttitle: INNOGROW News", "2:1:", "tab"),
    ("title: INNOGROW News", "title: News: the best", "2:14:", "quotes"),
    ("title: INNOGROW News", 'title: "News', "2:10:", "never closed"),
    ("title: INNOGROW News", 'title: "C:\\Users"', "2:15:", "doubled"),
    ("title: INNOGROW News", "title: @News", "2:10:", "begins with @"),
    ("title: INNOGROW News", "title: `News`", "2:10:", "begins with `"),
    ("title: INNOGROW News", "title: %News", "2:10:", "begins with %"),
    ("title: INNOGROW News", "title: &news INNOGROW", "2:10: site.title", "anchor"),
    ("title: INNOGROW News", "title: *news", "2:10: site.title", "alias"),
    ("title: INNOGROW News", "title: !shout News", "2:10: site.title", "tag"),
    ("title: INNOGROW News", "title: [a, b", "3:11:", "bracket that opens in line 2"),
    ("  title: INNOGROW News", "   title: INNOGROW News", "3:3:", "line up"),
    ("  title: INNOGROW News", "  title", "3:11:", "colon"),
    ("  title: INNOGROW News", "  ? [a]\n  : b\n  title: x", "2:5: site", "plain word"),
    ("title: INNOGROW News", "title: {en: ${env:TITLE}}", "2:16:", "in quotes"),
    ("title: INNOGROW News", "title: ${TITLE}", "2:10: site.title", "${env:NAME}"),
    ("title: INNOGROW News", "title: ${env:NOT_SET}", "2:10: site.title", "NOT_SET is not set"),
    ("title: INNOGROW News", "title: ${env:TITLE", "2:10: site.title", "never closed"),
    ("title: INNOGROW News", "title: ${credential:../x}", "2:10: site.title", "no placeholder"),
    ("title: INNOGROW News", 'title: "\\ud83d"', "2:10: site.title", "half a character"),
    ("title: INNOGROW News", 'title: "\\UFFFFFFFF"', "1:1:", "escape"),
    ("title: INNOGROW News", "title: a\x07b", "2:11:", "control character"),
    ("feeds:\n  - id: all", "---\nfeeds:\n  - id: all", "20:1:", "one document"),
    ("    title: News", "    title: " + "[" * 40 + "]" * 40, "22:39:", "nested too deeply"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "instead", "place", "words"), SLIPS)
def test_a_slip_is_told_at_its_place(good, check, written, instead, place, words):
    assert good.count(written) >= 1
    settings, problems = check(good.replace(written, instead, 1), {"HOME": "x"})
    mistakes = [str(problem).split("syndicator.yaml:", 1)[1] for problem in problems if not problem.warning]
    assert settings is None
    fitting = [mistake for mistake in mistakes if mistake.startswith(place)]
    assert fitting, mistakes
    assert any(words in mistake for mistake in fitting), fitting
    for problem in problems:
        assert not JARGON.search(problem.message), problem.message


@pytest.mark.parametrize(("written", "instead", "place", "words"), SLIPS)
def test_a_slip_is_told_once(good, check, written, instead, place, words):
    _, problems = check(good.replace(written, instead, 1), {"HOME": "x"})
    told = [(problem.line, problem.path) for problem in problems if not problem.warning]
    assert len(told) == len(set(told))


WHOLE_FILES = [
    (b"", "empty"),
    (b"# nothing yet\n", "empty"),
    (b"---\n", "empty"),
    (b"just a text\n", "key: value"),
    (b"- a\n- b\n", "key: value"),
    (b"site:title\n", "key: value"),
    ("site:\n  title: Новини".encode("cp1251"), "UTF-8"),
    (b"site: [", "bracket"),
    (b"{", "bracket"),
    (b"%YAML 9\n---\n", "YAML"),
    (b"\x00", "control character"),
]


@pytest.mark.parametrize(("content", "words"), WHOLE_FILES)
def test_a_file_that_is_no_config(check, content, words):
    settings, problems = check(content)
    assert settings is None
    assert words in problems[0].message
    assert not JARGON.search(problems[0].message)


def test_the_place_of_a_wrong_byte(check):
    _, (problem,) = check("site:\n  title: Нов".encode() + b"\xe8")
    assert (problem.line, problem.column) == (2, 13)


def test_every_problem_is_told_at_once_by_place(good, check):
    broken = (
        good.replace("title: INNOGROW News", "titel: INNOGROW News")
        .replace("targets: [en, it]", "targets: [en, en]")
        .replace("kind: feed", "kind: fed")
        .replace("provider: google", "provider: googel")
        .replace("    title: News", "    title: News\n    sources: [stzagora, other]")
    )
    _, problems = check(broken)
    mistakes = [problem for problem in problems if not problem.warning]
    assert [problem.path for problem in mistakes] == [
        "site.title",
        "site.titel",
        "languages.targets[1]",
        "sources[0].kind",
        "translation.engines[0].provider",
        "feeds[0].sources[1]",
    ]
    places = [(problem.line, problem.column) for problem in problems]
    assert places == sorted(places)
