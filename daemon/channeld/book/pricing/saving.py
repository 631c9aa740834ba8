"""Prices are saved, a page of rows at a time, each as if it came alone (semantics G1)."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

import msgspec

from channeld.book.pricing.told import Person, of_saving
from channeld.book.pricing.typed import Wanted, typed_row
from channeld.domain.channel_settings import ChannelSettings
from channeld.domain.marketplaces import BY_ID
from channeld.domain.price.listing_price import ListingPrice
from channeld.domain.price.states import State
from channeld.domain.price.wishes import SWITCHED_OFF, bounded, saved
from channeld.errors import Problem
from channeld.store import audit, price_history, prices
from channeld.store.audit import AuditEntry
from channeld.store.price_history import Happened
from channeld.store.unit import Unit

__all__ = ["Outcome", "Saved", "save_prices"]

Outcome: TypeAlias = Literal["pending", "held", "saved", "unchanged", "refused"]


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one row; minor units."""

    outcome: Outcome
    before: int | None = None
    """What it is compared with: the confirmed price, else the one that Amazon shows."""
    after: int | None = None
    """The price that is saved."""
    note: str = ""
    """Why it is held, or not sent."""
    problems: tuple[Problem, ...] = ()


def save_prices(unit: Unit, person: Person, rows: Sequence[Wanted]) -> list[Saved]:
    """An answer for each row; one with problems changes nothing and stops nothing.

    A row sees what the rows before it did.
    """
    table = _Table(unit, person, [row.sku for row in rows])
    answers = [table.take(row) for row in rows]
    table.store(unit)
    return answers


class _Table:
    """The listings' prices as they are after each row."""

    def __init__(self, unit: Unit, person: Person, skus: Sequence[str]) -> None:
        channel = person.channel
        self._person = person
        self._is_on = ChannelSettings.of(channel.settings).price_change
        self._marketplace = BY_ID[channel.marketplace_id]
        self._listed = prices.reported(unit.connection, channel.id, skus)
        self._rows = prices.of_skus(unit.connection, channel.id, skus)
        self._changed: dict[str, ListingPrice] = {}
        self._told: list[AuditEntry] = []
        self._happened: list[Happened] = []

    def take(self, wanted: Wanted) -> Saved:
        """Carry out one row, as far as it may be."""
        before = self._rows.get(wanted.sku) or ListingPrice(
            channel_id=self._person.channel.id, sku=wanted.sku
        )
        typed = typed_row(wanted, before, self._marketplace)
        problems = (*self._sku_problems(wanted.sku), *typed.problems)
        listed = self._listed.get(wanted.sku)
        if problems:
            return Saved(outcome="refused", before=before.before(listed), problems=problems)
        after = bounded(before, typed.bounds, listed=listed)
        if typed.minor is not None:
            after = saved(
                after,
                typed.minor,
                is_on=self._is_on,
                listed=listed,
                by=self._person.by,
                now=self._person.now,
            )
        if _facts(after) == _facts(before):
            return Saved(
                outcome="unchanged",
                before=before.before(listed),
                after=before.saved,
                note=self._shown_otherwise(before, listed),
            )
        self._keep(before, after, listed)
        return Saved(
            outcome=_OUTCOMES.get(after.state, "saved"),
            before=before.before(listed),
            after=after.saved,
            note="; ".join(after.holds) or self._why_not_now(after),
        )

    def store(self, unit: Unit) -> None:
        """Everything that was changed, with what is told of it."""
        prices.save(unit, list(self._changed.values()))
        audit.add_many(unit, self._told)
        price_history.add(unit, self._happened)

    def _keep(self, before: ListingPrice, after: ListingPrice, listed: int | None) -> None:
        self._rows[after.sku] = self._changed[after.sku] = after
        self._told += of_saving(self._person, before, after, before.before(listed))
        if after.saved != before.saved or after.state is not before.state:
            event = "held" if after.state is State.HELD else "saved"
            note = "; ".join(after.holds) or (SWITCHED_OFF if after.reason == SWITCHED_OFF else "")
            self._happened.append(self._person.happened(after, event, note))

    def _sku_problems(self, sku: str) -> list[Problem]:
        if sku in self._listed:
            return []
        return [Problem(key="sku", message="is no listing of this channel that a download has brought")]

    def _why_not_now(self, after: ListingPrice) -> str:
        """Why it does not leave in the next moments; empty if it does."""
        if after.saved is None:
            return ""
        if after.state is State.NO_CHANGE:
            return after.reason or "Amazon has it already"
        channel = self._person.channel
        if not channel.enabled:
            return "not sent while the channel is disabled"
        return "not sent in dry run" if ChannelSettings.of(channel.settings).dry_run else ""

    def _shown_otherwise(self, row: ListingPrice, listed: int | None) -> str:
        """The same price again, though Amazon's report shows another by now."""
        if row.confirmed is None or listed in (None, row.confirmed) or row.saved != row.confirmed:
            return ""
        return "Amazon's report shows another price: `price push` sends this one once more"


_OUTCOMES: dict[State, Outcome] = {
    State.PENDING: "pending",
    State.SENDING: "pending",
    State.HELD: "held",
}


def _facts(row: ListingPrice) -> tuple[object, ...]:
    return row.state, row.saved, row.bounds, row.holds, row.approved
