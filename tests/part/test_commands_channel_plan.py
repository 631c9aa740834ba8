"""A change of settings that is looked at first: checked alike, numbers of the book, nothing written."""

from pathlib import Path

from channel_protocol.channels import (
    ChannelChanged,
    ChannelPreviewed,
    ChannelShown,
    PreviewChannel,
    SetChannel,
    ShowChannel,
)
from channeld.commands.locations import add_location
from tests.support.book_office import READER, Office, open_office
from tests.support.book_shop import damaged
from tests.support.domain_orders import order


async def preview(office: Office, **values: str) -> ChannelPreviewed:
    return await office.ask(PreviewChannel(channel="uk", values=values), ChannelPreviewed, READER)


def texts(seen: ChannelPreviewed) -> str:
    return " ".join(each.text for each in seen.consequences)


async def test_a_preview_names_every_problem_like_the_change_itself(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        bad = {"tax_rate": "120", "order_location": "Nowhere", "fba_enable": "on", "use_channel_tax": "on"}
        looked = await office.refused(PreviewChannel(channel="uk", values=bad))
        done = await office.refused(SetChannel(command_id="command-1", channel="uk", values=bad))
        assert {problem.key for problem in looked.problems} == set(bad)
        assert (looked.code, looked.message, looked.problems) == (done.code, done.message, done.problems)
        assert (await office.refused(PreviewChannel(channel="ku", values={}))).code == "unknown_channel"


async def test_a_preview_shows_what_comes_along_and_writes_nothing(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        before, trail = await office.shop.channel(), await office.shop.texts()
        seen = await preview(office, vcs_enabled="on", fba_enabled="on", enabled="on", tax_rate="0.0")
        changes = {change.key: (change.old, change.new, change.implied) for change in seen.changes}
        assert changes == {
            "vcs_enabled": ("off", "on", False),
            "use_channel_tax": ("off", "on", True),
            "fba_enabled": ("off", "on", False),
        }
        assert "FBA UK" in texts(seen)
        assert (await office.shop.channel(), await office.shop.texts()) == (before, trail)


async def test_consequences_have_the_numbers_of_the_book(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        shop = office.shop
        await shop.open_channel()
        await shop.open_channel("de", "DE")
        await shop.command(lambda unit, asked: add_location(unit, asked, "Leeds"))
        await shop.apply(order(order_id="1"), order("PENDING", order_id="2"), order("SHIPPED", order_id="3"))
        await shop.apply(order(order_id="4", fulfilled_by="AMAZON"))
        await shop.apply_carefully(damaged=[damaged("5")])
        moved = await preview(office, order_location="Leeds", tax_rate="20", fba_enabled="on")
        assert "2 open or parked orders" in texts(moved)
        assert "3 stored orders" in texts(moved)
        assert "1 FBA order " in texts(moved)
        off = texts(await preview(office, enabled="off"))
        assert "1 parked order" in off
        assert "1 quarantined order" in off
        await shop.set(order_location="Leeds")
        await shop.apply(order(order_id="6"))
        assert "1 open or parked order " in texts(await preview(office, order_location="Default"))


async def test_what_was_looked_at_is_done_unless_the_settings_are_others_by_then(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        seen = await preview(office, tax_rate="20")
        await office.shop.set(not_disclosed_email="shop@example.org")
        request = SetChannel(
            command_id="command-1", channel="uk", values={"tax_rate": "20"}, settings_mark=seen.settings_mark
        )
        refusal = await office.refused(request)
        assert refusal.code == "changed_meanwhile"
        assert "tax_rate" not in (await office.shop.channel()).settings
        fresh = await preview(office, tax_rate="20")
        again = SetChannel(
            command_id="command-2", channel="uk", values={"tax_rate": "20"}, settings_mark=fresh.settings_mark
        )
        assert (await office.ask(again, ChannelChanged)).changed == ("tax_rate",)


async def test_orders_that_come_in_do_not_stand_in_the_way_of_a_change(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        seen = await preview(office, tax_rate="20")
        await office.shop.apply(order())
        shown = await office.ask(ShowChannel(channel="uk"), ChannelShown)
        assert shown.row.settings_mark == seen.settings_mark
        request = SetChannel(
            command_id="command-1", channel="uk", values={"tax_rate": "20"}, settings_mark=seen.settings_mark
        )
        assert (await office.ask(request, ChannelChanged)).changed == ("tax_rate",)
