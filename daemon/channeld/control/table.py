"""What a client can ask for: request, handler, and whether it needs the right to write. Sorted by tag."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal, NamedTuple

from channel_protocol import accounts as a
from channel_protocol import actors as act
from channel_protocol import audit as au
from channel_protocol import channel_files as cf
from channel_protocol import channels as c
from channel_protocol import feeds as f
from channel_protocol import items as it
from channel_protocol import limits as lm
from channel_protocol import listings as li
from channel_protocol import locations as lo
from channel_protocol import mappings as m
from channel_protocol import offers as of
from channel_protocol import order_answers as oa
from channel_protocol import order_export as oe
from channel_protocol import orders as o
from channel_protocol import prices as pr
from channel_protocol import reports as r
from channel_protocol import stock as st
from channel_protocol import work as w
from channel_protocol.base import Reply, Request
from channeld.control.context import Context
from channeld.control.handlers import (
    accounts,
    actors,
    audit,
    channel_files,
    channels,
    feeds,
    items,
    linking,
    listing_downloads,
    listing_limits,
    listings,
    locations,
    mappings,
    offers,
    order_answers,
    order_export,
    order_waits,
    orders,
    prices,
    quarantine,
    reports,
    stock,
    work,
)

__all__ = ["TABLE", "Entry"]

Right = Literal["read", "write"]


class Entry(NamedTuple):
    """One request and who carries it out."""

    request: type[Request]
    handler: Callable[[Any, Context], Awaitable[Reply]]
    right: Right


TABLE: tuple[Entry, ...] = (
    Entry(a.AddAccount, accounts.add, "write"),
    Entry(a.ListAccounts, accounts.list_all, "read"),
    Entry(a.RemoveAccount, accounts.remove, "write"),
    Entry(a.SetAccount, accounts.change, "write"),
    Entry(a.ShowAccount, accounts.show, "read"),
    Entry(a.TestAccount, accounts.try_out, "write"),
    Entry(act.HaltActor, actors.halt, "write"),
    Entry(act.ListActors, actors.list_all, "read"),
    Entry(act.RestartActor, actors.restart, "write"),
    Entry(act.ResumeActor, actors.resume, "write"),
    Entry(au.ListAudit, audit.list_all, "read"),
    Entry(c.AddChannel, channels.add, "write"),
    Entry(cf.ApplyChannels, channel_files.apply, "write"),
    Entry(c.DisableChannel, channels.disable, "write"),
    Entry(c.EnableChannel, channels.enable, "write"),
    Entry(cf.ExportChannels, channel_files.export, "read"),
    Entry(c.ListChannels, channels.list_all, "read"),
    Entry(c.PreviewChannel, channels.preview, "read"),
    Entry(c.RemoveChannel, channels.remove, "write"),
    Entry(c.SetChannel, channels.change, "write"),
    Entry(c.ShowChannel, channels.show, "read"),
    Entry(c.TestChannel, channels.try_out, "write"),
    Entry(f.AbandonFeed, feeds.abandon, "write"),
    Entry(f.ListFeeds, feeds.list_all, "read"),
    Entry(f.ShowFeed, feeds.show, "read"),
    Entry(it.ListItems, items.list_all, "read"),
    Entry(it.SaveItems, items.save, "write"),
    Entry(it.ShowItem, items.show, "read"),
    Entry(li.DownloadListings, listing_downloads.download, "write"),
    Entry(li.ListDownloads, listing_downloads.list_all, "read"),
    Entry(li.ExtractListings, linking.extract, "write"),
    Entry(lm.ListLimits, listing_limits.list_all, "read"),
    Entry(li.LinkListings, linking.link, "write"),
    Entry(li.ListListings, listings.list_all, "read"),
    Entry(of.PreviewListings, listing_limits.preview, "read"),
    Entry(of.SetListings, listing_limits.change, "write"),
    Entry(li.ShowListing, listings.show, "read"),
    Entry(lo.AddLocation, locations.add, "write"),
    Entry(lo.ListLocations, locations.list_all, "read"),
    Entry(m.ListMappings, mappings.list_all, "read"),
    Entry(m.RemoveMapping, mappings.remove, "write"),
    Entry(m.SetMapping, mappings.change, "write"),
    Entry(of.ListOffers, offers.list_all, "read"),
    Entry(oa.CancelOrder, order_answers.cancel, "write"),
    Entry(o.DismissOrder, quarantine.dismiss, "write"),
    Entry(oa.ListDue, order_answers.due, "read"),
    Entry(oe.ExportOrders, order_export.export, "read"),
    Entry(oe.ExportPersonalOrders, order_export.export_personal, "write"),
    Entry(o.ListOrders, orders.list_all, "read"),
    Entry(oa.ProcessOrder, order_answers.process, "write"),
    Entry(o.ListQuarantine, quarantine.list_all, "read"),
    Entry(o.RecoverOrder, order_waits.recover, "write"),
    Entry(oa.RefundOrder, order_answers.refund, "write"),
    Entry(o.RevealOrder, orders.reveal, "write"),
    Entry(o.RewindOrders, orders.rewind, "write"),
    Entry(o.ShowOrder, orders.show, "read"),
    Entry(o.SyncOrders, order_waits.sync, "write"),
    Entry(pr.ApprovePrices, prices.approve, "write"),
    Entry(pr.DropPrices, prices.drop, "write"),
    Entry(pr.ListPrices, prices.list_all, "read"),
    Entry(pr.PushPrices, prices.push, "write"),
    Entry(pr.SavePrices, prices.save, "write"),
    Entry(pr.ShowPrice, prices.show, "read"),
    Entry(r.ListReports, reports.list_all, "read"),
    Entry(r.RequestReport, reports.request, "write"),
    Entry(r.ShowReport, reports.show, "read"),
    Entry(act.GetStatus, actors.status, "read"),
    Entry(of.ExplainStock, offers.explain, "read"),
    Entry(st.ListStock, stock.list_all, "read"),
    Entry(of.PushStock, offers.push, "write"),
    Entry(st.SaveStock, stock.save, "write"),
    Entry(st.ShowStock, stock.show, "read"),
    Entry(w.AdoptWork, work.adopt, "write"),
    Entry(w.DismissWork, work.dismiss, "write"),
    Entry(w.ListWork, work.list_all, "read"),
    Entry(w.RetryWork, work.retry, "write"),
    Entry(w.ShowWork, work.show, "read"),
)
