"""The overview's columns, and what is told of one row."""

from datetime import datetime

from textual.content import Content

from channel_protocol.channels import ChannelRow
from channel_protocol.listings import DownloadRow
from channeltop.downloads import bar, expected, how_far, late, share
from channeltop.format import NOTHING, age, count, countdown, instant, moment
from channeltop.screens.standing_stock import STOCK_COLUMNS, stock_line
from channeltop.standing import STATES, Standing
from channeltop.tone import Tone
from channeltop.widgets.columns import Column
from channeltop.widgets.tones import joined, toned

__all__ = ["STANDING_COLUMNS", "described"]

DOWNLOADING = "listing_download"
"""The concern that runs while listings are downloaded."""
BAR = 5
UNKNOWN: tuple[str, Tone] = ("?", "")
"""For a state that a newer daemon may have."""


def _state(row: Standing, now: datetime) -> str:
    sign, _ = STATES.get(row.state, UNKNOWN)
    return f"{sign} {row.state}"


def _state_tone(row: Standing, now: datetime) -> Tone:
    return STATES.get(row.state, UNKNOWN)[1]


def _waits(row: Standing, now: datetime) -> str:
    """What it waits for; the actor that downloads listings tells how far it is."""
    if row.concern == DOWNLOADING and row.download and row.download.in_progress:
        return f"{share(row.download, now):>5}  {how_far(row.download)}"
    if not row.waits_for:
        return ""
    left = countdown(row.until, now) if row.until else ""
    return f"{left:>5}  {row.waits_for}"


def _quarantine_tone(row: Standing, now: datetime) -> Tone:
    return "warn" if row.row and row.row.quarantined else "muted"


def _unmapped(row: ChannelRow) -> int:
    return row.unmapped_payment + row.unmapped_shipping


def _unmapped_tone(row: Standing, now: datetime) -> Tone:
    return "warn" if row.row and _unmapped(row.row) else "muted"


def _listings(row: Standing, now: datetime) -> str:
    """A progress bar while they are downloaded, else how many there are."""
    if row.download is None:
        return ""
    if row.download.in_progress:
        return f"{bar(row.download, now, BAR)}{share(row.download, now):>5}"
    return count(row.download.listings)


def _listings_tone(row: Standing, now: datetime) -> Tone:
    if row.download is None or row.download.in_progress:
        return "accent"
    return "warn" if row.download.outcome == "failed" else "" if row.download.listings else "muted"


def _muted(row: Standing, now: datetime) -> Tone:
    return "muted"


def _strong(row: Standing, now: datetime) -> Tone:
    return "strong"


