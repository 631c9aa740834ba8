"""What Amazon is told of stock, in the monitor: which rows are asked for, and what is said of them."""

import re
import typing
from datetime import timedelta

import pytest
from msgspec.structs import replace

from channel_protocol.channels import ChannelRow
from channel_protocol.codec import AnyRow
from channel_protocol.locations import LocationRow
from channel_protocol.offers import OfferFilter, PushAnswer, StockPushed, StockSyncRow
from channel_protocol.reference import entries
from channeltop.attention import attention
from channeltop.events import SnapshotArrived
from channeltop.filter import parsed
from channeltop.fold import fold
from channeltop.mapping import offerings
from channeltop.model import Model
from channeltop.names import completed, written
from channeltop.offers import STANDINGS, VIEWS, notes, places, query
from channeltop.screens.offer_columns import OFFER_COLUMNS
from channeltop.screens.standing_stock import stock_line
from channeltop.screens.stock_texts import offer_described, place_described, pushed
from channeltop.standing import standings
from tests.support.fake_clock import START
from tests.support.monitor_offers import offer, synced
from tests.support.monitor_rows import actor, channel

HOUR = timedelta(hours=1)


def known(stock: StockSyncRow, row: ChannelRow) -> Model:
    model = Model()
    topics: dict[str, list[AnyRow]] = {"channels": [row], "stock_sync": [stock], "actors": [actor()]}
    for topic, rows in topics.items():
        model = fold(model, SnapshotArrived(topic=topic, chunk=0, last=True, rows=rows))
    return model


# --- what is asked for -------------------------------------------------------------------------------


def test_what_is_typed_begins_the_sku_and_a_view_can_be_typed_too() -> None:
    asked = query("uk", VIEWS[1], parsed("tea-e account:eu"))
    assert (asked.channel, asked.text, asked.account, asked.only) == ("uk", "tea-e", "eu", "dirty")
    assert query("uk", VIEWS[1], parsed("is:conf")).only == "conflict"
    assert query("", VIEWS[0], parsed("channel:de")).channel == "de"


def test_everything_that_can_be_asked_for_has_a_view() -> None:
    assert {view.only for view in VIEWS} == {None, *typing.get_args(OfferFilter)}


def test_every_standing_has_its_sign() -> None:
    (fields,) = (entry.fields for entry in entries() if entry.name == "offer")
    (doc,) = (field.doc for field in fields if field.name == "standing")
    assert set(re.findall(r"`([^`]+)`", doc)) == set(STANDINGS)


# --- how it is shown ---------------------------------------------------------------------------------


def test_several_channels_are_shown_together_first_and_one_is_shown_alone() -> None:
    rows = [
        synced("uk", at=START, oldest=START, dirty=2),
        synced("de", at=START - HOUR),
        synced("fr", at=None),
    ]
    together, *each = places(rows)
    assert [row.channel for row in each] == ["de", "fr", "uk"]
    assert (together.channel, together.synced_at, together.oldest_dirty) == ("", START, START)
    assert [row.channel for row in places(rows[:1])] == ["uk"]


def test_what_stops_it_is_noted_before_what_is_merely_odd() -> None:
    row = offer(withheld="foreign", reason="refused", issue="45 days", differing=("de", "fr"), would=12)
    assert [text for text, _ in notes(row)] == [
        "withheld: foreign",
        "failed: refused",
        "handling time: 45 days",
        "other on de, fr",
        "dry run: else 12",
    ]
    assert list(notes(offer())) == []


def test_what_is_shown_from_before_the_last_message_is_in_brackets() -> None:
    (column,) = (each for each in OFFER_COLUMNS if each.name == "shown")
    row = replace(offer(), shown_at=START, sent_at=START - HOUR)
    assert column.text(row, START) == "9"
    before = replace(row, sent_at=START + HOUR, shown_by="report")
    assert column.text(before, START) == "(9)"
    assert "Amazon shows 9 in the report of" in offer_described(before, START).plain
    assert "before the last message" in offer_described(before, START).plain


def test_a_channel_has_told_what_it_sends_itself() -> None:
    assert "all that it sends is told" in stock_line(synced(), START).plain
    assert "Amazon was told of all that it sends" in place_described(places([synced()])[0], START).plain


