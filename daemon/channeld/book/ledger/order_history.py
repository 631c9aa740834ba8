"""What was done with orders here: parcels, withdrawals and the work that tells Amazon of them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

import msgspec
from sqlalchemy import Connection

from channeld.domain.ledger.effects import Cancel, Despatch
from channeld.domain.ledger.states import State
from channeld.domain.order import Units
from channeld.domain.order_units import LocalUnits
from channeld.store import ledger, order_history
from channeld.store.ledger_records import WorkRecord
from channeld.store.order_history import Parcel, Withdrawal

__all__ = ["UNTOLD", "OrderHistory", "history_of", "history_of_one"]

UNTOLD = (State.QUEUED, State.SENDING, State.UNKNOWN, State.NEEDS_ATTENTION)
"""States of a note of which Amazon knows nothing yet, as far as anybody can tell."""


class OrderHistory(msgspec.Struct, frozen=True, kw_only=True):
    """What was done with one order, the oldest first."""

    parcels: tuple[Parcel, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    work: tuple[WorkRecord, ...] = ()

    @property
    def local_units(self) -> LocalUnits:
        """Units that were dealt with. What a person dismissed is as if it had not been asked for.

        What was refused because the channel was off counts: it left, or will not leave, all the same.
        """
        return self._local_units(self._taken_back)

    @property
    def settled_units(self) -> LocalUnits:
        """The same without cancellations that Amazon is told of and has not shown yet.

        They may fail, and then somebody needs the units: until it is known they are nobody else's (C2).
        """
        told = {each.id for each in self.cancellations if each.state not in (State.CONFIRMED, State.REJECTED)}
        return self._local_units(self._taken_back | told)

    def _local_units(self, not_withdrawn: Collection[int]) -> LocalUnits:
        """Without the withdrawals of that work."""
        return LocalUnits(
            processed=_units(each.lines for each in self.standing),
            withdrawn=_units(each.lines for each in self.withdrawals if each.work_id not in not_withdrawn),
            elsewhere=_elsewhere(self.withdrawals, self._taken_back),
        )

    @property
    def standing(self) -> list[Parcel]:
        """Parcels that were not taken back by dismissing their notes."""
        taken_back = self._taken_back
        return [each for each in self.parcels if each.work_id not in taken_back]

    @property
    def _taken_back(self) -> set[int]:
        return {record.id for record in self.work if record.state is State.DISMISSED}

    @property
    def notes(self) -> list[WorkRecord]:
        return [record for record in self.work if isinstance(record.effect, Despatch)]

    @property
    def cancellations(self) -> list[WorkRecord]:
        return [record for record in self.work if isinstance(record.effect, Cancel)]

    @property
    def untold(self) -> int:
        """Units that have left and that Amazon does not know of."""
        lines = (r.effect.lines for r in self.notes if r.state in UNTOLD and isinstance(r.effect, Despatch))
        return sum(_units(lines).values())


def history_of(connection: Connection, order_pks: Collection[int]) -> Mapping[int, OrderHistory]:
    """Of each of these orders; three queries, however many there are."""
    parcels: dict[int, list[Parcel]] = defaultdict(list)
    withdrawals: dict[int, list[Withdrawal]] = defaultdict(list)
    work: dict[int, list[WorkRecord]] = defaultdict(list)
    for parcel in order_history.parcels(connection, order_pks):
        parcels[parcel.order_pk].append(parcel)
    for withdrawal in order_history.withdrawals(connection, order_pks):
        withdrawals[withdrawal.order_pk].append(withdrawal)
    for record in ledger.of_orders(connection, order_pks):
        work[record.order_pk].append(record)
    return {
        pk: OrderHistory(parcels=tuple(parcels[pk]), withdrawals=tuple(withdrawals[pk]), work=tuple(work[pk]))
        for pk in order_pks
    }


def history_of_one(connection: Connection, order_pk: int) -> OrderHistory:
    """Of one order."""
    return history_of(connection, (order_pk,))[order_pk]


def _elsewhere(withdrawals: Iterable[Withdrawal], taken_back: Collection[int]) -> Counter[str]:
    """Units that Amazon had cancelled at some time beyond all that had been withdrawn here by then."""
    apart: Counter[str] = Counter()
    withdrawn: Counter[str] = Counter()
    for each in withdrawals:
        for units in each.gone:
            item = units.order_item_id
            apart[item] = max(apart[item], units.quantity - withdrawn[item])
        if each.work_id not in taken_back:
            withdrawn.update(_units([each.lines]))
    return apart


def _units(of: Iterable[tuple[Units, ...]]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for lines in of:
        counted.update({units.order_item_id: units.quantity for units in lines})
    return counted
