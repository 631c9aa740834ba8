"""Orders go into the book exactly once, in whatever order they come (semantics C0, C6, D9, F1, I14, I15)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from channeld.commands.locations import add_location
from channeld.commands.mappings import put_mapping
from channeld.domain.order import Amounts, IncomingOrder
from channeld.domain.tax import TaxPolicy
from channeld.store import left_alone, locations, orders
from tests.support.book_shop import Shop, as_sent, open_shop
from tests.support.domain_orders import HOUR, MINUTE, NOW, UK_LINE, order

MAIL = "x@marketplace.example"


def later(incoming: IncomingOrder, **changes: object) -> IncomingOrder:
    """The same order as Amazon shows it a minute later."""
    return msgspec.structs.replace(incoming, **({"updated_at": incoming.updated_at + MINUTE} | changes))


async def test_an_order_is_stored_once_with_everything_that_follows(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        assert await shop.apply(order(email=MAIL)) == ["inserted"]
        assert await shop.apply(order(email=MAIL)) == ["unchanged"]
        stored = await shop.order()
        assert (stored.state, stored.status, stored.version) == ("open", "UNSHIPPED", 1)
        assert [line.sku for line in stored.lines] == ["MUG"]
        assert await shop.personal() == {"buyer.buyerEmail": MAIL}
        assert await shop.codes() == ["order.stored"]


async def test_a_newer_view_changes_the_order_and_says_so(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply(order(email=MAIL))
        shipped = later(order(email=MAIL), status="SHIPPED")
        assert await shop.apply(shipped) == ["changed"]
        stored = await shop.order()
        assert (stored.state, stored.status, stored.despatch_duty) == ("shipped", "SHIPPED", False)
        assert stored.updated_at == NOW + MINUTE
        payload = await shop.store.read(lambda c: orders.payload(c, stored.id))
        assert payload == as_sent(shipped).payload
        assert (await shop.codes())[-1] == "order.changed"


async def test_a_falling_status_is_applied_and_told(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply(order("SHIPPED", email=MAIL))
        await shop.apply(later(order("UNSHIPPED", email=MAIL)))
        assert (await shop.order()).status == "UNSHIPPED"
        assert (await shop.codes())[-1] == "order.went_back"


async def test_an_older_view_fills_blanks_only(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        bare = msgspec.structs.replace(UK_LINE, title="", amounts=None)
        newer = later(order("SHIPPED", lines=(bare,), currency=""))
        await shop.apply(newer)
        titled = msgspec.structs.replace(UK_LINE, title="A mug", quantity=9)
        older = order(
            "UNSHIPPED", lines=(titled,), deliver_by=order().deliver_by, grand_total=1200, email=MAIL
        )
        assert await shop.apply(older) == ["changed"]
        stored = await shop.order()
        assert (stored.status, stored.updated_at) == ("SHIPPED", NOW + MINUTE)
        assert (stored.currency, stored.grand_total) == ("GBP", 1200)
        (line,) = stored.lines
        assert (line.title, line.quantity, line.amounts) == ("A mug", 1, UK_LINE.amounts)
        assert await shop.personal() == {"buyer.buyerEmail": MAIL}
        payload = await shop.store.read(lambda c: orders.payload(c, stored.id))
        assert payload == as_sent(newer).payload


async def test_an_older_view_that_brings_nothing_changes_nothing(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply(later(order("SHIPPED", email=MAIL)))
        assert await shop.apply(order("UNSHIPPED", email=MAIL)) == ["unchanged"]
        assert (await shop.order()).version == 1


async def test_at_equal_time_the_higher_rank_wins(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply(order("PENDING"))
        assert await shop.apply(order("CANCELLED")) == ["changed"]
        assert await shop.apply(order("UNSHIPPED")) == ["unchanged"]
        assert (await shop.order()).state == "cancelled"


async def test_a_page_may_show_an_order_twice(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        newer = later(order("SHIPPED"), lines=(msgspec.structs.replace(UK_LINE, title=""),))
        titled = order(lines=(msgspec.structs.replace(UK_LINE, title="A mug"),))
        assert await shop.apply(newer, titled, titled) == ["inserted", "unchanged", "changed"]
        stored = await shop.order()
        assert (stored.status, stored.lines[0].title) == ("SHIPPED", "A mug")
        assert len(await shop.orders()) == 1


async def test_lines_added_later_join_those_that_are_there(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply(order("PENDING", lines=()))
        assert (await shop.order()).state == "incomplete"
        await shop.apply(later(order()))
        other = msgspec.structs.replace(UK_LINE, order_item_id="2", sku="CUP")
        await shop.apply(later(later(order()), lines=(other,)))
        stored = await shop.order()
        assert stored.state == "open"
        assert {line.sku for line in stored.lines} == {"MUG", "CUP"}


async def test_a_blank_never_overwrites_a_value(tmp_path: Path) -> None:
    fields = {"buyer.buyerEmail": MAIL, "recipient.deliveryAddress.phone": "01"}
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        full = order(personal=fields, programs=("PRIME",), grand_total=1200, shipped_at=NOW)
        await shop.apply(full)
        bare = msgspec.structs.replace(UK_LINE, sku="", amounts=None)
        hidden = {"buyer.buyerEmail": MAIL}
        await shop.apply(
            later(
                order("SHIPPED", personal=hidden), currency="", lines=(bare,), programs=(), grand_total=None
            )
        )
        stored = await shop.order()
        assert (stored.status, stored.currency, stored.grand_total) == ("SHIPPED", "GBP", 1200)
        assert (stored.prime, stored.programs, stored.shipped_at) == (True, ("PRIME",), NOW)
        assert (stored.lines[0].sku, stored.lines[0].amounts) == ("MUG", UK_LINE.amounts)
        assert await shop.personal() == fields


async def test_orders_of_other_channels_are_skipped(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel(enabled="off")
        foreign = order(order_id="elsewhere-1", on_amazon=False, marketplace_id="")
        assert await shop.apply(order(), foreign) == ["skipped", "skipped"]
        assert await shop.orders() == []


async def test_fba_orders_are_counted_while_fba_is_off_and_stored_when_on(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel()
        fba = order("SHIPPED", fulfilled_by="AMAZON", shipped_at=NOW - HOUR)
        assert await shop.apply(fba) == ["skipped"]
        assert await shop.apply(fba) == ["skipped"]
        assert await shop.store.read(left_alone.counts) == {uk.id: 1}
        await shop.set(fba_enabled="on")
        assert await shop.apply(fba) == ["inserted"]
        assert await shop.store.read(left_alone.counts) == {}
        stored = await shop.order()
        assert (stored.state, stored.reduces_stock, stored.despatch_duty) == ("fulfilled", False, False)
        place = await shop.store.read(lambda c: locations.fba_of(c, uk.id))
        assert place is not None
        assert stored.location_id == place.id
        await shop.set(fba_enabled="off")
        assert await shop.apply(later(fba)) == ["changed"], "what is in the book is kept up to date"


async def test_a_new_location_is_for_new_orders_only(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply(order())
        hall = await shop.command(lambda unit, asked: add_location(unit, asked, "Hall 2"))
        await shop.set(order_location="Hall 2")
        await shop.apply(later(order("SHIPPED")), order(order_id="second"))
        assert (await shop.order()).location_id != hall.id
        assert (await shop.order("second")).location_id == hall.id


async def test_a_mapping_holds_for_orders_downloaded_after_it(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        words: dict[str, Any] = {"payment_methods": ("GiftCard", " creditcard"), "service_level": "Next_Day"}
        await shop.apply(order(**words))
        stored = await shop.order()
        assert (stored.payment_tag, stored.payment_method, stored.payment_mapped) == (
            "CREDITCARD+GIFTCARD",
            "Default",
            False,
        )
        await shop.command(lambda u, a: put_mapping(u, a, "payment", "uk", "giftcard+CreditCard", "Card"))
        await shop.command(lambda u, a: put_mapping(u, a, "shipping", "uk", " next_day ", "Courier"))
        await shop.apply(later(order("SHIPPED", **words)), order(order_id="second", **words))
        assert (await shop.order()).payment_method == "Default"
        second = await shop.order("second")
        assert (second.payment_method, second.payment_mapped) == ("Card", True)
        assert (second.shipping_service, second.shipping_mapped) == ("Courier", True)


async def test_tax_and_received_date_are_those_of_the_first_download(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel(tax_rate="20", order_received_offset="1")
        await shop.apply(order())
        await shop.set(tax_rate="5", vcs_enabled="on", order_received_offset="-5.5")
        await shop.apply(later(order("SHIPPED")))
        stored = await shop.order()
        assert stored.tax_policy == TaxPolicy(style="included", tax_rate="20")
        assert stored.received == (NOW - HOUR + HOUR).strftime("%Y-%m-%dT%H:%M:%S")


@pytest.mark.parametrize(
    ("status", "bought_ago", "state", "reduces"),
    [
        ("UNSHIPPED", timedelta(days=5), "open", True),
        ("PENDING", timedelta(days=5), "parked", True),
        ("CANCELLED", timedelta(0), "cancelled", False),
        ("SHIPPED", timedelta(days=5), "shipped elsewhere", False),
        ("SHIPPED", timedelta(0), "shipped elsewhere", True),
    ],
)
async def test_only_what_was_sold_since_the_first_enable_reduces_stock(
    status: str, bought_ago: timedelta, state: str, reduces: bool, tmp_path: Path
) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply(order(status, purchased_at=shop.now - bought_ago))
        stored = await shop.order()
        assert (stored.state, stored.reduces_stock) == (state, reduces)


async def test_an_order_past_its_retention_is_stored_without_personal_data(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        long_ago = NOW - timedelta(days=40)
        old = order("SHIPPED", email=MAIL, purchased_at=long_ago, updated_at=long_ago)
        await shop.apply(old)
        assert await shop.personal() == {}
        assert await shop.apply(old, recovering=True) == ["changed"]
        assert await shop.personal() == {"buyer.buyerEmail": MAIL}


async def test_an_unknown_sku_never_drops_an_order(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply(order(lines=(msgspec.structs.replace(UK_LINE, sku="", amounts=Amounts()),)))
        (line,) = (await shop.order()).lines
        assert line.item_id is None


async def test_a_pending_order_waits_for_amazon_until_it_turns(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply(order("PENDING"))
        (due,) = await shop.rereads()
        assert (due.kind, due.due_at) == ("pending", NOW + 30 * MINUTE)
        await shop.apply(later(order("UNSHIPPED", email=MAIL)))
        assert await shop.rereads() == []
        assert (await shop.codes())[-2:] == ["order.unparked", "email.disclosed"]


async def test_a_desk_of_two_channels_sorts_orders_by_marketplace(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel()
        de = await shop.open_channel("de", "DE")
        await _both(shop, de.marketplace_id)
        assert {(each.order_id, each.channel_id) for each in await shop.orders()} == {
            ("first", uk.id),
            ("second", de.id),
        }


async def _both(shop: Shop, german: str) -> None:
    await shop.apply(order(order_id="first"), order(order_id="second", marketplace_id=german, currency="EUR"))
