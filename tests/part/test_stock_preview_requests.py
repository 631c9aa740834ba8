"""The preview of a change counts what the change then does; kits, conflicts and items are explained."""

from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from channel_protocol.channel_files import (
    ApplyChannels,
    ChannelsApplied,
    ChannelsExported,
    ExportChannels,
)
from channel_protocol.channels import ChannelChanged, ChannelPreviewed, PreviewChannel, SetChannel
from channel_protocol.offers import (
    ExplainedOffer,
    ExplainStock,
    ListingSettings,
    ListingsPreviewed,
    ListingsSet,
    PreviewListings,
    PushStock,
    SetListings,
    StockExplained,
    StockPushed,
)
from channeld.domain.stock.value import Value
from channeld.store import desired_stock
from tests.support.book_office import Office, open_office
from tests.support.offer_desk import SENDING, OfferDesk, sale

SKUS = [f"SKU-{number:02}" for number in range(30)]
CHANGES: list[dict[str, str]] = [
    {"end_when": "20"},
    {"stock_percentage": "50", "max_listed": "9"},
    {"inventory_locations": "Default,Attic", "end_when": "3"},
    {"default_latency": "4"},
    {"default_latency": "", "product_latency": "on"},
    {"dry_run": "on"},
    {"dry_run": "off", "max_listed": ""},
    {"inventory_locations": ""},
    {"inventory_locations": "Attic"},
    {"update_inventory": "off"},
    {"update_inventory": "on"},
    {"enabled": "off"},
]


@asynccontextmanager
async def shop(folder: Path, **settings: str) -> AsyncGenerator[tuple[Office, OfferDesk]]:
    async with open_office(folder) as office:
        await office.shop.open_channel(**(SENDING | settings))
        yield office, OfferDesk(office.shop)


async def previewed(office: Office, channel: str = "uk", **values: str) -> str:
    answer = await office.ask(PreviewChannel(channel=channel, values=values), ChannelPreviewed)
    return "\n".join(each.text for each in answer.consequences)


async def explained(office: Office, sku: str) -> ExplainedOffer:
    (offer,) = (await office.ask(ExplainStock(sku=sku), StockExplained)).offers
    return offer


async def values(desk: OfferDesk) -> dict[str, Value | None]:
    await desk.settle()
    found = await desk.rows(*SKUS)
    return {sku: found[sku].desired.computed if sku in found else None for sku in SKUS}


def moves(before: dict[str, Value | None], after: dict[str, Value | None]) -> Counter[str]:
    """Which way quantities went."""
    ways: Counter[str] = Counter()
    for sku in SKUS:
        old, new = before[sku], after[sku]
        if old is None or new is None:
            ways["begin"] += new is not None and old is None
            ways["end"] += old is not None and new is None
        elif new.quantity != old.quantity:
            ways["zero" if not new.quantity else "lower" if new.quantity < old.quantity else "higher"] += 1
    return ways


def sentences(ways: Counter[str]) -> list[str]:
    """What has to be said of them."""
    told: list[str] = []
    if ways["zero"]:
        told.append(f"{ways['zero']} listing{'s' * (ways['zero'] > 1)} would go to 0")
    if ways["lower"] + ways["higher"]:
        told.append(f"would change ({ways['lower']} lower, {ways['higher']} higher)")
    if ways["begin"]:
        told.append(f"Amazon is told of {ways['begin']} listing")
    if ways["end"]:
        told.append(f"{ways['end']} listing{'s' * (ways['end'] > 1)} would not be sent any more")
    return told


