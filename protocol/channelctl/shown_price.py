"""Prices on the screen."""

from collections.abc import Callable, Sequence
from typing import Any

from channel_protocol.prices import PriceDecision, PriceEvent, PriceRow, PriceShown
from channelctl.output import Columns, flat, note, print_facts, print_json, print_table
from channelctl.shared import Caller
from channelctl.words import amount, money

__all__ = ["COLUMNS", "price_document", "print_decided", "print_price"]


def _of(name: str) -> Callable[[PriceRow], str]:
    """An amount; empty for none."""
    return lambda row: amount(getattr(row, name), row.currency)


def why(row: PriceRow) -> str:
    """Why it is held, or not sent."""
    waits = row.held_back if row.state == "Pending" else ""
    return "; ".join(filter(None, (*row.holds, waits, row.reason)))


COLUMNS: Columns[PriceRow] = {
    "SKU": "sku",
    "State": "state",
    "Saved": _of("saved"),
    "Confirmed": _of("confirmed"),
    "Amazon shows": _of("listed"),
    "Report": _of("reported"),
    "Min": _of("min_price"),
    "Max": _of("max_price"),
    "Currency": "currency",
    "Why": why,
}


def price_document(shown: PriceShown) -> dict[str, Any]:
    """One price for a program."""
    return flat(shown.row) | {"events": [flat(each) for each in shown.events]}


def print_price(shown: PriceShown) -> None:
    """One price for a person."""
    row = shown.row
    print_facts(
        {
            "Channel": row.channel,
            "SKU": row.sku,
            "State": row.state,
            "Saved": _whole(row.saved, row),
            "Saved at": row.saved_at,
            "By": row.by,
            "Confirmed": _whole(row.confirmed, row),
            "Confirmed at": row.confirmed_at,
            "Amazon shows": _whole(row.listed, row),
            "Read at": row.read_at,
            "Report": _whole(row.reported, row),
            "Sent": _whole(row.sent, row),
            "Sent at": row.sent_at,
            "Minimum": _whole(row.min_price, row),
            "Maximum": _whole(row.max_price, row),
            "Next try": row.next_try_at,
            "Why": why(row),
        }
    )
    if shown.events:
        note("")
        print_table(shown.events, _events(row.currency))


def print_decided(caller: Caller, currency: str, answers: Sequence[PriceDecision]) -> None:
    """What became of each."""
    if caller.json:
        print_json([flat(each) | {"currency": currency} for each in answers])
    else:
        print_table(
            answers,
            {
                "SKU": "sku",
                "Outcome": "outcome",
                "Price": lambda each: "" if each.price is None else money(each.price, currency),
                "Why": "note",
            },
        )


def _whole(minor: int | None, row: PriceRow) -> str:
    return "" if minor is None else money(minor, row.currency)


def _events(currency: str) -> Columns[PriceEvent]:
    return {
        "Time": "at",
        "Event": "event",
        "Price": lambda event: "" if event.price is None else money(event.price, currency),
        "Note": "note",
        "Submission": "reference",
        "By": "by",
    }
