"""An exported order as rows of a table or as one JSON object.

CSV: RFC 4180 in UTF-8, a heading, then a row for each line of an order with the order's columns repeated; an
order without lines has one row. Amounts are decimals in the currency of the row, times ISO 8601 in UTC. A
text that a spreadsheet would take for a formula gets an apostrophe in front. JSON Lines have every text as it
is.
"""

from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec

from channel_protocol.order_export import ExportedOrder
from channel_protocol.orders import OrderLine
from channelctl.output import flat
from channelctl.table_cells import cell
from channelctl.words import amount

__all__ = ["COLUMNS", "PERSONAL", "document", "headings", "rows"]


class Column(NamedTuple):
    """One column of the table."""

    name: str
    meaning: str
    value: Callable[[Any], object]
    """Of an `OrderRow`, or of an `OrderLine` with its currency."""


class PricedLine(NamedTuple):
    """A line, and the currency of its order."""

    line: OrderLine
    currency: str


def _order(name: str, meaning: str, field: str = "") -> Column:
    return Column(name, meaning, attrgetter(field or name))


def _order_money(name: str, meaning: str, field: str) -> Column:
    return Column(name, meaning, _amount(field, "currency"))


def _line(name: str, meaning: str, field: str = "") -> Column:
    return Column(name, meaning, attrgetter(f"line.{field or name}"))


def _line_money(name: str, meaning: str, field: str) -> Column:
    return Column(name, meaning, _amount(f"line.{field}", "currency"))


def _amount(minor: str, currency: str) -> Callable[[Any], str]:
    both = attrgetter(minor, currency)

    def of(whole: object) -> str:
        return amount(*both(whole))

    return of


OF_ORDER = (
    _order("order_id", "Amazon's order id"),
    _order("channel", "your channel"),
    _order("account", "its account"),
    _order("status", "Amazon's word"),
    _order("state", "the book's word: open, shipped …"),
    _order("fulfilled_by", "MERCHANT or AMAZON"),
    _order("location", "where it is sent from"),
    _order("purchased_at", "when it was bought"),
    _order("order_received", "purchase time plus the channel's offset, without zone", "received"),
    _order("updated_at", "when Amazon changed it last"),
    _order("ship_by", "latest time to ship"),
    _order("deliver_by", "latest time to arrive"),
    _order("currency", "of all amounts in the row"),
    _order_money("order_total", "total of the order; empty while unknown", "total"),
    _order_money("order_tax", "of it tax", "tax"),
    _order("order_units", "units of all lines", "units"),
    _order("order_lines", "lines of the order", "lines"),
    _order("payment_method", "your own word"),
    _order("shipping_service", "your own word"),
    _order("email_state", "what is known of the buyer's address"),
    _order("flags", "business, gift, prime …"),
)
OF_LINE = (
    _line("order_item_id", "Amazon's id of the line"),
    _line("sku", "your SKU"),
    _line("asin", "Amazon's ASIN"),
    _line("title", "Amazon's title"),
    _line("quantity", "units ordered"),
    _line("fulfilled", "units sent"),
    _line("unfulfilled", "units to be sent"),
    _line("linked", "true when linked to an item of your stock"),
    _line_money("line_net", "net", "net"),
    _line_money("line_tax", "tax", "tax"),
    _line_money("line_gross", "gross", "gross"),
    _line_money("line_amazon_tax", "tax as Amazon reported it", "amazon_tax"),
    _line("tax_rate", "tax ÷ net"),
    _line("facilitator", "true when Amazon remits the tax"),
    _line("cancel_requested", "the buyer's wish to cancel"),
    _line("gift_wrap", "kind of gift wrap"),
)
COLUMNS = (*OF_ORDER, *OF_LINE)

PERSONAL: Mapping[str, str] = {
    "buyer_name": "buyer.buyerName",
    "buyer_email": "buyer.buyerEmail",
    "buyer_company": "buyer.buyerCompanyName",
    "purchase_order": "buyer.buyerPurchaseOrderNumber",
    "ship_name": "recipient.deliveryAddress.name",
    "ship_company": "recipient.deliveryAddress.companyName",
    "ship_address_1": "recipient.deliveryAddress.addressLine1",
    "ship_address_2": "recipient.deliveryAddress.addressLine2",
    "ship_address_3": "recipient.deliveryAddress.addressLine3",
    "ship_city": "recipient.deliveryAddress.city",
    "ship_district": "recipient.deliveryAddress.districtOrCounty",
    "ship_region": "recipient.deliveryAddress.stateOrRegion",
    "ship_postal_code": "recipient.deliveryAddress.postalCode",
    "ship_country": "recipient.deliveryAddress.countryCode",
    "ship_phone": "recipient.deliveryAddress.phone",
}
"""Columns that come with personal data, and where Amazon has it."""
OTHER = "personal_other"
"""Everything else that is personal, as a JSON object: gift messages, customization, tax registrations …"""

ORDER_MONEY = ("total", "tax")
LINE_MONEY = ("net", "tax", "gross", "amazon_tax")


def headings(*, personal: bool) -> list[str]:
    """The first row of the table."""
    return [column.name for column in COLUMNS] + ([*PERSONAL, OTHER] if personal else [])


def rows(order: ExportedOrder) -> Iterator[list[str]]:
    """One row for each line; one alone for an order without lines."""
    own = [cell(column.value(order.row)) for column in OF_ORDER]
    people = _people(order.personal) if order.personal is not None else []
    for line in order.items:
        priced = PricedLine(line, order.row.currency)
        yield [*own, *(cell(column.value(priced)) for column in OF_LINE), *people]
    if not order.items:
        yield [*own, *([""] * len(OF_LINE)), *people]


def document(order: ExportedOrder) -> dict[str, Any]:
    """One object with its lines inside; amounts as decimal texts, nothing else touched."""
    currency = order.row.currency
    whole = flat(order.row)
    whole |= {key: _decimal(whole[key], currency) for key in ORDER_MONEY}
    whole["items"] = [_line_document(line, currency) for line in order.items]
    return whole | ({"personal": order.personal} if order.personal is not None else {})


def _line_document(line: OrderLine, currency: str) -> dict[str, Any]:
    whole = flat(line)
    whole |= {key: _decimal(whole[key], currency) for key in LINE_MONEY}
    whole["components"] = {name: amount(minor, currency) for name, minor in line.components.items()}
    return whole


def _decimal(minor: int | None, currency: str) -> str | None:
    return None if minor is None else amount(minor, currency)


def _people(personal: Mapping[str, str]) -> list[str]:
    other = {path: text for path, text in personal.items() if path not in PERSONAL.values()}
    known = [cell(personal.get(path)) for path in PERSONAL.values()]
    return [*known, msgspec.json.encode(other).decode() if other else ""]
