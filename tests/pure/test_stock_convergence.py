"""Whatever Amazon does with messages, its truth comes to the computed value and no old one stands.

Amazon applies what it has accepted up to a quarter of an hour later and in any order, applies what it gave no
answer for, keeps feeds for days and applies them late, sells units of its own, and people change listings.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from channeld.domain.stock import pushing
from channeld.domain.stock.desired import NEW, SETTLES
from channeld.domain.stock.latency import DROP, KEEP, Verb, set_to
from channeld.domain.stock.reading_back import read, reported
from channeld.domain.stock.route import Route
from channeld.domain.stock.value import Shown, Value
from tests.support.fake_clock import START

LEAD_TIMES = st.sampled_from((KEEP, DROP, set_to(2), set_to(9)))
VALUES = st.builds(Value, quantity=st.integers(0, 2), lead_time=LEAD_TIMES)
ROUTES = st.sampled_from(Route)
TIMES = st.sampled_from(
    [timedelta(seconds=1), timedelta(minutes=4), timedelta(minutes=20), timedelta(hours=3)]
)
MOMENT = timedelta(microseconds=1)


@dataclass
class Message:
    """One at Amazon that will be applied."""

    value: Value
    submission: str
    route: Route
    by: datetime | None = None
    """The last moment for it; None: while its answer, or the end of its feed, is still to come."""


class Amazon:
    """What it has, and what is still to be applied."""

    def __init__(self) -> None:
        self.truth = Shown(quantity=7, days=5)
        self.coming: list[Message] = []

    def take(self, message: Message) -> None:
        self.coming.append(message)

    def settle(self, submission: str, by: datetime) -> None:
        for message in self.coming:
            if message.submission == submission:
                message.by = by

    def apply(self, message: Message) -> None:
        self.coming.remove(message)
        self.truth = after(self.truth, message.value)

    def apply_until(self, now: datetime) -> None:
        for message in [each for each in self.coming if each.by is not None and each.by <= now]:
            self.apply(message)


def after(truth: Shown, value: Value) -> Shown:
    days = {Verb.KEEP: truth.days, Verb.SET: value.lead_time.days, Verb.DROP: None}[value.lead_time.verb]
    return Shown(quantity=value.quantity, days=days)


class Converges(RuleBasedStateMachine):
    """One SKU, its actor and Amazon."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.amazon = Amazon()
        self.row = NEW
        self.number = 0
        self.feeds: list[str] = []
        self.taken: dict[str, bool] = {}
        self.asked: tuple[datetime, Shown] | None = None
        self.unknown_sales: list[datetime] = []
        self.disturbed = False
        self.disturbed_at = START - SETTLES

    @initialize(value=VALUES, disturbed=st.booleans())
    def begin(self, value: Value, disturbed: bool) -> None:
        """Where nobody sells or meddles, no report is needed either, as all that can go wrong is ours."""
        self.disturbed = disturbed
        self.row = pushing.computed(self.row, value, self.now)

    @rule(value=VALUES | st.none())
    def compute(self, value: Value | None) -> None:
        self.row = pushing.computed(self.row, value, self.now)

    @rule()
    def force(self) -> None:
        self.row = pushing.forced(self.row, self.now)

    @precondition(lambda self: self.row.is_due(self.now))
    @rule(route=ROUTES, takes_effect=st.booleans())
    def send(self, route: Route, takes_effect: bool) -> None:
        self.number += 1
        name = f"{self.number}"
        self.row = pushing.begun(self.row, route, name, self.now)
        assert self.row.computed is not None
        self.taken[name] = takes_effect
        if route is Route.FEED:
            self.feeds.append(name)
        if takes_effect:
            self.amazon.take(Message(self.row.computed, name, route))

    @precondition(lambda self: self.row.flight is not None and self.row.flight.route is Route.PATCH)
    @rule(answer=st.sampled_from(("plain", "lost")), throttled=st.booleans())
    def answer(self, answer: Literal["plain", "lost"], throttled: bool) -> None:
        """Also what a process finds that died after it had committed the flight: no answer."""
        assert self.row.flight is not None
        self.hear(self.row.flight.submission, answer, throttled)

    @precondition(lambda self: self.feeds)
    @rule(answer=st.sampled_from(("plain", "lost")), place=st.integers(0, 10))
    def end_feed(self, answer: Literal["plain", "lost"], place: int) -> None:
        name = self.feeds.pop(place % len(self.feeds))
        self.hear(name, answer, throttled=False)
        self.row = pushing.feed_ended(self.row, name, self.now)

    @precondition(lambda self: self.row.flight is not None and self.row.flight.route is Route.FEED)
    @rule(creation_lost=st.booleans())
    def leave_feed_behind(self, creation_lost: bool) -> None:
        assert self.row.flight is not None
        if creation_lost:
            self.row = pushing.lost(self.row, self.row.flight.submission, self.now)
        else:
            self.row = pushing.overtaken(self.row, self.now)

    @precondition(lambda self: self.amazon.coming)
    @rule(place=st.integers(0, 10))
    def apply(self, place: int) -> None:
        self.amazon.apply(self.amazon.coming[place % len(self.amazon.coming)])

    @rule(time=TIMES)
    def wait(self, time: timedelta) -> None:
        self.pass_time(time)

    @precondition(lambda self: self.row.flight is None)
    @rule(value=VALUES, lost=st.booleans())
    def tell(self, value: Value, lost: bool) -> None:
        """A value goes out and is accepted, as nearly always, or its answer is lost."""
        self.compute(value)
        if self.row.is_due(self.now):
            self.send(Route.PATCH, takes_effect=True)
            self.hear(f"{self.number}", "lost" if lost else "plain", throttled=False)

    @precondition(lambda self: self.row.look_at is not None)
    @rule(applied=st.integers(0, 3))
    def look(self, applied: int) -> None:
        """The newest messages are applied first; then it is read when that is worth it."""
        for _ in range(min(applied, len(self.amazon.coming))):
            self.amazon.apply(self.amazon.coming[-1])
        self.now = max(self.now, self.row.look_at or self.now)
        self.amazon.apply_until(self.now)
        self.row = read(self.row, self.amazon.truth, self.now, orders_until=self.orders_until)

    @precondition(lambda self: self.row.flight is None)
    @rule(first=VALUES, second=VALUES, lost=st.booleans(), in_feed=st.booleans(), early=st.booleans())
    def race(self, first: Value, second: Value, lost: bool, in_feed: bool, early: bool) -> None:
        """Two values close together, of which the newer one is applied first, and is seen."""
        if in_feed:
            self.compute(first)
            if self.row.is_due(self.now):
                self.send(Route.FEED, takes_effect=True)
                self.leave_feed_behind(lost)
        else:
            self.tell(first, lost)
        self.tell(second, lost=False)
        if self.amazon.coming:
            self.amazon.apply(self.amazon.coming[-1])
        if not early:
            self.pass_time(timedelta(minutes=4))
        self.row = read(self.row, self.amazon.truth, self.now, orders_until=self.orders_until)

    @rule()
    def ask(self) -> None:
        self.asked = (self.now, self.amazon.truth)

    @precondition(lambda self: self.asked is not None)
    @rule()
    def show(self) -> None:
        """A direct read is answered, perhaps long after it saw."""
        assert self.asked is not None
        at, shown = self.asked
        self.row, self.asked = read(self.row, shown, at, orders_until=self.orders_until), None

    @precondition(lambda self: self.disturbed)
    @rule(quantity=st.integers(0, 7), days=st.none() | st.integers(1, 9))
    def meddle(self, quantity: int, days: int | None) -> None:
        self.amazon.truth = Shown(quantity=quantity, days=days)
        self.disturbed_at = self.now

    @precondition(lambda self: self.disturbed and self.amazon.truth.quantity)
    @rule()
    def sell(self) -> None:
        truth = self.amazon.truth
        self.amazon.truth = Shown(quantity=truth.quantity - 1, days=truth.days)
        self.unknown_sales.append(self.now)
        self.disturbed_at = self.now

    @precondition(lambda self: self.unknown_sales)
    @rule(capped=st.booleans())
    def order_comes_in(self, capped: bool) -> None:
        self.book_order(capped)

    @precondition(lambda self: self.disturbed)
    @rule(age=TIMES)
    def report(self, age: timedelta) -> None:
        self.row = reported(self.row, self.amazon.truth, self.now - age, self.now)

    @invariant()
    def what_is_confirmed_stands_and_stays(self) -> None:
        row = self.row
        if not row.is_confirmed or self.unknown_sales or row.proof is None:
            return
        if row.proof.at <= self.disturbed_at:
            return
        assert row.computed is not None
        assert row.computed.is_shown_by(self.amazon.truth)
        for message in self.amazon.coming:
            assert row.computed.is_shown_by(after(self.amazon.truth, message.value))

    @invariant()
    def every_message_that_may_come_is_accounted_for(self) -> None:
        """In flight, shadowing, or within the time in which nothing is confirmed by a glance."""
        flight = {self.row.flight.submission} if self.row.flight else set[str]()
        for message in self.amazon.coming:
            if message.by is None:
                assert message.submission in flight | set(self.row.shadows)

    def teardown(self) -> None:
        """From here on Amazon works: everything ends, and the actor does what is due."""
        while self.feeds:
            self.end_feed("lost", 0)
        if self.row.flight is not None:
            self.hear(self.row.flight.submission, "lost", throttled=False)
        while self.unknown_sales:
            self.book_order(capped=False)
        for _ in range(12):
            self.pass_time(timedelta(hours=3))
            self.work()
        if self.row.computed is not None:
            assert self.row.computed.is_shown_by(self.amazon.truth)
            assert self.row.is_confirmed

    def work(self) -> None:
        if self.disturbed:
            self.row = reported(self.row, self.amazon.truth, self.now, self.now)
        if self.row.look_at is not None and self.row.look_at <= self.now:
            self.row = read(self.row, self.amazon.truth, self.now, orders_until=self.orders_until)
        if self.row.is_due(self.now):
            self.send(Route.PATCH, takes_effect=True)
            self.answer("plain", throttled=False)

    @property
    def orders_until(self) -> datetime:
        return min(self.unknown_sales) - MOMENT if self.unknown_sales else self.now

    def hear(self, name: str, answer: Literal["plain", "lost"], throttled: bool) -> None:
        self.amazon.settle(name, self.now + SETTLES - MOMENT)
        if answer == "lost":
            self.row = pushing.lost(self.row, name, self.now)
        elif self.taken[name]:
            self.row = pushing.accepted(self.row, name, self.now)
        elif throttled:
            self.row = pushing.not_sent(self.row, name, self.now)
        else:
            self.row = pushing.refused(self.row, name, "8541", self.now)

    def book_order(self, capped: bool) -> None:
        at = self.unknown_sales.pop(0)
        value = self.row.computed
        if value is not None and value.quantity and not capped:
            fewer = Value(quantity=value.quantity - 1, lead_time=value.lead_time)
            self.row = pushing.computed(self.row, fewer, self.now)
        self.row = pushing.changed_by_order(self.row, at, self.now)

    def pass_time(self, time: timedelta) -> None:
        self.now += time
        self.amazon.apply_until(self.now)


Converges.TestCase.settings = settings(max_examples=200, stateful_step_count=30, deadline=None)
TestConverges = Converges.TestCase
