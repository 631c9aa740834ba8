"""Channels as a file: all that a person has set, to be kept under version control and applied again."""

import msgspec

from channel_protocol.base import Reply, Request, WriteRequest
from channel_protocol.channels import Consequence


class FileChannel(msgspec.Struct, frozen=True, kw_only=True):
    """One channel of a file. What is left out stays as it is."""

    channel: str
    account: str | None = None
    """Needed for a channel that does not exist yet, as is `marketplace`; neither changes afterwards."""
    marketplace: str | None = None
    """A country code or Amazon's marketplace id."""
    settings: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    """Key → value as a person types it, as in `channel.set`."""
    payment: dict[str, str] | None = None
    """All payment mappings: a word that is not among them is forgotten. None leaves them alone."""
    shipping: dict[str, str] | None = None
    """All shipping mappings, likewise."""
    despatch: dict[str, str] | None = None
    """All mappings of your services to Amazon's carriers, likewise."""


class ChannelFile(msgspec.Struct, frozen=True, kw_only=True):
    """What such a file says. Channels and locations that are not in it are left alone."""

    locations: tuple[str, ...] = ()
    """Locations of your own."""
    channels: tuple[FileChannel, ...] = ()


class ExportChannels(Request, frozen=True, kw_only=True, tag="channel.export"):
    """Channels as a file has them, with every setting, by name. No secret is among them."""

    channels: tuple[str, ...] = ()
    """Only these; empty for all."""


class ChannelsExported(Reply, frozen=True, kw_only=True, tag="channel.export.reply"):
    file: ChannelFile


class ApplyChannels(WriteRequest, frozen=True, kw_only=True, tag="channel.apply"):
    """Make channels what a file says: add those that are missing, change the others.

    Everything is checked first, every problem is named as `channel.key`, and either all is stored or nothing.
    """

    file: ChannelFile
    confirmed: bool = False
    """False: change nothing, say what would be changed."""
    mark: str | None = None
    """Of an answer that was looked at. When the file would change something else by now, nothing is changed:
    `changed_meanwhile`. None: whatever it changes."""


class FileChange(msgspec.Struct, frozen=True, kw_only=True):
    """One value that is another one by the file."""

    key: str
    """A setting's key, or `payment.WORD` or `shipping.WORD`."""
    old: str | None
    """None for a word that was not mapped."""
    new: str | None
    """None for a word whose mapping is forgotten."""


class FileOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What the file does to one channel."""

    channel: str
    added: bool
    changes: tuple[FileChange, ...]
    consequences: tuple[Consequence, ...]


class ChannelsApplied(Reply, frozen=True, kw_only=True, tag="channel.apply.reply"):
    done: bool
    mark: str
    """Stands for these changes, whatever they are."""
    locations: tuple[str, ...]
    """Those that are added."""
    channels: tuple[FileOutcome, ...]
    """Only those that are added or changed."""
