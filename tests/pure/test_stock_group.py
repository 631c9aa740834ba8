"""Channels of one seller that share a SKU (semantics D2), and which of them take part."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from channeld.domain.stock.abstention import Abstention, Part, abstention
from channeld.domain.stock.available import Available
from channeld.domain.stock.group import Member, agreed
from channeld.domain.stock.latency import DROP, KEEP, LeadTime, set_to
from channeld.domain.stock.limits import Offer
from tests.support.fake_clock import START

TAKES_PART = Part(
    linked=True, enabled=True, update_inventory=True, fba=False, ignore_sync=False, located=True
)
MEMBERS = st.lists(st.none() | st.integers(0, 50), max_size=6)


def member(channel: int, quantity: int | None, lead_time: LeadTime = KEEP, age: int = 0) -> Member:
    """`age` in days; without a quantity it does not take part."""
    made = (
        Abstention.DISABLED
        if quantity is None
        else Offer(quantity=quantity, available=Available(units=quantity))
    )
    created_at = START - timedelta(days=age)
    return Member(channel_id=channel, created_at=created_at, made=made, lead_time=lead_time)


def test_the_smallest_goes_out_once_by_the_oldest_and_who_differs_is_told() -> None:
    group = agreed([member(1, 10, age=1), member(2, 4, age=9), member(3, 4, age=5)])

    assert group.value is not None
    assert (group.value.quantity, group.owner, group.differing) == (4, 2, (1,))


def test_channels_of_an_age_are_told_apart_by_their_number() -> None:
    assert agreed([member(7, 1), member(3, 1)]).owner == 3


def test_the_oldest_that_takes_part_owns_it_not_one_that_is_off() -> None:
    group = agreed([member(1, None, age=9), member(2, 5, age=1)])

    assert (group.owner, group.left_out) == (2, ((1, Abstention.DISABLED),))


def test_a_channel_that_does_not_take_part_holds_nobody_back() -> None:
    group = agreed([member(1, None), member(2, 5)])

    assert group.value is not None
    assert (group.value.quantity, group.differing) == (5, ())


def test_nothing_is_sent_where_no_channel_takes_part() -> None:
    group = agreed([member(1, None)])

    assert (group.value, group.owner) == (None, None)
    assert agreed([]).value is None


@pytest.mark.parametrize(
    ("said", "sent", "differing"),
    [
        ((set_to(2), set_to(9)), set_to(9), (1,)),
        ((set_to(2), KEEP), set_to(2), ()),
        ((set_to(2), DROP), set_to(2), (2,)),
        ((KEEP, DROP), KEEP, (2,)),
        ((DROP, DROP), DROP, ()),
        ((KEEP, KEEP), KEEP, ()),
    ],
)
def test_the_longest_handling_time_is_sent(
    said: tuple[LeadTime, LeadTime], sent: LeadTime, differing: tuple[int, ...]
) -> None:
    for members in ([member(1, 5, said[0]), member(2, 5, said[1])],) * 2:
        group = agreed(members)
        members.reverse()

        assert group.value is not None
        assert (group.value.lead_time, group.differing) == (sent, differing)


@settings(max_examples=100, deadline=None)
@given(MEMBERS, st.randoms(use_true_random=False))
def test_never_more_than_any_channel_would_offer_whatever_the_order(
    quantities: list[int | None], random: Random
) -> None:
    members = [member(number, quantity) for number, quantity in enumerate(quantities)]
    group = agreed(members)
    random.shuffle(members)

    assert agreed(members) == group
    offered = [quantity for quantity in quantities if quantity is not None]
    assert (group.value.quantity if group.value else None) == min(offered, default=None)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"linked": False, "enabled": False}, Abstention.UNLINKED),
        ({"enabled": False}, Abstention.DISABLED),
        ({"update_inventory": False}, Abstention.UPDATE_OFF),
        ({"fba": True}, Abstention.FBA),
        ({"ignore_sync": True}, Abstention.IGNORE_SYNC),
        ({"located": False}, Abstention.NO_LOCATION),
        ({"counted": False}, Abstention.UNCOUNTED),
        ({"dry_run": True}, Abstention.DRY_RUN),
        ({}, None),
    ],
)
def test_why_a_channel_sends_nothing(changed: dict[str, bool], reason: Abstention | None) -> None:
    assert abstention(replace(TAKES_PART, **changed)) is reason