@pytest.mark.parametrize("seed", range(3))
async def test_what_is_counted_before_is_what_happens(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channeld.commands.stock_preview.PAGE", 5)
    random = Random(seed)  # noqa: S311 (not secret)
    async with shop(tmp_path) as (office, desk):
        await desk.place("Attic")
        await office.shop.open_channel("de", "DE", **SENDING, max_listed="40")
        for sku in SKUS:
            days = random.choice(["2", "two", ""])
            await desk.item(sku, properties={"Despatch Time": days} if days else {})
            for place in ("Default", "Attic"):
                if random.random() < 0.8:
                    await desk.count(sku, random.choice([0, 2, 15, 60]), place)
            await desk.list(sku, *random.choice([("uk",), ("uk", "de"), ("de",)]))
        for change in random.sample(CHANGES, 8):
            before = await values(desk)
            said = await previewed(office, **change)
            assert await values(desk) == before, "a look changes nothing"
            request = SetChannel(command_id=f"set-{random.random()}", channel="uk", values=change)
            await office.ask(request, ChannelChanged)
            ways = moves(before, await values(desk))
            assert [text for text in sentences(ways) if text not in said] == [], (change, said)
            for word in ("would go to 0", "would change", "Amazon is told of", "any more: Amazon"):
                is_due = any(word.split(":")[0] in text for text in sentences(ways))
                assert is_due or word not in said, (change, said)


@pytest.mark.parametrize("others", [False, True])
async def test_a_first_dry_run_says_what_would_be_sent(tmp_path: Path, *, others: bool) -> None:
    async with shop(tmp_path, update_inventory="off", product_latency="on") as (office, desk):
        if others:
            await office.shop.open_channel("de", "DE", **SENDING)
        for sku in ("A", "B"):
            await desk.item(sku)
            await desk.count(sku, 5)
            await desk.list(sku, "uk", "de") if others else await desk.list(sku)
        await desk.settle()
        change = {"update_inventory": "on", "dry_run": "on", "max_listed": "3"}
        said = await previewed(office, **change)
        assert "Dry run is on: so it would be, and this channel sends nothing until it is off." in said
        begin = "Amazon is told of 2 listings that it is not told of now."
        assert (begin in said, "2 listings would change (2 lower, 0 higher)." in said) == (not others, others)
        assert "2 linked listings have no value of the product" in said, "the channel had none before"


async def test_what_is_not_computed_yet_counts_as_it_will_be(tmp_path: Path) -> None:
    async with shop(tmp_path) as (office, desk):
        await desk.sell("MUG", 5)
        await desk.settle()
        await desk.count("MUG", 2)
        assert "No listing is told to Amazon otherwise" in await previewed(office, max_listed="2")
        assert "1 listing would change (1 lower, 0 higher)." in await previewed(office, max_listed="1")


async def test_a_switch_to_product_based_latency_warns_of_items_without_a_value(tmp_path: Path) -> None:
    async with shop(tmp_path, default_latency="3") as (office, desk):
        for sku, days in (("A", "2"), ("B", ""), ("C", ""), ("D", "two")):
            await desk.sell(sku, 5)
            if days:
                await desk.item(sku, properties={"Despatch Time": days})
        await desk.settle()
        said = await previewed(office, default_latency="", product_latency="on")
        assert "1 listing gets 2 days of handling time now." in said
        assert "2 linked listings have no value of the product" in said
        assert "makes no sense for 1 listing" in said


async def test_a_kit_is_explained_by_its_components(tmp_path: Path) -> None:
    async with shop(tmp_path) as (office, desk):
        for sku, units in (("MUG", 9), ("POT", 8)):
            await desk.item(sku)
            await desk.count(sku, units)
        await desk.item("SET", {"MUG": 2, "POT": 1})
        await desk.list("SET")
        await office.shop.apply(sale("SET", 1))
        await desk.settle()
        offer = await explained(office, "SET")
        (channel,) = offer.channels
        assert channel.sentence == "A=3 (kit: 7 of MUG, 2 in each)"
        assert {(each.sku, each.each, each.physical, each.reserved) for each in channel.locations} == {
            ("MUG", 2, 9, 2), ("POT", 1, 8, 1),
        }  # fmt: skip
        assert {(each.sku, each.units) for each in offer.orders} == {("MUG", 2), ("POT", 1)}
        assert offer.row.quantity == 3


async def test_channels_that_differ_are_told_of_before_and_explained_one_by_one(tmp_path: Path) -> None:
    async with shop(tmp_path) as (office, desk):
        await office.shop.open_channel("de", "DE", **SENDING)
        await desk.item("MUG")
        await desk.count("MUG", 9)
        await desk.list("MUG", "uk", "de")
        await desk.settle()
        for channel, change in (("uk", {"max_listed": "4"}), ("de", {"default_latency": "5"})):
            said = await previewed(office, channel, **change)
            assert ("Channels of the account would differ about 1 SKU" in said) is (channel == "uk"), said
            await office.shop.set(channel, **change)
            await desk.settle()
        offer = await explained(office, "MUG")
        assert (offer.row.quantity, offer.row.handling, set(offer.row.differing)) == (4, "5 days", {"de"})
        assert [(each.channel, each.quantity, each.is_owner, each.differs) for each in offer.channels] == [
            ("uk", 4, True, False), ("de", 9, False, True),
        ]  # fmt: skip
        assert offer.channels[0].cut_by == ("Max Listed",)


OTHERS = "2 SKUs are sent by other channels of the account from now on, without this channel's limits."
LEAVING: list[dict[str, str]] = [
    {"dry_run": "on"},
    {"update_inventory": "off"},
    {"enabled": "off"},
    {"inventory_locations": ""},
    {"inventory_locations": "Attic"},
]


@pytest.mark.parametrize("change", LEAVING, ids=str)
async def test_what_a_channel_leaves_to_others_is_warned_of(tmp_path: Path, change: dict[str, str]) -> None:
    async with shop(tmp_path, max_listed="4") as (office, desk):
        await desk.place("Attic")
        await office.shop.open_channel("de", "DE", **SENDING)
        for sku, on in (("A", ("uk", "de")), ("B", ("uk", "de")), ("C", ("uk",)), ("D", ("de",))):
            await desk.item(sku)
            await desk.count(sku, 9)
            await desk.list(sku, *on)
        await desk.settle()
        answer = await office.ask(PreviewChannel(channel="uk", values=change), ChannelPreviewed)
        assert OTHERS in [each.text for each in answer.consequences if each.warning]
        said = "\n".join(each.text for each in answer.consequences)
        assert "2 listings would change (0 lower, 2 higher)." in said
        assert "1 listing would not be sent any more" in said
        only = PreviewChannel(channel="uk", values=change, only_stock=True)
        told = [each.text for each in (await office.ask(only, ChannelPreviewed)).consequences]
        assert OTHERS in told
        assert not any("reading goes on" in text or "receives" in text for text in told)
        await office.shop.set("uk", **change)
        assert [await desk.told(sku) for sku in "ABCD"] == [9, 9, None, 9]
        assert OTHERS not in await previewed(office, end_when="1"), "it has no say any more"
        offer = await explained(office, "A")
        assert offer.channels[0].sentence.startswith("de sends it, and this channel nothing: ")
        assert (await explained(office, "C")).channels[0].sentence.startswith("nothing is sent: ")


async def test_what_ignore_sync_leaves_to_others_is_said(tmp_path: Path) -> None:
    async with shop(tmp_path, max_listed="4") as (office, desk):
        await office.shop.open_channel("de", "DE", **SENDING)
        for sku in ("A", "B"):
            await desk.item(sku)
            await desk.count(sku, 9)
            await desk.list(sku, "uk", "de")
        await desk.settle()
        both = tuple(ListingSettings(sku=sku, values={"ignore_sync": "on"}) for sku in ("A", "B"))
        seen = await office.ask(PreviewListings(channel="uk", listings=both), ListingsPreviewed)
        assert OTHERS in seen.consequences
        await office.ask(SetListings(command_id="ignore-1", channel="uk", listings=both), ListingsSet)
        assert await desk.told("A") == 9
        assert (await explained(office, "A")).channels[0].sentence == (
            "de sends it, and this channel nothing: Ignore Sync is on for the listing"
        )


@pytest.mark.parametrize("dry_run", ["on", "off"])
async def test_items_without_a_handling_time_are_counted_whatever_the_group_agrees_on(
    tmp_path: Path, dry_run: str
) -> None:
    async with shop(tmp_path, dry_run=dry_run) as (office, desk):
        await office.shop.open_channel("de", "DE", **SENDING)
        for sku, on in (("A", ("uk", "de")), ("B", ("uk", "de")), ("C", ("uk",)), ("D", ("de",))):
            await desk.item(sku)
            await desk.count(sku, 9)
            await desk.list(sku, *on)
        await desk.settle()
        said = await previewed(office, product_latency="on")
        assert "3 linked listings have no value of the product" in said
        await office.shop.set("uk", product_latency="on")
        await desk.settle()
        assert "no value of the product" not in await previewed(office, max_listed="5"), (
            "they have none already"
        )


@pytest.mark.parametrize("page", [3, 4, 250])
async def test_a_channel_is_pushed_whole_however_many_pages_it_takes(
    tmp_path: Path, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channeld.commands.stock_push.PAGE", page)
    async with shop(tmp_path) as (office, desk):
        for sku in SKUS[:7]:
            await desk.sell(sku, 5)
        await desk.list("LOOSE")
        await desk.settle()
        request = PushStock(command_id="push-uk-1", channel="uk")
        for _ in range(2):
            assert (await office.ask(request, StockPushed)).queued == 7, "a repeat gets the first answer"
        for sku in SKUS[:7]:
            events = [each.event for each in (await explained(office, sku)).events]
            assert events == ["forced"]
        assert not (await explained(office, "LOOSE")).events
        texts = [text for text in await office.shop.texts() if "once more" in text]
        assert texts == ["ann: Everything of channel uk is sent once more: 7 SKUs"]


async def test_a_push_opens_what_was_closed_by_hand(tmp_path: Path) -> None:
    async with shop(tmp_path) as (office, desk):
        await desk.sell("MUG", 5)
        await desk.settle()
        row = replace(await desk.row(), closed_at=office.shop.now)
        await office.shop.store.write(lambda unit: desired_stock.save(unit, [row], office.shop.now))
        await desk.count("MUG", 6)
        assert await desk.told() is None
        assert "closed by hand" in (await explained(office, "MUG")).row.withheld
        answer = await office.ask(PushStock(command_id="push-mug-1", skus=("MUG",)), StockPushed)
        (mug,) = answer.answers
        assert (mug.outcome, mug.quantity, await desk.told()) == ("queued", 6, 6)
        assert (await desk.row()).closed_at is None


async def test_of_an_item_all_its_seller_skus_are_explained(tmp_path: Path) -> None:
    async with shop(tmp_path) as (office, desk):
        await desk.item("MUG")
        await desk.count("MUG", 5)
        for sku in ("AMZ-1", "AMZ-2"):
            await desk.list(sku)
            await desk.link(sku, "MUG")
        await desk.list("LOOSE")
        answer = await office.ask(ExplainStock(sku="MUG"), StockExplained)
        assert [(each.row.sku, each.row.item) for each in answer.offers] == [
            ("AMZ-1", "MUG"), ("AMZ-2", "MUG"),
        ]  # fmt: skip
        assert all("computed anew" in each.waits_for for each in answer.offers)
        loose = await explained(office, "LOOSE")
        assert loose.channels[0].sentence == "nothing is sent: the listing is not linked to an item"
        refused = await office.refused(ExplainStock(sku="MUGG"))
        assert (refused.code, refused.problems[0].nearest) == ("unknown_listing", "MUG")


async def test_a_sku_of_another_account_is_said_to_be_there(tmp_path: Path) -> None:
    async with shop(tmp_path) as (office, desk):
        await desk.another_account()
        await desk.sell("MUG", 5)
        await desk.list("AMZ-1")
        await desk.link("AMZ-1", "MUG")
        for sku in ("MUG", "AMZ-1"):
            refused = await office.refused(ExplainStock(sku=sku, account="other"))
            (problem,) = refused.problems
            assert (problem.nearest, problem.message.endswith("has it: eu")) == (None, True)


async def test_limits_of_listings_are_previewed_and_of_a_request_all_or_none_are_set(tmp_path: Path) -> None:
    async with shop(tmp_path) as (office, desk):
        for sku in ("A", "B"):
            await desk.sell(sku, 5)
        await desk.settle()
        both = tuple(ListingSettings(sku=sku, values={"end_when": "9"}) for sku in ("A", "B"))
        seen = await office.ask(PreviewListings(channel="uk", listings=both), ListingsPreviewed)
        assert (seen.changed, seen.consequences) == (2, ("2 listings would go to 0.",))
        bad = (*both, ListingSettings(sku="NONE", values={"max_listed": "0"}))
        refused = await office.refused(SetListings(command_id="set-bad-1", channel="uk", listings=bad))
        assert {each.key for each in refused.problems} == {"NONE.sku", "NONE.max_listed"}
        assert await desk.told("A") == 5
        done = await office.ask(
            SetListings(command_id="set-good-1", channel="uk", listings=both), ListingsSet
        )
        assert [each.outcome for each in done.answers] == ["changed", "changed"]
        assert (await desk.told("A"), await desk.told("B")) == (0, 0)


async def test_a_file_of_channels_carries_it_and_says_what_it_would_do(tmp_path: Path) -> None:
    async with shop(tmp_path, max_listed="4") as (office, desk):
        await desk.sell("MUG", 9)
        await desk.settle()
        file = (await office.ask(ExportChannels(), ChannelsExported)).file
        (channel,) = file.channels
        assert (channel.settings["max_listed"], channel.settings["inventory_locations"]) == ("4", "Default")
        channel.settings.update(max_listed="", end_when="9", inventory_locations='"Default')
        refused = await office.refused(ApplyChannels(command_id="apply-bad", file=file))
        assert [each.key for each in refused.problems] == ["uk.inventory_locations"]
        channel.settings.update(inventory_locations="Default")
        looked = await office.ask(ApplyChannels(command_id="apply-look", file=file), ChannelsApplied)
        assert "1 listing would go to 0." in [each.text for each in looked.channels[0].consequences]
