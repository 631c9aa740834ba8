"""listTransactions (official model `finances_2024-06-19.json`): refunds, some time after they were made.

Only refunds are kept here; shipments, fees and payouts are not.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from channeld.sandbox.marketplaces import BY_COUNTRY, BY_ID
from channeld.sandbox.operations import Call, Operation
from channeld.sandbox.refunds import Refund
from channeld.sandbox.refusal import invalid
from channeld.sandbox.rules import NEWEST, fingerprint, instant_of, parameters
from channeld.sandbox.transaction_shape import transaction

__all__ = ["LIST_TRANSACTIONS"]

PARAMETERS = frozenset(
    (
        "postedAfter",
        "postedBefore",
        "marketplaceId",
        "transactionStatus",
        "relatedIdentifierName",
        "relatedIdentifierValue",
        "nextToken",
    )
)
STATUSES = ("DEFERRED", "RELEASED", "DEFERRED_RELEASED")
IDENTIFIERS = ("ORDER_ID", "FINANCIAL_EVENT_GROUP_ID")
PAGE = 100
LONGEST = timedelta(days=180)
"""A longer span gives an empty answer."""


def _list(call: Call) -> dict[str, Any]:
    """The refunds asked for, oldest first; a token goes with the arguments that it was given for."""
    given = parameters(call.query, PARAMETERS)
    pages, asked = call.account.finance_pages, fingerprint(call.query)
    if token := given.get("nextToken"):
        arguments, found = pages.get(token, ("", []))
        if arguments != asked:
            raise invalid("nextToken is not valid with these arguments.")
    else:
        found = _found(call, given)
    where = {"seller_id": call.account.spec.seller_id, "operation": "listTransactions"}
    size = 0 if call.market.faults.fires("empty_page", **where) else PAGE
    payload: dict[str, Any] = {"transactions": [transaction(call.account, refund) for refund in found[:size]]}
    if found[size:] or size == 0:
        token = f"transactions-{len(pages) + 1}"
        pages[token] = (asked, found[size:])
        payload["nextToken"] = token
    return {"payload": payload}


def _found(call: Call, given: Mapping[str, str]) -> list[Refund]:
    after, before = _span(given, call.market.clock.now())
    order_id = _order_id(given)
    _check_choices(given)
    if (after and before - after > LONGEST) or given.get("transactionStatus", "RELEASED") != "RELEASED":
        return []
    posted_by = call.market.clock.now() - timedelta(seconds=call.market.options.finances_delay)
    return [
        refund
        for refund in call.account.refunds.all
        if refund.at <= posted_by
        and refund.at < before
        and (after is None or refund.at >= after)
        and order_id in (None, refund.order_id)
        and given.get("marketplaceId") in (None, BY_COUNTRY[refund.country].id)
    ]


def _span(given: Mapping[str, str], now: datetime) -> tuple[datetime | None, datetime]:
    newest = now - NEWEST
    after = instant_of(given, "postedAfter") if "postedAfter" in given else None
    before = instant_of(given, "postedBefore") if "postedBefore" in given else newest
    if after is None and "relatedIdentifierName" not in given:
        raise invalid("postedAfter is required without a related identifier.")
    if before > newest or (after and after > newest):
        raise invalid("postedAfter and postedBefore must be at least two minutes before the request.")
    if after and "postedBefore" in given and before <= after:
        raise invalid("postedBefore must be later than postedAfter.")
    return after, before


def _order_id(given: Mapping[str, str]) -> str | None:
    """The order asked for, None for all; nothing belongs to a financial event group here."""
    name, value = given.get("relatedIdentifierName"), given.get("relatedIdentifierValue")
    if (name is None) != (value is None):
        raise invalid("relatedIdentifierName and relatedIdentifierValue go together.")
    if name is not None and name not in IDENTIFIERS:
        raise invalid("relatedIdentifierName has an unknown value.")
    return value if name in ("ORDER_ID", None) else ""


def _check_choices(given: Mapping[str, str]) -> None:
    if given.get("transactionStatus", STATUSES[0]) not in STATUSES:
        raise invalid("transactionStatus has an unknown value.")
    if "marketplaceId" in given and given["marketplaceId"] not in BY_ID:
        raise invalid("marketplaceId has an unknown value.")


LIST_TRANSACTIONS = Operation("listTransactions", "/finances/2024-06-19/transactions", _list)
