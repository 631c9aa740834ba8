"""What clients are shown: rows and their keys, status, what needs attention (design, sections 7 and 8)."""

from collections.abc import Collection, Hashable, Mapping, Set
from pathlib import Path

import anyio
import msgspec
import pytest

from channel_protocol.accounts import AccountRow
from channel_protocol.actors import (
    ActorChanged,
    GetStatus,
    HaltActor,
    RestartActor,
    ResumeActor,
    Status,
    StatusRow,
)
from channel_protocol.audit import AuditRow
from channel_protocol.channels import ChannelRow
from channel_protocol.codec import AnyRow
from channel_protocol.feeds import FeedRow
from channel_protocol.offers import StockSyncRow
from channel_protocol.order_answers import DueRow, OrderProcessed, ProcessOrder
from channel_protocol.orders import OrderRow, QuarantineRow
from channel_protocol.prices import PriceSyncRow
from channel_protocol.session import TOPICS
from channel_protocol.work import WorkRow
from channeld.amazon.budgets import Priority
from channeld.amazon.operations import SEARCH_ORDERS
from channeld.commands.channels import remove_channel
from channeld.control.changes import Changes
from channeld.control.topics import make_topics
from channeld.runtime.actor import ActorContext, Halt
from channeld.runtime.bus import Bus
from channeld.runtime.child import ChildSpec
from channeld.store import channels, feeds, halts
from channeld.store.feeds import FeedRecord
from tests.support.answering import line
from tests.support.book_office import Office, open_office
from tests.support.book_shop import ORDER, damaged
from tests.support.domain_orders import NOW, order


async def status(office: Office) -> Status:
    return await office.ask(GetStatus(), Status)


async def row_of(office: Office, channel: str, concern: str) -> StatusRow:
    rows = (await status(office)).rows
    return next(row for row in rows if (row.channel, row.concern) == (channel, concern))


