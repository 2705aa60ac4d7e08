import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

from syndicator.fetch.politeness import HostTurns


def test_at_most_so_many_at_once_and_each_gets_its_turn():
    turns = HostTurns(concurrency=2, delay=timedelta(0))
    lock = threading.Lock()
    now_running = most = 0

    def work(_number):
        nonlocal now_running, most
        with turns.turn("x.bg") as granted:
            with lock:
                now_running += 1
                most = max(most, now_running)
            time.sleep(0.01)
            with lock:
                now_running -= 1
        return granted

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(16))) == [True] * 16
    assert most == 2


def test_starts_at_one_host_lie_apart():
    turns = HostTurns(concurrency=4, delay=timedelta(milliseconds=50))

    def work(_number):
        with turns.turn("x.bg"):
            return time.monotonic()

    with ThreadPoolExecutor(4) as pool:
        starts = sorted(pool.map(work, range(4)))
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    assert min(gaps) > 0.04


def test_hosts_do_not_wait_for_each_other():
    turns = HostTurns(concurrency=1, delay=timedelta(seconds=30))
    begun = time.monotonic()
    with turns.turn("a.bg"), turns.turn("b.bg"), turns.turn("c.bg"):
        pass
    assert time.monotonic() - begun < 1


def test_closing_wakes_whoever_waits():
    turns = HostTurns(concurrency=1, delay=timedelta(seconds=30))

    def wait():
        with turns.turn("x.bg") as granted:
            return granted

    with turns.turn("x.bg"), ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(wait)
        time.sleep(0.05)
        turns.close()
        assert waiting.result(timeout=2) is False
    with turns.turn("other.bg") as granted:
        assert granted is False
