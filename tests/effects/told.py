"""Whether the audit trail of a piece of work reads as one story."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from channeld.domain.ledger.kinds import kind_of
from channeld.domain.ledger.states import State
from channeld.domain.ledger.tries import Attempts
from channeld.store.audit import AuditEntry
from channeld.store.ledger_records import WorkRecord

__all__ = ["wrong_story"]

VERBATIM = {
    "submitted": "Order Despatch Submitted",
    "confirmed": "Order Successfully Despatched",
    "failed": "Order Despatch Failed",
}
BEGINNINGS = (
    "processed",
    "requested",
    "submitted",
    "failed",
    "confirmed",
    "in_doubt",
    "retried",
    "dismissed",
)
ATTEMPT = re.compile(r"attempt (\d+)")


def wrong_story(record: WorkRecord, told: Sequence[AuditEntry]) -> list[str]:
    """What cannot be in a true story of that work."""
    steps = [entry.code.rpartition(".")[2] for entry in told]
    return [
        f"{record.kind} {record.id} ({record.state}): {what}, in {steps}"
        for what in (
            *_wrong_order(record, told, steps),
            *_wrong_end(record, steps),
            *_wrong_words(record, told),
            *_wrong_attempts(record, told),
        )
    ]


def _wrong_order(record: WorkRecord, told: Sequence[AuditEntry], steps: list[str]) -> Iterable[str]:
    if any(later.at < earlier.at for earlier, later in pairwise(told)):
        yield "goes back in time"
    for earlier, later in pairwise(steps):
        if earlier == later == "submitted":
            yield "submitted twice in one try"
        if earlier in ("confirmed", "dismissed"):
            yield f"{later} after it was {earlier}"
    if record.submitted_at is not None and "submitted" not in steps:
        yield "submitted without a word"
    if steps and steps[0] not in BEGINNINGS:
        yield "begins in the middle"


def _wrong_end(record: WorkRecord, steps: list[str]) -> Iterable[str]:
    ends = {
        State.CONFIRMED: ("confirmed",),
        State.NEEDS_ATTENTION: ("failed", "in_doubt"),
        State.DISMISSED: ("dismissed",),
    }
    last = steps[-1] if steps else ""
    if last not in ends.get(record.state, (last,)):
        yield f"ends with {last}"
    expected = 1 if record.state is State.CONFIRMED else 0
    if steps.count("confirmed") != expected:
        yield "confirmed does not stand there just once"


def _wrong_words(record: WorkRecord, told: Sequence[AuditEntry]) -> Iterable[str]:
    for entry in told:
        kind, _, step = entry.code.rpartition(".")
        if kind == "despatch" and VERBATIM.get(step, entry.text) != entry.text:
            yield f"{entry.code} says {entry.text!r}"
        if step == "failed" and not entry.details.get("reason"):
            yield "failed without a reason"


def _wrong_attempts(record: WorkRecord, told: Sequence[AuditEntry]) -> Iterable[str]:
    """Tries are numbered from 1 on, and there are no more than the kind allows.

    When a person tries again what had been given up, they begin anew.
    """
    counted, given_up = 0, False
    policy = kind_of(record.kind).tries
    for entry in told:
        if entry.code.endswith(".retried"):
            counted, given_up = 0 if given_up else counted, False
            continue
        if found := ATTEMPT.match(entry.details.get("reason", "")):
            counted += 1
            if int(found.group(1)) != counted:
                yield f"attempt {counted} is told as {found.group(1)}"
        if isinstance(policy, Attempts) and counted > policy.most:
            yield f"{counted} attempts of {policy.most}"
        given_up = entry.code.endswith(".failed") and (not found or _is_last(entry))
    if counted != record.attempts:
        yield f"{counted} attempts are told of, {record.attempts} counted"


def _is_last(entry: AuditEntry) -> bool:
    """Nothing more is tried by itself."""
    return any(words in entry.details["reason"] for words in ("no further attempts", "waits for a change"))
