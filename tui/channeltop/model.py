"""The view model: everything the monitor knows, as frozen values."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

import msgspec

from channel_protocol.accounts import AccountRow
from channel_protocol.actors import ActorRow, BudgetRow
from channel_protocol.audit import AuditRow
from channel_protocol.channels import ChannelRow
from channel_protocol.codec import AnyRow
from channel_protocol.feeds import FeedRow
from channel_protocol.listings import DownloadRow
from channel_protocol.offers import StockSyncRow
from channel_protocol.order_answers import DueRow
from channel_protocol.orders import OrderRow, QuarantineRow
from channel_protocol.prices import PriceSyncRow
from channel_protocol.reports import ReportRow
from channel_protocol.session import TOPICS, Hello
from channel_protocol.work import WorkRow

__all__ = ["NO_ROWS", "Link", "Model", "Topic"]

Rows = Mapping[str, AnyRow]
NO_ROWS: Rows = {}


class Topic(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of one topic, and where in its stream of deltas we are."""

    rows: Rows = msgspec.field(default_factory=lambda: NO_ROWS)
    number: int = 0
    """Of the newest delta seen since the snapshot."""
    complete: bool = False
    """Whether a whole snapshot came on this connection; until then the rows are those of the last one."""
    incoming: Rows | None = None
    """The chunks so far of a snapshot that is still arriving."""
    chunk: int = 0
    """The next chunk expected."""
    gap: bool = False
    """Whether something was missed, so that a fresh snapshot is needed."""
    missed: int = 0
    """How often that happened: a fresh snapshot was asked for once each time."""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """Whether there is a daemon, and if not, why."""

    hello: Hello | None = None
    """What the daemon last said of itself; None before the first connection."""
    up: bool = False
    why: str = ""
    """What happened and what to do; empty while the link is up."""
    lost_at: datetime | None = None
    """Since when the data is not kept up to date."""
    retry_at: datetime | None = None


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """The link and all topics. Mappings in it are never changed, only replaced."""

    link: Link = Link()
    topics: Mapping[str, Topic] = msgspec.field(default_factory=lambda: dict.fromkeys(TOPICS, Topic()))

    @property
    def fresh(self) -> bool:
        """Whether the link is up and every topic's snapshot is here."""
        return self.link.up and all(topic.complete for topic in self.topics.values())

    @property
    def accounts(self) -> Mapping[str, AccountRow]:
        return cast("Mapping[str, AccountRow]", self.topics["accounts"].rows)

    @property
    def actors(self) -> Mapping[str, ActorRow]:
        return cast("Mapping[str, ActorRow]", self.topics["actors"].rows)

    @property
    def audit(self) -> Mapping[str, AuditRow]:
        return cast("Mapping[str, AuditRow]", self.topics["audit"].rows)

    @property
    def budgets(self) -> Mapping[str, BudgetRow]:
        return cast("Mapping[str, BudgetRow]", self.topics["budgets"].rows)

    @property
    def channels(self) -> Mapping[str, ChannelRow]:
        return cast("Mapping[str, ChannelRow]", self.topics["channels"].rows)

    @property
    def due(self) -> Mapping[str, DueRow]:
        return cast("Mapping[str, DueRow]", self.topics["due"].rows)

    @property
    def feeds(self) -> Mapping[str, FeedRow]:
        return cast("Mapping[str, FeedRow]", self.topics["feeds"].rows)

    @property
    def listing_downloads(self) -> Mapping[str, DownloadRow]:
        return cast("Mapping[str, DownloadRow]", self.topics["listing_downloads"].rows)

    @property
    def orders(self) -> Mapping[str, OrderRow]:
        return cast("Mapping[str, OrderRow]", self.topics["orders"].rows)

    @property
    def price_sync(self) -> Mapping[str, PriceSyncRow]:
        return cast("Mapping[str, PriceSyncRow]", self.topics["price_sync"].rows)

    @property
    def quarantine(self) -> Mapping[str, QuarantineRow]:
        return cast("Mapping[str, QuarantineRow]", self.topics["quarantine"].rows)

    @property
    def reports(self) -> Mapping[str, ReportRow]:
        return cast("Mapping[str, ReportRow]", self.topics["reports"].rows)

    @property
    def stock_sync(self) -> Mapping[str, StockSyncRow]:
        return cast("Mapping[str, StockSyncRow]", self.topics["stock_sync"].rows)

    @property
    def work(self) -> Mapping[str, WorkRow]:
        return cast("Mapping[str, WorkRow]", self.topics["work"].rows)
