"""Money as text and as minor units."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.domain.money import BadAmount, format_amount, parse_amount

CURRENCIES = st.sampled_from(("GBP", "EUR", "USD", "JPY", "KWD"))


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.00", "GBP", 1200),
        ("0.1", "EUR", 10),
        ("5980", "JPY", 5980),
        ("5980.00", "JPY", 5980),
        ("-3.5", "USD", -350),
        ("1,234.56", "USD", 123456),
        ("1,234,567", "JPY", 1234567),
        ("1.2E2", "USD", 12000),
        (" 7. ", "USD", 700),
        ("1.234", "KWD", 1234),
    ],
)
def test_amazons_text_becomes_minor_units(text: str, currency: str, minor: int) -> None:
    assert parse_amount(text, currency) == minor


@pytest.mark.parametrize(
    "text",
    [
        "",
        "twelve",
        "12,50",
        "1,2345",
        "0,999",
        "1.005",
        "NaN",
        "Infinity",
        "1e99",
        "0x10",
        "1_000",
        "٢٠",
        "1,٢٠٠",
        "--1",
        "99999999999999999999",
        "1.0000000000000000000000000000001",
    ],
)
def test_what_is_not_surely_an_amount_is_refused(text: str) -> None:
    with pytest.raises(BadAmount) as refused:
        parse_amount(text, "GBP")
    assert not text or text not in str(refused.value)


def test_decimals_that_a_currency_does_not_have_are_refused() -> None:
    with pytest.raises(BadAmount):
        parse_amount("5980.5", "JPY")


@settings(max_examples=50, deadline=None)
@given(st.integers(-(10**15), 10**15), CURRENCIES)
def test_money_never_drifts_between_text_and_minor_units(minor: int, currency: str) -> None:
    number, code = format_amount(minor, currency).split()
    assert code == currency
    assert parse_amount(number, currency) == minor


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=40), CURRENCIES)
def test_any_text_is_exactly_an_amount_or_refused(text: str, currency: str) -> None:
    try:
        minor = parse_amount(text, currency)
    except BadAmount:
        return
    number = format_amount(minor, currency).split()[0]
    assert Decimal(number) == Decimal(text.strip().replace(",", ""))