STANDING_COLUMNS: tuple[Column[Standing], ...] = (
    Column(
        name="channel",
        heading="Channel",
        width=10,
        text=lambda row, now: row.channel or NOTHING,
        tone=_strong,
        grouped=True,
        grow=1,
    ),
    Column(
        name="account",
        heading="Account",
        width=8,
        priority=4,
        text=lambda row, now: row.account,
        tone=_muted,
        grouped=True,
    ),
    Column(
        name="marketplace",
        heading="Mkt",
        width=3,
        priority=4,
        text=lambda row, now: row.marketplace,
        tone=_muted,
        grouped=True,
    ),
    Column(
        name="concern",
        heading="Concern",
        width=16,
        text=lambda row, now: row.concern.replace("_", " "),
        grow=1,
    ),
    Column(
        name="state",
        heading="State",
        width=10,
        text=_state,
        tone=_state_tone,
        order=lambda row: list(STATES).index(row.state) if row.state in STATES else -1,
    ),
    Column(
        name="since",
        heading="Since",
        width=6,
        priority=3,
        right=True,
        text=lambda row, now: age(row.since, now),
        tone=_muted,
        ticking=True,
    ),
    Column(
        name="sync",
        heading="Order sync UTC",
        width=16,
        text=lambda row, now: instant(row.row.order_sync_date, "never")[:16] if row.row else NOTHING,
        tone=lambda row, now: "" if row.row and row.row.order_sync_date else "muted",
        grouped=True,
        order=lambda row: row.row.order_sync_date.timestamp() if row.row and row.row.order_sync_date else -1,
    ),
    Column(name="waits", heading="Waits for", width=17, text=_waits, grow=3, ticking=True),
    Column(
        name="listings",
        heading="Listings",
        width=10,
        priority=4,
        right=True,
        text=_listings,
        tone=_listings_tone,
        grouped=True,
        order=lambda row: row.download.listings if row.download else -1,
        ticking=True,
    ),
    *STOCK_COLUMNS,
    Column(
        name="open",
        heading="Open",
        width=6,
        priority=6,
        right=True,
        text=lambda row, now: count(row.row.open_orders) if row.row else "",
        tone=lambda row, now: "" if row.row and row.row.open_orders else "muted",
        grouped=True,
        order=lambda row: row.row.open_orders if row.row else -1,
    ),
    Column(
        name="parked",
        heading="Parked",
        width=7,
        priority=7,
        right=True,
        text=lambda row, now: count(row.row.parked_orders) if row.row else "",
        tone=lambda row, now: "" if row.row and row.row.parked_orders else "muted",
        grouped=True,
        order=lambda row: row.row.parked_orders if row.row else -1,
    ),
    Column(
        name="quarantined",
        heading="Quar.",
        width=6,
        priority=6,
        right=True,
        text=lambda row, now: count(row.row.quarantined) if row.row else "",
        tone=_quarantine_tone,
        grouped=True,
        order=lambda row: row.row.quarantined if row.row else -1,
    ),
    Column(
        name="unmapped",
        heading="Unmapped",
        width=9,
        priority=7,
        right=True,
        text=lambda row, now: count(_unmapped(row.row)) if row.row else "",
        tone=_unmapped_tone,
        grouped=True,
        order=lambda row: _unmapped(row.row) if row.row else -1,
    ),
)


def described(row: Standing, now: datetime) -> Content:
    """What the actor does and why, what to do, how listings come in, and how the channel stands."""
    lines = (
        _actor_line(row, now),
        _trouble_line(row),
        _listings_line(row.download, now) if row.download else Content(),
        stock_line(row.stock, now) if row.stock else Content(),
        _channel_line(row.row, now) if row.row else Content(),
    )
    return Content("\n").join([line for line in lines if line.plain])


def _actor_line(row: Standing, now: datetime) -> Content:
    if not row.actor:
        return joined(
            (toned(row.channel, "strong"), toned(row.state, _state_tone(row, now)), Content(row.hint))
        )
    since = f" since {moment(row.since, now)}" if row.since else ""
    until = f" until {moment(row.until, now)}" if row.until else ""
    return joined(
        (
            toned(row.actor, "strong"),
            toned(row.state, _state_tone(row, now)) + toned(since, "muted"),
            Content(f"waits for {row.waits_for}{until}" if row.waits_for else ""),
            Content(f"restarted {row.restarts}×" if row.restarts else ""),
        )
    )


def _trouble_line(row: Standing) -> Content:
    if not row.reason:
        return Content()
    hint = toned("  →  ", "muted") + toned(row.hint, "accent") if row.hint else Content()
    return toned(row.reason, "bad" if row.state == "halted" else "warn") + hint


def _listings_line(row: DownloadRow, now: datetime) -> Content:
    """While they are downloaded, and when that failed."""
    if row.in_progress:
        parts = (
            toned(f"listings {share(row, now)}", "accent"),
            Content(how_far(row)),
            Content(f"expected at {expected(row, now)}"),
            toned(late(row, now), "warn"),
        )
        return joined(parts)
    if row.outcome == "failed":
        return toned(f"the listing download failed: {row.reason}", "warn")
    return Content()


def _channel_line(row: ChannelRow, now: datetime) -> Content:
    counts = (
        ("orders", row.orders),
        ("open", row.open_orders),
        ("parked", row.parked_orders),
        ("quarantined", row.quarantined),
        ("unmapped payment", row.unmapped_payment),
        ("unmapped shipping", row.unmapped_shipping),
        ("FBA orders left alone", row.fba_orders),
    )
    said = [toned(f"{n:,} {name}") for name, n in counts if n or name == "orders"]
    if row.order_cursor:
        said.append(toned(f"read up to {moment(row.order_cursor, now)}", "muted"))
    return joined(said)
