"""The download of a channel's listings on the screen: how far it is, and what it changed."""

from channel_protocol.listings import DownloadRow
from channelctl.output import Columns
from channelctl.words import moment, span

__all__ = ["DOWNLOADS", "ON_STATUS", "download_facts", "how_far", "milestone", "what_changed"]

PHASES = {
    "waiting": "waiting for Amazon's report",
    "fetching": "fetching the report",
    "processing": "processing listings",
    "details": "reading details",
}
UNTIL_MILESTONE = 10
"""Lines for one phase, where each stays."""


def how_far(row: DownloadRow) -> str:
    """In one line: phase, count, share of the whole, and when it will be done."""
    parts = (
        PHASES.get(row.phase, row.phase) + _counted(row),
        _share(row),
        f"expected at {moment(row.estimated_completion)}" if row.estimated_completion else "",
        f"overdue by {span(row.overdue_seconds)}" if row.overdue_seconds is not None else "",
    )
    return f"{row.channel}: " + ", ".join(part for part in parts if part)


def milestone(row: DownloadRow) -> str:
    """Another one for each phase, and for each tenth of its rows."""
    return f"{row.phase} {row.done * UNTIL_MILESTONE // row.total if row.total else 0}"


def what_changed(row: DownloadRow) -> str:
    """What the last one that ended changed, also in lines that could not be read."""
    counts = (
        (row.added, "new"),
        (row.changed, "changed"),
        (row.missing, "missing"),
        (row.gone, "gone"),
        (row.returned, "returned"),
        (row.bad_rows, "bad rows"),
    )
    return ", ".join(f"{count:,} {word}" for count, word in counts)


def download_facts(row: DownloadRow) -> dict[str, object]:
    """What can only be read of a channel's listing downloads."""
    return {
        "Listings download in progress": row.in_progress,
        "Listing download start time": row.started_at,
        "Listing download phase": how_far(row).partition(": ")[2] if row.in_progress else "",
        "Listing download estimated completion": row.estimated_completion,
        "Last listing download completion time": moment(row.last_completion, "never"),
        "Last automatic listing download": moment(row.last_automatic, "never"),
        "Next automatic listing download": row.next_automatic,
        "Last listing download": _ended(row),
        "Listings": f"{row.listings:,}, {row.linked:,} linked, {row.unlinked:,} not linked",
        "Listings missing": row.missing_now or None,
        "Listings gone": row.gone_now or None,
    }


def _ended(row: DownloadRow) -> str:
    """How the last one ended, while none runs."""
    if not row.outcome:
        return ""
    why = f"{row.reason} {row.hint}".strip()
    changed = f"{row.outcome}: {what_changed(row)}"
    return f"{changed}. {why}" if why else changed


def _counted(row: DownloadRow) -> str:
    if row.total:
        return f" {row.done:,} of {row.total:,}"
    return f" {row.done:,}" if row.done else ""


def _share(row: DownloadRow) -> str:
    return "" if row.progress is None else f"{int(row.progress * 100)} %"


def _phase(row: DownloadRow) -> str:
    return f"{row.phase}{_counted(row)}" if row.in_progress else ""


ON_STATUS: Columns[DownloadRow] = {
    "Channel": "channel",
    "Listings download in progress": "in_progress",
    "Started": lambda row: row.started_at if row.in_progress else None,
    "Phase": _phase,
    "Progress": _share,
    "Estimated completion": "estimated_completion",
    "Last completion": lambda row: moment(row.last_completion, "never"),
    "Last automatic": lambda row: moment(row.last_automatic, "never"),
}
DOWNLOADS: Columns[DownloadRow] = {
    **ON_STATUS,
    "Started": "started_at",
    "Next automatic": "next_automatic",
    "Ended": "outcome",
    "New": lambda row: row.added or "",
    "Changed": lambda row: row.changed or "",
    "Missing": lambda row: row.missing or "",
    "Gone": lambda row: row.gone or "",
    "Returned": lambda row: row.returned or "",
    "Bad rows": lambda row: row.bad_rows or "",
    "Reason": "reason",
    "Hint": "hint",
}
