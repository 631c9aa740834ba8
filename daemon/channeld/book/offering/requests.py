"""Stock that goes out by requests: which SKUs leave now, and what came of each (design, sections 4 and 5)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from channeld.amazon.assumptions import UNKNOWN_SKU_ISSUES
from channeld.amazon.budgets import Priority
from channeld.amazon.errors import AccessDenied, AmazonError, CredentialsRefused, NotFound, Throttled
from channeld.amazon.listings.availability import value_patch
from channeld.amazon.listings.submissions import Submission, SubmissionIssue
from channeld.amazon.listings.submitting import fits_a_path, patch_listing_call
from channeld.amazon.operations import Call
from channeld.book.ledger.holding import is_foreign
from channeld.book.offering.moves import Moves
from channeld.book.offering.who_sends import who_sends
from channeld.domain.stock.desired import Rank
from channeld.domain.stock.route import Route
from channeld.errors import ChanneldError
from channeld.store import accounts, desired_stock
from channeld.store.channels import Channel
from channeld.store.desired_stock import DesiredRow
from channeld.store.unit import Unit

__all__ = [
    "Note",
    "answered",
    "failed",
    "issues_text",
    "recover_requests",
    "take_requests",
]

_STOPPED = "channeld stopped while it was being sent; the present value is sent again"
_NO_PATH = "no request can name this SKU; a feed of many SKUs takes it along, or rename it in Seller Central."
_NOT_LISTED = "Amazon does not know this SKU, at least not in this marketplace."


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """One SKU whose request leaves now."""

    sku: str
    submission: str
    """Our own name of the request, unlike any other of this SKU."""
    call: Call[Submission]
    priority: Priority
    channel_id: int
    """In the marketplace of this one."""


def recover_requests(unit: Unit, account_id: int, now: datetime, limit: int) -> int:
    """After a start: what was being sent when the daemon stopped may have left. How many were found."""
    moves = Moves(now)
    rows = desired_stock.in_flight(unit.connection, account_id, Route.PATCH, limit)
    for row in rows:
        if row.desired.flight is not None:
            moves.lost(row, row.desired.flight.submission, _STOPPED)
    moves.save(unit)
    return len(rows)


def take_requests(
    unit: Unit, account_id: int, instance: str, now: datetime, limit: int, *, left_out: Collection[int] = ()
) -> list[Note]:
    """So many SKUs at most, the most urgent first, marked as being sent.

    Nothing of an installation that is not this one, nor of a channel that was switched off since the value
    was computed, nor of channels that are left out; nothing but zeros while orders are behind.
    """
    account = accounts.get(unit.connection, account_id)
    if account is None or is_foreign(unit.connection, instance):
        return []
    sending = who_sends(unit.connection, account_id, now)
    owners = {id_: channel for id_, channel in sending.channels.items() if id_ not in left_out}
    if not owners:
        return []
    desired_stock.release(unit, account_id, now)
    moves, notes = Moves(now), list[Note]()
    least = Rank.TO_ZERO if sending.only_zeros else Rank.INCREASE
    for row in desired_stock.due(unit.connection, account_id, limit, owners, least_urgent=least):
        note = _taken(row, account.seller_id, owners, moves, now)
        notes += [note] if note is not None else []
    moves.save(unit)
    return notes


def answered(unit: Unit, account_id: int, note: Note, said: Submission, now: datetime) -> None:
    """Amazon has answered the request."""
    row = _row(unit.connection, account_id, note.sku)
    if row is None:
        return
    moves, issues = Moves(now), issues_text(said.issues)
    match said.outcome:
        case "accepted":
            moves.accepted(row, note.submission, reference=said.submission_id, note=issues)
        case "refused" if any(issue.code in UNKNOWN_SKU_ISSUES for issue in said.issues):
            _not_listed(moves, row, note, issues, said.submission_id, now)
        case "refused":
            moves.refused(row, note.submission, issues, reference=said.submission_id)
        case "unknown":
            told = f" Amazon says: {issues}" if issues else ""
            moves.lost(
                row,
                note.submission,
                f"Amazon's answer contradicts itself.{told}",
                reference=said.submission_id,
            )
    moves.save(unit)


def failed(unit: Unit, account_id: int, note: Note, error: ChanneldError, now: datetime) -> None:
    """The request came to nothing, or nobody knows what came of it."""
    row = _row(unit.connection, account_id, note.sku)
    if row is None:
        return
    moves = Moves(now)
    if isinstance(error, AmazonError) and error.is_ambiguous:
        moves.lost(row, note.submission, _told(error), reference=error.request_id)
    elif isinstance(error, NotFound):
        _not_listed(moves, row, note, error.text, error.request_id, now)
    elif isinstance(error, AmazonError) and _is_about_the_value(error):
        moves.refused(row, note.submission, _told(error), reference=error.request_id)
    else:
        moves.not_sent(row, note.submission, error.message)
    moves.save(unit)


def _taken(
    row: DesiredRow, seller_id: str, owners: Mapping[int, Channel], moves: Moves, now: datetime
) -> Note | None:
    """The request for this one; None when it cannot leave by one now."""
    if row.owner_id is None or not row.desired.is_due(now):
        moves.put(row, row.desired)  # the clock was set back: it is held anew
        return None
    submission, rank = f"p{row.version + 1}", row.desired.rank
    begun = moves.begun(row, Route.PATCH, submission)
    if not fits_a_path(row.sku):
        moves.refused(begun, submission, _NO_PATH)
        return None
    assert begun.desired.flight is not None
    patch = value_patch(begun.desired.flight.value)
    return Note(
        sku=row.sku,
        submission=submission,
        call=patch_listing_call(seller_id, owners[row.owner_id].marketplace_id, row.sku, [patch]),
        priority=Priority.MONEY if rank in (Rank.TO_ZERO, Rank.DECREASE) else Priority.FRESHNESS,
        channel_id=row.owner_id,
    )


def _row(connection: Connection, account_id: int, sku: str) -> DesiredRow | None:
    return desired_stock.of_skus(connection, account_id, (sku,)).get(sku)


def _not_listed(moves: Moves, row: DesiredRow, note: Note, said: str, reference: str, now: datetime) -> None:
    """The listing may be gone, which a direct read finds out."""
    told = f" Amazon says: {said}" if said else ""
    moves.refused(row, note.submission, f"{_NOT_LISTED}{told}", reference=reference)
    moves.look(row.sku, now)


def _is_about_the_value(error: AmazonError) -> bool:
    """Whether Amazon has looked at the request and did not like it; else something stood before that."""
    stood_before = isinstance(error, AccessDenied | CredentialsRefused | Throttled)
    return not stood_before and error.status is not None and 400 <= error.status < 500 and error.status != 425


def _told(error: AmazonError) -> str:
    return f"{error.message} Amazon says: {error.text}" if error.text else error.message


def issues_text(issues: Iterable[SubmissionIssue]) -> str:
    """The worst of them, with Amazon's codes, which people look up."""
    said = [" ".join(filter(None, (issue.code, issue.text))) for issue in issues]
    return "; ".join(filter(None, said[:3]))
