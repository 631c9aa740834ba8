"""Asking for reports, listing and showing them (semantics H5, H6)."""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest

from channel_protocol.actors import GetStatus, Status
from channel_protocol.base import Refused
from channel_protocol.reports import (
    ListReports,
    ReportList,
    ReportRequested,
    ReportRow,
    ReportShown,
    RequestReport,
    ShowReport,
)
from channeld.book.reports import moves
from channeld.book.retention import forget_old
from channeld.domain.listing.reported import BadRow
from channeld.domain.report.states import State
from channeld.store import downloads, reports
from channeld.store.reports import ReportRecord
from channeld.store.unit import Unit
from tests.support.book_office import READER, Office, open_office

FBA, SHIPMENTS = "GET_AFN_INVENTORY_DATA", "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL"
DAY = timedelta(days=1)


class Person:
    """Asks for reports of the channel `uk`."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.shop = office.shop
        self._ids = count(1)

    def wish(self, report_type: str = FBA, **more: Any) -> RequestReport:
        said: dict[str, Any] = {"channel": "uk", "command_id": f"command-{next(self._ids)}"}
        return RequestReport(report_type=report_type, **(said | more))

    async def request(self, report_type: str = FBA, **more: Any) -> ReportRequested:
        return await self.office.ask(self.wish(report_type, **more), ReportRequested)

    async def refused(self, report_type: str = FBA, **more: Any) -> Refused:
        return await self.office.refused(self.wish(report_type, **more))

    async def problems(self, report_type: str = FBA, **more: Any) -> dict[str, str]:
        refusal = await self.refused(report_type, **more)
        assert refusal.code == "invalid"
        return {problem.key: problem.message for problem in refusal.problems}

    async def rows(self, **wanted: Any) -> tuple[ReportRow, ...]:
        return (await self.office.ask(ListReports(**wanted), ReportList)).rows

    async def shown(self, report: object) -> ReportShown:
        return await self.office.ask(ShowReport(report=str(report)), ReportShown)

    async def end(self, number: int, **facts: Any) -> None:
        """As its actor would, with what Amazon gave."""

        def act(unit: Unit) -> None:
            now = self.shop.now
            moves.submitted(unit, _begun(unit, number, now), "R1", now)
            moves.available(unit, _report(unit, number), "D1", now, now)
            moves.processed(unit, number, now, **facts)

        await self.shop.store.write(act)

    async def pass_time(self, **time: float) -> None:
        await self.shop.clock.advance(timedelta(**time).total_seconds())


def _report(unit: Unit, number: int) -> ReportRecord:
    found = reports.get(unit.connection, number)
    assert found is not None
    return found


def _begun(unit: Unit, number: int, now: datetime) -> ReportRecord:
    begun = moves.begin(unit, _report(unit, number), now)
    assert begun is not None
    return begun


@pytest.fixture
async def person(tmp_path: Path) -> AsyncGenerator[Person]:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        yield Person(office)


async def test_a_report_that_is_asked_for_is_wanted(person: Person) -> None:
    answer = await person.request()
    row = answer.row
    assert (row.account, row.channel, row.report_type, row.by) == ("eu", "uk", FBA, "ann")
    assert (row.status, row.plain, row.purpose, answer.attached) == ("Waiting", False, "person", False)
    assert row.next_look is not None
    assert (await person.shop.texts())[-1] == f"ann: Report {FBA} wanted"


async def test_asking_again_attaches_to_what_is_under_way(person: Person) -> None:
    first = await person.request()
    again = await person.request(again=True)
    assert (again.attached, again.row.number) == (True, first.row.number)
    other = await person.request("GET_RESERVED_INVENTORY_DATA")
    assert other.attached is False


async def test_the_same_command_gives_the_same_answer(person: Person) -> None:
    wish = person.wish()
    first = await person.office.ask(wish, ReportRequested)
    assert await person.office.ask(wish, ReportRequested) == first
    assert len(await person.rows()) == 1


async def test_a_repeat_that_comes_too_early_is_asked_about(person: Person) -> None:
    first = (await person.request()).row
    await person.end(first.number, rows=3)
    refusal = await person.refused()
    assert refusal.code == "asked_recently"
    assert "--again" in refusal.hint
    again = await person.request(again=True)
    assert again.row.number != first.number
    await person.end(again.row.number, rows=3)
    await person.pass_time(minutes=31)
    assert (await person.request()).attached is False


async def test_listings_are_a_download(person: Person) -> None:
    answer = await person.request("listings")
    assert (answer.row.report_type, answer.row.purpose) == ("GET_MERCHANT_LISTINGS_ALL_DATA", "listings")
    running = await person.shop.store.read(lambda c: downloads.running(c, 1))
    assert running is not None
    assert (running.report_pk, running.automatic, running.by) == (answer.row.number, False, "ann")
    assert (await person.request("get_merchant_listings_all_data")).attached
    done = msgspec.structs.replace(running, state="done", ended_at=person.shop.now)
    await person.shop.store.write(lambda unit: downloads.save(unit, done))
    assert (await person.refused("listings")).code == "asked_recently"
    assert (await person.request("listings", again=True)).attached is False


async def test_orders_are_compared_over_the_last_days_unless_something_is_said(person: Person) -> None:
    row = (await person.request("orders")).row
    assert row.purpose == "gaps"
    assert row.data_from is not None
    assert row.data_to is not None
    assert row.data_to - row.data_from == 2 * DAY
    assert (await person.request("orders")).attached, "whichever range is under way"
    week = (await person.request("orders", data_from=person.shop.now - 7 * DAY)).row
    assert week.data_from == person.shop.now - 7 * DAY


@pytest.mark.parametrize(
    ("report_type", "begin", "end", "wrong"),
    [
        ("orders", -31 * DAY, None, {"data_from": "at most 30 days"}),
        ("orders", -DAY, -2 * DAY, {"data_from": "before data_to"}),
        ("orders", DAY, 2 * DAY, {"data_from": "in the future", "data_to": "in the future"}),
        (FBA, -DAY, None, {"data_from": "about the present"}),
        ("listings", -DAY, -DAY / 2, {"data_from": "about the present", "data_to": "about the present"}),
        ("no such thing!", None, None, {"report_type": "a name of Amazon's"}),
        ("GET_ORDER_REPORT_DATA_SHIPPING", None, None, {"report_type": "personal data"}),
    ],
)
async def test_everything_that_is_wrong_is_named(
    person: Person,
    report_type: str,
    begin: timedelta | None,
    end: timedelta | None,
    wrong: dict[str, str],
) -> None:
    span = {
        "data_from": person.shop.now + begin if begin else None,
        "data_to": person.shop.now + end if end else None,
    }
    found = await person.problems(report_type, **span)
    assert found.keys() == wrong.keys()
    for key, told in wrong.items():
        assert told in found[key]


async def test_a_time_needs_a_zone(person: Person) -> None:
    at = person.shop.now.replace(tzinfo=None)
    assert "time zone" in (await person.problems("orders", data_from=at))["data_from"]


async def test_nothing_is_asked_of_amazon_for_a_channel_that_is_off(person: Person) -> None:
    await person.shop.set(enabled="off")
    assert (await person.refused()).code == "channel_disabled"
    assert (await person.refused(channel="us")).code == "unknown_channel"


async def test_readers_may_look_and_not_ask(person: Person) -> None:
    assert (await person.office.refused(person.wish(), READER)).code == "not_permitted"
    assert (await person.office.ask(ListReports(), ReportList, READER)).rows == ()


async def test_lists_are_the_newest_first_and_can_be_narrowed(person: Person) -> None:
    await person.shop.open_channel("de", "DE")
    first = (await person.request()).row.number
    second = (await person.request("orders")).row.number
    third = (await person.request(channel="de")).row.number
    numbers = [row.number for row in await person.rows()]
    assert numbers == [third, second, first]
    assert [row.number for row in await person.rows(channel="de")] == [third]
    assert [row.number for row in await person.rows(report_type="orders")] == [second]
    assert [row.number for row in await person.rows(limit=1, account="eu")] == [third]


async def test_a_report_is_shown_by_its_number_or_by_amazon_s_id(person: Person) -> None:
    number = (await person.request()).row.number
    faults = [BadRow(line=3, reason="too few columns", text="MUG"), BadRow(line=9, reason="no SKU")]
    await person.end(number, rows=7, bad_rows=2, columns=("seller-sku", "asin"), faults=faults)
    shown = await person.shown(number)
    assert await person.shown("R1") == shown
    row = shown.row
    assert (row.status, row.plain, row.rows, row.next_look) == ("Processed", True, 7, None)
    assert [(bad.line, bad.reason, bad.text) for bad in shown.bad_rows] == [
        (3, "too few columns", "MUG"),
        (9, "no SKU", ""),
    ]
    assert shown.facts["Columns"] == "seller-sku, asin"
    assert (await person.office.refused(ShowReport(report="77"))).code == "unknown_report"
    assert (await person.office.refused(ShowReport(report=""))).code == "unknown_report"


async def test_the_topic_shows_what_the_list_shows(person: Person) -> None:
    number = (await person.request()).row.number
    topic = person.office.topic("reports")
    assert await topic.some([str(number), "77"]) == {str(number): (await person.rows())[0]}
    assert await person.office.snapshot("reports") == await topic.some([str(number)])


async def test_a_stuck_one_needs_attention(person: Person) -> None:
    number = (await person.request()).row.number

    def stand_still(unit: Unit) -> None:
        report = _report(unit, number)
        stuck = msgspec.structs.replace(report, state=State.STUCK, reason="Amazon has had it since 9.")
        reports.save(unit, stuck)

    await person.shop.store.write(stand_still)
    told = (await person.office.ask(GetStatus(), Status)).attention
    assert any("Amazon has had it since 9." in each for each in told)


async def test_reports_of_long_ago_are_forgotten_with_their_faults(person: Person) -> None:
    old = (await person.request("listings")).row.number
    await person.end(old, rows=1, faults=[BadRow(line=2, reason="no SKU")])
    await person.pass_time(days=80)
    young = (await person.request()).row.number
    await person.end(young, rows=1)
    await person.pass_time(days=11)
    await person.shop.store.write(lambda unit: forget_old(unit, person.shop.now))
    assert [row.number for row in await person.rows()] == [young]
    assert await person.shop.store.read(lambda c: reports.faults(c, old, 10)) == []
    running = await person.shop.store.read(lambda c: downloads.running(c, 1))
    assert running is not None
    assert running.report_pk is None