def test_an_overview_row_has_its_channel_s_stock() -> None:
    (row,) = standings(known(synced(dirty=3), channel()))
    assert row.stock is not None
    assert row.stock.dirty == 3


def test_an_answer_to_a_push_names_what_is_not_sent_and_why() -> None:
    sent = PushAnswer(account="eu", sku="A", outcome="queued", quantity=0, note="")
    kept = PushAnswer(account="eu", sku="B", outcome="nothing", quantity=None, note="it is not linked")
    assert pushed(StockPushed(answers=(sent, kept), queued=1)).splitlines() == [
        "A: 0 is sent once more.",
        "B: nothing is sent: it is not linked.",
    ]
    assert pushed(StockPushed(answers=(sent,) * 9, queued=9)).endswith("\nand 5 more")
    assert pushed(StockPushed(answers=(), queued=2000)) == "2,000 SKUs sent once more."


# --- what needs a person -----------------------------------------------------------------------------


def said(stock: StockSyncRow, row: ChannelRow) -> list[str]:
    return [notice.what for notice in attention(known(stock, row), START)]


def test_a_channel_that_says_nothing_and_one_that_is_late_are_said() -> None:
    both = said(synced(warning="no location is chosen", dirty=9, oldest=START - 2 * HOUR), channel())
    assert both[0] == "uk-main: no location is chosen" and "9 SKUs not told" in both[1]
    assert said(synced(dirty=9, oldest=START - 2 * HOUR), channel()) == [
        "uk-main: 9 SKUs not told to Amazon, the oldest for 2 h 00"
    ]


def test_a_queue_and_a_channel_that_is_switched_off_need_nobody() -> None:
    assert said(synced(dirty=9, oldest=START - HOUR / 2), channel()) == []
    assert said(synced(warning="no location is chosen"), channel(enabled=False)) == []


def test_each_trouble_of_stock_is_said_with_the_filter_that_lists_it() -> None:
    stock = replace(synced(), refused=2, closed=1, conflicts=1000, issues=3)
    told = attention(known(stock, channel()), START)
    assert [(notice.tone, notice.what) for notice in told] == [
        ("warn", "uk-main: 2 SKUs refused by Amazon, told again later"),
        ("warn", "uk-main: 1 SKU closed by hand at Amazon, not sent until put up again"),
        ("warn", "uk-main: channels differ about the stock of 1,000 SKUs"),
        ("warn", "uk-main: the product's handling time makes no sense for 3 SKUs"),
    ]
    words = [re.findall(r"S, then / and (is:\w+) lists them: ", notice.do)[0] for notice in told]
    assert [query("", VIEWS[0], parsed(word)).only for word in words] == [
        "refused",
        "closed",
        "conflict",
        "issue",
    ]
    assert told[1].do.endswith("p puts one up again")
    assert attention(known(stock, channel(enabled=False)), START) == ()


# --- locations ---------------------------------------------------------------------------------------


def test_each_channel_offers_from_the_locations_that_name_it_and_those_without_come_first() -> None:
    places_of = [
        LocationRow(location="Leeds", kind="own", offered_by="uk, uk-2"),
        LocationRow(location="York", kind="own", offered_by="uk-2"),
        LocationRow(location="Attic", kind="own"),
    ]
    found = offerings(("de", "uk", "uk-2"), places_of)
    assert [(row.channel, row.locations) for row in found] == [
        ("de", ()),
        ("uk", ("Leeds",)),
        ("uk-2", ("Leeds", "York")),
    ]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("le", "Leeds"),
        ("Leeds, y", "Leeds, York"),
        ("york,LE", "york,Leeds"),
        ("Leeds, le", None),
        ("Leeds, ", None),
        ("", None),
        ("x", None),
        ("Ha", None),
    ],
)
def test_the_name_that_is_begun_is_completed_once(typed: str, expected: str | None) -> None:
    assert completed(typed, ("Leeds", "York", "Hall, north")) == expected


def test_a_name_with_a_comma_is_written_in_quotes() -> None:
    assert written(["Leeds", 'Hall, "north"']) == 'Leeds, "Hall, ""north"""'
