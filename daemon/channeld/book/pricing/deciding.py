"""What a person decides of saved prices: approved, dropped, sent once more (semantics G1)."""

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

import msgspec

from channeld.book.pricing.told import Person, said
from channeld.domain.channel_settings import ChannelSettings
from channeld.domain.price import wishes
from channeld.domain.price.listing_price import ListingPrice
from channeld.domain.price.states import State
from channeld.store import audit, price_history, prices
from channeld.store.price_history import Event
from channeld.store.unit import Unit

__all__ = ["Decided", "approve_prices", "drop_prices", "push_prices", "push_unsent"]

Outcome: TypeAlias = Literal["pending", "held", "dropped", "nothing"]
_AT_ONCE = 500


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one listing's price."""

    sku: str
    outcome: Outcome
    price: int | None = None
    """The saved price, in minor units."""
    note: str = ""
    """Why nothing was done, or why it is held."""


def approve_prices(unit: Unit, person: Person, wanted: Mapping[str, int]) -> list[Decided]:
    """Let these very prices pass, by SKU; another one that is held by now stays held."""
    rows = prices.of_skus(unit.connection, person.channel.id, wanted)
    done: list[ListingPrice] = []
    answers: list[Decided] = []
    for sku, minor in wanted.items():
        row = rows.get(sku)
        if row is None or row.state is not State.HELD:
            answers.append(_nothing(sku, row, "no price of it is held"))
        elif row.saved != minor:
            answers.append(_nothing(sku, row, f"{said(row.saved, person.currency)} is held, not this one"))
        else:
            done.append(wishes.approved(row))
            answers.append(Decided(sku=sku, outcome="pending", price=minor))
    _write(unit, person, done, "approved", "price.approved")
    return answers


def drop_prices(unit: Unit, person: Person, skus: Sequence[str]) -> list[Decided]:
    """Forget the saved prices of these that wait or are held."""
    rows = prices.of_skus(unit.connection, person.channel.id, skus)
    waiting = {sku: row for sku, row in rows.items() if row.state in (State.HELD, State.PENDING)}
    entries = [
        person.entry("price.dropped", sku, f"{said(row.saved, person.currency)} is not sent")
        for sku, row in waiting.items()
    ]
    prices.save(unit, [wishes.dropped(row) for row in waiting.values()])
    price_history.add(unit, [person.happened(row, "dropped") for row in waiting.values()])
    audit.add_many(unit, entries)
    return [
        Decided(sku=sku, outcome="dropped", price=waiting[sku].saved)
        if sku in waiting
        else _nothing(sku, rows.get(sku), "nothing of it waits")
        for sku in dict.fromkeys(skus)
    ]


def push_prices(unit: Unit, person: Person, skus: Sequence[str]) -> list[Decided]:
    """Send the saved prices of these once more, whatever Amazon is thought to have; guards hold them."""
    if why := _not_sent(person):
        return [Decided(sku=sku, outcome="nothing", note=why) for sku in dict.fromkeys(skus)]
    rows = prices.of_skus(unit.connection, person.channel.id, skus)
    listed = prices.reported(unit.connection, person.channel.id, skus)
    pushed = {sku: wishes.pushed(row, listed=listed.get(sku)) for sku, row in rows.items() if _has(row)}
    _write(unit, person, list(pushed.values()), "pushed", "price.pushed")
    return [
        _pushed(pushed[sku]) if sku in pushed else _nothing(sku, rows.get(sku), _why_not(rows.get(sku)))
        for sku in dict.fromkeys(skus)
    ]


def push_unsent(unit: Unit, person: Person, after: str) -> tuple[list[Decided], str | None]:
    """A page of all that was saved and not sent, behind that SKU; up to which SKU, None at the end."""
    if _not_sent(person):
        return [], None
    found = prices.unsent(unit.connection, person.channel.id, after, _AT_ONCE)
    answers = push_prices(unit, person, [row.sku for row in found])
    return answers, found[-1].sku if len(found) == _AT_ONCE else None


def _write(unit: Unit, person: Person, rows: Sequence[ListingPrice], event: Event, code: str) -> None:
    prices.save(unit, rows)
    price_history.add(unit, [person.happened(row, event, "; ".join(row.holds)) for row in rows])
    entries = [person.entry(code, row.sku, said(row.saved, person.currency)) for row in rows]
    audit.add_many(unit, entries)


def _not_sent(person: Person) -> str:
    is_on = ChannelSettings.of(person.channel.settings).price_change
    return "" if is_on else "Price Change is off: switch it on first"


def _has(row: ListingPrice) -> bool:
    return row.saved is not None and row.state is not State.SENDING


def _why_not(row: ListingPrice | None) -> str:
    return "it is being sent" if row is not None and row.saved is not None else "no price of it is saved"


def _pushed(row: ListingPrice) -> Decided:
    outcome = "held" if row.state is State.HELD else "pending"
    return Decided(sku=row.sku, outcome=outcome, price=row.saved, note="; ".join(row.holds))


def _nothing(sku: str, row: ListingPrice | None, why: str) -> Decided:
    return Decided(sku=sku, outcome="nothing", price=row.saved if row else None, note=why)
