"""Token buckets: a minute's worth at once, then as they fill; one bucket for what is one caller."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.app import rate_limits
from rag.app.rate_limits import Buckets, network_of


class Clock:
    """Seconds that tests set."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_minute_at_once_and_then_as_it_fills():
    clock = Clock()
    buckets = Buckets(6, clock=clock)
    assert [buckets.take("a") for _ in range(6)] == [0] * 6
    assert buckets.take("a") == 10
    assert buckets.is_empty("a")
    assert buckets.take("b") == 0
    clock.now += 9
    assert buckets.take("a") == 1
    clock.now += 1
    assert not buckets.is_empty("a")
    assert buckets.take("a") == 0
    assert buckets.take("a") == 10
    clock.now += 1e6
    assert [buckets.take("a") for _ in range(6)] == [0] * 6
    assert buckets.take("a") == 10


def test_nought_is_no_limit():
    buckets = Buckets(0)
    assert not any(buckets.take("a") for _ in range(1_000))
    assert not buckets.is_empty("a")


@given(st.integers(1, 300), st.lists(st.floats(0, 5), max_size=60))
def test_never_more_than_a_minutes_worth_and_what_filled(per_minute, pauses):
    clock = Clock()
    buckets = Buckets(per_minute, clock=clock)
    granted = 0
    for pause in pauses:
        clock.now += pause
        while not buckets.take("a"):
            granted += 1
        assert granted <= per_minute + (clock.now - 1_000) * per_minute / 60 + 1e-6


@given(st.integers(1, 600))
def test_who_waits_as_told_gets_one(per_minute):
    clock = Clock()
    buckets = Buckets(per_minute, clock=clock)
    while not (wait := buckets.take("a")):
        pass
    clock.now += wait
    assert buckets.take("a") == 0


def test_there_is_an_end_to_what_is_remembered(monkeypatch):
    monkeypatch.setattr(rate_limits, "_MOST_BUCKETS", 3)
    buckets = Buckets(1, clock=Clock())
    for name in "abcd":
        assert buckets.take(name) == 0
    assert buckets.take("d") > 0
    assert buckets.take("a") == 0  # forgotten


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_one_caller(address, network):
    assert network_of(address) == network
