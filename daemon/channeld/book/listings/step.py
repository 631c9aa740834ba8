"""A running download, one step on: whoever takes a step asks first whether it still runs."""

from datetime import datetime

import msgspec

from channeld.store import audit, channels, downloads
from channeld.store.audit import AuditEntry
from channeld.store.channels import Channel
from channeld.store.downloads import DownloadRecord
from channeld.store.unit import Unit

__all__ = ["DAEMON", "DownloadOver", "channel_of", "move", "still_running", "tell"]

DAEMON = "channeld"


class DownloadOver(Exception):
    """It was abandoned meanwhile; nothing of this unit is stored."""


def still_running(unit: Unit, download_id: int) -> DownloadRecord:
    """As it stands now. Raises `DownloadOver`."""
    download = downloads.get(unit.connection, download_id)
    if download is None or not download.is_running:
        raise DownloadOver
    return download


def move(unit: Unit, download: DownloadRecord, **changes: object) -> DownloadRecord:
    """Store it with these changes; `download` is what this very unit has read."""
    return downloads.save(unit, msgspec.structs.replace(download, **changes))


def channel_of(unit: Unit, download: DownloadRecord) -> Channel:
    """Raises `DownloadOver` for a channel that does not take part any more."""
    channel = channels.get(unit.connection, download.channel_id)
    if channel is None or not channel.enabled or channel.removed_at is not None:
        raise DownloadOver
    return channel


def tell(
    unit: Unit, download: DownloadRecord, now: datetime, code: str, text: str, **details: object
) -> None:
    """Add what happened to the audit trail."""
    channel = channels.get(unit.connection, download.channel_id)
    entry = AuditEntry(
        at=now,
        code=code,
        text=text,
        by=download.by or DAEMON,
        account_id=channel.account_id if channel else None,
        channel_id=download.channel_id,
        details={key: str(value) for key, value in details.items() if value or value == 0},
    )
    audit.add(unit, entry)
