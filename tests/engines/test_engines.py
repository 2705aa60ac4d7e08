"""What every engine has to keep to, whatever its server does."""

import json
from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest

from syndicator.engines.deepl import FREE, PRO, DeepLEngine
from syndicator.engines.google import GoogleEngine
from syndicator.engines.http import HttpService
from syndicator.engines.libretranslate import LibreTranslateEngine
from syndicator.engines.microsoft import MicrosoftEngine
from syndicator.engines.mymemory import MyMemoryEngine
from syndicator.engines.openai import OpenAIEngine, instructions, read_answer
from syndicator.engines.yandex import YandexEngine
from syndicator.errors import (
    AnswerMalformedError,
    EngineDownError,
    EngineError,
    EngineRefusedError,
    EngineTimeoutError,
    EngineUnavailableError,
    RateLimitedError,
    RequestTooLongError,
)
from syndicator.model import Pair
from syndicator.ports import Hint, takes_hints

PAIR = Pair("bg", "en")
TEXTS = ["Първо изречение.", "Второ, с <знаци> & „кавички“.", "Трето 2026"]


class Contract(ABC):
    """What holds for all engines; a subclass builds one."""

    @abstractmethod
    def engine(self, server, **options):
        """Return an engine that asks the server."""

    def test_answers_come_in_the_order_of_the_texts(self, server):
        server.answer = lambda text, target: f"{target}: {text[::-1]}"
        answers = self.engine(server).translate(TEXTS, PAIR)
        assert answers == [f"en: {text[::-1]}" for text in TEXTS]

    def test_a_single_text_has_a_single_answer(self, server):
        server.answer = lambda text, target: "Wine"
        assert self.engine(server).translate(["Вино"], PAIR) == ["Wine"]

    def test_markup_and_entities_come_back_as_they_were_sent(self, server):
        server.answer = lambda text, target: text.replace("а", "a")
        text = "Tom & Jerry's <b> „а“ &lt; &amp;"
        assert self.engine(server).translate([text], PAIR)[0].split(" &lt;")[0] == "Tom & Jerry's <b> „a“"

    def test_an_echo_is_returned_as_it_came(self, server):
        server.answer = lambda text, target: text
        assert self.engine(server).translate(["Вино", "Мед"], PAIR) == ["Вино", "Мед"]

    def test_an_empty_answer_for_one_of_several_is_no_success_for_the_others(self, server):
        server.reshape = lambda answers: answers[:-1]
        with pytest.raises(AnswerMalformedError):
            self.engine(server).translate(TEXTS, PAIR)

    def test_more_answers_than_texts_are_malformed(self, server):
        server.reshape = lambda answers: [*answers, "one more"]
        with pytest.raises(AnswerMalformedError):
            self.engine(server).translate(TEXTS, PAIR)

    @pytest.mark.parametrize("status", [500, 502, 503])
    def test_a_server_in_trouble_is_unavailable(self, server, status):
        server.faults = [server.status(status, "<html>trouble</html>")]
        with pytest.raises(EngineUnavailableError, match=str(status)):
            self.engine(server).translate(TEXTS, PAIR)

    def test_too_many_requests_carry_the_wait(self, server):
        server.faults = [server.status(429, Retry_After="7"), server.status(429, Retry_After="Wed, 21 Oct")]
        for seconds in (7.0, None):
            with pytest.raises(RateLimitedError) as caught:
                self.engine(server).translate(TEXTS, PAIR)
            assert caught.value.retry_after == seconds

    def test_a_request_that_is_too_long_is_named(self, server):
        server.faults = [server.status(413)]
        with pytest.raises(RequestTooLongError):
            self.engine(server).translate(TEXTS, PAIR)

    @pytest.mark.parametrize("fault", ["hang", "drip"])
    def test_a_server_that_never_ends_its_answer_times_out(self, server, fault):
        server.faults = [getattr(server, fault)]
        started = monotonic()
        with pytest.raises(EngineTimeoutError, match=r"0\.3 s"):
            self.engine(server, timeout=0.3).translate(TEXTS, PAIR)
        assert monotonic() - started < 0.9

    def test_a_server_that_hangs_up_is_unavailable(self, server):
        server.faults = [server.hang_up]
        with pytest.raises(EngineUnavailableError):
            self.engine(server).translate(TEXTS, PAIR)

    def test_a_server_that_is_not_there_is_unavailable(self, server):
        engine = self.engine(server)
        server.close()
        with pytest.raises(EngineUnavailableError):
            engine.translate(TEXTS, PAIR)

    @pytest.mark.parametrize("page", ["<html><h1>Welcome to nginx</h1></html>", "", '{"other": 1}', "[]"])
    def test_a_page_that_holds_no_translation_is_an_error(self, server, page):
        server.faults = [server.page(page)]
        with pytest.raises(EngineError):
            self.engine(server).translate(TEXTS, PAIR)

    def test_it_knows_which_pairs_it_translates(self, server):
        engine = self.engine(server)
        assert engine.supports(PAIR)
        assert not engine.supports(Pair("bg", "xx"))
        assert not engine.supports(Pair("xx", "bg"))

    def test_threads_never_get_each_others_answers(self, server):
        engine = self.engine(server)
        server.answer = lambda text, target: f"en: {text}"
        texts = [f"Изречение номер {number}." for number in range(80)]
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda text: engine.translate([text], PAIR)[0], texts))
        assert answers == [f"en: {text}" for text in texts]


