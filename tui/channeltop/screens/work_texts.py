"""The texts of outbound work and of its questions."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from textual.content import Content

from channel_protocol.feeds import FeedRow
from channel_protocol.work import WorkRow
from channeltop.format import amount, countdown, moment, things
from channeltop.screens.work_columns import does, said, said_tone, tries
from channeltop.widgets.tones import joined, toned
from channeltop.work import KINDS, Counts

__all__ = ["described", "dismissal", "facts", "payment", "repeated", "summary", "trouble"]


def described(row: WorkRow, now: datetime) -> Content:
    """Which order, how it stands and since when, what it does, and what keeps it."""
    first = joined(
        (
            toned(row.order_id, "strong"),
            Content(row.channel),
            toned(said(row), said_tone(row)),
            toned(f"tried {tries(row)}×" if row.attempts else "", "muted"),
            toned(f"next {moment(row.next_at, now)}" if row.next_at else "", "muted"),
            toned(f"retried for {countdown(row.window_until, now)}" if row.window_until else "", "muted"),
        )
    )
    return Content("\n").join(line for line in (first, Content(does(row)), *trouble(row)) if line.plain)


def trouble(row: WorkRow) -> Iterable[Content]:
    """Why it is held or failed, and what to do."""
    tone = "bad" if row.state == "needs_attention" else "warn"
    yield toned(f"held: {row.held}" if row.held else "", "warn")
    yield toned(row.reason, tone)
    yield toned(row.hint, "accent")


def summary(counts: Counts, feeds: Iterable[FeedRow]) -> Content:
    """One line over all lists."""
    stuck = sum(row.stuck_since is not None for row in feeds)
    needs = "needs" if counts.attention == 1 else "need"
    return joined(
        (
            toned(f"■ {counts.attention:,} {needs} a decision", "bad")
            if counts.attention
            else toned("✓ nothing needs a decision", "good"),
            Content(f"{counts.open:,} open")
            + (toned(f", {counts.held:,} held", "warn") if counts.held else ""),
            toned(f"{counts.ended:,} ended", "muted"),
            toned(f"■ {things(stuck, 'feed')} stuck", "bad") if stuck else Content(),
            toned("f ", "accent") + toned("feeds", "muted"),
        )
    )


def facts(row: WorkRow, now: datetime, more: Mapping[str, str]) -> dict[str, str]:
    """Names and values, the daemon's own ones last."""
    return {
        "work": str(row.work_id),
        "asked for": f"{moment(row.created_at, now)} UTC by {row.created_by}",
        "way": {"call": "a request of its own", "feed": "a feed", "cancellation": "the cancellation"}.get(
            row.route, row.route
        ),
        "amount": amount(row.amount, row.currency) if row.amount is not None else "",
        "tries that failed": tries(row) if row.attempts or row.attempts_allowed else "",
        "next": f"{moment(row.next_at, now)} UTC" if row.next_at else "",
        "ship by": f"{moment(row.deadline, now)} UTC" if row.deadline else "",
        "retried until": f"{moment(row.window_until, now)} UTC" if row.window_until else "",
        "submitted": f"{moment(row.submitted_at, now)} UTC" if row.submitted_at else "",
        "ended": f"{moment(row.ended_at, now)} UTC" if row.ended_at else "",
        **more,
    }


def dismissal(row: WorkRow) -> Content:
    """What it means to dismiss it."""
    return _asked(
        row,
        f"Nothing more is done about this {KINDS.get(row.kind, row.kind)}: Amazon is not asked again.",
        "It needs attention no longer, and stays in the list.",
    )


def payment(row: WorkRow) -> Content:
    """What it means to try a refund once more."""
    return _asked(row, "Amazon is asked once more to pay this back. New attempts begin.")


def repeated(row: WorkRow, why: str, hint: str) -> Content:
    """What it means to repeat what may have been done."""
    return _asked(
        row, why, hint, "Repeated all the same, it may be done twice: a refund would be paid twice."
    )


def _asked(row: WorkRow, *sentences: str) -> Content:
    reason = toned(row.reason, "warn")
    first = joined((toned(row.order_id, "strong"), Content(does(row)), toned(said(row), said_tone(row))))
    lines = [first, *([reason] if row.reason else []), Content()]
    return Content("\n").join((*lines, *(Content(each) for each in sentences if each)))
