"""What every engine has to keep to, whatever its server does."""

from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest

from syndicator.engines.google import GoogleEngine
from syndicator.engines.libretranslate import LibreTranslateEngine
from syndicator.errors import (
    AnswerMalformedError,
    EngineError,
    EngineRefusedError,
    EngineTimeoutError,
    EngineUnavailableError,
    RateLimitedError,
    RequestTooLongError,
)
from syndicator.model import Pair

PAIR = Pair("bg", "en")
TEXTS = ["Първо изречение.", "Второ, с <знаци> & „кавички“.", "Трето 2026"]


class Contract:
    """What holds for all engines; a subclass builds one."""

    def engine(self, server, **options):
        raise NotImplementedError

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
