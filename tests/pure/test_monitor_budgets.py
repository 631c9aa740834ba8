"""Budgets are shown as they are now, not as they were when they last changed."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from channeltop.budgets import gauge, refill, tokens_now
from tests.support.fake_clock import START
from tests.support.monitor_rows import budget


def test_tokens_come_back_between_two_rows() -> None:
    row = replace(budget(tokens=5.0), rate=0.5, burst=20.0, full_at=START + timedelta(seconds=30))
    assert tokens_now(row, START) == 5.0
    assert tokens_now(row, START + timedelta(seconds=10)) == 10.0
    assert tokens_now(row, START + timedelta(hours=1)) == 20.0


@pytest.mark.parametrize(("share", "text"), [(0.0, "────"), (0.5, "━━──"), (1.0, "━━━━"), (7.0, "━━━━")])
def test_a_gauge_is_filled_in_proportion(share: float, text: str) -> None:
    assert gauge(share, 4) == text


@pytest.mark.parametrize(("rate", "text"), [(5.0, "5/s"), (0.5, "1 in 2 s"), (0.0056, "1 in 179 s")])
def test_a_slow_refill_is_told_in_seconds_a_token(rate: float, text: str) -> None:
    assert refill(rate) == text
