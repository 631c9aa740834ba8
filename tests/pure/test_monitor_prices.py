"""Prices in the monitor: which are asked for, how each state is shown, what is said of a decision."""

import re
import typing

import pytest

from channel_protocol.base import Problem
from channel_protocol.prices import PriceAnswer, PriceDecision, PriceFilter, PricesDecided, PricesSaved
from channel_protocol.reference import entries
from channeltop.prices import STATES, VIEWS, decided, saved, typed


def test_everything_that_can_be_asked_for_has_a_view() -> None:
    assert {view.only for view in VIEWS} == {None, *typing.get_args(PriceFilter)}


def test_every_state_has_its_sign() -> None:
    (fields,) = (entry.fields for entry in entries() if entry.name == "price")
    (doc,) = (field.doc for field in fields if field.name == "state")
    assert set(re.findall(r"`([^`]+)`", doc)) == set(STATES)


@pytest.mark.parametrize(
    ("minor", "currency", "text"), [(123456, "GBP", "1234.56"), (1980, "JPY", "1980"), (None, "GBP", "")]
)
def test_an_amount_is_typed_without_commas(minor: int | None, currency: str, text: str) -> None:
    assert typed(minor, currency) == text


def test_what_became_of_a_price_is_said_with_its_note_or_what_is_wrong() -> None:
    held = PriceAnswer(outcome="held", after=399, note="56 % below")
    wrong = PriceAnswer(outcome="refused", problems=(Problem(key="price", message="must be above 0"),))
    said = [saved("MUG", PricesSaved(currency="GBP", answers=(each,))) for each in (held, wrong)]
    assert said == ["MUG: 3.99 GBP is held. 56 % below", "MUG: – is refused. price must be above 0"]


def test_each_decision_has_its_line() -> None:
    reply = PricesDecided(
        currency="GBP",
        answers=(
            PriceDecision(sku="A", outcome="pending", price=399, note=""),
            PriceDecision(sku="B", outcome="nothing", price=None, note="it is another price now"),
        ),
    )
    assert decided(reply).splitlines() == [
        "A: 3.99 GBP is pending",
        "B: – is nothing. it is another price now",
    ]
