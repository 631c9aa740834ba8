"""Prices of a channel's listings, as a page asks for them and shows them. Pure."""

from collections.abc import Mapping, Sequence

import msgspec

from channel_protocol.base import Reply
from channel_protocol.prices import (
    ListPrices,
    PriceFilter,
    PriceList,
    PriceRow,
    PricesDecided,
    PricesSaved,
)
from channeltop.format import amount, number
from channeltop.paging import Batch
from channeltop.tone import Tone

__all__ = ["MOST", "STATES", "VIEWS", "View", "batch", "decided", "query", "saved", "typed"]

PAGE = 100
MOST = 500
"""Rows that are kept, as many as the daemon gives at once, so that all of them are renewed together."""


class View(msgspec.Struct, frozen=True, kw_only=True):
    """Which prices are shown."""

    name: str
    only: PriceFilter | None = None


VIEWS: Sequence[View] = (
    View(name="all"),
    View(name="to be approved", only="held"),
    View(name="not sent yet", only="pending"),
    View(name="in error", only="error"),
    View(name="not confirmed", only="unconfirmed"),
    View(name="saved and not sent", only="unsent"),
)
STATES: Mapping[str, tuple[str, Tone]] = {
    "NoChange": ("– no change", "muted"),
    "Held": ("■ to approve", "warn"),
    "Pending": ("◌ pending", "accent"),
    "SentNotConfirmed": ("→ not confirmed", "accent"),
    "Success": ("✓ confirmed", "good"),
    "Error": ("▲ error", "bad"),
}
"""How each state is shown."""


def query(channel: str, view: View) -> ListPrices:
    """The first page."""
    return ListPrices(channel=channel, only=view.only, limit=PAGE)


def batch(reply: Reply) -> Batch[PriceRow] | None:
    """The rows of a reply."""
    if not isinstance(reply, PriceList):
        return None
    return Batch(rows=reply.rows, after=reply.after, more=reply.more)


def typed(minor: int | None, currency: str) -> str:
    """An amount as a person types it; nothing for none."""
    return "" if minor is None else number(minor, currency).replace(",", "")


def saved(sku: str, reply: PricesSaved) -> str:
    """What became of a price that was typed, as a sentence."""
    answer = reply.answers[0]
    wrong = "; ".join(f"{each.key} {each.message}" for each in answer.problems)
    is_now = f"{sku}: {amount(answer.after, reply.currency)} is {answer.outcome}"
    return ". ".join(part for part in (is_now, answer.note, wrong) if part)


def decided(reply: PricesDecided) -> str:
    """What became of prices that were decided on, a line each."""
    return "\n".join(
        f"{each.sku}: {amount(each.price, reply.currency)} is {each.outcome}"
        + (f". {each.note}" if each.note else "")
        for each in reply.answers
    )
