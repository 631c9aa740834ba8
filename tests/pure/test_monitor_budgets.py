"""Budgets are shown as they are now, not as they were when they last changed."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from channel_protocol.actors import BudgetRow
from channel_protocol.codec import AnyRow
from channeltop.budgets import calls_now, forecasts, gauge, is_short, refill, tokens_now, wait
from channeltop.events import SnapshotArrived
from channeltop.fold import fold
from channeltop.model import Model
from channeltop.screens.budget_columns import budget_described
from tests.support.fake_clock import START
from tests.support.monitor_rows import account, budget, channel


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


def search(*, tokens: float, waiting: int = 0, rate: float = 20 / 3600) -> BudgetRow:
    full_at = START + timedelta(seconds=(20 - tokens) / rate)
    row = budget(tokens=tokens, waiting=waiting)
    return replace(row, rate=rate, burst=20.0, full_at=full_at)


def known(*rows: BudgetRow, poll: int = 180, enabled: bool = True) -> Model:
    topics: dict[str, list[AnyRow]] = {
        "budgets": [*rows],
        "accounts": [replace(account(), order_poll_seconds=poll)],
        "channels": [channel(enabled=enabled), channel("de-main", enabled=enabled)],
    }
    model = Model()
    for topic, each in topics.items():
        model = fold(model, SnapshotArrived(topic=topic, chunk=0, last=True, rows=each))
    return model


def test_a_part_of_a_token_is_no_call() -> None:
    assert calls_now(search(tokens=3.9), START) == 3


@pytest.mark.parametrize(
    ("tokens", "waiting", "seconds"),
    [(5.0, 0, 0), (5.0, 5, 0), (0.0, 7, 7 * 180), (0.5, 1, 90)],
)
def test_what_waits_takes_as_long_as_its_tokens_do_to_come(
    tokens: float, waiting: int, seconds: float
) -> None:
    assert wait(search(tokens=tokens, waiting=waiting), START) == pytest.approx(seconds)


def test_a_wait_grows_shorter_while_nobody_tells() -> None:
    row = search(tokens=0.0, waiting=7)
    assert wait(row, START + timedelta(minutes=6)) == pytest.approx(5 * 180)


def test_a_budget_that_never_fills_is_waited_for_without_end() -> None:
    assert wait(replace(budget(tokens=0.0, waiting=1), rate=0.0), START) is None


def test_one_poll_of_an_account_serves_all_its_channels() -> None:
    (forecast,) = forecasts(known(search(tokens=1.0)))
    assert forecast.needed == 20


def test_an_account_whose_channels_are_off_needs_nothing() -> None:
    assert [each.needed for each in forecasts(known(search(tokens=1.0), enabled=False))] == [0]


def test_only_searches_are_needed_regularly() -> None:
    assert [each.needed for each in forecasts(known(budget("getOrder")))] == [0]


@pytest.mark.parametrize(("poll", "short"), [(180, False), (60, True)])
def test_a_budget_is_short_when_polls_take_more_than_comes_back(poll: int, short: bool) -> None:
    (forecast,) = forecasts(known(search(tokens=1.0, rate=0.0056), poll=poll))
    assert is_short(forecast) is short
    assert ("polls wait" in budget_described(forecast, START).plain) is short


def test_the_forecast_is_said_in_words() -> None:
    (forecast,) = forecasts(known(search(tokens=0.4, waiting=7)))
    said = budget_described(forecast, START).plain
    assert "0 calls possible now" in said
    assert "full again in 58:48" in said
    assert "7 requests waiting, the last one goes in about 19 min" in said
    assert "20 calls an hour come back; the order polls of its channels need 20" in said
