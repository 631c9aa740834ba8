"""The buyer's address: disclosed, waited for, or replaced (semantics C4)."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.domain.email import NOT_DISCLOSED, EmailState, email_deadline, email_state, is_email, settled
from channeld.domain.order_state import RANKS
from channeld.domain.reread import Reread, delay
from tests.support.domain_orders import HOUR, NOW

STATES = st.sampled_from(EmailState)


def after(
    before: EmailState,
    status: str,
    *,
    has_address: bool = False,
    by_amazon: bool = False,
    kept: bool = True,
    alternate: str = "",
) -> EmailState:
    return email_state(
        before, has_address=has_address, status=status, by_amazon=by_amazon, kept=kept, alternate=alternate
    )


def test_literal_is_the_specifications() -> None:
    assert NOT_DISCLOSED == "NOT DISCLOSED BY AMAZON"
    assert not is_email(NOT_DISCLOSED)


def test_look_ups_come_at_5_20_and_60_minutes_and_end_at_the_deadline() -> None:
    ladder = [delay(Reread.EMAIL, attempt) for attempt in range(4)]
    assert ladder == [timedelta(minutes=5), timedelta(minutes=20), timedelta(minutes=60), None]
    assert email_deadline(NOW) == NOW + HOUR


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("PENDING_AVAILABILITY", EmailState.NONE),
        ("PENDING", EmailState.NONE),
        ("UNSHIPPED", EmailState.PENDING),
        ("PARTIALLY_SHIPPED", EmailState.PENDING),
        ("SHIPPED", EmailState.PENDING),
        ("CANCELLED", EmailState.NONE),
        ("UNFULFILLABLE", EmailState.NONE),
    ],
)
def test_address_is_waited_for_where_amazon_may_disclose_it(status: str, state: EmailState) -> None:
    assert after(EmailState.NONE, status) is state


def test_alternate_replaces_the_literal() -> None:
    assert settled("") is EmailState.NOT_DISCLOSED
    assert settled("shop@example.org") is EmailState.ALTERNATE


@settings(max_examples=50, deadline=None)
@given(STATES, st.sampled_from(tuple(RANKS)), st.booleans())
def test_address_wins_over_everything(before: EmailState, status: str, by_amazon: bool) -> None:
    assert after(before, status, has_address=True, by_amazon=by_amazon) is EmailState.DISCLOSED


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(tuple(RANKS)), st.sampled_from(tuple(EmailState)[2:]), st.sampled_from(("", "a@b.de")))
def test_settled_address_changes_only_when_one_comes(status: str, before: EmailState, alternate: str) -> None:
    assert after(before, status, alternate=alternate) is before


def test_cancelled_order_ends_the_look_ups() -> None:
    assert after(EmailState.PENDING, "CANCELLED") is EmailState.NONE


@pytest.mark.parametrize(("by_amazon", "kept"), [(True, True), (False, False)])
def test_nothing_to_wait_for_is_settled_at_once(by_amazon: bool, kept: bool) -> None:
    state = after(EmailState.NONE, "SHIPPED", by_amazon=by_amazon, kept=kept, alternate="a@b.de")
    assert state is EmailState.ALTERNATE


def test_address_past_its_retention_is_not_kept() -> None:
    state = after(EmailState.NONE, "SHIPPED", has_address=True, kept=False)
    assert state is EmailState.NOT_DISCLOSED


@pytest.mark.parametrize(
    "text",
    ["a@b.de", "x1y2z3+9f@marketplace.amazon.co.uk", "o'neil.shop@sub-domain.example.org", "a@b.xn--p1ai"],
)
def test_valid_addresses(text: str) -> None:
    assert is_email(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a@b",
        "@b.de",
        "a@",
        "a b@c.de",
        "a@b..de",
        "a..b@c.de",
        ".a@b.de",
        "a.@b.de",
        "a@-b.de",
        "a@b-.de",
        "a@b.de,c@d.de",
        "A <a@b.de>",
        "a@b@c.de",
        "a@b.de\n",
        "a\r\nBcc: x@y.de",
        "a\x00@b.de",
        "x" * 65 + "@b.de",
        "a@" + "b." * 130 + "de",
    ],
)
def test_invalid_addresses(text: str) -> None:
    assert not is_email(text)
