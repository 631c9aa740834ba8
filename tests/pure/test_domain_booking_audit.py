"""What the audit trail says of an order (semantics C0, C4, I18)."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from channeld.domain.booked import Entry, Stored
from channeld.domain.booking import book
from channeld.domain.email import EmailState
from channeld.domain.order import IncomingOrder
from tests.support.domain_orders import HOUR, NOW, UK_LINE, order, rules, stored_as

CANARY = "canary@marketplace.amazon.co.uk"


def told(incoming: IncomingOrder, before: IncomingOrder | None = None) -> list[Entry]:
    stored: Stored | None = None
    if before is not None:
        stored = stored_as(before, book(before, None, rules(), NOW))
    return list(book(incoming, stored, rules(), NOW).audit)


def codes(incoming: IncomingOrder, before: IncomingOrder | None = None) -> list[str]:
    return [entry.code for entry in told(incoming, before)]


def later(status: str, **more: Any) -> IncomingOrder:
    return order(status, updated_at=NOW + HOUR, **more)


def test_new_order_is_told_with_its_total() -> None:
    [entry] = told(order())
    assert entry.code == "order.stored"
    assert "UNSHIPPED" in entry.text
    assert "12.00 GBP" in entry.text


def test_order_without_money_says_so() -> None:
    blank = msgspec.structs.replace(UK_LINE, amounts=None)
    [entry] = told(order("PENDING", lines=(UK_LINE, blank)))
    assert "no reliable money yet" in entry.text


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("PENDING", "UNSHIPPED", "order.unparked"),
        ("PENDING_AVAILABILITY", "PENDING", "order.changed"),
        ("PENDING", "CANCELLED", "order.cancelled"),
        ("UNSHIPPED", "CANCELLED", "order.cancelled"),
        ("UNSHIPPED", "UNSHIPPED", "order.changed"),
        ("UNSHIPPED", "SHIPPED", "order.changed"),
        ("SHIPPED", "UNSHIPPED", "order.went_back"),
        ("UNSHIPPED", "PENDING", "order.went_back"),
    ],
)
def test_change_of_status_is_told(before: str, after: str, code: str) -> None:
    assert codes(later(after), order(before)) == [code]


def test_lines_that_came_late_are_told() -> None:
    assert codes(order("UNSHIPPED"), order("UNSHIPPED", lines=())) == ["order.completed"]
    assert codes(later("UNSHIPPED"), order("UNSHIPPED", lines=())) == ["order.completed"]


def test_fba_order_is_told_as_fulfilled_once_with_amazons_time() -> None:
    shipped = later("SHIPPED", fulfilled_by="AMAZON", shipped_at=NOW + timedelta(minutes=12))
    open_order = order("UNSHIPPED", fulfilled_by="AMAZON")
    assert "2026-11-22 09:12:00 UTC" in told(shipped, open_order)[1].text
    assert codes(shipped, open_order)[1] == codes(shipped)[1] == "order.fulfilled"
    again = msgspec.structs.replace(shipped, updated_at=NOW + 2 * HOUR)
    assert codes(again, shipped) == ["order.changed"]


def test_buyers_wish_to_cancel_is_told_once() -> None:
    asking = msgspec.structs.replace(UK_LINE, cancel_requested="no longer needed")
    assert codes(later("UNSHIPPED", lines=(asking,)), order())[1:] == ["order.cancel_requested"]
    still = order("UNSHIPPED", lines=(asking,), updated_at=NOW + 2 * HOUR)
    assert codes(still, later("UNSHIPPED", lines=(asking,))) == ["order.changed"]


def test_wish_to_cancel_is_told_even_if_the_update_time_stands_still() -> None:
    asking = msgspec.structs.replace(UK_LINE, cancel_requested="requested")
    assert codes(order(lines=(asking,)), order()) == ["order.cancel_requested"]


def test_address_is_told_and_when_it_comes_after_all() -> None:
    assert codes(order(email=CANARY)) == ["order.stored"]
    stored = stored_as(order(), book(order(), None, rules(), NOW))
    replaced = msgspec.structs.replace(stored, email_state=EmailState.NOT_DISCLOSED)
    [entry] = book(order(email=CANARY), replaced, rules(), NOW).audit
    assert entry == Entry("email.disclosed", "E-mail address disclosed after all")


def test_nothing_personal_is_told() -> None:
    gone = order(email=CANARY, personal={"buyer.buyerEmail": CANARY, "buyer.buyerName": "Canary"})
    assert "anary" not in " ".join(entry.text for entry in told(gone))
    assert "anary" not in repr(gone)
