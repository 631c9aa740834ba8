"""The columns of outbound work, for its own page and for an order's detail."""

from datetime import datetime

from channel_protocol.work import WorkRow
from channeltop.format import NOTHING, age, amount, countdown
from channeltop.tone import Tone
from channeltop.widgets.columns import Column
from channeltop.work import STATES

__all__ = [
    "ORDER_WORK_COLUMNS",
    "WORK_COLUMNS",
    "does",
    "lateness",
    "said",
    "said_tone",
    "tries",
    "work_text",
]

SHORT_KINDS = {"cancellation": "cancel"}
UNKNOWN: tuple[str, Tone] = ("·", "")
"""For a state that a newer daemon may have."""
FAR = float("inf")


def work_text(row: WorkRow) -> str:
    """What words of a filter are looked for in."""
    held = f"held {row.held}" if row.held else ""
    return (
        f"{row.kind} {row.order_id} {row.channel} {row.account} {row.says} {row.state} {held} {does(row)} "
        f"{row.reason} {row.feed_id} {row.created_by}"
    )


def said(row: WorkRow) -> str:
    """The state in people's words, and that nothing is sent now."""
    return f"{row.says}, held" if row.held else row.says


def said_tone(row: WorkRow) -> Tone:
    """How the state is meant."""
    return "warn" if row.held else STATES.get(row.state, UNKNOWN)[1]


def does(row: WorkRow) -> str:
    """What it does; for a refund with the amount."""
    money = amount(row.amount, row.currency) if row.amount is not None else ""
    told = money.replace(",", "") in row.summary.replace(",", "")
    return row.summary if told else f"{money} · {row.summary}"


def tries(row: WorkRow) -> str:
    """Tries that failed, and of how many: `2/5`."""
    if row.attempts_allowed is not None:
        return f"{row.attempts}/{row.attempts_allowed}"
    return str(row.attempts) if row.attempts else NOTHING


def lateness(deadline: datetime | None, now: datetime) -> str:
    """How long until a deadline; after it with a minus: `3 h 20`, `−2 d`."""
    if deadline is None:
        return NOTHING
    return countdown(deadline, now) if deadline > now else f"−{age(deadline, now)}"


def _state(row: WorkRow, now: datetime) -> str:
    return f"{STATES.get(row.state, UNKNOWN)[0]} {said(row)}"


def _ended(row: WorkRow) -> bool:
    return row.ended_at is not None


def _due(row: WorkRow, now: datetime) -> str:
    return NOTHING if _ended(row) else lateness(row.deadline, now)


def _due_tone(row: WorkRow, now: datetime) -> Tone:
    late = row.deadline is not None and row.deadline <= now and not _ended(row)
    return "bad" if late else "muted"


def _muted(row: WorkRow, now: datetime) -> Tone:
    return "muted"


def _reason_tone(row: WorkRow, now: datetime) -> Tone:
    return "bad" if row.state == "needs_attention" else "muted" if _ended(row) else "warn"


def _seconds(at: datetime | None) -> float:
    return at.timestamp() if at else FAR


KIND: Column[WorkRow] = Column(
    name="kind",
    heading="Kind",
    width=8,
    text=lambda row, now: SHORT_KINDS.get(row.kind, row.kind),
    order=lambda row: row.kind,
)
STATE: Column[WorkRow] = Column(
    name="state",
    heading="State",
    width=17,
    text=_state,
    tone=lambda row, now: said_tone(row),
    order=lambda row: row.state,
)
WHAT: Column[WorkRow] = Column(
    name="what",
    heading="What it does",
    width=15,
    text=lambda row, now: does(row),
    tone=lambda row, now: "muted" if _ended(row) else "",
    grow=3,
)
TRIES: Column[WorkRow] = Column(
    name="tries",
    heading="Tries",
    width=6,
    priority=3,
    right=True,
    text=lambda row, now: tries(row),
    tone=_muted,
    order=lambda row: row.attempts,
)
NEXT: Column[WorkRow] = Column(
    name="next",
    heading="Next in",
    width=8,
    priority=2,
    right=True,
    text=lambda row, now: countdown(row.next_at, now),
    tone=_muted,
    order=lambda row: _seconds(row.next_at),
    ticking=True,
)
REASON: Column[WorkRow] = Column(
    name="reason",
    heading="Reason",
    width=16,
    priority=4,
    text=lambda row, now: row.held or row.reason,
    tone=_reason_tone,
    grow=3,
)

WORK_COLUMNS: tuple[Column[WorkRow], ...] = (
    KIND,
    Column(
        name="order",
        heading="Order",
        width=19,
        text=lambda row, now: row.order_id,
        tone=lambda row, now: "muted" if _ended(row) else "strong",
        order=lambda row: row.order_id,
    ),
    Column(
        name="channel",
        heading="Channel",
        width=9,
        priority=5,
        text=lambda row, now: row.channel,
        order=lambda row: row.channel,
    ),
    STATE,
    WHAT,
    Column(
        name="due",
        heading="Due in",
        width=9,
        right=True,
        text=_due,
        tone=_due_tone,
        order=lambda row: _seconds(row.deadline),
        ticking=True,
    ),
    NEXT,
    TRIES,
    REASON,
)
ORDER_WORK_COLUMNS: tuple[Column[WorkRow], ...] = (KIND, STATE, WHAT, NEXT, TRIES, REASON)
