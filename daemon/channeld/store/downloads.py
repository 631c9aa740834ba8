"""Listing downloads: the one that runs in a channel, and what earlier ones have shown (semantics H1–H5)."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy import Connection, func, select, update

from channeld.domain.listing.estimate import Phase
from channeld.domain.listing.presence import Doubt
from channeld.store import tables
from channeld.store.rows import add_row, all_as, first_as, given
from channeld.store.unit import Unit

__all__ = [
    "DownloadRecord",
    "Progress",
    "State",
    "Successes",
    "add",
    "get",
    "last_successes",
    "latest",
    "note_progress",
    "running",
    "running_channels",
    "running_ids",
    "save",
    "touch",
]

State = Literal["running", "done", "failed", "abandoned"]

_downloads = tables.listing_downloads


_of_given = _downloads.c.channel_id.in_(given("channels"))
_LATEST = select(_downloads).where(
    _downloads.c.id.in_(select(func.max(_downloads.c.id)).where(_of_given).group_by(_downloads.c.channel_id))
)
_SUCCESSES = select(_downloads.c.channel_id, _downloads.c.automatic, _downloads.c.ended_at).where(
    _downloads.c.id.in_(
        select(func.max(_downloads.c.id))
        .where(_of_given, _downloads.c.state == "done")
        .group_by(_downloads.c.channel_id, _downloads.c.automatic)
    )
)


class Successes(msgspec.Struct, frozen=True, kw_only=True):
    """When a channel's last downloads that succeeded had ended."""

    wanted: datetime | None = None
    """By a person."""
    automatic: datetime | None = None

    @property
    def last(self) -> datetime | None:
        """Of both."""
        return max((at for at in (self.wanted, self.automatic) if at), default=None)


class DownloadRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One download of a channel's listings."""

    channel_id: int
    automatic: bool
    by: str = ""
    """Who asked for it; empty for the daemon itself."""
    full: bool
    """Details are read too, as the channel's settings were when it began."""
    state: State = "running"
    phase: Phase = "waiting"
    """The present one, or the last."""
    report_pk: int | None = None
    started_at: datetime
    fetch_at: datetime | None = None
    """When its report was there."""
    process_at: datetime | None = None
    """When all of it had been fetched."""
    details_at: datetime | None = None
    """When all of it had been applied."""
    ended_at: datetime | None = None
    rows_total: int | None = None
    rows_done: int = 0
    details_total: int | None = None
    details_done: int = 0
    added: int = 0
    changed: int = 0
    missing: int = 0
    gone: int = 0
    returned: int = 0
    bad_rows: int = 0
    letters_lost: int = 0
    """In rows that are news: others are not read."""
    listed: int = 0
    """Of the rows, those that are listings, when all were read."""
    digest: str = ""
    """Of the report's document, then."""
    complete: bool = False
    """What the report lacked counts as missing."""
    doubt: Doubt = ""
    """Why it does not."""
    fetches: int = 0
    """Failed ones of its report's document."""
    look_at: datetime | None = None
    """When the document is fetched again."""
    reason: str = ""
    hint: str = ""
    id: int = 0
    version: int = 0

    @property
    def is_running(self) -> bool:
        return self.state == "running"


def add(unit: Unit, download: DownloadRecord) -> DownloadRecord:
    """Store a new one. Its channel's actor is started."""
    values = msgspec.structs.asdict(download) | {"version": 1}
    del values["id"]
    stored = msgspec.structs.replace(download, id=add_row(unit.connection, _downloads, values), version=1)
    _note(unit, stored)
    unit.changed("settings", ("channel", stored.channel_id))
    return stored


def save(unit: Unit, download: DownloadRecord) -> DownloadRecord:
    """Replace what is stored of it. When it has ended its channel's actor goes."""
    saved = msgspec.structs.replace(download, version=download.version + 1)
    values = msgspec.structs.asdict(saved)
    unit.connection.execute(update(_downloads).where(_downloads.c.id == saved.id).values(values))
    _note(unit, saved)
    if not saved.is_running:
        unit.changed("settings", ("channel", saved.channel_id))
    return saved


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """What a page has brought, and how far the report is read with it."""

    rows_done: int
    bad_rows: int
    added: int
    changed: int
    returned: int
    letters_lost: int


_PROGRESS = """UPDATE listing_downloads SET rows_done = ?, bad_rows = ?, added = added + ?,
    changed = changed + ?, returned = returned + ?, letters_lost = letters_lost + ?, version = version + 1
    WHERE id = ? AND state = 'running'"""


def note_progress(unit: Unit, download_id: int, channel_id: int, progress: Progress) -> bool:
    """Whether it still runs. Made for pages, of which there may be hundreds."""
    counts = msgspec.structs.astuple(progress)
    noted = unit.connection.exec_driver_sql(_PROGRESS, (*counts, download_id))
    unit.changed("listing_download", channel_id)
    return noted.rowcount == 1


def touch(unit: Unit, download: DownloadRecord) -> None:
    """Time has passed: what is shown of it is another thing, though nothing has happened."""
    _note(unit, download)


def get(connection: Connection, download_id: int) -> DownloadRecord | None:
    return first_as(connection, DownloadRecord, select(_downloads).where(_downloads.c.id == download_id))


def running(connection: Connection, channel_id: int) -> DownloadRecord | None:
    """The one that is under way; there is never another beside it."""
    where = (_downloads.c.channel_id == channel_id, _downloads.c.state == "running")
    return first_as(connection, DownloadRecord, select(_downloads).where(*where))


def running_channels(connection: Connection) -> set[int]:
    """Channels with one under way."""
    query = select(_downloads.c.channel_id).where(_downloads.c.state == "running")
    return set(connection.scalars(query))


def running_ids(connection: Connection) -> set[int]:
    """All that are under way."""
    return set(connection.scalars(select(_downloads.c.id).where(_downloads.c.state == "running")))


def latest(connection: Connection, channel_ids: Collection[int]) -> dict[int, DownloadRecord]:
    """The newest of each channel: the one that runs, else the last."""
    found = all_as(connection, DownloadRecord, _LATEST, {"channels": tuple(channel_ids)})
    return {download.channel_id: download for download in found}


def last_successes(connection: Connection, channel_ids: Collection[int]) -> dict[int, Successes]:
    """Of each channel that had one."""
    found: dict[int, Successes] = {}
    for channel_id, automatic, at in connection.execute(_SUCCESSES, {"channels": tuple(channel_ids)}):
        name = "automatic" if automatic else "wanted"
        found[channel_id] = msgspec.structs.replace(found.get(channel_id, Successes()), **{name: at})
    return found


def _note(unit: Unit, download: DownloadRecord) -> None:
    unit.changed("listing_download", download.channel_id)