class TestGoogle(Contract):
    def engine(self, server, **options):
        return GoogleEngine("google", url=f"{server.url}/m", **options)

    def test_the_answer_is_unescaped_once(self, server):
        server.answer = lambda text, target: "Tom &lt; Jerry's"  # the translation itself says "&lt;"
        assert self.engine(server).translate(["Том"], PAIR) == ["Tom &lt; Jerry's"]

    def test_blanks_and_line_ends_in_a_text_do_not_make_lines(self, server):
        server.answer = lambda text, target: text
        assert self.engine(server).translate(["едно\nдве\u2028три", "четири"], PAIR) == [
            "едно две три",
            "четири",
        ]

    def test_what_deep_translator_would_refuse_is_too_long(self, server):
        with pytest.raises(RequestTooLongError):
            self.engine(server).translate(["а" * 5000], PAIR)
        assert server.asked == []

    def test_it_asks_under_googles_own_codes(self, server):
        self.engine(server).translate(["Вино"], Pair("bg", "he"))
        assert server.asked[0][1:] == ("bg", "iw")


class TestLibreTranslate(Contract):
    def engine(self, server, **options):
        return LibreTranslateEngine("libre", server.url, **options)

    def test_a_wrong_key_is_the_operators_affair(self, server):
        server.key = "right"
        assert self.engine(server, api_key="right").translate(["Вино"], PAIR)
        with pytest.raises(EngineRefusedError, match=r"Invalid API key.*check api_key"):
            self.engine(server, api_key="wrong").translate(["Вино"], PAIR)

    def test_the_limit_of_the_server_is_told_apart_from_a_bad_request(self, server):
        said = '{"error": "Invalid request: request (9000) exceeds text limit (2000)"}'
        server.faults = [server.status(400, said), server.status(400, '{"error": "bg is not supported"}')]
        with pytest.raises(RequestTooLongError):
            self.engine(server).translate(TEXTS, PAIR)
        with pytest.raises(EngineRefusedError, match="not supported"):
            self.engine(server).translate(TEXTS, PAIR)

    def test_old_servers_that_list_no_targets_translate_everything(self, server):
        server.targets = {"bg": [], "en": []}
        assert self.engine(server).supports(PAIR)

    def test_the_languages_are_asked_for_once(self, server):
        engine = self.engine(server)
        assert engine.supports(PAIR)
        assert engine.supports(Pair("en", "it"))
        assert server.listed == 1


KEY = "k3y-that-nobody-sees"
USED_UP = "YOU USED ALL AVAILABLE FREE TRANSLATIONS FOR TODAY"


def error(message, **more):
    return json.dumps({"error": {"message": message, **more}})


