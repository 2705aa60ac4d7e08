"""Copies of a press release, and articles that only share its topic."""

from dataclasses import replace
from operator import eq
from random import Random

import pytest

from syndicator.extract.likeness import are_alike, traces
from syndicator.model import Article

RELEASE = (
    "Община Стара Загора откри нов център за млади предприемачи в сградата на старото кино. "
    "На церемонията присъстваха кметът, представители на бизнеса и партньори от Италия и Португалия. "
    "Центърът разполага с три зали за обучения, работилница за прототипи и общо работно пространство. "
    "Проектът е финансиран по програма INTERREG EUROPE и ще продължи до края на следващата година. "
    "Младежите могат да кандидатстват за безплатно място чрез сайта на общината. "
)
ORIGINAL = Article("Нов център за млади предприемачи", "", f"<p>{RELEASE}</p>", "bg", "https://a.example/1")
SHORTER = RELEASE.replace("Младежите могат да кандидатстват за безплатно място чрез сайта на общината. ", "")
EDITED = RELEASE.replace("На церемонията присъстваха", "На откриването дойдоха").replace("старото", "бившето")
LEAD = f"<p>Вчера в града ни се случи нещо, чакано отдавна.</p><p>{RELEASE}</p>"
TOPIC = (
    "Младите предприемачи в Стара Загора искат повече подкрепа от държавата, показва ново проучване. "
    "Според анкетата две трети от тях не намират подходящо помещение, а наемите растат всеки месец. "
    "Кметът обеща да обсъди предложенията с бизнеса още през пролетта и да потърси европейски средства. "
    "Собственици на малки фирми разказаха как са започнали и кои грешки не биха повторили днес. "
)


@pytest.mark.parametrize("body", [SHORTER, EDITED, LEAD], ids=["shortened", "edited", "with a lead"])
def test_an_edited_copy_is_alike_and_shares_a_trace(body):
    copy = replace(ORIGINAL, title="Откриха център за предприемачи", body=body, url="https://b.example/2")
    assert are_alike(ORIGINAL, copy)
    assert set(enumerate(traces(ORIGINAL))) & set(enumerate(traces(copy)))


def test_another_article_about_the_topic_is_not_alike():
    assert not are_alike(ORIGINAL, replace(ORIGINAL, title="Предприемачите искат подкрепа", body=TOPIC))


def test_two_notices_of_one_template_are_not_alike():
    one, other = (replace(ORIGINAL, title=f"Протокол номер {number}") for number in (7, 8))
    assert not are_alike(one, other)


def test_another_language_is_not_alike():
    assert not are_alike(ORIGINAL, replace(ORIGINAL, language="mk"))


def test_a_short_text_leaves_no_trace():
    assert traces(replace(ORIGINAL, body="<p>Утре ще вали.</p>")) == ()


def test_traces_are_the_same_in_every_process():
    assert traces(ORIGINAL)[0] == traces(ORIGINAL)[0]
    assert len(set(traces(ORIGINAL))) == 24


def words_of_chance(chance: Random, number: int) -> list[str]:
    return ["".join(chance.choices("абвгдежзиклмнопрст", k=chance.randint(3, 9))) for _ in range(number)]


def found(chance: Random, length: int, replaced: int) -> bool:
    """Whether an article is a candidate for a copy of it with a stretch of other words."""
    words = words_of_chance(chance, length)
    copy = [*words_of_chance(chance, replaced), *words[replaced:]]
    one, other = (traces(replace(ORIGINAL, title="", body=" ".join(text))) for text in (words, copy))
    return any(map(eq, one, other))


@pytest.mark.parametrize("length", [35, 100, 400])
def test_copies_are_found_as_often_as_their_likeness_promises_and_strangers_are_not(length: int):
    chance = Random(length)
    # A third replaced: half of all pairs are common, and 999 of 1,000 such copies are to be found.
    assert sum(found(chance, length, length // 3) for _ in range(200)) >= 198
    assert sum(found(chance, length, length) for _ in range(200)) == 0
