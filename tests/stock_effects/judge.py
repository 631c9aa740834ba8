"""What Amazon has in the end against the own calculation, and every message against what was right then."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime, timedelta

import msgspec

from channeld.domain.stock.desired import Desired
from tests.stock_effects.people import KNOWN_BY
from tests.stock_effects.plan import CHANNELS, SKUS
from tests.stock_effects.play import Played
from tests.stock_effects.shop import SELLER

__all__ = ["wrong_with"]

PEACE = 4000.0
"""Seconds after which all is told and confirmed, when nothing goes wrong."""
_ROW = "SELECT desired, withheld FROM desired_stock WHERE sku = ?"


def wrong_with(played: Played) -> list[str]:
    """Everything that must not be; empty when all is well."""
    truth = played.market.truth
    closed = _closed(played)
    return [
        *played.people.refused,
        *(what for sku in SKUS for what in _wrong_end(played, sku, is_closed=sku in closed)),
        *(what for sku in SKUS for what in _wrong_soon(played, sku)),
        *(what for sku in SKUS for what in _wrong_messages(played, sku)),
        *(f"{sku} was put up again after it was closed" for sku in _to_stay_closed(played) - closed),
        *(f"{sku} counts as closed by hand, and nobody did" for sku in closed - played.people.shop.closed),
        *(f"{times} requests over the budget of {whose}" for whose, times in truth.over_budget.items()),
        *(f"a request that breaks a rule: {rule}" for rule in truth.invalid),
    ]


def _closed(played: Played) -> set[str]:
    with closing(sqlite3.connect(played.database)) as book:
        return {row[0] for row in book.execute("SELECT sku FROM desired_stock WHERE closed_at IS NOT NULL")}


def _to_stay_closed(played: Played) -> set[str]:
    """Closed by the last deed, long after all was told, without anything that could hide it."""
    plan, people = played.plan, played.people
    last = plan.deeds[-1] if plan.deeds else None
    if last is None or last.kind != "close" or last.pause < PEACE:
        return set()
    if plan.troubles or plan.deaths or plan.cuts:
        return set()
    sku = SKUS[last.sku]
    return {sku} if people.shop.quantity(sku) and sku in people.closed_last else set()


def _wrong_end(played: Played, sku: str, *, is_closed: bool) -> Iterable[str]:
    wanted, days = played.people.shop.quantity(sku), played.people.shop.days(sku)
    if wanted is None:
        return
    for country in CHANNELS.values():
        listing = played.market.listings.get(sku, SELLER, country)
        is_down = is_closed or any(issue.severity == "ERROR" for issue in listing.issues)
        right = {wanted, 0} if is_down else {wanted}
        if listing.quantity not in right:
            yield f"{sku} has {listing.quantity} in {country} instead of {wanted}: {_desired(played, sku)}"
        if days is not None and not is_down and listing.lead_time != days:
            row = _desired(played, sku)
            yield f"{sku} takes {listing.lead_time} days in {country} instead of {days}: {row}"
    state, _ = _desired(played, sku)
    if not is_closed and state.computed is not None and not state.is_confirmed:
        yield f"{sku} is {state.stands(played.market.clock.now())} at the end: {state}"


def _wrong_soon(played: Played, sku: str) -> Iterable[str]:
    """Where nothing goes wrong and nobody meddles, no listing report is needed."""
    plan, wanted = played.plan, played.people.shop.quantity(sku)
    if (
        plan.troubles
        or plan.deaths
        or plan.cuts
        or any(deed.kind in ("close", "meddle") for deed in plan.deeds)
    ):
        return
    if wanted is not None and played.soon[sku] != wanted:
        yield f"{sku} had {played.soon[sku]} instead of {wanted} an hour after the last deed"


def _wrong_messages(played: Played, sku: str) -> Iterable[str]:
    began, _ = played.people.most[0]
    for told in played.market.truth.told.get((SELLER, sku), ()):
        if told.at < began:
            continue
        most = _most_at(played, sku, told.at)
        if told.quantity is not None and (most is None or told.quantity > most):
            yield f"{sku} was told {told.quantity} at {told.at}, when {most} were the most that could be"
        if told.wiped_lead_time and sku not in played.people.shop.may_drop:
            yield f"the handling time of {sku} was wiped at {told.at}"


def _most_at(played: Played, sku: str, at: datetime) -> int | None:
    """The most that could be told then, or could not long before."""
    noted = played.people.most
    since = at - KNOWN_BY - timedelta(seconds=played.plan.gone)
    ends = [*(moment for moment, _ in noted[1:]), datetime.max.replace(tzinfo=at.tzinfo)]
    could = [
        most[sku] for (began, most), end in zip(noted, ends, strict=True) if began <= at and end >= since
    ]
    return max((most for most in could if most is not None), default=None)


def _desired(played: Played, sku: str) -> tuple[Desired, str]:
    """Its state, and the row's reasons for people to look at."""
    with closing(sqlite3.connect(played.database)) as book:
        row = book.execute(_ROW, (sku,)).fetchone()
    return msgspec.json.decode(row[0], type=Desired), f"{row[1]}"
