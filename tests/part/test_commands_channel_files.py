"""Channels are made what a file says: all of it or nothing, and nothing the second time."""

from pathlib import Path
from typing import Any

from channel_protocol.channel_files import (
    ApplyChannels,
    ChannelFile,
    ChannelsApplied,
    ChannelsExported,
    ExportChannels,
    FileChange,
    FileChannel,
)
from channel_protocol.mappings import ListMappings, MappingChanged, MappingList, SetMapping
from tests.support.book_office import READER, Office, open_office

UK: dict[str, Any] = {"channel": "uk", "account": "eu", "marketplace": "UK"}


def file(*channels: dict[str, Any], locations: tuple[str, ...] = ()) -> ChannelFile:
    return ChannelFile(locations=locations, channels=tuple(FileChannel(**each) for each in channels))


def request(
    file: ChannelFile, number: int = 1, *, confirmed: bool = True, mark: str | None = None
) -> ApplyChannels:
    return ApplyChannels(command_id=f"command-{number}", file=file, confirmed=confirmed, mark=mark)


async def apply(office: Office, file: ChannelFile, number: int = 1) -> ChannelsApplied:
    return await office.ask(request(file, number), ChannelsApplied)


async def exported(office: Office, *names: str) -> ChannelFile:
    return (await office.ask(ExportChannels(channels=names), ChannelsExported, READER)).file


FULL = file(
    UK
    | {
        "settings": {"enabled": "on", "tax_rate": "20", "order_location": "Hall 2", "fba_enabled": "on"},
        "payment": {"card": "Card", "gift + cod": "Mixed"},
        "shipping": {"NEXT_DAY": "Express"},
    },
    {"channel": "de", "account": "eu", "marketplace": "DE"},
    locations=("Default", "Hall 2"),
)


