"""The state machine of a listing's price, as data, and the words that people are shown (semantics G1).

A price is a value: sending it twice does no harm, so one in doubt is pending again. What is confirmed was
read back.
"""

from collections.abc import Mapping
from enum import StrEnum

__all__ = ["Event", "ImpossibleMove", "State", "moved", "people_say"]


class State(StrEnum):
    """Where the saved price of a listing stands."""

    NO_CHANGE = "no change"
    """It is what was confirmed, or nothing is to be sent."""
    HELD = "held"
    """Waits for a person's approval."""
    PENDING = "pending"
    SENDING = "sending"
    """Committed before the request leaves."""
    SENT = "sent"
    """Amazon took it; a read has not shown it yet."""
    CONFIRMED = "confirmed"
    ERROR = "error"
    """Amazon refused it: it waits for another price, or a person."""


class Event(StrEnum):
    """What happens to it."""

    SAVED = "saved"
    """A price that differs from the confirmed one, or the word of a person to send it once more."""
    SAVED_TO_HOLD = "saved, to be approved"
    SAVED_AS_BEFORE = "saved as it is there"
    """It is what Amazon surely has: confirmed, and nothing was sent since."""
    THERE_ALREADY = "there already"
    """Never priced here, and the read just before it would leave shows it: nothing is to be sent."""
    APPROVED = "approved"
    DROPPED = "dropped"
    """Price Change was switched off, or a person does not want what was held."""
    BEGIN = "begin"
    TAKEN = "taken"
    """Another one that was saved meanwhile counts as saved right after."""
    LOST = "lost"
    """No answer."""
    NOT_SENT = "not sent"
    """Certainly without effect, and not for the price's sake."""
    REFUSED = "refused"
    CONFIRMED = "confirmed"
    SHOWN_OTHERWISE = "shown otherwise"
    """A direct read shows another price than the one that was sent. Once it is confirmed, a price that
    somebody changes at Amazon is theirs."""


_S, _E = State, Event
_AT_REST = (_S.NO_CHANGE, _S.HELD, _S.PENDING, _S.SENT, _S.CONFIRMED, _S.ERROR)
MOVES: Mapping[Event, Mapping[State, State]] = {
    _E.SAVED: dict.fromkeys(_AT_REST, _S.PENDING),
    _E.SAVED_TO_HOLD: dict.fromkeys(_AT_REST, _S.HELD),
    _E.SAVED_AS_BEFORE: dict.fromkeys(
        (_S.NO_CHANGE, _S.HELD, _S.PENDING, _S.CONFIRMED, _S.ERROR), _S.NO_CHANGE
    ),
    _E.APPROVED: {_S.HELD: _S.PENDING},
    _E.DROPPED: {_S.HELD: _S.NO_CHANGE, _S.PENDING: _S.NO_CHANGE},
    _E.THERE_ALREADY: {_S.PENDING: _S.CONFIRMED},
    _E.BEGIN: {_S.PENDING: _S.SENDING},
    _E.TAKEN: {_S.SENDING: _S.SENT},
    _E.LOST: {_S.SENDING: _S.PENDING},
    _E.NOT_SENT: {_S.SENDING: _S.PENDING},
    _E.REFUSED: {_S.SENDING: _S.ERROR},
    _E.CONFIRMED: {_S.SENT: _S.CONFIRMED},
    _E.SHOWN_OTHERWISE: {_S.SENT: _S.PENDING},
}
"""Event → from → to. What is not listed cannot happen; what is saved while a request is under way waits for
its answer."""

_WORDS: Mapping[State, str] = {
    State.NO_CHANGE: "NoChange",
    State.HELD: "Held",
    State.PENDING: "Pending",
    State.SENDING: "Pending",
    State.SENT: "SentNotConfirmed",
    State.CONFIRMED: "Success",
    State.ERROR: "Error",
}


class ImpossibleMove(Exception):
    """A move that the table does not have: whoever asked for it looked at an older state."""


def moved(state: State, event: Event) -> State:
    """The next state. Raises `ImpossibleMove`."""
    after = MOVES[event].get(state)
    if after is None:
        raise ImpossibleMove(f"{event} of a price that is {state}")
    return after


def people_say(state: State) -> str:
    """The word that is shown: the specification's, and one of our own for what waits for approval."""
    return _WORDS[state]
