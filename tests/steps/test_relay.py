"""Groups handed to an engine without a pause between them."""

import threading

import pytest

from syndicator.errors import StoreError
from syndicator.steps.relay import Relay, one_by_one


class Groups:
    """Groups that are asked for by name; each has answers when it is let go."""

    def __init__(self):
        self.begun: list[str] = []
        self.done: list[str] = []
        self.gates: dict[str, threading.Event] = {}

    def ask(self, name, *, gives_room=True):
        gate = self.gates.setdefault(name, threading.Event())

        def ask(room):
            self.begun.append(name)
            if gives_room:
                room()
            assert gate.wait(30)
            return name

        return ask

    def let_go(self, *names):
        for name in names:
            self.gates.setdefault(name, threading.Event()).set()


@pytest.fixture
def groups():
    return Groups()


def test_a_group_is_begun_while_the_one_before_is_still_awaited(groups):
    with Relay() as relay:
        relay.begin(groups.ask("a"), groups.done.append)
        relay.begin(groups.ask("b"), groups.done.append)
        assert (groups.begun, groups.done) == (["a", "b"], [])
        groups.let_go("a", "b")
        relay.finish()
    assert groups.done == ["a", "b"]


def test_answers_are_handed_on_in_the_order_of_the_groups(groups):
    with Relay() as relay:
        relay.begin(groups.ask("a"), groups.done.append)
        relay.begin(groups.ask("b"), groups.done.append)
        groups.let_go("b")
        threading.Timer(0.05, groups.let_go, "a").start()
        relay.finish()
    assert groups.done == ["a", "b"]


def test_one_that_leaves_no_room_is_awaited(groups):
    groups.let_go("a", "b")
    with Relay() as relay:
        relay.begin(groups.ask("a", gives_room=False), groups.done.append)
        relay.begin(groups.ask("b", gives_room=False), groups.done.append)
        relay.finish()
    assert groups.done == ["a", "b"]


def broken(_):
    raise StoreError("the disk is full")


def test_what_breaks_is_heard_of_in_the_end_and_takes_no_other_group_with_it(groups):
    with Relay() as relay:
        relay.begin(groups.ask("a"), broken)
        relay.begin(groups.ask("b"), groups.done.append)
        groups.let_go("a", "b")
        with pytest.raises(StoreError, match="the disk is full"):
            relay.finish()
    assert groups.done == ["b"]


def test_nothing_more_is_begun_once_something_broke(groups):
    def work():
        with Relay() as relay:
            relay.begin(broken, groups.done.append)
            for number in range(500):
                groups.let_go(str(number))
                relay.begin(groups.ask(str(number)), groups.done.append)

    with pytest.raises(StoreError):
        work()
    assert len(groups.begun) < 500


def test_who_is_told_to_stop_waits_for_no_engine(groups):
    def work():
        with Relay() as relay:
            relay.begin(groups.ask("a"), groups.done.append)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work()
    assert groups.done == []
    groups.let_go("a")


def test_one_by_one_is_done_when_it_returns(groups):
    groups.let_go("a")
    one_by_one(groups.ask("a"), groups.done.append)
    assert groups.done == ["a"]
    with pytest.raises(StoreError):
        one_by_one(broken, groups.done.append)


def test_what_broke_is_heard_of_by_who_looks(groups):
    with Relay() as relay:
        relay.begin(groups.ask("a"), groups.done.append)
        relay.look()
        relay.begin(broken, groups.done.append)
        groups.let_go("a")
        with pytest.raises(StoreError):
            relay.finish()
        relay.look()
    assert groups.done == ["a"]
