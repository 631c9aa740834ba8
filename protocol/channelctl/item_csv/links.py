"""Links from a file: which item each listing is, a row each."""

import msgspec

from channel_protocol.listings import LEFT_ALONE, LinkAnswer, LinkWanted
from channelctl.bulk import Told, told_problems
from channelctl.order_csv.cells import SHORTENED
from channelctl.order_csv.columns import Column
from channelctl.order_csv.table import Row, read_table
from channelctl.output import Columns

__all__ = [
    "DESCRIBED",
    "EXPORTED",
    "RESULT_COLUMNS",
    "LinkResult",
    "LinkRow",
    "answered",
    "read_links",
    "result",
]

COLUMNS = (
    Column("channel", "your channel", required=True),
    Column("sku", "the listing's SKU", required=True),
    Column(
        "item",
        f"the item's SKU; empty unlinks; {LEFT_ALONE} also leaves alone what is not linked",
        required=True,
    ),
)
EXPORTED = {
    "link": "linked, linked by sku, unlinked or left alone",
    "suggestion": "the likeliest item for one that is not linked",
    "asin": "Amazon's ASIN",
    "title": "Amazon's title",
    "price": "in the currency of the row",
    "currency": "of the marketplace",
    "quantity": "as Amazon shows it",
    "status": "active, inactive or incomplete",
    "condition": "Amazon's word",
    "fulfilled_by": "MERCHANT or AMAZON",
    "presence": "listed, missing or gone",
    "seen_at": "when a report last showed it otherwise than before",
}
"""What else an export of listings has, for reading only."""
_described = "\n".join(f"  {each.name:<8} {each.meaning}" for each in COLUMNS)
DESCRIBED = f"""\b
Columns of the CSV of --from, in any order:
{_described}

The other columns of `listing export` may stay: they are passed over. Where nothing is linked an empty item
says nothing; no automation links what was unlinked or left alone.

The first row has the columns' names; comma, semicolon or tab; UTF-8. Every row is answered; one that is
refused does not keep the others from being done. Loading a file twice changes nothing the second time.
"""


class LinkRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row, and what is wanted by it."""

    row: int
    wanted: LinkWanted


class LinkResult(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one row. With --json these are its fields, in this order."""

    row: int
    """The first row of the file is 1."""
    channel: str
    sku: str
    item: str
    outcome: str
    """`linked`, `unlinked`, `unchanged`, `refused`, `unknown` (sent, not answered), `not tried`."""
    orders: int = 0
    """Lines of open orders that followed."""
    message: str = ""
    hint: str = ""
    code: str = ""


RESULT_COLUMNS: Columns[LinkResult] = {
    "Row": "row",
    "Channel": "channel",
    "SKU": "sku",
    "Item": "item",
    "Outcome": "outcome",
    "Order lines": lambda result: result.orders or "",
    "Message": "message",
    "Hint": "hint",
}


def read_links(text: str) -> tuple[list[LinkRow], list[LinkResult]]:
    """Wishes, and rows that are none. Of two rows for one SKU of a channel only the first is a wish.

    Raises `ClientError` for a file that is wrong as a whole.
    """
    wishes: dict[tuple[str, str], LinkRow] = {}
    refused: list[LinkResult] = []
    for row in read_table(text, COLUMNS, passed_over=EXPORTED):
        wish = LinkRow(row=row.number, wanted=_wanted(row))
        problem = row.problem or _problem(wish.wanted)
        key = (wish.wanted.channel, wish.wanted.sku)
        if not problem and (earlier := wishes.setdefault(key, wish)) is not wish:
            problem = f"Row {earlier.row} has the same listing: keep one of them."
        if problem:
            refused.append(result(wish, Told(outcome="refused", message=problem, code="invalid_row")))
    return list(wishes.values()), refused


def answered(wish: LinkRow, answer: LinkAnswer) -> LinkResult:
    """What the daemon did."""
    code = "invalid" if answer.problems else ""
    told = Told(outcome=answer.outcome, message=told_problems(answer.problems), code=code)
    return msgspec.structs.replace(result(wish, told), orders=answer.orders)


def result(wish: LinkRow, told: Told) -> LinkResult:
    """A row that has no answer of its own."""
    return LinkResult(
        row=wish.row,
        channel=wish.wanted.channel,
        sku=wish.wanted.sku,
        item=wish.wanted.item,
        outcome=told.outcome,
        message=told.message,
        hint=told.hint,
        code=told.code,
    )


def _wanted(row: Row) -> LinkWanted:
    cells = row.cells
    return LinkWanted(channel=cells.get("channel", ""), sku=cells.get("sku", ""), item=cells.get("item", ""))


def _problem(wanted: LinkWanted) -> str:
    """What is wrong with the cells, without repeating them."""
    missing = [name for name in ("channel", "sku") if not getattr(wanted, name)]
    short = [name for name in ("sku", "item") if SHORTENED.fullmatch(getattr(wanted, name))]
    faults = [f"{name} is missing" for name in missing]
    faults += [f"{name} was shortened by a spreadsheet: enter it anew as text" for name in short]
    return f"The row is wrong: {'; '.join(faults)}." if faults else ""
