"""What people decide about orders that could not be applied (semantics C5)."""

from channeld.commands.asking import Asked, find_account
from channeld.errors import InvalidRequest, Problem
from channeld.store import audit, quarantine
from channeld.store.quarantine import Quarantined
from channeld.store.unit import Unit

__all__ = ["dismiss_order"]


def dismiss_order(unit: Unit, asked: Asked, order_id: str, account: str | None) -> Quarantined:
    """It needs attention no longer, until it is another payload or another fault.

    Dismissed again, it stays as it is. Raises `InvalidRequest`: `unknown_order`, `ambiguous_order`,
    `unknown_account`.
    """
    entry = _find(unit, order_id, account)
    if entry.dismissed_at is not None:
        return entry
    what = f"{entry.field} {entry.reason}" if entry.field else entry.reason
    audit.add(
        unit,
        asked.entry(
            "order.dismissed",
            f"Quarantined order dismissed: {what}",
            account_id=entry.account_id,
            channel_id=entry.channel_id,
            order_id=entry.order_id,
        ),
    )
    return quarantine.dismiss(unit, entry, asked.now)


def _find(unit: Unit, order_id: str, account: str | None) -> Quarantined:
    account_id = find_account(unit.connection, account).id if account else None
    found = [
        entry
        for entry in quarantine.of_order(unit.connection, order_id)
        if account_id in (None, entry.account_id)
    ]
    if not found:
        raise InvalidRequest(
            "unknown_order",
            "There is no order of that id in the quarantine.",
            "See `channelctl order list --quarantined`.",
            [Problem(key="order_id", message="is not in the quarantine")],
        )
    if len(found) > 1:
        problem = Problem(key="account", message="must be given: several accounts have that order")
        raise InvalidRequest(
            "ambiguous_order", "Several accounts have an order of that id.", "Name its account.", [problem]
        )
    return found[0]
