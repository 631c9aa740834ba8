"""What saving, approving and switching make of a price, and what answers and reads make of it (G1)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from channeld.domain.price import sending, wishes
from channeld.domain.price.guard import Bounds, Hold
from channeld.domain.price.listing_price import ListingPrice
from channeld.domain.price.states import ImpossibleMove, State
from tests.support.fake_clock import START

NEW = ListingPrice(channel_id=1, sku="MUG")
MINUTE = timedelta(minutes=1)


def save(
    row: ListingPrice, minor: int, *, at: datetime = START, on: bool = True, listed: int | None = 1000
) -> ListingPrice:
    return wishes.saved(row, minor, is_on=on, listed=listed, by="ann", now=at)


def sent(row: ListingPrice, at: datetime = START) -> ListingPrice:
    return sending.taken(sending.begun(row, at), "S-1", at, is_on=True)


def confirmed(minor: int) -> ListingPrice:
    """It was sent and read back."""
    return sending.read_back(sent(save(NEW, minor)), minor, START + 2 * MINUTE, is_on=True)


@pytest.mark.parametrize(
    ("row", "minor", "listed", "state", "holds"),
    [
        (NEW, 1200, 1000, State.PENDING, ()),
        (NEW, 1000, 1000, State.PENDING, ()),
        (NEW, 1501, 1000, State.HELD, (Hold.CHANGE,)),
        (NEW, 1500, 1000, State.PENDING, ()),
        (NEW, 1000, None, State.HELD, (Hold.UNCOMPARED,)),
        (replace(NEW, least=1100), 1050, 1000, State.HELD, (Hold.BELOW,)),
        (replace(NEW, most=1100), 1600, 1000, State.HELD, (Hold.CHANGE, Hold.ABOVE)),
        (confirmed(1200), 1700, 5000, State.PENDING, ()),
        (confirmed(1200), 1200, 5000, State.CONFIRMED, ()),
        (save(NEW, 1200), 1000, 1000, State.PENDING, ()),
        (save(NEW, 3000), 1200, 1000, State.PENDING, ()),
        (sent(save(NEW, 1200)), 1000, 1000, State.PENDING, ()),
        (sent(save(NEW, 1200)), 1200, 1000, State.SENT, ()),
    ],
)
def test_what_a_save_comes_to(
    row: ListingPrice, minor: int, listed: int | None, state: State, holds: tuple[str, ...]
) -> None:
    after = save(row, minor, listed=listed)

    assert (after.state, after.holds, after.saved) == (state, holds, minor)


def test_it_leaves_five_seconds_after_the_last_save_and_waits_for_no_older_failure() -> None:
    first = save(NEW, 1100)
    second = save(first, 1200, at=START + timedelta(seconds=3))
    lost = sending.lost(sending.begun(second, START), "no answer", START, is_on=True)
    lost = sending.lost(sending.begun(lost, START), "no answer", START, is_on=True)

    assert second.due_at == START + timedelta(seconds=8)
    assert lost.due_at == START + MINUTE
    assert save(lost, 1300).due_at == START + timedelta(seconds=5)


def test_switched_off_a_save_is_kept_and_a_read_back_goes_on() -> None:
    kept = save(NEW, 1200, on=False)
    beside = save(sent(save(NEW, 1200)), 1300, on=False)
    read = sending.read_back(beside, 1200, START + 2 * MINUTE, is_on=True)

    assert (kept.state, kept.reason) == (State.NO_CHANGE, wishes.SWITCHED_OFF)
    assert beside.state is State.SENT
    assert (read.state, read.confirmed, read.saved) == (State.NO_CHANGE, 1200, 1300)


def test_an_approval_ends_with_its_price() -> None:
    approved = wishes.approved(save(NEW, 3000))

    assert (approved.state, approved.approved) == (State.PENDING, 3000)
    assert save(save(approved, 1200), 3000).state is State.HELD
    with pytest.raises(ImpossibleMove):
        wishes.approved(approved)


@pytest.mark.parametrize(
    ("row", "shown", "holds"),
    [
        (save(confirmed(1100), 1200), 10000, (f"{Hold.CHANGE} from 100.00 GBP, which Amazon shows now",)),
        (save(confirmed(1100), 1200), 1300, ()),
        (wishes.approved(save(NEW, 3000)), 10000, ()),
    ],
)
def test_what_leaves_is_compared_with_what_amazon_shows_in_that_moment(
    row: ListingPrice, shown: int, holds: tuple[str, ...]
) -> None:
    after = wishes.compared(row, shown, "GBP", START)

    assert row.state is State.PENDING
    assert (after.state, after.holds) == (State.HELD if holds else State.PENDING, holds)
    assert (after.due_at is None) is bool(holds)


def test_other_bounds_judge_what_waits() -> None:
    held = wishes.bounded(save(NEW, 1200), Bounds(most=1100), listed=1000)

    assert held.state is State.HELD
    assert wishes.bounded(held, Bounds(), listed=1000).state is State.PENDING


def test_an_older_request_that_may_still_be_applied_keeps_a_price_unconfirmed() -> None:
    twice = sent(save(sent(save(NEW, 1100)), 1200), START + MINUTE)
    early = sending.read_back(twice, 1200, START + 5 * MINUTE, is_on=True)
    late = sending.read_back(twice, 1200, START + 15 * MINUTE, is_on=True)

    assert early == twice
    assert twice.look_at == START + 15 * MINUTE
    assert late.state is State.CONFIRMED


def test_another_price_is_only_believed_when_ours_must_have_been_applied() -> None:
    row = sent(save(NEW, 1200))
    early = sending.read_back(row, 1000, START + 2 * MINUTE, is_on=True)
    late = sending.read_back(early, 1000, START + 15 * MINUTE, is_on=True)

    assert (early.state, early.look_at) == (State.SENT, START + 15 * MINUTE)
    assert (late.state, late.due_at) == (State.PENDING, START + 15 * MINUTE)


STEPS: dict[str, Callable[[ListingPrice, datetime], ListingPrice]] = {
    "save": lambda row, at: save(row, 1100 + at.minute, at=at),
    "save the first": lambda row, at: save(row, 1000, at=at),
    "save to hold": lambda row, at: save(row, 9000, at=at),
    "save while off": lambda row, at: save(row, 1150, at=at, on=False),
    "there": lambda row, at: wishes.compared(row, row.saved or 0, "GBP", at) if row.due_at else row,
    "approve": lambda row, at: wishes.approved(row),
    "drop": lambda row, at: wishes.dropped(row),
    "push": lambda row, at: wishes.pushed(row, listed=1000),
    "off": lambda row, at: wishes.switched_off(row),
    "begin": lambda row, at: sending.begun(row, at),
    "taken": lambda row, at: sending.taken(row, "S", at, is_on=True),
    "refused": lambda row, at: sending.refused(row, "no", is_on=True),
    "lost": lambda row, at: sending.lost(row, "lost", at, is_on=True),
    "not sent": lambda row, at: sending.not_sent(row, "", at, is_on=True),
    "shown as sent": lambda row, at: sending.read_back(row, row.sent, at, is_on=True),
    "shown otherwise": lambda row, at: sending.read_back(row, 777, at, is_on=True),
    "unread": lambda row, at: sending.unread(row, "nothing", at),
}


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 20)), max_size=30))
def test_whatever_happens_a_price_has_a_way_on_and_none_is_sure_in_doubt(
    steps: list[tuple[str, int]],
) -> None:
    row, at = NEW, START
    for name, minutes in steps:
        at += minutes * MINUTE
        try:
            row = STEPS[name](row, at)
        except ImpossibleMove:
            continue
        assert (row.due_at is not None) == (row.state is State.PENDING)
        assert row.look_at is not None or row.state is not State.SENT
        assert row.look_at is None or (row.sent_at is not None and not row.is_sure)
        assert (row.flight is not None) == (row.state is State.SENDING)
        assert bool(row.holds) == (row.state is State.HELD)
        if row.state in (State.SENT, State.SENDING):
            assert not row.is_sure
        if row.state is State.CONFIRMED:
            assert row.is_sure and row.confirmed == row.saved
        if row.state in (State.NO_CHANGE, State.HELD, State.ERROR) and row.sent != row.confirmed:
            assert row.look_at is not None or row.is_sure, "what Amazon took is read, whatever came after"


def test_a_price_that_turns_out_to_be_there_takes_its_approval_and_failures_with_it() -> None:
    waiting = replace(
        wishes.approved(save(sent(save(NEW, 1200)), 3000, at=START + MINUTE)), failures=4, not_before=START
    )
    read = sending.read_back(waiting, 3000, START + 20 * MINUTE, is_on=True)

    assert (read.state, read.confirmed) == (State.NO_CHANGE, 3000)
    assert (read.approved, read.failures, read.not_before) == (None, 0, None)


def test_what_cannot_be_read_beside_another_price_is_tried_more_and_more_rarely() -> None:
    held = save(sent(save(NEW, 1200)), 9000, at=START + MINUTE)
    early = sending.unread(held, "gone", START + 3 * MINUTE)
    late = sending.unread(held, "gone", START + timedelta(days=9))

    assert (held.state, early.look_at) == (State.HELD, START + 18 * MINUTE)
    assert late.look_at == START + timedelta(days=9, hours=6)


def test_a_listing_that_has_no_price_any_more_confirms_none() -> None:
    held = save(sent(save(NEW, 1200)), 9000, at=START + MINUTE)
    read = sending.read_back(held, None, START + 20 * MINUTE, is_on=True)

    assert (read.state, read.confirmed, read.look_at) == (State.HELD, None, None)
