"""Accounts and channels: unique names, versions, and what removing means."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from channeld.errors import ChanneldError, InvalidRequest
from channeld.store import accounts, channels, locations
from tests.support.fake_clock import START
from tests.support.store_samples import add_account, add_channel, open_store

DE = "A1PA6795UKMFR9"


async def test_a_name_is_unique_until_its_account_is_removed(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        first = await store.write(add_account)
        with pytest.raises(InvalidRequest):
            await store.write(add_account)
        await store.write(lambda unit: accounts.remove(unit, first.id, START))
        second = await store.write(add_account)
        assert await store.read(lambda c: accounts.by_name(c, "eu")) == second
        removed = await store.read(lambda c: accounts.get(c, first.id))
        assert removed is not None
        assert removed.removed_at == START


async def test_a_change_based_on_an_old_state_is_refused(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        seen = await store.write(add_account)
        changed = msgspec.structs.replace(seen, order_poll_seconds=300)
        saved = await store.write(lambda unit: accounts.save(unit, changed))
        assert saved.version == seen.version + 1
        assert await store.read(lambda c: accounts.get(c, seen.id)) == saved
        with pytest.raises(ChanneldError) as refused:
            await store.write(lambda unit: accounts.save(unit, changed))
        assert refused.value.code == "changed_meanwhile"


async def test_one_channel_a_marketplace_of_an_account(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        uk = await store.write(lambda unit: add_channel(unit, "uk"))
        with pytest.raises(InvalidRequest):
            await store.write(lambda unit: add_channel(unit, "again", account_id=uk.account_id))
        with pytest.raises(InvalidRequest):
            await store.write(lambda unit: add_channel(unit, "uk", DE, uk.account_id))
        de = await store.write(lambda unit: add_channel(unit, "de", DE, uk.account_id))
        assert await store.read(lambda c: channels.of_account(c, uk.account_id)) == [de, uk]
        gone = msgspec.structs.replace(uk, removed_at=START)
        await store.write(lambda unit: channels.save(unit, gone))
        again = await store.write(lambda unit: add_channel(unit, "uk", account_id=uk.account_id))
        assert await store.read(channels.all_channels) == [de, again]
        assert len(await store.read(lambda c: channels.all_channels(c, removed=True))) == 3


async def test_settings_come_back_as_they_were_saved(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        uk = await store.write(add_channel)
        changed = msgspec.structs.replace(
            uk,
            settings={"order_received_offset": "-5.5"},
            enabled=True,
            first_enabled_at=START + timedelta(1),
        )
        saved = await store.write(lambda unit: channels.save(unit, changed))
        assert await store.read(lambda c: channels.by_name(c, "uk")) == saved
        assert saved.settings == {"order_received_offset": "-5.5"}


async def test_default_is_there_and_a_channel_has_one_fba_location_at_most(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        uk = await store.write(add_channel)
        assert [each.name for each in await store.read(locations.all_locations)] == ["Default"]
        fba = await store.write(lambda unit: locations.add(unit, "FBA UK", fba_channel_id=uk.id))
        for name, channel_id in (("FBA UK", None), ("another", uk.id)):
            with pytest.raises(InvalidRequest):
                await store.write(
                    lambda unit, name=name, channel=channel_id: locations.add(
                        unit, name, fba_channel_id=channel
                    )
                )
        await store.write(lambda unit: locations.rename(unit, fba.id, "FBA London"))
        renamed = await store.read(lambda c: locations.fba_of(c, uk.id))
        assert renamed == msgspec.structs.replace(fba, name="FBA London")