class TestDeepL(Contract):
    def engine(self, server, **options):
        return DeepLEngine("deepl", KEY, url=server.url, **options)

    def test_the_key_goes_in_a_header_and_nowhere_else(self, server):
        self.engine(server).translate(TEXTS, PAIR)
        assert server.headers["Authorization"] == f"DeepL-Auth-Key {KEY}"
        assert KEY not in json.dumps(server.bodies)

    def test_keys_of_the_free_plan_have_a_host_of_their_own(self):
        assert DeepLEngine("d", f"{KEY}:fx")._url == f"{FREE}/v2"
        assert DeepLEngine("d", KEY)._url == f"{PRO}/v2"

    def test_european_variants_are_asked_for(self, server):
        self.engine(server).translate(["Вино"], Pair("bg", "pt"))
        assert server.bodies[0]["target_lang"] == "PT-PT"

    def test_only_unusual_languages_are_asked_for(self, server):
        engine = self.engine(server)
        assert engine.supports(Pair("bg", "it"))
        assert server.listed == 0
        assert not engine.supports(Pair("bg", "xx"))
        assert server.listed == 1

    def test_a_spent_quota_is_the_operators_affair(self, server):
        server.faults = [server.status(456, json.dumps({"message": "Quota exceeded"}))]
        with pytest.raises(EngineRefusedError, match="quota"):
            self.engine(server).translate(TEXTS, PAIR)

    def test_a_wrong_key_is_told_without_the_key(self, server):
        server.faults = [
            server.status(403, json.dumps({"message": f"bad key {KEY}, was {KEY[:6]}****{KEY[-4:]}"}))
        ]
        with pytest.raises(EngineRefusedError, match="check api_key") as caught:
            self.engine(server).translate(TEXTS, PAIR)
        assert KEY[:6] not in str(caught.value)
        assert KEY[-4:] not in str(caught.value)


class TestMicrosoft(Contract):
    def engine(self, server, **options):
        return MicrosoftEngine("microsoft", KEY, url=server.url, **options)

    def test_key_and_region_go_in_headers(self, server):
        self.engine(server, region="westeurope").translate(TEXTS, PAIR)
        assert server.headers["Ocp-Apim-Subscription-Key"] == KEY
        assert server.headers["Ocp-Apim-Subscription-Region"] == "westeurope"

    @pytest.mark.parametrize(
        ("status", "code", "kind", "told"),
        [
            (401, 401000, EngineRefusedError, "check api_key, region"),
            (403, 403001, EngineRefusedError, "quota"),
            (400, 400050, RequestTooLongError, "text"),
            (400, 400036, EngineRefusedError, "languages"),
        ],
    )
    def test_its_codes_are_told_apart(self, server, status, code, kind, told):
        server.faults = [server.status(status, error("some text", code=code))]
        with pytest.raises(kind, match=told):
            self.engine(server).translate(TEXTS, PAIR)


class TestOpenAI(Contract):
    def engine(self, server, **options):
        return OpenAIEngine("llm", f"{server.url}/v1", "gemma3", **{"timeout": 20.0, **options})

    def test_it_takes_hints_and_puts_them_into_the_instructions(self, server):
        engine = self.engine(server)
        assert takes_hints(engine)
        engine.translate(["Пчелите"], PAIR, [Hint((("Пчелите", "The bees"),), (("Мед", "Honey"),))])
        system, user = server.bodies[0]["messages"]
        assert "Пчелите → The bees" in system["content"]
        assert "Мед → Honey" in system["content"]
        assert json.loads(user["content"]) == {"1": "Пчелите"}

    def test_it_names_the_languages(self):
        assert "from Bulgarian to Italian" in instructions(Pair("bg", "it"))

    def test_a_server_without_schemas_is_asked_in_an_older_way_and_then_always(self, server):
        engine = self.engine(server)
        server.faults = [
            server.status(400, error("response_format json_schema is not supported")),
            server.status(400, error("temperature does not support 0 with this model")),
        ]
        assert engine.translate(["Вино"], PAIR)
        assert engine.translate(["Мед"], PAIR)
        formats = [body["response_format"]["type"] for body in server.bodies]
        assert formats == ["json_schema", "json_object", "json_object", "json_object"]
        assert ["temperature" in body for body in server.bodies] == [True, True, False, False]

    @pytest.mark.parametrize(
        ("status", "body", "told"),
        [
            (404, error('model "gemma3" not found, try pulling it first'), "ollama pull gemma3"),
            (404, "<html>nothing</html>", "ends in /v1"),
            (401, error(f"Incorrect API key provided: {KEY[:5]}****{KEY[-4:]}"), "check api_key"),
            (429, error("You exceeded your current quota", code="insufficient_quota"), "quota"),
        ],
    )
    def test_what_the_operator_must_do_is_said(self, server, status, body, told):
        server.faults = [server.status(status, body)]
        with pytest.raises(EngineRefusedError, match=told) as caught:
            self.engine(server, api_key=KEY).translate(TEXTS, PAIR)
        assert KEY[-4:] not in str(caught.value)

    @pytest.mark.parametrize(
        "said",
        [
            "I'm sorry, but I can't help with that.",
            'Here you are: {"1": "Wine"}',
            '{"1": "Wine"} I hope this helps!',
            '["Wine"]',
            '{"1": "Wine", "2": "Honey"}',
            '{"1": "Wine", "1": "Honey"}',
            '{"1": ["Wine"]}',
            '{"2": "Wine"}',
            "{}",
            "",
        ],
    )
    def test_any_other_shape_is_no_answer(self, said):
        with pytest.raises(AnswerMalformedError):
            read_answer("llm", said, ["1"])

    def test_a_fence_around_the_object_is_taken_off(self):
        assert read_answer("llm", '```json\n{"2": "Honey", "1": "Wine"}\n```', ["1", "2"]) == [
            "Wine",
            "Honey",
        ]

    def test_an_answer_that_was_cut_is_asked_for_in_smaller_parts(self, server):
        cut = {"choices": [{"message": {"content": '{"1": "Wi'}, "finish_reason": "length"}]}
        server.faults = [server.page(json.dumps(cut))]
        with pytest.raises(RequestTooLongError):
            self.engine(server).translate(TEXTS, PAIR)

    def test_a_refusal_is_no_answer(self, server):
        said = {"choices": [{"message": {"content": None, "refusal": "No."}, "finish_reason": "stop"}]}
        server.faults = [server.page(json.dumps(said))]
        with pytest.raises(AnswerMalformedError):
            self.engine(server).translate(TEXTS, PAIR)