async def test_a_file_makes_channels_with_all_that_belongs_to_them(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        done = await apply(office, FULL)
        assert (done.done, done.locations) == (True, ("Hall 2",))
        assert [(each.channel, each.added) for each in done.channels] == [("uk", True), ("de", True)]
        uk = (await exported(office, "uk")).channels[0]
        assert uk.settings["order_location"] == "Hall 2"
        assert uk.payment == {"CARD": "Card", "COD+GIFT": "Mixed"}
        assert not (await office.shop.channel(2)).enabled, "switched off unless the file says otherwise"
        assert (await office.shop.channel(1)).first_enabled_at == office.shop.now


async def test_applying_again_changes_nothing_and_writes_nothing_down(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await apply(office, FULL)
        texts = await office.shop.texts()
        again = await apply(office, FULL, 2)
        assert (again.done, again.locations, again.channels) == (True, (), ())
        assert await office.shop.texts() == texts


async def test_what_was_exported_and_applied_is_exported_alike(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    async with open_office(one) as office, open_office(two) as other:
        await apply(office, FULL)
        whole = await exported(office)
        await apply(other, whole)
        assert await exported(other) == whole
        assert (await apply(office, whole, 2)).channels == ()


async def test_a_change_is_audited_with_old_and_new_value(tmp_path: Path) -> None:
    changed = file(
        {"channel": "uk", "settings": {"tax_rate": "7"}, "payment": {"CARD": "Plastic", "COD": "Cash"}}
    )
    async with open_office(tmp_path) as office:
        await apply(office, FULL)
        (uk,) = (await apply(office, changed, 2)).channels
        assert uk.changes == (
            FileChange(key="tax_rate", old="20", new="7"),
            FileChange(key="payment.CARD", old="Card", new="Plastic"),
            FileChange(key="payment.COD", old=None, new="Cash"),
            FileChange(key="payment.COD+GIFT", old="Mixed", new=None),
        )
        assert (await office.shop.texts())[-4:] == [
            "ann: tax_rate: 20 → 7",
            "ann: Payment mapping: CARD → Plastic, before Card",
            "ann: Payment mapping: COD → Cash",
            "ann: Payment mapping of COD+GIFT removed",
        ]


async def test_what_a_file_does_not_say_is_left_alone(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await apply(office, FULL)
        before = await exported(office)
        await apply(office, file({"channel": "uk", "settings": {"tax_rate": "7"}}), 2)
        after = await exported(office)
        assert after.channels[0] == before.channels[0], "de"
        uk, was = after.channels[1], before.channels[1]
        assert uk.settings == was.settings | {"tax_rate": "7"}
        assert (uk.payment, uk.shipping) == (was.payment, was.shipping)


async def test_every_problem_is_named_with_channel_and_key_and_nothing_is_done(tmp_path: Path) -> None:
    bad = file(
        UK | {"account": "na", "marketplace": "DE", "settings": {"tax_rate": "120", "fba_enable": "on"}},
        {"channel": "de", "account": "ue", "marketplace": "DEE", "settings": {"tax_rate": "x"}},
        {"channel": "fr", "settings": {"enabled": "on"}, "payment": {"": "Card", "a+b": "X", "B + A": "Y"}},
        {"channel": "no blanks", "account": "eu", "marketplace": "US", "settings": {"use_channel_tax": "on"}},
        {"channel": "it", "account": "eu", "marketplace": "IT", "settings": {"order_location": "Nowhere"}},
        {"channel": "it"},
        locations=("Hall 2", "default", " "),
    )
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        texts, before = await office.shop.texts(), await exported(office)
        for confirmed in (False, True):
            refused = await office.refused(request(bad, confirmed=confirmed))
            found = {problem.key: problem.nearest for problem in refused.problems}
            assert found == {
                "locations[1]": None,
                "locations[2]": None,
                "uk.account": None,
                "uk.marketplace": None,
                "uk.tax_rate": None,
                "uk.fba_enable": "fba_enabled",
                "de.account": "eu",
                "de.marketplace": "DE",
                "de.tax_rate": None,
                "fr.account": None,
                "fr.marketplace": None,
                "fr.payment.": None,
                "fr.payment.B + A": None,
                "no blanks": None,
                "no blanks.marketplace": None,
                "no blanks.use_channel_tax": None,
                "it.order_location": None,
                "it": None,
            }
        assert (await office.shop.texts(), await exported(office)) == (texts, before)


async def test_a_look_says_what_would_be_done_and_does_nothing(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        texts = await office.shop.texts()
        look = await office.ask(request(FULL, confirmed=False), ChannelsApplied)
        assert not look.done
        assert (await exported(office)).channels == ()
        assert await office.shop.texts() == texts
        done = await office.ask(request(FULL, mark=look.mark), ChannelsApplied)
        assert (done.channels, done.mark) == (look.channels, look.mark)


async def test_only_what_was_looked_at_is_done(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        wanted = file(UK | {"settings": {"tax_rate": "20"}})
        look = await office.ask(request(wanted, confirmed=False), ChannelsApplied)
        await office.shop.set("uk", tax_rate="7")
        refused = await office.refused(request(wanted, mark=look.mark))
        assert refused.code == "changed_meanwhile"
        assert (await exported(office)).channels[0].settings["tax_rate"] == "7"


async def test_a_repeated_command_gets_the_first_answer(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        first = await apply(office, FULL)
        await office.shop.set("uk", tax_rate="7")
        assert await apply(office, FULL) == first
        assert (await exported(office, "uk")).channels[0].settings["tax_rate"] == "7"


async def test_a_reader_may_export_and_not_apply_and_no_secret_is_in_it(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        for confirmed in (False, True):
            refused = await office.refused(request(FULL, confirmed=confirmed), READER)
            assert refused.code == "not_permitted"
        assert "CANARY" not in repr(await exported(office))
        unknown = await office.refused(ExportChannels(channels=("uk", "ku")))
        assert unknown.code == "unknown_channel"


async def test_a_table_of_one_kind_leaves_the_services_for_despatch_alone(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await apply(office, FULL)
        mapped = SetMapping(
            command_id="command-map", kind="despatch", channel="uk", tag="Van", target="My Courier / Van"
        )
        await office.ask(mapped, MappingChanged)
        await apply(office, file(UK | {"shipping": {}, "payment": {}}), 2)
        (row,) = (await office.ask(ListMappings(kind="despatch"), MappingList)).rows
        assert (row.tag, row.target) == ("VAN", "My Courier / Van")
