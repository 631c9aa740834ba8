"""How a price stands on its way to Amazon (semantics G1)."""

from functools import reduce

import pytest

from channeld.domain.price.states import MOVES, Event, ImpossibleMove, State, moved, people_say

E = Event
SENT = [E.SAVED, E.BEGIN, E.TAKEN]


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([*SENT, E.CONFIRMED], State.CONFIRMED),
        ([E.SAVED, E.BEGIN, E.LOST], State.PENDING),
        ([E.SAVED, E.BEGIN, E.REFUSED], State.ERROR),
        ([E.SAVED, E.BEGIN, E.REFUSED, E.SAVED], State.PENDING),
        ([*SENT, E.SHOWN_OTHERWISE], State.PENDING),
        ([*SENT, E.SAVED], State.PENDING),
        ([*SENT, E.SAVED_TO_HOLD], State.HELD),
        ([E.SAVED, E.BEGIN, E.NOT_SENT], State.PENDING),
        ([E.SAVED_TO_HOLD], State.HELD),
        ([E.SAVED_TO_HOLD, E.APPROVED], State.PENDING),
        ([E.SAVED_TO_HOLD, E.SAVED], State.PENDING),
        ([E.SAVED, E.SAVED_TO_HOLD], State.HELD),
        ([E.SAVED, E.DROPPED], State.NO_CHANGE),
        ([E.SAVED_TO_HOLD, E.DROPPED], State.NO_CHANGE),
        ([E.SAVED, E.SAVED_AS_BEFORE], State.NO_CHANGE),
    ],
)
def test_the_way_of_a_price(events: list[Event], state: State) -> None:
    assert reduce(moved, events, State.NO_CHANGE) is state


@pytest.mark.parametrize(
    "events",
    [
        [E.BEGIN],
        [E.SAVED_TO_HOLD, E.BEGIN],
        [E.SAVED, E.BEGIN, E.BEGIN],
        [E.SAVED, E.BEGIN, E.SAVED],
        [E.SAVED, E.BEGIN, E.DROPPED],
        [*SENT, E.SAVED_AS_BEFORE],
        [*SENT, E.CONFIRMED, E.SHOWN_OTHERWISE],
    ],
)
def test_what_cannot_happen(events: list[Event]) -> None:
    state = reduce(moved, events[:-1], State.NO_CHANGE)
    with pytest.raises(ImpossibleMove):
        moved(state, events[-1])


def test_every_event_is_in_the_table_and_every_state_has_a_word() -> None:
    assert set(MOVES) == set(Event)
    assert {people_say(state) for state in State} == {
        *("NoChange", "Pending", "SentNotConfirmed", "Success", "Error"),
        "Held",
    }
