"""Every request has one handler, a right, and is carried out once (design, sections 4 and 7)."""

import typing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from channel_protocol import accounts, channels, limits
from channel_protocol.accounts import (
    AccountAdded,
    AccountChanged,
    AccountList,
    AccountRemoved,
    AccountShown,
    AddAccount,
    ListAccounts,
    RemoveAccount,
    SetAccount,
    ShowAccount,
)
from channel_protocol.actors import (
    ActorChanged,
    ActorList,
    GetStatus,
    HaltActor,
    ListActors,
    RestartActor,
    ResumeActor,
    Status,
)
from channel_protocol.audit import AuditList, ListAudit
from channel_protocol.base import Reply, Request, WriteRequest
from channel_protocol.channel_files import (
    ApplyChannels,
    ChannelFile,
    ChannelsApplied,
    ChannelsExported,
    ExportChannels,
)
from channel_protocol.channels import (
    AddChannel,
    ChannelAdded,
    ChannelChanged,
    ChannelList,
    ChannelPreviewed,
    ChannelRemoved,
    ChannelShown,
    DisableChannel,
    EnableChannel,
    ListChannels,
    PreviewChannel,
    RemoveChannel,
    SetChannel,
    ShowChannel,
)
from channel_protocol.codec import requests, tag_of
from channel_protocol.feeds import AbandonFeed, FeedAbandoned, FeedList, FeedShown, ListFeeds, ShowFeed
from channel_protocol.items import (
    ItemFields,
    ItemList,
    ItemShown,
    ItemsSaved,
    ListItems,
    SaveItems,
    ShowItem,
)
from channel_protocol.listings import (
    DownloadList,
    DownloadListings,
    ExtractListings,
    LinkListings,
    LinkWanted,
    ListDownloads,
    ListingList,
    ListingsDownloaded,
    ListingsExtracted,
    ListingShown,
    ListingsLinked,
    ListListings,
    ShowListing,
)
from channel_protocol.locations import AddLocation, ListLocations, LocationAdded, LocationList
from channel_protocol.mappings import (
    ListMappings,
    MappingChanged,
    MappingList,
    MappingRemoved,
    RemoveMapping,
    SetMapping,
)
from channel_protocol.offers import (
    ExplainStock,
    ListingSettings,
    ListingsPreviewed,
    ListingsSet,
    ListOffers,
    OfferList,
    PreviewListings,
    PushStock,
    SetListings,
    StockExplained,
    StockPushed,
)
from channel_protocol.order_answers import (
    CancelOrder,
    DueList,
    ListDue,
    OrderCancelled,
    OrderProcessed,
    OrderRefunded,
    ProcessOrder,
    RefundOrder,
)
from channel_protocol.order_export import ExportOrders, ExportPersonalOrders, OrderPage
from channel_protocol.orders import (
    DismissOrder,
    ListOrders,
    ListQuarantine,
    OrderDismissed,
    OrderList,
    OrderPersonal,
    OrderRecovered,
    OrderShown,
    OrdersRewound,
    OrdersSynced,
    QuarantineList,
    RecoverOrder,
    RevealOrder,
    RewindOrders,
    ShowOrder,
    SyncOrders,
)
from channel_protocol.prices import (
    ApprovePrices,
    DropPrices,
    ListPrices,
    PriceList,
    PricesDecided,
    PriceShown,
    PricesSaved,
    PriceToApprove,
    PriceWanted,
    PushPrices,
    SavePrices,
    ShowPrice,
)
from channel_protocol.reports import (
    ListReports,
    ReportList,
    ReportRequested,
    ReportShown,
    RequestReport,
    ShowReport,
)
from channel_protocol.stock import (
    ListStock,
    SaveStock,
    ShowStock,
    StockLevel,
    StockList,
    StockSaved,
    StockShown,
)
from channel_protocol.work import (
    AdoptWork,
    DismissWork,
    ListWork,
    RetryWork,
    ShowWork,
    WorkAdopted,
    WorkChanged,
    WorkList,
    WorkShown,
)
from channeld.control.table import TABLE
from channeld.domain.listing.changes import facts_of
from channeld.domain.listing.reported import ReportedListing
from channeld.store import feeds, listings
from channeld.store.feeds import FeedRecord
from tests.support.answering import line
from tests.support.book_office import READER, open_office
from tests.support.book_shop import NEW_ACCOUNT, ORDER, damaged
from tests.support.domain_orders import DAY, NOW, order

