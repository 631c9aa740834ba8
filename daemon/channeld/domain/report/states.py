"""The state machine of a report, as data, and what people are shown of it (semantics H6).

`sending` is committed before a report is asked for, so a process that dies in it is known to be in doubt. A
second report does no harm, so what is in doubt is looked for, and else asked for again.
"""

from collections.abc import Mapping
from enum import StrEnum

__all__ = ["ENDED", "WATCHED", "Event", "State", "is_plain", "moved", "people_say"]


class State(StrEnum):
    """Where a report stands."""

    WANTED = "wanted"
    SENDING = "sending"
    UNKNOWN = "unknown"
    """It was asked for without an answer: Amazon may be making it or not."""
    SUBMITTED = "submitted"
    AVAILABLE = "available"
    """Amazon has it; whoever wants it has not stored what is in it yet."""
    PROCESSED = "processed"
    NO_DATA = "no data"
    FAILED = "failed"
    STUCK = "stuck"
    """Amazon has not made it for long. It may still come, and is looked at for a day."""


class Event(StrEnum):
    """What happens to it."""

    REUSED = "reused"
    """Amazon had a recent one of the same kind, which serves."""
    BEGIN = "begin"
    """The request is about to leave."""
    TAKEN = "taken"
    LOST = "lost"
    """No answer to the request."""
    PUT_BACK = "put back"
    """Certainly not asked for, or Amazon's list does not show it."""
    READY = "ready"
    EMPTY = "empty"
    """Amazon cancelled it."""
    FAILED = "failed"
    STOOD_STILL = "stood still"
    PROCESSED = "processed"


_S, _E = State, Event
MOVES: Mapping[Event, Mapping[State, State]] = {
    _E.REUSED: {_S.WANTED: _S.AVAILABLE},
    _E.BEGIN: {_S.WANTED: _S.SENDING},
    _E.TAKEN: {_S.SENDING: _S.SUBMITTED, _S.UNKNOWN: _S.SUBMITTED},
    _E.LOST: {_S.SENDING: _S.UNKNOWN},
    _E.PUT_BACK: {_S.SENDING: _S.WANTED, _S.UNKNOWN: _S.WANTED},
    _E.READY: {_S.SUBMITTED: _S.AVAILABLE, _S.STUCK: _S.AVAILABLE},
    _E.EMPTY: {_S.SUBMITTED: _S.NO_DATA},
    _E.FAILED: dict.fromkeys(
        (_S.WANTED, _S.SENDING, _S.UNKNOWN, _S.SUBMITTED, _S.AVAILABLE, _S.STUCK), _S.FAILED
    ),
    _E.STOOD_STILL: {_S.SUBMITTED: _S.STUCK},
    _E.PROCESSED: {_S.AVAILABLE: _S.PROCESSED},
}
"""Event → from → to. What is not listed cannot happen."""

ENDED = frozenset((State.PROCESSED, State.NO_DATA, State.FAILED))
"""Nothing more comes of it."""
WATCHED = frozenset((State.WANTED, State.SENDING, State.UNKNOWN, State.SUBMITTED, State.STUCK))
"""Amazon is asked about it, or for it."""

_WORDS: Mapping[State, str] = {
    State.WANTED: "Waiting",
    State.SENDING: "Waiting",
    State.UNKNOWN: "Waiting",
    State.SUBMITTED: "Submitted",
    State.AVAILABLE: "Available",
    State.PROCESSED: "Processed",
    State.NO_DATA: "No data",
    State.FAILED: "Failed",
    State.STUCK: "Stuck",
}
_PLAIN = frozenset(("Submitted", "Available", "Processed"))
"""The specification's own words; all others are shown in another style."""


def moved(state: State, event: Event) -> State | None:
    """The next state; None for a move that does not exist: somebody else moved it meanwhile."""
    return MOVES[event].get(state)


def people_say(state: State) -> str:
    """The word that is shown."""
    return _WORDS[state]


def is_plain(state: State) -> bool:
    """Whether that word is one of the specification's three."""
    return _WORDS[state] in _PLAIN
