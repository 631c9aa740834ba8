"""Pages of orders: what is personal comes only when asked for, to writers, and that is written down."""

from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from sqlalchemy import text

from channel_protocol.order_export import ExportOrders, ExportPersonalOrders, OrderChoice, OrderPage
from channeld.control.handlers import order_export
from tests.support.book_office import READER, Office, open_office
from tests.support.domain_orders import UK_LINE, order

PERSONAL = {"buyer.buyerName": "CANARY-NAME", "recipient.deliveryAddress.phone": "+44 CANARY"}


async def fill(office: Office, count: int) -> None:
    await office.shop.open_channel()
    await office.shop.apply(
        *(order(order_id=f"026-1234567-{number:07d}", personal=PERSONAL) for number in range(count))
    )


def on_disk(folder: Path) -> bytes:
    """The database and what belongs to it."""
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def test_pages_follow_each_other_to_the_end(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await fill(office, 5)
        first = await office.ask(ExportOrders(limit=3), OrderPage, READER)
        second = await office.ask(ExportOrders(limit=3, after=first.next), OrderPage, READER)
        assert (len(first.orders), len(second.orders), second.next) == (3, 2, None)
        assert {each.row.order_id[-1] for each in (*first.orders, *second.orders)} == set("01234")
        assert [line.sku for line in first.orders[0].items] == ["MUG"]
        assert "CANARY" not in repr(msgspec.json.encode(first))
        assert first.orders[0].personal is None


async def test_personal_data_is_for_writers_audited_page_by_page_and_not_remembered(tmp_path: Path) -> None:
    request = ExportPersonalOrders(command_id="command-1", limit=3)
    async with open_office(tmp_path) as office:
        await fill(office, 4)
        assert (await office.refused(request, READER)).code == "not_permitted"
        before = await office.shop.texts()
        page = await office.ask(request, OrderPage)
        assert [each.personal for each in page.orders] == [PERSONAL] * 3
        assert "CANARY" not in repr(page)
        await office.ask(replace(request, after=page.next), OrderPage)
        written = (await office.shop.texts())[len(before) :]
        assert written == [
            "ann: Personal data of 3 orders exported",
            "ann: Personal data of 1 order exported",
        ]
        kept = await office.shop.store.read(lambda c: c.execute(text("SELECT * FROM commands")).all())
        assert kept == []
        assert b"CANARY" not in on_disk(tmp_path)


async def test_what_was_removed_is_not_shown_and_looking_for_nothing_is_not_audited(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        await office.shop.apply(order())
        before = await office.shop.texts()
        page = await office.ask(ExportPersonalOrders(command_id="command-1"), OrderPage)
        assert [each.personal for each in page.orders] == [{}]
        assert await office.shop.texts() == before


async def test_a_page_stays_below_what_a_line_may_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_export, "PAGE_BYTES", 10_000)
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        lines = tuple(replace(UK_LINE, order_item_id=str(number), title="ß" * 200) for number in range(20))
        await office.shop.apply(*(order(order_id=f"026-1-{number:07d}", lines=lines) for number in range(4)))
        seen: list[str] = []
        after = None
        while True:
            page = await office.ask(ExportOrders(after=after), OrderPage)
            assert len(page.orders) == 1
            seen += [each.row.order_id for each in page.orders]
            after = page.next
            if after is None:
                break
        assert len(seen) == len(set(seen)) == 4


@pytest.mark.parametrize(
    ("request_", "key"),
    [
        (ExportOrders(after="1; DROP"), "after"),
        (ExportOrders(choice=OrderChoice(state="opne")), "state"),
        (ExportOrders(choice=OrderChoice(channel="ku")), "channel"),
        (ExportOrders(choice=OrderChoice(since=datetime(2026, 1, 1))), "since"),  # noqa: DTZ001 (as a client may send it)
        (ExportOrders(limit=0), "limit"),
    ],
)
async def test_a_bad_choice_is_named(request_: ExportOrders, key: str, tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        assert [problem.key for problem in (await office.refused(request_)).problems] == [key]
