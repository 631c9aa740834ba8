"""The columns of listing downloads, one row a channel, and what is told of one."""

from collections.abc import Callable
from datetime import datetime

from textual.content import Content

from channel_protocol.listings import DownloadRow
from channeltop.downloads import bar, expected, how_far, late, share, what_changed
from channeltop.format import count, local_moment
from channeltop.tone import Tone
from channeltop.widgets.columns import Column
from channeltop.widgets.tones import joined, toned

__all__ = ["DOWNLOAD_COLUMNS", "download_described", "download_key"]

BOXES = {True: "☑", False: "☐"}


def download_key(row: DownloadRow) -> str:
    return row.key


def _progress(row: DownloadRow, now: datetime) -> str:
    """Bar, share and phase while it runs, else how the last one ended."""
    if row.in_progress:
        return f"{bar(row, now)}{share(row, now):>5} {row.phase}"
    return row.outcome or "never downloaded"


def _progress_tone(row: DownloadRow, now: datetime) -> Tone:
    if row.in_progress:
        return "accent"
    return "bad" if row.outcome == "failed" else "muted"


def _started(row: DownloadRow) -> datetime | None:
    return row.started_at if row.in_progress else None


def _number(name: str, heading: str, of: Callable[[DownloadRow], int], priority: int) -> Column[DownloadRow]:
    return Column(
        name=name,
        heading=heading,
        width=len(heading) + 1,
        priority=priority,
        right=True,
        text=lambda row, now: count(of(row)),
        tone=lambda row, now: "" if of(row) else "muted",
        order=of,
    )


def _muted(row: DownloadRow, now: datetime) -> Tone:
    return "muted"


DOWNLOAD_COLUMNS: tuple[Column[DownloadRow], ...] = (
    Column(
        name="channel",
        heading="Channel",
        width=8,
        text=lambda row, now: row.channel,
        tone=lambda row, now: "strong",
        grow=1,
        order=lambda row: row.channel,
    ),
    Column(
        name="now",
        heading="Now",
        width=3,
        text=lambda row, now: BOXES[row.in_progress],
        tone=lambda row, now: "accent" if row.in_progress else "muted",
    ),
    Column(
        name="started",
        heading="Started",
        width=9,
        priority=4,
        text=lambda row, now: local_moment(_started(row), now),
        tone=_muted,
    ),
    Column(
        name="progress",
        heading="Progress",
        width=24,
        text=_progress,
        tone=_progress_tone,
        ticking=True,
    ),
    Column(
        name="expected",
        heading="Expected",
        width=16,
        text=lambda row, now: late(row, now) or expected(row, now),
        tone=lambda row, now: "warn" if late(row, now) else "",
        ticking=True,
    ),
    Column(
        name="last",
        heading="Last completion",
        width=15,
        text=lambda row, now: local_moment(row.last_completion, now),
        tone=lambda row, now: "" if row.last_completion else "muted",
    ),
    Column(
        name="automatic",
        heading="Last automatic",
        width=15,
        priority=3,
        text=lambda row, now: local_moment(row.last_automatic, now),
        tone=_muted,
    ),
    _number("listings", "Listings", lambda row: row.listings, 2),
    _number("unlinked", "Unlinked", lambda row: row.unlinked, 4),
    _number("added", "New", lambda row: row.added, 5),
    _number("changed", "Changed", lambda row: row.changed, 5),
    _number("missing", "Missing", lambda row: row.missing, 5),
    _number("gone", "Gone", lambda row: row.gone, 5),
)


def download_described(row: DownloadRow, now: datetime) -> Content:
    """How it stands, what it brought, what is wrong and what to do, what there is: four lines."""
    lines = (_standing(row, now), _trouble(row), _dates(row, now), _counts(row))
    return Content("\n").join([line for line in lines if line.plain])


def _standing(row: DownloadRow, now: datetime) -> Content:
    if row.in_progress:
        return joined(
            (
                toned(row.channel, "strong"),
                toned(f"{how_far(row)}, {share(row, now)}", "accent"),
                Content(f"expected at {expected(row, now)}"),
                toned(late(row, now), "warn"),
            )
        )
    ended = f"last download {row.outcome}: {what_changed(row)}" if row.outcome else "never downloaded"
    return joined((toned(row.channel, "strong"), Content(ended)))


def _trouble(row: DownloadRow) -> Content:
    return joined((toned(row.reason, "warn"), toned(row.hint, "accent")), "  →  ")


def _dates(row: DownloadRow, now: datetime) -> Content:
    kind = "automatic" if row.automatic else "by a person"
    known = (
        (f"{'started' if row.in_progress else 'last start'} ({kind})", row.started_at),
        ("next automatic", row.next_automatic),
    )
    return joined([toned(f"{name} {local_moment(at, now)}", "muted") for name, at in known if at])


def _counts(row: DownloadRow) -> Content:
    counts = (
        (row.listings, "listed"),
        (row.linked, "linked"),
        (row.unlinked, "not linked"),
        (row.missing_now, "missing"),
        (row.gone_now, "gone"),
    )
    return joined([Content(f"{number:,} {word}") for number, word in counts if number])
