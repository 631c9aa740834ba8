"""What may happen to outbound work, and when a failed piece of it is tried again."""

from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.domain.ledger.kinds import DESPATCH, KINDS, REFUND, Kind
from channeld.domain.ledger.states import (
    ENDED,
    MOVES,
    OPEN_WORK,
    Event,
    ImpossibleMove,
    State,
    leaving,
    moved,
)
from channeld.domain.ledger.states import people_say as said
from channeld.domain.ledger.tries import JITTER, next_try, window_of
from tests.support.domain_orders import DAY, HOUR, MINUTE, NOW


class Middle(Random):
    """No jitter."""

    def uniform(self, a: float, b: float) -> float:
        return a


class Late(Random):
    """All the jitter there is."""

    def uniform(self, a: float, b: float) -> float:
        return b


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("state", State)
def test_a_move_is_in_the_table_or_refused(state: State, event: Event) -> None:
    if state in MOVES[event]:
        assert moved(state, event) is MOVES[event][state]
    else:
        with pytest.raises(ImpossibleMove):
            moved(state, event)


def test_what_has_ended_stays_as_it_is() -> None:
    assert not any(state in ENDED for moves in MOVES.values() for state in moves)
    assert OPEN_WORK.isdisjoint(ENDED)
    assert {*OPEN_WORK, *ENDED, State.NEEDS_ATTENTION} == set(State)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_what_may_have_happened_leaves_once_more_only_when_it_may_be_repeated(kind: Kind) -> None:
    """From a request that left, without a certain failure, a person, or a repeat that does no harm."""
    certain = {Event.FAILED, Event.RETRIED, Event.REPEAT}
    reached = {State.SENDING}
    for _ in State:
        reached |= {to for event in set(Event) - certain for at, to in MOVES[event].items() if at in reached}
    assert State.QUEUED not in reached
    again = {state for state in reached if state in MOVES[Event.BEGIN]}
    assert again == set()
    if kind.repeat_safe:
        assert moved(State.UNKNOWN, leaving(State.UNKNOWN, repeat_safe=True)) is State.SENDING
    else:
        with pytest.raises(ImpossibleMove):
            leaving(State.UNKNOWN, repeat_safe=False)


def test_only_refunds_may_not_be_repeated() -> None:
    assert [kind.name for kind in KINDS.values() if not kind.repeat_safe] == ["refund"]


def test_every_open_state_can_end_without_a_person() -> None:
    for state in OPEN_WORK:
        assert moved(state, Event.CONFIRMED) is State.CONFIRMED
        assert moved(state, Event.GIVEN_UP) is State.NEEDS_ATTENTION


@pytest.mark.parametrize(
    ("kind", "state", "words"),
    [
        ("refund", State.QUEUED, "OPEN"),
        ("refund", State.UNKNOWN, "PENDING"),
        ("refund", State.CONFIRMED, "PROCESSED"),
        ("refund", State.NEEDS_ATTENTION, "ERROR"),
        ("refund", State.DISMISSED, "ERROR_ACKED"),
        ("despatch", State.NEEDS_ATTENTION, "needs attention"),
    ],
)
def test_people_read_the_words_of_their_kind(kind: str, state: State, words: str) -> None:
    assert said(kind, state) == words


def test_a_note_is_tried_for_a_day_from_its_first_failure() -> None:
    """Failures at 10:00:05, tries after 1, 5, 15, 30, 60 minutes, then hourly, the last at the very end."""
    until = window_of(DESPATCH.tries, NOW)
    assert until == NOW + DAY
    at, tries = NOW, [NOW]
    while (following := next_try(DESPATCH.tries, len(tries), until, at, Middle())) is not None:
        at = following
        tries.append(at)
    pauses = [after - before for before, after in pairwise(tries)]
    assert [pause / MINUTE for pause in pauses[:6]] == [1, 5, 15, 30, 60, 60]
    assert tries[-1] == until
    assert max(pauses) == HOUR


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 40), st.timedeltas(timedelta(0), 2 * DAY), st.randoms())
def test_a_try_is_later_but_never_after_the_window(failures: int, since: timedelta, rng: Random) -> None:
    now, until = NOW + since, NOW + DAY
    at = next_try(DESPATCH.tries, failures, until, now, rng)
    assert (at is None) is (now >= until)
    assert at is None or now < at <= until


def test_a_refund_has_five_attempts() -> None:
    assert window_of(REFUND.tries, NOW) is None
    pauses = [next_try(REFUND.tries, failures, None, NOW, Middle()) for failures in range(1, 6)]
    assert [at and (at - NOW) / MINUTE for at in pauses] == [1, 5, 15, 60, None]


def test_what_failed_together_does_not_come_back_together() -> None:
    at = next_try(REFUND.tries, 4, None, NOW, Late())
    assert at is not None
    assert at - NOW == HOUR * (1 + JITTER)
