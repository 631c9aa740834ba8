"""Which seller SKUs people mean: their own, or all that an item is."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection

from channeld.book.items.guesses import Guesses
from channeld.commands.asking import find_account
from channeld.errors import InvalidRequest, Problem
from channeld.store import items, offer_queries
from channeld.store.names import names

__all__ = ["Offered", "find_offered"]

Offered = tuple[int, str]
"""Account and seller SKU."""


def find_offered(connection: Connection, skus: Sequence[str], account: str) -> list[Offered]:
    """Each once, in the order asked for; `account`: only of that one, unless it is empty.

    A word that is a seller SKU means that one; else it is an item's, and means all that are linked to it.
    Raises `InvalidRequest`: `unknown_account`, or `unknown_listing` with every word that is neither.
    """
    only = find_account(connection, account).id if account else None
    accounts = offer_queries.accounts_of(connection, skus)
    ids = items.ids(connection, [sku for sku in skus if sku not in accounts])
    linked = offer_queries.skus_of_items(connection, ids.values())
    found: dict[Offered, None] = {}
    missing: list[str] = []
    for sku in skus:
        meant = [(id_, sku) for id_ in accounts.get(sku, ())] or linked.get(ids.get(sku, 0), [])
        mine = [each for each in meant if only in (None, each[0])]
        found |= dict.fromkeys(mine)
        missing += [] if mine else [sku]
    if missing:
        where = " in this account" if only else ""
        raise InvalidRequest(
            "unknown_listing",
            f"There is no listing of that SKU, nor of an item of that SKU{where}.",
            "`channelctl listing list --find TEXT` looks for one; capitals count.",
            list(_problems(connection, missing, ids, only)),
        )
    return list(found)


def _problems(
    connection: Connection, missing: Sequence[str], ids: Mapping[str, int], only: int | None
) -> Iterator[Problem]:
    """`only`: the account that was asked for; others may have it."""
    guesses, elsewhere = Guesses(connection), _elsewhere(connection, missing, ids) if only else {}
    for sku in missing:
        if others := elsewhere.get(sku):
            message = f"is not in this account; `--account` of one that has it: {', '.join(others)}"
            yield Problem(key=sku, message=message)
        elif sku in ids:
            yield Problem(key=sku, message="is an item that no such listing is linked to")
        else:
            yield Problem(key=sku or "sku", message="is not known", nearest=guesses.nearest(sku))


def _elsewhere(connection: Connection, skus: Sequence[str], ids: Mapping[str, int]) -> dict[str, list[str]]:
    """Names of accounts that have them, by SKU."""
    accounts = offer_queries.accounts_of(connection, skus)
    linked = offer_queries.skus_of_items(connection, ids.values())
    known = names(connection)
    found: dict[str, list[str]] = {}
    for sku in skus:
        of_item = (account_id for account_id, _ in linked.get(ids.get(sku, 0), ()))
        found[sku] = sorted({known.account(id_) for id_ in accounts.get(sku) or of_item})
    return found
