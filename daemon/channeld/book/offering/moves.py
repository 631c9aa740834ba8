"""What happens to messages about stock, by whichever way they go: rows, history, dates and audit together.

Quantities make no audit entry each; that a listing comes back does (semantics I17).
"""

from datetime import datetime

from msgspec.structs import replace

from channeld.domain.stock import pushing
from channeld.domain.stock.desired import Desired
from channeld.domain.stock.latency import LeadTime, Verb
from channeld.domain.stock.relist import relisting
from channeld.domain.stock.route import Route
from channeld.domain.stock.value import Value
from channeld.store import audit, desired_stock, stock_history, stock_sync
from channeld.store.audit import AuditEntry
from channeld.store.desired_stock import DesiredRow
from channeld.store.stock_history import Event, Happened
from channeld.store.unit import Unit

__all__ = ["REFUSED", "Moves", "days_text", "handling_text"]

REFUSED = "Amazon refused it"
"""Begins the reason of every row that Amazon has refused."""


class Moves:
    """The moves of one unit of work; `save` writes all of them. Each takes a row as it was read there.

    A late answer, for a message that is not under way any more, moves nothing.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._rows: dict[str, DesiredRow] = {}
        self._happened: list[Happened] = []
        self._audited: list[AuditEntry] = []
        self._accepted: set[int] = set()

    def begun(self, row: DesiredRow, route: Route, submission: str) -> DesiredRow:
        """The message is about to leave. Raises `ImpossibleMove`."""
        after = self.put(row, pushing.begun(row.desired, route, submission, self._now))
        self._note("sent", after, after.desired, reference=submission if route is Route.FEED else "")
        return after

    def accepted(self, row: DesiredRow, submission: str, *, reference: str, note: str = "") -> None:
        """Amazon took it. `reference`: Amazon's own name of the submission, or the feed's id."""
        if not _is_under_way(row, submission):
            return
        after = self.put(row, pushing.accepted(row.desired, submission, self._now))
        self._accepted |= set(row.channels)
        self._note("accepted", row, row.desired, reference=reference, note=note)
        self._note_relist(row, after)

    def refused(self, row: DesiredRow, submission: str, reason: str, *, reference: str = "") -> None:
        """Certainly without effect, by Amazon's word; `reason` goes on after "Amazon refused it"."""
        if _is_under_way(row, submission):
            text = f"{REFUSED}: {reason}" if reason else f"{REFUSED} without saying why."
            self.put(row, pushing.refused(row.desired, submission, text, self._now))
            self._note("refused", row, row.desired, reference=reference, note=reason)

    def not_sent(self, row: DesiredRow, submission: str, note: str = "") -> None:
        """It certainly did not leave, and not for the value's sake."""
        if _is_under_way(row, submission):
            self.put(row, pushing.not_sent(row.desired, submission, self._now))
            self._note("not sent", row, row.desired, note=note)

    def lost(self, row: DesiredRow, submission: str, note: str, *, reference: str = "") -> None:
        """Nobody knows whether it has its effect, or will have it."""
        if _is_under_way(row, submission):
            self.put(row, pushing.lost(row.desired, submission, self._now))
            self._note("lost", row, row.desired, reference=reference, note=note)

    def overtaken(self, row: DesiredRow, note: str) -> None:
        """Its message sits in a feed that does not move: it goes another way. No move if it is in none."""
        if row.desired.flight is not None and row.desired.flight.route is Route.FEED:
            self.put(row, pushing.overtaken(row.desired, self._now))
            self._note("overtaken", row, row.desired, note=note)

    def feed_ended(self, row: DesiredRow, submission: str, *, reference: str) -> None:
        """The feed can undo nothing any more: a SKU that it shadowed is told its present value again."""
        before = self._rows.get(row.sku, row)
        after = pushing.feed_ended(before.desired, submission, self._now)
        if after != before.desired:
            self.put(before, after)
            self._happened.append(
                Happened(
                    at=self._now,
                    account_id=row.account_id,
                    sku=row.sku,
                    event="feed ended",
                    route=Route.FEED,
                    reference=reference,
                )
            )

    def put(self, row: DesiredRow, desired: Desired) -> DesiredRow:
        """The row is to be saved with that."""
        self._rows[row.sku] = after = replace(row, desired=desired)
        return after

    def look(self, sku: str, at: datetime) -> None:
        """A direct read of what has moved here is worth its request from then on."""
        if sku in self._rows:
            row = self._rows[sku]
            self.put(row, replace(row.desired, look_at=at))

    def save(self, unit: Unit) -> None:
        """Write down all that has happened."""
        desired_stock.save(unit, list(self._rows.values()), self._now)
        if self._happened:
            stock_history.add(unit, self._happened)
        audit.add_many(unit, self._audited)
        stock_sync.note_accepted(unit, self._accepted, self._now)

    def _note(
        self, event: Event, row: DesiredRow, desired: Desired, *, reference: str = "", note: str = ""
    ) -> None:
        """Of the message that is under way in this state."""
        assert desired.flight is not None
        value = desired.flight.value
        self._happened.append(
            Happened(
                at=self._now,
                account_id=row.account_id,
                sku=row.sku,
                event=event,
                quantity=value.quantity,
                handling=handling_text(value.lead_time),
                route=desired.flight.route,
                reference=reference,
                note=note,
            )
        )

    def _note_relist(self, before: DesiredRow, after: DesiredRow) -> None:
        """From zero, as Amazon was told last, to units."""
        told, now = _told(before.desired), _told(after.desired)
        if told is None or now is None or not relisting(now.quantity, told.quantity).relists:
            return
        self._audited.append(
            AuditEntry(
                at=self._now,
                code="listing.relisted",
                text=f"{before.sku} is on sale again: {told.quantity} → {now.quantity} units.",
                account_id=before.account_id,
                channel_id=before.owner_id,
                sku=before.sku,
                details={"before": str(told.quantity), "after": str(now.quantity)},
            )
        )


def handling_text(lead_time: LeadTime) -> str:
    """What a message says of the handling time; empty for nothing."""
    match lead_time.verb:
        case Verb.KEEP:
            return ""
        case Verb.DROP:
            return "default"
        case Verb.SET:
            return days_text(lead_time.days)


def days_text(days: int | None) -> str:
    """A handling time; None is Amazon's default."""
    if days is None:
        return "default"
    return "1 day" if days == 1 else f"{days} days"


def _is_under_way(row: DesiredRow, submission: str) -> bool:
    return row.desired.flight is not None and row.desired.flight.submission == submission


def _told(desired: Desired) -> Value | None:
    """The last value that Amazon has accepted, as far as that is known."""
    return desired.sent.value if desired.sent else desired.standing
