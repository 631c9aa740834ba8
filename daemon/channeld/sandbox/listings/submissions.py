"""Writes to listings that Amazon has taken on: judged at once, applied a little later, one after another."""

from __future__ import annotations

import heapq
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Literal, NamedTuple
from uuid import UUID

from msgspec.structs import replace

from channeld.sandbox.listings.attributes import STOCK
from channeld.sandbox.listings.checking import Scene, issues_of, wrong
from channeld.sandbox.listings.listing import Issue, Listing
from channeld.sandbox.listings.told import Told, told
from channeld.sandbox.listings.write import Deleted, Write, after, new_listing, touched
from channeld.sandbox.marketplaces import BY_COUNTRY

if TYPE_CHECKING:
    from channeld.sandbox.market import Market

__all__ = ["Outcome", "Submission", "Submissions"]


class Submission(NamedTuple):
    """A write as it comes in."""

    seller_id: str
    country: str
    sku: str
    write: Write
    route: str
    """The operation, or the type of the feed."""
    said_at: datetime
    feed_id: str = ""


class Outcome(NamedTuple):
    status: Literal["ACCEPTED", "INVALID"]
    issues: list[Issue]
    submission_id: str


class _Due(NamedTuple):
    at: datetime
    sequence: int
    submission: Submission
    told: Told


class Submissions:
    """All writes of all accounts that are not applied yet."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._random = market.random("submissions")
        self._due: list[_Due] = []
        self._sequence = count(1)

    def judge(self, submission: Submission) -> Outcome:
        """What Amazon finds wrong with it, without any effect. Malformed when it cannot be read."""
        seller_id, country, sku, write, *_ = submission
        listing = self._market.listings.shelf(seller_id, country).get(sku)
        scene = Scene(BY_COUNTRY[country], self._market.options.convention, listing)
        issues = issues_of(write, scene)
        if not issues and self._fires("write_invalid", submission):
            issues = [wrong(next(iter(sorted(touched(write))), "sku"))]
        return Outcome("INVALID" if issues else "ACCEPTED", issues, self._new_id())

    def submit(self, submission: Submission, at: datetime) -> Outcome:
        """The judgement at that instant; what is accepted will be applied. Malformed as above."""
        outcome, truth = self.judge(submission), self._market.truth
        truth.writes[submission.seller_id, submission.route, outcome.status] += 1
        if outcome.status == "INVALID":
            return outcome
        entry = told(
            submission.write,
            at=submission.said_at,
            route=submission.route,
            submission=submission.feed_id or outcome.submission_id,
            country=submission.country,
        )
        truth.told[submission.seller_id, submission.sku].append(entry)
        if not self._fires("no_effect", submission):
            due = at + timedelta(seconds=self._delay(submission))
            heapq.heappush(self._due, _Due(due, next(self._sequence), submission, entry))
        return outcome

    def settle(self, now: datetime) -> None:
        """Apply what is due by now, in its order."""
        while self._due and self._due[0].at <= now:
            due = heapq.heappop(self._due)
            self._apply(due.submission, due.told, due.at)

    def _apply(self, submission: Submission, entry: Told, at: datetime) -> None:
        seller_id, country, sku, write, *_ = submission
        shops = self._market.listings
        before = shops.shelf(seller_id, country).get(sku)
        names = touched(write)
        stamp = self._market.stamp(at)
        if before and self._fires("late_issue", submission):
            late = wrong(next(iter(sorted(names)), "sku"), "could not be applied")
            kept = tuple(issue for issue in before.issues if issue != late)
            shops.record(seller_id, replace(before, issues=(*kept, late), updated=stamp), at)
            return
        made = after(write, before, new_listing(sku, country, next(self._sequence), stamp))
        if made is None:
            if before and isinstance(write, Deleted):
                shops.record(seller_id, before, at, removed=True)
                entry.applied = at
            return
        entry.applied = at
        entry.wiped_lead_time = before is not None and before.lead_time is not None and made.lead_time is None
        shops.record(seller_id, replace(made, updated=stamp), at)
        if STOCK in names:
            self._spread(seller_id, made, at)

    def _spread(self, seller_id: str, made: Listing, at: datetime) -> None:
        """What there is of a SKU is the same in all marketplaces of the seller."""
        if not made.is_parent:
            self._market.listings.stock(
                seller_id,
                made.sku,
                at,
                amazon=made.amazon,
                fn_sku=made.fn_sku,
                quantity=made.quantity,
                lead_time=made.lead_time,
                restock=made.restock,
            )

    def _delay(self, submission: Submission) -> float:
        options = self._market.options
        late = self._market.faults.fires("late_effect", **_where(submission))
        extra = float(late.detail or options.late_effect_seconds) if late else 0.0
        return options.listing_write_seconds + extra

    def _fires(self, fault: str, submission: Submission) -> bool:
        return self._market.faults.fires(fault, **_where(submission)) is not None

    def _new_id(self) -> str:
        return UUID(int=self._random.getrandbits(128), version=4).hex


def _where(submission: Submission) -> dict[str, str]:
    return {
        "seller_id": submission.seller_id,
        "operation": submission.route,
        "sku": submission.sku,
    }