class TestYandex(Contract):
    def engine(self, server, **options):
        return YandexEngine("yandex", KEY, url=server.url, **options)

    @pytest.mark.parametrize(
        ("code", "kind"),
        [
            (401, EngineRefusedError),
            (404, EngineRefusedError),
            (413, RequestTooLongError),
            (501, EngineRefusedError),
        ],
    )
    def test_the_code_in_the_answer_is_what_counts(self, server, code, kind):
        server.faults = [server.page(json.dumps({"code": code, "message": KEY}))]
        with pytest.raises(kind) as caught:
            self.engine(server).translate(TEXTS, PAIR)
        assert KEY not in str(caught.value)


class TestMyMemory(Contract):
    def engine(self, server, **options):
        return MyMemoryEngine("mymemory", url=server.url, **options)

    # One text a request: there are no parts that could be missing or too many.
    test_more_answers_than_texts_are_malformed = None

    @pytest.mark.parametrize(
        ("said", "kind"),
        [
            (
                f"MYMEMORY WARNING: {USED_UP}. NEXT AVAILABLE IN 10 HOURS 30 MINUTES 12 SECONDS",
                RateLimitedError,
            ),
            ("QUERY LENGTH LIMIT EXCEEDED. MAX ALLOWED QUERY : 500 CHARS", RequestTooLongError),
            ("INVALID LANGUAGE PAIR SPECIFIED. EXAMPLE: LANGPAIR=EN|IT", EngineRefusedError),
            ("NO QUERY SPECIFIED. EXAMPLE REQUEST: GET?Q=HELLO&LANGPAIR=EN|IT", EngineRefusedError),
        ],
    )
    def test_an_error_in_a_translations_place_is_none(self, server, said, kind):
        server.answer = lambda text, target: said
        with pytest.raises(kind) as caught:
            self.engine(server).translate(["Вино"], PAIR)
        if kind is RateLimitedError:
            assert caught.value.retry_after == 10 * 3600 + 30 * 60 + 12

    def test_bytes_are_counted_not_letters(self, server):
        with pytest.raises(RequestTooLongError):
            self.engine(server).translate(["а" * 250], PAIR)
        assert self.engine(server).translate(["а" * 249], PAIR)


def test_nobody_at_the_address_is_a_clear_outage(server):
    server.close()
    with pytest.raises(EngineDownError, match="is the server running"):
        HttpService("x", timeout=1).ask("GET", f"{server.url}/languages")


def test_a_date_in_retry_after_is_understood(server):
    server.faults = [server.status(429, Retry_After="Wed, 21 Oct 2099 07:28:00 GMT")]
    with pytest.raises(RateLimitedError) as caught:
        DeepLEngine("deepl", KEY, url=server.url).translate(TEXTS, PAIR)
    assert caught.value.retry_after > 1_000_000


@pytest.mark.parametrize("status", [301, 404, 418])
def test_what_is_no_api_at_all_is_an_error_of_the_engine(server, status):
    server.faults = [server.status(status, "<html></html>")]
    with pytest.raises(EngineError):
        DeepLEngine("deepl", KEY, url=server.url).translate(TEXTS, PAIR)
