"""What survives a restart: searches, re-reads, mappings, budgets, halts, answered commands, quarantine."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from channeld.errors import InvalidRequest
from channeld.store import budgets, commands, halts, mappings, orders, quarantine, rereads, searches
from channeld.store.budgets import Budget
from channeld.store.commands import Answered
from channeld.store.halts import Halt
from channeld.store.mappings import Mapping
from channeld.store.quarantine import Quarantined
from channeld.store.rereads import Reread
from channeld.store.searches import Search
from tests.support.fake_clock import START
from tests.support.store_samples import add_account, add_channel, open_store, order

HOUR = timedelta(hours=1)


async def test_an_account_has_one_search_of_a_kind_and_it_goes_on_after_a_restart(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        uk = await store.write(add_channel)
        first = Search(
            account_id=uk.account_id, kind="live", channel_ids=(uk.id,), query="{}", started_at=START
        )
        await store.write(lambda unit: searches.save(unit, first))
        second = msgspec.structs.replace(first, page_token="t2", next_page=2, applied=100)  # noqa: S106 (made up)
        await store.write(lambda unit: searches.save(unit, second))
    async with open_store(tmp_path) as store:
        found = await store.read(lambda c: searches.running(c, uk.account_id, "live"))
        assert found is not None
        assert msgspec.structs.replace(found, id=0) == second
        assert await store.read(lambda c: searches.running(c, uk.account_id, "catch_up")) is None
        await store.write(lambda unit: searches.finish(unit, uk.account_id, "live"))
        assert await store.read(lambda c: searches.running(c, uk.account_id, "live")) is None


async def test_rereads_are_due_in_order_and_planned_once_a_kind(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        uk = await store.write(add_channel)
        plan = [
            Reread(
                account_id=uk.account_id,
                channel_id=uk.id,
                order_id=name,
                kind="email",
                due_at=START + hours * HOUR,
                first_at=START,
            )
            for name, hours in (("later", 2), ("soon", 1))
        ]
        await store.write(lambda unit: rereads.schedule(unit, [*plan, *plan]))
        assert await store.read(lambda c: rereads.next_due(c, channel_id=uk.id)) == START + HOUR
        now = START + 2 * HOUR
        found = await store.read(lambda c: rereads.due(c, now, 10, account_id=uk.account_id))
        assert [each.order_id for each in found] == ["soon", "later"]
        await store.write(lambda unit: rereads.finish(unit, uk.account_id, "soon", "email", now, "disclosed"))
        found = await store.read(lambda c: rereads.due(c, now, 10, channel_id=uk.id))
        assert [each.order_id for each in found] == ["later"]


async def test_words_met_on_orders_are_listed_beside_mapped_ones(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        uk = (await store.write(add_channel)).id
        page = [
            order(uk, 1),
            msgspec.structs.replace(order(uk, 2), payment_tag="INVOICE", payment_mapped=False),
        ]
        await store.write(lambda unit: orders.save_page(unit, page))
        for target in ("Bank", "Card"):
            await store.write(lambda unit, to=target: mappings.put(unit, "payment", uk, "CREDITCARD", to))
        assert await store.read(lambda c: mappings.of_channel(c, "payment", uk)) == {"CREDITCARD": "Card"}
        assert await store.read(lambda c: mappings.words(c, "payment")) == [
            Mapping(channel_id=uk, tag="CREDITCARD", target="Card", orders=1, unmapped=0),
            Mapping(channel_id=uk, tag="INVOICE", target=None, orders=1, unmapped=1),
        ]
        assert await store.write(lambda unit: mappings.forget(unit, "payment", uk, "CREDITCARD"))
        assert not await store.write(lambda unit: mappings.forget(unit, "payment", uk, "CREDITCARD"))


async def test_a_budget_is_kept_as_it_last_stood(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        account = (await store.write(add_account)).id
        for tokens in (3.0, 1.25):
            kept = Budget(
                account_id=account, operation="searchOrders", tokens=tokens, rate=0.0056, burst=20.0, at=START
            )
            await store.write(lambda unit, kept=kept: budgets.save(unit, kept))
        (found,) = await store.read(lambda c: budgets.of_account(c, account))
        assert found.tokens == 1.25


async def test_lifting_one_halt_lifts_its_whole_group(tmp_path: Path) -> None:
    def halt(actor: str, group: str = "") -> Halt:
        return Halt(actor=actor, reason="refused", hint="renew", by="channeld", since=START, group=group)

    async with open_store(tmp_path) as store:
        for each in (halt("eu/a", "account:eu"), halt("eu/b", "account:eu"), halt("na/a")):
            await store.write(lambda unit, each=each: halts.put(unit, each))
        again = msgspec.structs.replace(halt("na/a"), reason="another")
        await store.write(lambda unit: halts.put(unit, again))
        assert await store.write(lambda unit: halts.lift(unit, "eu/b")) == ["eu/a", "eu/b"]
        assert await store.read(halts.all_halts) == [halt("na/a")]


async def test_a_command_is_answered_once(tmp_path: Path) -> None:
    answer = Answered(command_id="c1", at=START, request_type="x", fingerprint=b"f", answer=b"{}")
    async with open_store(tmp_path) as store:
        assert await store.read(lambda c: commands.answered(c, store.cipher, "c1")) is None
        await store.write(lambda unit: commands.remember(unit, store.cipher, answer))
        with pytest.raises(InvalidRequest):
            await store.write(lambda unit: commands.remember(unit, store.cipher, answer))
        assert await store.read(lambda c: commands.answered(c, store.cipher, "c1")) == answer
        assert await store.write(lambda unit: commands.forget(unit, START)) == 0
        assert await store.write(lambda unit: commands.forget(unit, START + HOUR)) == 1


async def test_a_quarantined_order_counts_its_attempts_and_keeps_its_first_time(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        uk = await store.write(add_channel)
        account = uk.account_id
        for hours in (0, 1):
            at = START + hours * HOUR
            entry = Quarantined(
                account_id=account,
                channel_id=uk.id,
                order_id="o",
                reason="r",
                field="f",
                first_at=at,
                last_at=at,
                next_attempt_at=at,
            )
            await store.write(lambda unit, entry=entry: quarantine.put(unit, store.cipher, entry, b"{}", {}))
        (kept,) = await store.read(lambda c: quarantine.entries(c, 10))
        assert (kept.attempts, kept.first_at, kept.last_at) == (2, START, START + HOUR)
        assert await store.read(lambda c: quarantine.next_due(c, account, channel_id=uk.id)) == START + HOUR
        await store.write(lambda unit: quarantine.release(unit, account, ["o", "another"]))
        assert await store.read(lambda c: quarantine.entries(c, 10)) == []
