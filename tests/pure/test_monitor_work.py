"""Outbound work in the monitor: what needs a person first, what is counted, what is said of it."""

import re
from datetime import timedelta

import pytest
from msgspec.structs import replace

from channel_protocol.codec import AnyRow
from channel_protocol.mappings import MappingChanged, MappingRow
from channel_protocol.order_answers import LineUnits, OrderProcessed
from channel_protocol.orders import SyncOrders
from channel_protocol.reference import entries
from channel_protocol.work import DismissWork, ListWork, WorkChanged
from channeltop.attention import attention
from channeltop.commands import Commands
from channeltop.events import SnapshotArrived
from channeltop.fold import fold
from channeltop.model import Model
from channeltop.replies import told
from channeltop.screens.feed_columns import SIGNS, results, short_type
from channeltop.screens.work_columns import does, lateness, said, tries
from channeltop.work import Counts, counted, feeds_in_order, in_order
from tests.support.fake_clock import START
from tests.support.monitor_work import ATTENTION, due, feed, work

HOUR = timedelta(hours=1)


def test_what_needs_a_person_is_first_then_what_is_open_by_deadline_then_what_ended_last() -> None:
    rows = [
        work(1, state="confirmed", ended_at=START),
        work(2, state="dismissed", ended_at=START + HOUR),
        work(3, kind="refund"),
        work(4, deadline=START + 5 * HOUR),
        work(5, state="submitted", deadline=START + HOUR),
        work(6, state=ATTENTION),
    ]
    assert [row.work_id for row in in_order(rows)] == [6, 5, 4, 3, 2, 1]


def test_it_is_counted_once_each() -> None:
    rows = [work(1, state=ATTENTION), work(2), work(3, held="dry run"), work(4, state="confirmed")]
    assert counted(rows) == Counts(attention=1, open=2, held=1, ended=1)


def test_stuck_feeds_come_before_unfinished_and_finished_ones() -> None:
    rows = [feed(1, state="done"), feed(2), feed(3, state="done"), feed(4), feed(5, stuck_since=START)]
    assert [row.number for row in feeds_in_order(rows)] == [5, 4, 2, 3, 1]


def test_every_state_of_a_feed_has_its_sign_and_a_lost_one_is_finished() -> None:
    (fields,) = (entry.fields for entry in entries() if entry.name == "feed")
    (doc,) = (field.doc for field in fields if field.name == "state")
    assert set(re.findall(r"`([^`]+)`", doc)) == set(SIGNS)
    assert [row.number for row in feeds_in_order([feed(2, state="lost"), feed(1)])] == [1, 2]


def test_a_parcel_is_told_by_its_skus() -> None:
    parcel = tuple(LineUnits(line=str(n), quantity=n, sku=f"SKU-{n}") for n in range(1, 7))
    reply = OrderProcessed(
        order_id="1", channel="uk", parcel=parcel, outcome="queued", message="Queued.", left=0
    )
    assert told(reply, START) == ("1: Queued.\n1 × SKU-1, 2 × SKU-2, 3 × SKU-3, 4 × SKU-4 and 2 lines more")


def test_what_amazon_is_told_of_a_mapped_carrier_is_said() -> None:
    row = MappingRow(kind="despatch", channel="uk", tag="POST", target="Royl Mail", orders=0, unmapped=0)
    assert told(MappingChanged(row=row, note="Other, named Royl Mail."), START).endswith("Royl Mail.")


def test_a_held_piece_of_work_says_so_and_a_refund_says_its_amount_once() -> None:
    assert said(work(held="dry run")) == "queued, held"
    assert does(work(kind="refund", summary="TEA, CustomerReturn", amount=1200)) == (
        "12.00 GBP · TEA, CustomerReturn"
    )
    assert does(work(kind="refund", summary="12.00 GBP for TEA", amount=1200)) == "12.00 GBP for TEA"


