"""Channels: one marketplace of an account, with its settings."""

from datetime import datetime

import msgspec

from channel_protocol.base import Message, Reply, Request, Row, WriteRequest


class ChannelRow(Row, frozen=True, kw_only=True, tag="channel"):
    """One channel."""

    channel: str
    account: str
    marketplace: str
    """The code, such as `UK`."""
    marketplace_id: str
    currency: str
    enabled: bool
    order_sync_date: datetime | None = None
    """Semantics C5: when the most recently updated order of the last sync that applied any was updated."""
    inventory_sync_date: datetime | None = None
    """Semantics D8: when Amazon accepted the newest quantity or handling time; the topic `stock_sync` has it
    as it changes."""
    order_cursor: datetime | None = None
    """Up to where Amazon's order changes have been read completely."""
    orders: int = 0
    open_orders: int = 0
    parked_orders: int = 0
    quarantined: int = 0
    unmapped_payment: int = 0
    unmapped_shipping: int = 0
    fba_orders: int = 0
    """Orders fulfilled by Amazon seen while FBA is off: counted, not stored."""
    fulfilment_location: str = ""
    """Semantics F5; empty while FBA is off."""
    trouble: str = ""
    """Why Amazon refuses to search this one channel; empty when it does not. The others go on."""
    trouble_hint: str = ""
    trouble_since: datetime | None = None
    settings_mark: str = ""
    """Stands for the settings as they are: another one as soon as a value is another."""

    @property
    def key(self) -> str:
        return self.channel


class SettingRow(Message, frozen=True, kw_only=True, tag="setting"):
    """One setting of a channel or an account, as `settings` describes it."""

    key: str
    label: str
    """The specification's words."""
    value: str
    default: str
    kind: str
    """`bool`, `int`, `decimal`, `text`, `email`, `location`, `locations`."""
    allowed: str
    """The range in words."""
    meaning: str
    read_only: bool = False


class ListChannels(Request, frozen=True, kw_only=True, tag="channel.list"):
    """All channels, by name."""

    limit: int = 1000


class ChannelList(Reply, frozen=True, kw_only=True, tag="channel.list.reply"):
    rows: tuple[ChannelRow, ...]


class ShowChannel(Request, frozen=True, kw_only=True, tag="channel.show"):
    """One channel with its settings."""

    channel: str


class ChannelShown(Reply, frozen=True, kw_only=True, tag="channel.show.reply"):
    row: ChannelRow
    settings: tuple[SettingRow, ...]


class AddChannel(WriteRequest, frozen=True, kw_only=True, tag="channel.add"):
    """Add a channel, switched off. One marketplace of an account is at most one channel."""

    channel: str
    """A short name of your own: letters, digits, `-` and `_`."""
    account: str
    marketplace: str
    """A country code (`UK`, `DE` …) or Amazon's marketplace id."""


class ChannelAdded(Reply, frozen=True, kw_only=True, tag="channel.add.reply"):
    row: ChannelRow


class SetChannel(WriteRequest, frozen=True, kw_only=True, tag="channel.set"):
    """Change settings. All are checked together and either all are stored or none."""

    channel: str
    values: dict[str, str]
    """Key → value as a person types it; an empty value clears an optional setting."""
    settings_mark: str | None = None
    """Of what was looked at before. When the settings are others now, nothing is changed:
    `changed_meanwhile`. None: whatever they are."""


class PreviewChannel(Request, frozen=True, kw_only=True, tag="channel.preview"):
    """What `channel.set` with these values would do. It is checked alike, and nothing is changed."""

    channel: str
    values: dict[str, str]
    only_stock: bool = False
    """Tell only what it would do to stock. That a removal does as `enabled=off` does, and the rest not."""


class SettingChange(msgspec.Struct, frozen=True, kw_only=True):
    """A setting that gets another value."""

    key: str
    label: str
    old: str
    new: str
    implied: bool = False
    """It was not asked for, and comes along with one that was."""


class Consequence(msgspec.Struct, frozen=True, kw_only=True):
    """What a change does, in a sentence."""

    key: str
    """The setting that it is about."""
    text: str
    warning: bool = False
    """To be weighed: it takes long, or cannot be taken back."""


class ChannelPreviewed(Reply, frozen=True, kw_only=True, tag="channel.preview.reply"):
    channel: str
    settings_mark: str
    """For `channel.set`, so that only what was looked at is done."""
    changes: tuple[SettingChange, ...]
    """In the order of the specification; empty when everything is so already."""
    consequences: tuple[Consequence, ...]


class EnableChannel(WriteRequest, frozen=True, kw_only=True, tag="channel.enable"):
    """Semantics A1: communication begins; orders are read from the stored cursor on."""

    channel: str


class DisableChannel(WriteRequest, frozen=True, kw_only=True, tag="channel.disable"):
    """Semantics A1: nothing new starts; what is on the wire may finish."""

    channel: str


class ChannelChanged(Reply, frozen=True, kw_only=True, tag="channel.set.reply"):
    row: ChannelRow
    changed: tuple[str, ...]
    """Keys whose value is now another one."""
    warnings: tuple[str, ...] = ()


class TestChannel(Request, frozen=True, kw_only=True, tag="channel.test"):
    """All steps of the test (semantics A4). Changes nothing."""

    channel: str


class RemoveChannel(WriteRequest, frozen=True, kw_only=True, tag="channel.remove"):
    """Remove a channel. Its orders and its history stay readable."""

    channel: str


class ChannelRemoved(Reply, frozen=True, kw_only=True, tag="channel.remove.reply"):
    channel: str
