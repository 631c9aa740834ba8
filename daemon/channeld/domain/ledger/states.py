"""The state machine of outbound work, as data (design, section 4).

`sending` is committed before a request leaves, so a process that dies in it is known to be in doubt. What is
in doubt is `unknown`, and only a fact (a read, a report, a transaction) leads out of it; it is never simply
queued again.
"""

from collections.abc import Mapping
from enum import StrEnum

__all__ = ["ENDED", "OPEN_WORK", "Event", "ImpossibleMove", "State", "leaving", "moved", "people_say"]


class State(StrEnum):
    """Where a piece of outbound work stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SUBMITTED = "submitted"
    """Amazon took it; what came of it is not known yet."""
    CONFIRMED = "confirmed"
    UNKNOWN = "unknown"
    """It may have had its effect or not."""
    NEEDS_ATTENTION = "needs_attention"
    """Amazon refused it, its window closed, or its attempts are used up: a person decides."""
    REJECTED = "rejected"
    """Its channel was switched off when it was asked for, or was removed since."""
    DISMISSED = "dismissed"
    """A person decided that nothing more is done."""


class Event(StrEnum):
    """What happens to it."""

    BEGIN = "begin"
    """The request is about to leave."""
    REPEAT = "repeat"
    """The request is about to leave once more under the same key, as a repeat does no harm."""
    TAKEN = "taken"
    """Amazon accepted it for processing; of what waits for a repeat, or for a person, that is learnt late."""
    LOST = "lost"
    """No answer, or one that contradicts itself."""
    FAILED = "failed"
    """Certainly without effect; it may be tried again."""
    GIVEN_UP = "given up"
    CONFIRMED = "confirmed"
    RETRIED = "retried"
    """By a person."""
    DISMISSED = "dismissed"
    """By a person."""
    REJECTED = "rejected"


_S, _E = State, Event
MOVES: Mapping[Event, Mapping[State, State]] = {
    _E.BEGIN: {_S.QUEUED: _S.SENDING},
    _E.REPEAT: {_S.UNKNOWN: _S.SENDING},
    _E.TAKEN: dict.fromkeys((_S.QUEUED, _S.SENDING, _S.UNKNOWN, _S.NEEDS_ATTENTION), _S.SUBMITTED),
    _E.LOST: {_S.SENDING: _S.UNKNOWN, _S.SUBMITTED: _S.UNKNOWN},
    _E.FAILED: dict.fromkeys((_S.QUEUED, _S.SENDING, _S.SUBMITTED, _S.UNKNOWN), _S.QUEUED),
    _E.GIVEN_UP: dict.fromkeys(
        (_S.QUEUED, _S.SENDING, _S.SUBMITTED, _S.UNKNOWN, _S.NEEDS_ATTENTION), _S.NEEDS_ATTENTION
    ),
    _E.CONFIRMED: dict.fromkeys(
        (_S.QUEUED, _S.SENDING, _S.SUBMITTED, _S.UNKNOWN, _S.NEEDS_ATTENTION), _S.CONFIRMED
    ),
    _E.RETRIED: {_S.NEEDS_ATTENTION: _S.QUEUED, _S.QUEUED: _S.QUEUED},
    _E.DISMISSED: {_S.NEEDS_ATTENTION: _S.DISMISSED, _S.QUEUED: _S.DISMISSED},
    _E.REJECTED: dict.fromkeys(
        (_S.QUEUED, _S.SENDING, _S.SUBMITTED, _S.UNKNOWN, _S.NEEDS_ATTENTION), _S.REJECTED
    ),
}
"""Event → from → to. What is not listed cannot happen."""

OPEN_WORK = frozenset((State.QUEUED, State.SENDING, State.SUBMITTED, State.UNKNOWN))
"""Something is still to come of it by itself."""
ENDED = frozenset((State.CONFIRMED, State.REJECTED, State.DISMISSED))

_REFUND_WORDS: Mapping[State, str] = {
    State.QUEUED: "OPEN",
    State.SENDING: "PENDING",
    State.SUBMITTED: "PENDING",
    State.UNKNOWN: "PENDING",
    State.CONFIRMED: "PROCESSED",
    State.NEEDS_ATTENTION: "ERROR",
    State.REJECTED: "ERROR_ACKED",
    State.DISMISSED: "ERROR_ACKED",
}


class ImpossibleMove(Exception):
    """A move that the table does not have: whoever asked for it looked at an older state."""


def moved(state: State, event: Event) -> State:
    """The next state. Raises `ImpossibleMove`."""
    after = MOVES[event].get(state)
    if after is None:
        raise ImpossibleMove(f"{event} of what is {state}")
    return after


def leaving(state: State, *, repeat_safe: bool) -> Event:
    """How a request for it leaves. Raises `ImpossibleMove` for what is in doubt and may not be done twice."""
    if state is not State.UNKNOWN:
        return Event.BEGIN
    if not repeat_safe:
        raise ImpossibleMove("a repeat of what is in doubt and would count twice")
    return Event.REPEAT


def people_say(kind: str, state: State) -> str:
    """The word that is shown: for refunds those of semantics C3, else the state's own."""
    return _REFUND_WORDS[state] if kind == "refund" else state.value.replace("_", " ")
