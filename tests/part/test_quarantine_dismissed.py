"""A quarantined order that a person dismissed needs nobody any more, until it is another (semantics C5)."""

from datetime import timedelta
from pathlib import Path

import pytest

from channel_protocol.actors import GetStatus, Status
from channel_protocol.orders import (
    DismissOrder,
    ListQuarantine,
    OrderDismissed,
    QuarantineList,
    QuarantineRow,
    RecoverOrder,
)
from channeld.book.quarantining import Damaged
from channeld.book.readings import read_all
from tests.support.amazon_orders import order as amazon_order
from tests.support.amazon_orders import raw
from tests.support.book_office import READER, Office, open_office
from tests.support.book_shop import ORDER, damaged


async def kept(office: Office) -> list[QuarantineRow]:
    return list((await office.ask(ListQuarantine(), QuarantineList)).rows)


async def dismiss(office: Office, order_id: str = ORDER, command_id: str = "command-1") -> QuarantineRow:
    request = DismissOrder(command_id=command_id, order_id=order_id)
    return (await office.ask(request, OrderDismissed)).row


async def attention(office: Office) -> tuple[str, ...]:
    return (await office.ask(GetStatus(), Status)).attention


async def test_it_stays_whole_and_needs_nobody(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        await office.shop.apply_carefully(damaged=[damaged()])
        assert "uk has 1 order" in (await attention(office))[0]
        row = await dismiss(office)
        assert row.dismissed_at == office.shop.now
        assert await kept(office) == [row]
        assert await attention(office) == ()
        assert (await office.snapshot("channels"))["uk"].quarantined == 0


async def test_it_is_audited_once_with_who_and_why(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        await office.shop.apply_carefully(damaged=[damaged()])
        first = await dismiss(office)
        await office.shop.clock.advance(60)
        assert await dismiss(office, command_id="command-2") == first
        assert await office.shop.codes() == ["order.quarantined", "order.dismissed"]
        assert (await office.shop.texts())[-1] == (
            "ann: Quarantined order dismissed: orderItems[0].quantityOrdered is missing"
        )


async def test_it_is_tried_again_all_the_same_and_says_so(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        await office.shop.apply_carefully(damaged=[damaged()])
        before = (await kept(office))[0]
        row = await dismiss(office)
        assert row.next_attempt == before.next_attempt == office.shop.now + timedelta(minutes=5)
        assert "tried again by itself" in row.hint


@pytest.mark.parametrize(
    ("again", "needs_a_person"),
    [
        (damaged(), False),
        (damaged(payload=b'{"orderItems":[{"title":"new"}]}'), True),
        (damaged(reason="has the wrong type (str)"), True),
    ],
    ids=["the same", "another payload", "another fault"],
)
async def test_it_comes_back_when_it_is_another_one(
    tmp_path: Path, again: Damaged, needs_a_person: bool
) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        await office.shop.apply_carefully(damaged=[damaged()])
        await dismiss(office)
        await office.shop.apply_carefully(damaged=[again])
        (row,) = await kept(office)
        assert (row.dismissed_at is None) is needs_a_person
        assert bool(await attention(office)) is needs_a_person


async def test_one_whose_id_cannot_be_read_is_dismissed_for_good(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        nameless = read_all([raw({**amazon_order(), "orderId": 5})]).damaged
        await office.shop.apply_carefully(damaged=nameless)
        (row,) = await kept(office)
        assert f"channelctl order dismiss {row.order_id}" in row.hint
        await dismiss(office, row.order_id)
        await office.shop.apply_carefully(damaged=nameless)
        assert await attention(office) == ()


async def test_one_of_no_known_channel_needs_a_person_until_it_is_dismissed(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        await office.shop.apply_carefully(damaged=[damaged(marketplace_id="")])
        assert "eu has 1 order" in (await attention(office))[0]
        await dismiss(office)
        assert await attention(office) == ()


async def test_amazon_is_not_asked_for_an_id_of_our_own_making(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        nameless = read_all([raw({**amazon_order(), "orderId": 5})]).damaged
        await office.shop.apply_carefully(damaged=nameless)
        (row,) = await kept(office)
        refusal = await office.refused(RecoverOrder(command_id="command-1", order_id=row.order_id))
        assert refusal.code == "unreadable_id"
        assert "Seller Central" in refusal.hint


async def test_what_is_dismissed_comes_last_in_the_list(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        for order_id in ("first", "second"):
            await office.shop.apply_carefully(damaged=[damaged(order_id)])
            await office.shop.clock.advance(60)
        await dismiss(office, "first")
        assert [row.order_id for row in await kept(office)] == ["second", "first"]


async def test_only_a_quarantined_order_can_be_dismissed_and_only_by_a_writer(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        unknown = await office.refused(DismissOrder(command_id="command-1", order_id=ORDER))
        assert (unknown.code, [p.key for p in unknown.problems]) == ("unknown_order", ["order_id"])
        await office.shop.apply_carefully(damaged=[damaged()])
        reader = await office.refused(DismissOrder(command_id="command-2", order_id=ORDER), READER)
        assert reader.code == "not_permitted"
        account = DismissOrder(command_id="command-3", order_id=ORDER, account="na")
        assert (await office.refused(account)).code == "unknown_account"