OF_THE_SESSION = {"hello.client", "subscribe", "unsubscribe"}
PERSONAL = {"order.reveal", "order.export_personal"}
NEW: dict[str, Any] = {
    "account": "na",
    "region": "na",
    "seller_id": NEW_ACCOUNT.seller_id,
    "client_id": NEW_ACCOUNT.client_id,
    "client_secret": "CANARY",
    "refresh_token": "CANARY",
}


def test_the_table_is_sorted_and_has_every_request() -> None:
    tags = [tag_of(entry.request) for entry in TABLE]
    assert tags == sorted(tags)
    assert set(tags) == {tag_of(kind) for kind in requests()} - OF_THE_SESSION


def test_what_changes_something_needs_the_right_to_write() -> None:
    for entry in TABLE:
        if issubclass(entry.request, WriteRequest) or tag_of(entry.request) in PERSONAL:
            assert entry.right == "write", entry.request


def test_every_handler_says_what_it_answers() -> None:
    for entry in TABLE:
        answer = typing.get_type_hints(entry.handler)["return"]
        assert issubclass(answer, Reply), entry.request


async def test_a_reader_may_look_and_change_nothing(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        assert (await office.ask(ListChannels(), ChannelList, READER)).rows
        writes: list[Request] = [
            DisableChannel(command_id="command-1", channel="uk"),
            RevealOrder(command_id="command-2", order_id=ORDER),
            accounts.TestAccount(account="eu"),
        ]
        for request in writes:
            assert (await office.refused(request, READER)).code == "not_permitted"
        assert (await office.shop.channel()).enabled


OWN_LIMIT = ListingSettings(sku="MUG", values={"max_listed": "3"})
STEPS: tuple[tuple[Request, type[Reply]], ...] = (
    (AddAccount(command_id="", **NEW), AccountAdded),
    (ListAccounts(), AccountList),
    (ShowAccount(account="na"), AccountShown),
    (SetAccount(command_id="", account="na", values={"order_poll_seconds": "60"}), AccountChanged),
    (accounts.TestAccount(account="eu"), accounts.Tested),
    (AddLocation(command_id="", location="Hall 2"), LocationAdded),
    (ListLocations(), LocationList),
    (AddChannel(command_id="", channel="us", account="na", marketplace="US"), ChannelAdded),
    (SetChannel(command_id="", channel="us", values={"tax_rate": "5"}), ChannelChanged),
    (EnableChannel(command_id="", channel="us"), ChannelChanged),
    (ListChannels(), ChannelList),
    (ShowChannel(channel="us"), ChannelShown),
    (channels.TestChannel(channel="uk"), accounts.Tested),
    (SetMapping(command_id="", kind="payment", channel="us", tag="cod", target="Cash"), MappingChanged),
    (ListMappings(kind="payment"), MappingList),
    (RemoveMapping(command_id="", kind="payment", channel="us", tag="COD"), MappingRemoved),
    (ListOrders(channel="uk", state="open"), OrderList),
    (ShowOrder(order_id=ORDER), OrderShown),
    (RevealOrder(command_id="", order_id=ORDER), OrderPersonal),
    (SyncOrders(command_id=""), OrdersSynced),
    (RecoverOrder(command_id="", order_id=ORDER, wait=0), OrderRecovered),
    (RewindOrders(command_id="", channel="uk", to=NOW - 9 * DAY, confirmed=True), OrdersRewound),
    (ListQuarantine(), QuarantineList),
    (DismissOrder(command_id="", order_id="damaged"), OrderDismissed),
    (ListAudit(order_id=ORDER), AuditList),
    (ListActors(), ActorList),
    (GetStatus(), Status),
    (RestartActor(command_id="", actor="eu/order_download"), ActorChanged),
    (HaltActor(command_id="", actor="eu/order_download"), ActorChanged),
    (ResumeActor(command_id="", actor="eu/order_download"), ActorChanged),
    (DisableChannel(command_id="", channel="us"), ChannelChanged),
    (RemoveChannel(command_id="", channel="us"), ChannelRemoved),
    (RemoveAccount(command_id="", account="na"), AccountRemoved),
    (ExportChannels(), ChannelsExported),
    (ApplyChannels(command_id="", file=ChannelFile()), ChannelsApplied),
    (CancelOrder(command_id="", order_id=ORDER, reason="NoInventory", preview=True), OrderCancelled),
    (RefundOrder(command_id="", order_id=ORDER, preview=True), OrderRefunded),
    (ProcessOrder(command_id="", order_id=ORDER, carrier="DPD"), OrderProcessed),
    (ListDue(), DueList),
    (ListWork(attention=True), WorkList),
    (RetryWork(command_id="", work_ids=(100_001,)), WorkChanged),
    (ShowWork(work_id=100_001), WorkShown),
    (DismissWork(command_id="", work_ids=(100_001,)), WorkChanged),
    (AdoptWork(command_id=""), WorkAdopted),
    (ListFeeds(), FeedList),
    (ShowFeed(feed="1"), FeedShown),
    (AbandonFeed(command_id="abandon-1", feed="1"), FeedAbandoned),
    (ExportOrders(), OrderPage),
    (ExportPersonalOrders(command_id=""), OrderPage),
    (PreviewChannel(channel="uk", values={"tax_rate": "5"}), ChannelPreviewed),
    (SaveItems(command_id="", mode="add", rows=(ItemFields(sku="MUG"),)), ItemsSaved),
    (ListItems(), ItemList),
    (ShowItem(sku="MUG"), ItemShown),
    (
        SaveStock(command_id="", mode="set", rows=(StockLevel(sku="MUG", location="Default", units=5),)),
        StockSaved,
    ),
    (ListStock(), StockList),
    (ShowStock(sku="MUG"), StockShown),
    (LinkListings(command_id="", rows=(LinkWanted(channel="uk", sku="MUG", item="MUG"),)), ListingsLinked),
    (ExtractListings(command_id="", channel="uk"), ListingsExtracted),
    (DownloadListings(command_id="", channel="uk"), ListingsDownloaded),
    (ListDownloads(), DownloadList),
    (ListListings(channel="uk"), ListingList),
    (ShowListing(channel="uk", sku="MUG"), ListingShown),
    (PreviewListings(channel="uk", listings=(OWN_LIMIT,)), ListingsPreviewed),
    (SetListings(command_id="", channel="uk", listings=(OWN_LIMIT,)), ListingsSet),
    (limits.ListLimits(channel="uk"), limits.LimitsList),
    (ListOffers(), OfferList),
    (ExplainStock(sku="MUG"), StockExplained),
    (PushStock(command_id="", skus=("MUG",)), StockPushed),
    (SavePrices(command_id="", channel="uk", rows=(PriceWanted(sku="MUG", price="9"),)), PricesSaved),
    (ListPrices(channel="uk"), PriceList),
    (ShowPrice(channel="uk", sku="MUG"), PriceShown),
    (ApprovePrices(command_id="", channel="uk", rows=(PriceToApprove(sku="MUG", price="9"),)), PricesDecided),
    (PushPrices(command_id="", channel="uk", skus=("MUG",)), PricesDecided),
    (DropPrices(command_id="", channel="uk", skus=("MUG",)), PricesDecided),
    (RequestReport(command_id="", channel="uk", report_type="orders"), ReportRequested),
    (ListReports(), ReportList),
    (ShowReport(report="1"), ReportShown),
)


def numbered(request: Request, number: int) -> Request:
    """With a command id of its own."""
    if not isinstance(request, WriteRequest):
        return request
    return msgspec.structs.replace(request, command_id=f"command-{number}")


async def test_every_handler_answers_with_its_reply(tmp_path: Path) -> None:
    assert {type(request) for request, _ in STEPS} == {entry.request for entry in TABLE}
    async with open_office(tmp_path) as office:
        switched = ("order_cancellations", "despatch_notes", "order_refunds", "price_change")
        await office.shop.open_channel(**dict.fromkeys(switched, "on"))
        await office.shop.apply(order(email="x@marketplace.example", lines=(line("1", "MUG", 1, item=1200),)))
        await office.shop.apply_carefully(damaged=[damaged("damaged")])
        shown = facts_of(ReportedListing(sku="MUG"))
        await office.shop.store.write(lambda unit: listings.add_new(unit, 1, [(shown, 1)], office.shop.now))
        feed = FeedRecord(
            account_id=office.shop.account_id,
            feed_type="POST_ORDER_FULFILLMENT_DATA",
            state="submitted",
            stuck_since=NOW,
            created_at=NOW,
        )
        await office.shop.store.write(lambda unit: feeds.add(unit, feed, ()))
        office.add_actor("eu/order_download")
        office.add_actor("uk/order_intake", channel="uk")
        await office.shop.clock.settle()
        for number, (request, answer) in enumerate(STEPS):
            await office.ask(numbered(request, number), answer)
        assert not [text for text in await office.shop.texts() if "CANARY" in text]


async def test_a_command_is_carried_out_once(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        office.add_actor("eu/order_download")
        await office.shop.clock.settle()
        for number, (request, answer) in enumerate(STEPS[:1] + STEPS[5:6] + STEPS[27:30]):
            asked = numbered(request, number)
            first = await office.ask(asked, answer)
            texts = await office.shop.texts()
            again = await office.ask(asked, answer)
            assert again == first
            assert await office.shop.texts() == texts
        assert office.supervisor.status("eu/order_download").restarts == 1


async def test_a_command_id_stands_for_one_request(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.ask(AddLocation(command_id="command-1", location="Hall 2"), LocationAdded)
        other = await office.refused(AddLocation(command_id="command-1", location="Hall 3"))
        assert (other.code, [p.key for p in other.problems]) == ("command_id_reused", ["command_id"])


async def test_a_refused_command_may_be_repeated_when_its_cause_is_gone(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        request = EnableChannel(command_id="command-1", channel="uk")
        assert (await office.refused(request)).code == "unknown_channel"
        await office.shop.open_channel(enabled="off")
        await office.ask(request, ChannelChanged)
        assert (await office.shop.channel()).enabled


@pytest.mark.parametrize("command_id", ["", "short", "x" * 65, "with blanks in it", "zeile\numbruch"])
async def test_a_command_needs_a_usable_id(command_id: str, tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        refusal = await office.refused(AddLocation(command_id=command_id, location="Hall 2"))
        assert [problem.key for problem in refusal.problems] == ["command_id"]


@pytest.mark.parametrize("limit", [0, -1, 10_001])
async def test_a_limit_is_within_reason(limit: int, tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        for request in (ListOrders(limit=limit), ListAudit(limit=limit), ListActors(limit=limit)):
            refusal = await office.refused(request)
            assert [problem.key for problem in refusal.problems] == ["limit"]


async def test_a_list_has_no_more_than_was_asked_for(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        await office.shop.open_channel("de", "DE")
        await office.shop.apply(order(order_id="1"), order(order_id="2"))
        assert len((await office.ask(ListOrders(limit=1), OrderList)).rows) == 1
        assert [row.channel for row in (await office.ask(ListChannels(limit=1), ChannelList)).rows] == ["de"]
        assert len((await office.ask(ListAudit(limit=3), AuditList)).rows) == 3
