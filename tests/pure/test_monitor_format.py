"""Values as people read them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from channeltop.format import age, amount, cell, countdown, instant, moment
from tests.support.fake_clock import START


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (123456, "GBP", "1,234.56 GBP"),
        (5, "EUR", "0.05 EUR"),
        (-250, "USD", "-2.50 USD"),
        (1999, "JPY", "1,999 JPY"),
        (1999, "KWD", "1.999 KWD"),
        (None, "GBP", "–"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency(minor: int | None, currency: str, text: str) -> None:
    assert amount(minor, currency) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3600, "1 h 00"), (12_000, "3 h 20"), (400_000, "4 d")],
)
def test_an_age_is_told_in_the_unit_that_matters(seconds: int, text: str) -> None:
    assert age(START - timedelta(seconds=seconds), START) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(-5, "now"), (0, "now"), (42, "0:42"), (725, "12:05"), (12_000, "3 h 20")]
)
def test_a_countdown_goes_down_to_now(seconds: int, text: str) -> None:
    assert countdown(START + timedelta(seconds=seconds), START) == text


def test_what_is_not_known_is_said() -> None:
    assert (instant(None, "never"), countdown(None, START), age(None, START)) == ("never", "–", "–")


def test_a_moment_of_another_day_has_its_date() -> None:
    assert moment(START, START) == "09:00:00"
    assert moment(START - timedelta(days=1), START) == "2026-11-21 09:00:00"


@given(st.text(st.characters(categories=("L", "N", "P", "Zs"))), st.integers(1, 40), st.booleans())
def test_a_cell_is_exactly_as_wide_as_asked(text: str, width: int, right: bool) -> None:
    assert cell_len(cell(text, width, right=right)) == width


def test_a_cell_that_is_too_narrow_says_so() -> None:
    assert cell("searchOrders", 8) == "searchO…"
