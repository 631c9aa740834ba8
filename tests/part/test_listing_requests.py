"""Requests about a channel's listings: what they answer, and what they keep to themselves."""

from pathlib import Path

import anyio
import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, Engine

from channel_protocol.base import Refused
from channel_protocol.listings import DownloadListings, ListingsDownloaded, ListingShown, ShowListing
from channel_protocol.offers import ListingSettings, ListingsSet, SetListings
from channeld.commands.accounts import add_account
from channeld.commands.channels import remove_channel
from channeld.control.listing_counts import Recount
from channeld.store import audit, channels, listing_queries
from channeld.store.audit import AuditEntry
from channeld.store.listing_queries import Counts
from channeld.store.unit import Unit
from tests.support.book_office import Office, open_office
from tests.support.book_shop import NEW_ACCOUNT

LISTING = """INSERT INTO listings (id, channel_id, sku, sku_folded, asin, listing_id, title, title_key,
    status, condition, fulfilled_by, product_id, product_id_type, presence, missed, fingerprint,
    first_seen_at, changed_at, version) VALUES (1, 1, 'MUG', 'mug', '', '', '', '', 'active', '', '', '', '',
    'listed', 0, 0, 0, 0, 1)"""


async def with_listing(office: Office) -> None:
    await office.shop.open_channel()
    await office.shop.store.write(lambda unit: unit.connection.exec_driver_sql(LISTING))


async def test_a_channel_is_not_counted_while_others_wait_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_office(tmp_path) as office:
        await with_listing(office)
        counted, engines = listing_queries.counts, list[Engine]()

        def counts(connection: Connection, account_id: int, channel_id: int) -> Counts:
            engines.append(connection.engine)
            return counted(connection, account_id, channel_id)

        monkeypatch.setattr(listing_queries, "counts", counts)
        begun = await office.ask(DownloadListings(command_id="c" * 16, channel="uk"), ListingsDownloaded)
        assert (begun.row.listings, begun.row.in_progress) == (1, True)
        writer = await office.shop.store.write(lambda unit: unit.connection.engine)
        assert engines and writer not in engines


async def test_a_channel_is_counted_once_until_something_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_office(tmp_path) as office:
        await with_listing(office)
        counted, counts = listing_queries.counts, list[Counts]()

        def count(connection: Connection, account_id: int, channel_id: int) -> Counts:
            counts.append(counted(connection, account_id, channel_id))
            return counts[-1]

        monkeypatch.setattr(listing_queries, "counts", count)
        recount = Recount(is_told=True)

        async def listed() -> int:
            (channel,) = await office.shop.store.read(channels.all_channels)
            now = office.shop.clock.now()
            return (await office.shop.store.read(lambda c: recount.asked()(c, channel, None, now))).listed

        assert (await listed(), await listed(), len(counts)) == (1, 1, 1)
        second = LISTING.replace("VALUES (1, 1, 'MUG', 'mug'", "VALUES (2, 1, 'CUP', 'cup'")
        await office.shop.store.write(lambda unit: unit.connection.exec_driver_sql(second))
        recount.note({"order": {1}})
        assert (await listed(), len(counts)) == (1, 1)
        recount.note({"listing_download": {1}})
        assert (await listed(), await listed(), len(counts)) == (2, 2, 2)
        await office.shop.clock.advance(61)
        assert (await listed(), len(counts)) == (2, 3)


async def test_a_channel_that_is_removed_ends_the_wait_for_its_download(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await with_listing(office)
        refused: list[Refused] = []

        async def wait() -> None:
            request = DownloadListings(command_id="c" * 16, channel="uk", wait=600)
            refused.append(await office.refused(request))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(wait)
            await office.shop.clock.advance(2)
            assert not refused
            await office.shop.command(lambda unit, asked: remove_channel(unit, asked, "uk"))
            await office.shop.clock.advance(2)
            assert [each.code for each in refused] == ["unknown_channel"]
            tasks.cancel_scope.cancel()


async def test_what_happened_to_the_sku_of_another_account_is_not_shown(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await with_listing(office)
        mine = (await office.shop.channel()).account_id
        other = replace(NEW_ACCOUNT, name="us", region="na", seller_id="A2OTHERTEST")
        others = (await office.shop.command(lambda unit, asked: add_account(unit, asked, other))).id

        def tell(unit: Unit) -> None:
            for account, text in ((mine, "mine"), (others, "another's"), (None, "the item's")):
                entry = AuditEntry(
                    at=office.shop.now, code="listing.linked", text=text, account_id=account, sku="MUG"
                )
                audit.add(unit, entry)

        await office.shop.store.write(tell)
        shown = await office.ask(ShowListing(channel="uk", sku="MUG"), ListingShown)
        assert {each.text for each in shown.audit} == {"mine", "the item's"}


async def test_a_listing_shows_what_is_set_for_it_alone_and_nothing_else(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await with_listing(office)
        values = {"max_listed": "25", "stock_percentage": "80", "ignore_sync": "on"}
        wish = ListingSettings(sku="MUG", values=values)
        await office.ask(SetListings(command_id="c" * 16, channel="uk", listings=(wish,)), ListingsSet)
        shown = await office.ask(ShowListing(channel="uk", sku="MUG"), ListingShown)
        assert shown.settings == values