async def test_every_topic_shows_its_rows_by_their_keys(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel(despatch_notes="on")
        mug = line("1", "MUG", 1, item=1200)
        await office.shop.apply(order(personal={"buyer.buyerName": "CANARY-NAME"}, lines=(mug,)))
        await office.shop.apply_carefully(damaged=[damaged("damaged-1")])
        await office.ask(ProcessOrder(command_id="process-1", order_id=ORDER, carrier="DPD"), OrderProcessed)
        feed = FeedRecord(account_id=office.shop.account_id, feed_type="POST_ORDER_TEST", created_at=NOW)
        await office.shop.store.write(lambda unit: feeds.add(unit, feed, [100_001]))
        office.add_actor("eu/order_download")
        await office.budgets.acquire(office.shop.account_id, SEARCH_ORDERS, priority=Priority.BULK)
        kinds = {
            "accounts": ("eu", AccountRow),
            "channels": ("uk", ChannelRow),
            "orders": (f"uk/{ORDER}", OrderRow),
            "quarantine": ("eu/damaged-1", QuarantineRow),
            "audit": ("1", AuditRow),
            "due": (f"uk/{ORDER}", DueRow),
            "feeds": ("1", FeedRow),
            "price_sync": ("uk", PriceSyncRow),
            "stock_sync": ("uk", StockSyncRow),
            "work": ("100001", WorkRow),
        }
        for topic, (key, kind) in kinds.items():
            rows = await office.snapshot(topic)
            assert isinstance(rows[key], kind)
            asked = [key] if key.isdigit() else [key, "unknown/key-1"]
            assert await office.topic(topic).some(asked) == {key: rows[key]}
            assert b"CANARY" not in msgspec.json.encode(list(rows.values()))
        assert set(await office.snapshot("actors")) == {"eu/order_download"}
        assert set(await office.snapshot("budgets")) == {"eu/searchOrders"}


async def test_the_topics_are_those_of_the_wire(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        topics = make_topics(
            office.shop.store,
            office.supervisor,
            office.budgets,
            office.shop.clock,
            office.parts.instance,
            office.parts.listing_counts,
        )
        assert tuple(topic.name for topic in topics) == TOPICS


class Watched(Bus[AnyRow]):
    """A bus that is watched, and notes what it hears."""

    def __init__(self, office: Office) -> None:
        super().__init__([], office.shop.clock, msgspec.json.encode)
        self.heard: dict[str, set[str]] = {}

    @property
    def is_watched(self) -> bool:
        return True

    def changed(self, topic: str, keys: Collection[str], notable: bool = False) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]  # it is given collections
        self.heard.setdefault(topic, set()).update(keys)


async def test_ids_of_what_was_committed_become_keys_of_rows(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        uk = await office.shop.open_channel()
        account, changes, bus = office.shop.account_id, Changes(), Watched(office)
        noted: Mapping[str, Set[Hashable]] = {
            "account": {account},
            "channel": {uk.id},
            "order": {(uk.id, ORDER)},
            "quarantined": {(account, "damaged-1")},
            "audit": {7},
            "budget": {(account, "searchOrders")},
            "due": {(uk.id, "another")},
            "feed": {3},
            "work": {100_001},
            "settings": {("channel", uk.id)},
            "stock_standing": {uk.id},
        }
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(changes.run, office.shop.store, bus, office.shop.clock)
            changes.note(noted)
            await office.shop.clock.settle()
            tasks.cancel_scope.cancel()
        assert bus.heard == {
            "accounts": {"eu"},
            "channels": {"uk"},
            "orders": {f"uk/{ORDER}"},
            "quarantine": {"eu/damaged-1"},
            "due": {f"uk/{ORDER}", "uk/another"},
            "feeds": {"3"},
            "work": {"100001"},
            "audit": {"7"},
            "budgets": {"eu/searchOrders"},
            "price_sync": {"uk"},
            "stock_sync": {"uk"},
        }


@pytest.mark.parametrize(("kind", "topic"), [("price_due", "price_sync"), ("stock_standing", "stock_sync")])
async def test_what_is_counted_is_told_once_a_second(kind: str, topic: str, tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        uk = await office.shop.open_channel()
        changes, bus, clock, told = Changes(), Watched(office), office.shop.clock, 0
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(changes.run, office.shop.store, bus, clock)
            for _ in range(40):
                changes.note({kind: {uk.id}})
                await clock.advance(0.1)
                told += bus.heard.pop(topic, None) == {"uk"}
            assert 3 <= told <= 5
            tasks.cancel_scope.cancel()


async def test_while_many_links_are_made_channels_are_counted_every_few_seconds(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        account, changes, bus, told = office.shop.account_id, Changes(), Watched(office), 0
        clock = office.shop.clock
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(changes.run, office.shop.store, bus, clock)
            for second in range(20):
                changes.note({"link": {account}, "audit": {second}})
                await clock.advance(1)
                assert bus.heard.pop("audit") == {str(second)}, "others are told at once"
                told += bus.heard.pop("listing_downloads", None) == {"uk"}
            assert 4 <= told <= 5
            await clock.advance(5)
            assert bus.heard == {"listing_downloads": {"uk"}}, "the last ones are told, too"
            bus.heard.clear()
            await clock.advance(60)
            assert bus.heard == {}
            changes.note({"link": {account}})
            await clock.settle()
            assert bus.heard == {"listing_downloads": {"uk"}}, "a single one at once"
            tasks.cancel_scope.cancel()


async def test_a_channel_has_a_status_before_it_has_actors(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel(enabled="off")
        (row,) = (await status(office)).rows
        assert (row.channel, row.state, row.hint) == ("uk", "disabled", "channelctl channel enable uk")
        await office.shop.set(enabled="on")
        (row,) = (await status(office)).rows
        assert (row.channel, row.account, row.state) == ("uk", "eu", "starting")


async def test_status_has_every_concern_of_a_channel(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        for id_, channel in (("eu/order_download", ""), ("uk/order_intake", "uk")):
            office.add_actor(id_, channel=channel)
        office.add_actor("daemon/retention", account="")
        uk = await office.shop.open_channel()
        await office.shop.store.write(lambda unit: channels.note_applied(unit, uk.id, NOW, NOW))
        await office.shop.clock.settle()
        rows = (await status(office)).rows
        assert [(row.channel, row.concern) for row in rows] == [
            ("uk", "order_download"),
            ("uk", "order_intake"),
            ("", "retention"),
        ]
        assert (rows[0].state, rows[0].waits_for) == ("waiting", "the next order search")
        assert rows[0].order_sync_date == NOW
        assert (await status(office)).attention == ()


async def test_a_channel_that_amazon_refuses_is_failing_alone(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        uk, _ = await office.shop.open_channel(), await office.shop.open_channel("de", "DE")
        office.add_actor("eu/order_download")
        await office.shop.store.write(
            lambda unit: channels.note_trouble(unit, uk.id, "Refused.", "Ask Amazon.", NOW)
        )
        await office.shop.clock.settle()
        troubled = await row_of(office, "uk", "order_download")
        assert (troubled.state, troubled.reason, troubled.since) == ("failing", "Refused.", NOW)
        assert (await row_of(office, "de", "order_download")).state == "waiting"
        assert (await status(office)).attention == ("uk: Refused. Ask Amazon.",)
        await office.shop.set("uk", enabled="off")
        assert (await status(office)).attention == ()


async def test_orders_that_cannot_be_read_need_attention(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        await office.shop.apply_carefully(damaged=[damaged()])
        (told,) = (await status(office)).attention
        assert told.startswith("uk has 1 order that cannot be read.")
        await office.shop.command(lambda unit, asked: remove_channel(unit, asked, "uk"))
        assert (await status(office)).attention == ()


async def refused_by_amazon(context: ActorContext) -> None:
    raise Halt("The secret is wrong.", "Enter a new one.", whole_group=True)


async def test_refused_credentials_are_told_once_and_shown_at_the_account(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        office.add_actor("uk/order_intake", channel="uk")
        office.supervisor.add(
            ChildSpec(
                id="eu/order_download",
                group="eu",
                account="eu",
                concern="order_download",
                run=refused_by_amazon,
            )
        )
        await office.shop.clock.settle()
        assert [row.state for row in (await status(office)).rows] == ["halted", "halted"]
        (told,) = (await status(office)).attention
        assert "The secret is wrong. Enter a new one." in told
        account = (await office.snapshot("accounts"))["eu"]
        assert (account.state, account.reason) == ("halted", "The secret is wrong.")


async def test_an_actor_halted_by_hand_does_not_halt_its_account(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        office.add_actor("uk/order_intake", channel="uk")
        await office.shop.clock.settle()
        request = HaltActor(command_id="command-1", actor="uk/order_intake", reason="CANARY lunch")
        answer = await office.ask(request, ActorChanged)
        assert (answer.row.state, answer.row.reason) == ("halted", "CANARY lunch")
        assert (await office.snapshot("accounts"))["eu"].state == "ok"
        (stored,) = await office.shop.store.read(halts.all_halts)
        assert (stored.actor, stored.by, stored.reason) == ("uk/order_intake", "ann", "CANARY lunch")
        assert (await office.shop.texts())[-1] == "ann: Actor uk/order_intake halted by hand"
        refusal = await office.refused(RestartActor(command_id="command-2", actor="uk/order_intake"))
        assert refusal.code == "actor_halted"
        await office.ask(ResumeActor(command_id="command-3", actor="uk/order_intake"), ActorChanged)
        assert await office.shop.store.read(halts.all_halts) == []


async def test_an_unknown_actor_is_refused_with_the_nearest(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        office.add_actor("uk/order_intake")
        refusal = await office.refused(ResumeActor(command_id="command-1", actor="uk/order_intak"))
        assert refusal.code == "unknown_actor"
        assert "uk/order_intake" in refusal.hint


@pytest.mark.parametrize("fba", ["on", "off"])
async def test_a_channel_shows_its_fulfilment_location_while_fba_is_on(fba: str, tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel(fba_enabled="on")
        await office.shop.set(fba_enabled=fba)
        row = (await office.snapshot("channels"))["uk"]
        assert row.fulfilment_location == ("FBA UK" if fba == "on" else "")


async def test_an_account_near_what_its_budget_carries_needs_attention(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        office.parts.order_rate.note(office.shop.account_id, 1500, office.shop.now)
        assert (await office.ask(GetStatus(), Status)).attention == ()
        office.parts.order_rate.note(office.shop.account_id, 100, office.shop.now)
        (notice,) = (await office.ask(GetStatus(), Status)).attention
        assert "1,600" in notice
        await office.shop.clock.advance(3600)
        assert (await office.ask(GetStatus(), Status)).attention == ()
