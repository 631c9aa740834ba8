"""Asking for a channel's listings (semantics H5)."""

import msgspec

from channeld.commands.asking import Asked, find_channel
from channeld.commands.downloading import begin_download, check_enabled
from channeld.store.channels import Channel
from channeld.store.downloads import DownloadRecord
from channeld.store.unit import Unit

__all__ = ["Started", "download_listings"]


class Started(msgspec.Struct, frozen=True, kw_only=True):
    """What pressing the button came to."""

    channel: Channel
    download: DownloadRecord
    attached: bool
    """One was running already."""


def download_listings(unit: Unit, asked: Asked, channel_name: str, *, again: bool) -> Started:
    """Begin a download, or attach to the one that runs.

    `again`: also right after a success. Raises `InvalidRequest`: `channel_disabled`, `asked_recently`,
    `unknown_channel`.
    """
    channel = find_channel(unit.connection, channel_name)
    check_enabled(channel)
    download, attached = begin_download(unit, asked, channel, again=again)
    return Started(channel=channel, download=download, attached=attached)