@pytest.mark.parametrize(
    ("minutes", "text"), [(90, "1 h 30"), (0.5, "0:30"), (0, "−0 s"), (-90, "−1 h 30"), (-3000, "−2 d")]
)
def test_a_deadline_is_counted_down_and_after_it_up(minutes: float, text: str) -> None:
    assert lateness(START + timedelta(minutes=minutes), START) == text


def test_tries_are_of_how_many_where_there_is_a_limit() -> None:
    assert tries(work()) == "–"
    assert tries(work(attempts=3)) == "3"
    assert tries(replace(work(attempts=3), attempts_allowed=5)) == "3/5"


def test_a_feed_reads_in_words() -> None:
    assert short_type("POST_ORDER_FULFILLMENT_DATA") == "order fulfillment"
    assert results(feed(state="done")) == "2 ok, 1 error"
    assert results(feed()) == "–"


def test_what_was_done_about_work_is_told_for_each() -> None:
    rows = (work(1), work(2, kind="refund", state="dismissed", says="ERROR_ACKED", summary="TEA"))
    assert told(WorkChanged(rows=rows), START).splitlines() == [
        f"{rows[0].order_id}: 2 units by Royal Mail 48, AB1 is queued.",
        f"{rows[1].order_id}: TEA is ERROR_ACKED.",
    ]


# --- attention ---------------------------------------------------------------------------------------


def said_of(**topics: list[AnyRow]) -> list[tuple[str, str]]:
    known = Model()
    for topic, rows in topics.items():
        known = fold(known, SnapshotArrived(topic=topic, chunk=0, last=True, rows=rows))
    return [(notice.tone, notice.what) for notice in attention(known, START)]


def test_work_that_goes_by_itself_needs_nobody() -> None:
    rows: list[AnyRow] = [work(1), work(2, state="unknown"), work(3, state="confirmed")]
    assert said_of(work=rows, feeds=[feed()], due=[due(ship_by=START + HOUR)]) == []


def test_decisions_are_said_for_each_channel_and_kind() -> None:
    rows: list[AnyRow] = [
        work(1, state=ATTENTION, reason="no such carrier"),
        work(2, state=ATTENTION, reason="cancelled at Amazon"),
        work(3, state=ATTENTION, kind="refund", channel="de", reason="used up"),
    ]
    assert said_of(work=rows) == [
        ("bad", "uk-main: 2 despatch notes need a decision"),
        ("bad", "de: 1 refund needs a decision: used up"),
    ]


def test_what_is_held_stuck_or_late_is_said() -> None:
    said = said_of(
        work=[work(1, held="dry run"), work(2, held="dry run")],
        feeds=[feed(stuck_since=START - HOUR)],
        due=[due(1, ship_by=START - HOUR), due(2, ship_by=START + HOUR), due(3)],
    )
    assert said == [
        ("warn", "uk-main: 2 messages to Amazon held: dry run"),
        ("warn", "feed 90001 of eu has not moved for 1 h 00"),
        ("warn", "1 order past the ship-by time"),
    ]


# --- one command, done once --------------------------------------------------------------------------


def commands() -> Commands:
    numbers = iter(range(1, 100))
    return Commands(lambda: f"command {next(numbers)}")


def test_what_is_asked_twice_before_it_is_answered_is_one_command() -> None:
    mine, request = commands(), DismissWork(command_id="", work_ids=(1,))
    assert mine.identified(request) == DismissWork(command_id="command 1", work_ids=(1,))
    assert mine.identified(request) == DismissWork(command_id="command 1", work_ids=(1,))
    assert mine.identified(DismissWork(command_id="", work_ids=(2,))) == DismissWork(
        command_id="command 2", work_ids=(2,)
    )


def test_after_the_answer_it_is_another_command() -> None:
    mine, request = commands(), SyncOrders(command_id="")
    mine.identified(request)
    mine.answered(request)
    assert mine.identified(request) == SyncOrders(command_id="command 2")


def test_what_only_reads_has_no_command() -> None:
    assert commands().identified(ListWork()) == ListWork()
