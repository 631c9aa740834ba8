"""Values as people read them."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from channelctl.words import moment, money, word


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1234, "EUR", "12.34 EUR"),
        (5, "GBP", "0.05 GBP"),
        (-1234, "EUR", "-12.34 EUR"),
        (0, "USD", "0.00 USD"),
        (1234, "JPY", "1234 JPY"),
        (1234, "KWD", "1.234 KWD"),
        (12345678901234567890, "EUR", "123456789012345678.90 EUR"),
        (None, "EUR", "?"),
    ],
)
def test_money_has_the_decimals_of_its_currency(minor: int | None, currency: str, text: str) -> None:
    assert money(minor, currency) == text


@pytest.mark.usefixtures("berlin")
def test_times_are_local_with_their_zone_in_summer_and_winter() -> None:
    assert moment(datetime(2026, 7, 1, 22, 30, 5, tzinfo=UTC)) == "2026-07-02 00:30:05 CEST"
    assert moment(datetime(2026, 1, 1, 12, 0, tzinfo=UTC)) == "2026-01-01 13:00:00 CET"


def test_what_is_missing_is_empty_and_truth_is_a_word() -> None:
    assert [word(None), word(True), word(False), word(0)] == ["", "yes", "no", "0"]
