"""A listing download that is asked for, be it as a download or as a report: it begins, or one is joined."""

from typing import NamedTuple

from channeld.book.listings.starting import start_download
from channeld.commands.asking import Asked
from channeld.commands.recently import DOWNLOAD_PAUSE, check_pause
from channeld.errors import InvalidRequest
from channeld.store import downloads
from channeld.store.channels import Channel
from channeld.store.downloads import DownloadRecord
from channeld.store.unit import Unit

__all__ = ["Begun", "begin_download", "check_enabled"]


class Begun(NamedTuple):
    """The download that serves."""

    download: DownloadRecord
    attached: bool
    """One was running already."""


def check_enabled(channel: Channel) -> None:
    """Raises `InvalidRequest("channel_disabled")`."""
    if not channel.enabled:
        raise InvalidRequest(
            "channel_disabled",
            f"Channel {channel.name} is switched off, so nothing is asked of Amazon.",
            f"Switch it on with `channelctl channel enable {channel.name}`.",
        )


def begin_download(unit: Unit, asked: Asked, channel: Channel, *, again: bool) -> Begun:
    """`again`: also right after a success, by a new report. Raises `InvalidRequest("asked_recently")`."""
    is_running = downloads.running(unit.connection, channel.id) is not None
    if not is_running and not again:
        success = downloads.last_successes(unit.connection, [channel.id]).get(channel.id)
        check_pause(
            f"Listings of {channel.name} were downloaded", success and success.last, DOWNLOAD_PAUSE, asked.now
        )
    download = start_download(unit, channel, automatic=False, by=asked.by, now=asked.now, fresh=again)
    return Begun(download, attached=is_running)
