"""Asking what money moved for an order (Amazon's reference, section 13)."""

from channeld.amazon.operations import LIST_TRANSACTIONS, Call
from channeld.amazon.transactions import (
    REFUND_KIND,
    Transaction,
    TransactionItem,
    TransactionsPage,
    read_transactions,
)

__all__ = [
    "REFUND_KIND",
    "Transaction",
    "TransactionItem",
    "TransactionsPage",
    "read_transactions",
    "transactions_call",
]


def transactions_call(order_id: str, next_token: str = "") -> Call[TransactionsPage]:
    """All transactions of an order, or the page that a token stands for.

    Neither marketplace nor dates are sent: orders of the US are not found by marketplace, and the order's id
    takes the place of the dates. A page may be empty and still name a next one.
    """
    query = (("relatedIdentifierName", "ORDER_ID"), ("relatedIdentifierValue", order_id))
    pages = (("nextToken", next_token),) if next_token else ()
    return Call(operation=LIST_TRANSACTIONS, query=(*query, *pages))
