"""The registry of settings: the one source of forms, validation, `show` and the reference (settings.md).

A setting is listed here when it works, and not before.
"""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Literal

import msgspec

from channeld.domain import setting_kinds as kinds
from channeld.domain.mapping import DEFAULT
from channeld.errors import Problem

__all__ = ["ACCOUNT_SETTINGS", "CHANNEL_SETTINGS", "Setting", "nearest", "read_values"]


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One setting as people see it."""

    key: str
    label: str
    """The specification's words."""
    kind: Literal["bool", "int", "decimal", "text", "email", "location", "locations"]
    allowed: str
    """The range in words."""
    default: str
    meaning: str
    """What it does; the section of semantics in brackets."""
    read: Callable[[str], str]
    """Text as typed → text as stored. Raises `ValueError` that says what it must be."""
    required: bool = False
    """There is no default to fall back to: it cannot be cleared."""


CHANNEL_SETTINGS: tuple[Setting, ...] = (
    Setting(
        key="enabled",
        label="Enabled",
        kind="bool",
        allowed="on, off",
        default="off",
        meaning="Communication with Amazon; off: nothing is sent or received (A1).",
        read=kinds.boolean,
    ),
    Setting(
        key="vcs_enabled",
        label="VCS Enabled",
        kind="bool",
        allowed="on, off; marketplaces with VCS only",
        default="off",
        meaning="You use Amazon's VAT Calculation Service. Switching it on switches Use Channel Tax on (B1).",
        read=kinds.boolean,
    ),
    Setting(
        key="use_channel_tax",
        label="Use Channel Tax",
        kind="bool",
        allowed="on, off; needs vcs_enabled",
        default="off",
        meaning="Tax as Amazon calculated it is used for orders downloaded afterwards (B2).",
        read=kinds.boolean,
    ),
    Setting(
        key="tax_rate",
        label="Tax rate",
        kind="decimal",
        allowed="0 to 100 percent",
        default="0",
        meaning="Splits prices that contain tax while Use Channel Tax is off; the total stays (B2).",
        read=kinds.decimal_between(0, 100),
    ),
    Setting(
        key="ignore_facilitator_tax",
        label="Ignore Facilitator Tax",
        kind="bool",
        allowed="on, off; no effect while vcs_enabled",
        default="off",
        meaning="Tax that Amazon collects and remits is left out of order totals (B7).",
        read=kinds.boolean,
    ),
    Setting(
        key="despatch_notes",
        label="Despatch notes",
        kind="bool",
        allowed="on, off",
        default="off",
        meaning="Amazon is told of orders that are processed while it is on (C1).",
        read=kinds.boolean,
    ),
    Setting(
        key="order_cancellations",
        label="Order Cancellations",
        kind="bool",
        allowed="on, off",
        default="off",
        meaning="Amazon is told of cancellations made while it is on; off: they are yours alone (C2).",
        read=kinds.boolean,
    ),
    Setting(
        key="order_refunds",
        label="Order Refunds",
        kind="bool",
        allowed="on, off",
        default="off",
        meaning="Refunds made while it is on are sent to Amazon, which pays the buyer (C3).",
        read=kinds.boolean,
    ),
    Setting(
        key="not_disclosed_email",
        label="Not Disclosed Default Email",
        kind="email",
        allowed="an e-mail address, or empty",
        default="",
        meaning="Stands in for an address that Amazon does not disclose within an hour (C4).",
        read=kinds.email_or_empty,
    ),
    Setting(
        key="order_look_back_days",
        label="Order look-back",
        kind="int",
        allowed="0 to 30 days",
        default="7",
        meaning="How far back the first order download reaches (C5).",
        read=kinds.whole(0, 30),
    ),
    Setting(
        key="order_received_offset",
        label="Order Received UTC offset",
        kind="decimal",
        allowed="-14 to 14 hours in quarters",
        default="0",
        meaning="Added to the purchase time: the Order Received Date of orders downloaded later (C6).",
        read=kinds.quarter_hours,
    ),
    Setting(
        key="order_location",
        label="Order download location",
        kind="location",
        allowed="the name of a location of your own",
        default=DEFAULT,
        meaning="Where new orders are saved; FBA orders have their own location (D9).",
        read=kinds.free_text,
    ),
    Setting(
        key="update_inventory",
        label="Update inventory",
        kind="bool",
        allowed="on, off; needs inventory_locations to send anything",
        default="off",
        meaning="Amazon is told of every change of stock that can be sold; off: nothing is sent (D1).",
        read=kinds.boolean,
    ),
    Setting(
        key="inventory_locations",
        label="Inventory location mapping",
        kind="locations",
        allowed="names of locations with commas between; empty sends nothing",
        default="",
        meaning="The locations whose stock is offered; each listing's stock is their sum (D9).",
        read=kinds.names,
    ),
    Setting(
        key="max_listed",
        label="Max Listed",
        kind="int",
        allowed="a whole number of at least 1; empty for no limit",
        default="",
        meaning="No more than that is offered, whatever there is; a listing's own overrides it (D3).",
        read=kinds.whole_or_empty(1, 999_999_999),
    ),
    Setting(
        key="stock_percentage",
        label="Stock Percentage",
        kind="decimal",
        allowed="above 0 and up to 100, with up to 6 decimals; empty for no percentage",
        default="",
        meaning="Only that share of what can be sold is offered, rounded down (D4).",
        read=kinds.percentage_or_empty,
    ),
    Setting(
        key="end_when",
        label="End When",
        kind="int",
        allowed="a whole number of at least 0",
        default="0",
        meaning="Zero is offered when what can be sold reaches it or is less; it is no buffer (D5).",
        read=kinds.whole(0, 999_999_999),
    ),
    Setting(
        key="default_latency",
        label="Default Latency",
        kind="int",
        allowed="1 to 30 days, or empty",
        default="",
        meaning="The handling time of all linked listings of own stock, sent with each quantity (D6).",
        read=kinds.whole_or_empty(1, 30),
    ),
    Setting(
        key="product_latency",
        label="Product Based Latency",
        kind="bool",
        allowed="on, off; excludes default_latency",
        default="off",
        meaning="The handling time is the item's property AMAZON_{channel}, else Despatch Time (D7).",
        read=kinds.boolean,
    ),
    Setting(
        key="price_change",
        label="Price Change",
        kind="bool",
        allowed="on, off; needs no update_inventory",
        default="off",
        meaning="Prices that are saved while it is on are sent to Amazon; off drops those that wait (G1).",
        read=kinds.boolean,
    ),
    Setting(
        key="download_full_listings",
        label="Download Full Listings",
        kind="bool",
        allowed="on, off",
        default="off",
        meaning="Listing downloads read descriptions, attributes and images too, which takes longer (E1).",
        read=kinds.boolean,
    ),
    Setting(
        key="fba_enabled",
        label="FBA Enabled",
        kind="bool",
        allowed="on, off",
        default="off",
        meaning="FBA orders are saved, locked, in a location of their own; off: only counted (F1).",
        read=kinds.boolean,
    ),
    Setting(
        key="dry_run",
        label="Dry run",
        kind="bool",
        allowed="on, off",
        default="off",
        meaning="All is computed and shown; what would change anything at Amazon waits until it is off.",
        read=kinds.boolean,
    ),
)
"""Settings of a channel, in the order of the specification."""

ACCOUNT_SETTINGS: tuple[Setting, ...] = (
    Setting(
        key="seller_id",
        label="Seller Id",
        kind="text",
        allowed="9 to 20 capital letters and digits",
        default="",
        meaning="The merchant token of Seller Central (A2).",
        read=kinds.seller_id,
        required=True,
    ),
    Setting(
        key="client_id",
        label="Client id",
        kind="text",
        allowed="as the developer console shows it",
        default="",
        meaning="Names your private app to Amazon.",
        read=kinds.free_text,
        required=True,
    ),
    Setting(
        key="endpoint",
        label="Endpoint",
        kind="text",
        allowed="an https URL; http for this machine only; empty for Amazon's own",
        default="",
        meaning="Base URL of the region's host.",
        read=kinds.base_url,
    ),
    Setting(
        key="auth_endpoint",
        label="Token endpoint",
        kind="text",
        allowed="an https URL; http for this machine only; empty for Amazon's own",
        default="",
        meaning="Whole URL where access tokens are fetched.",
        read=kinds.token_url,
    ),
    Setting(
        key="order_poll_seconds",
        label="Order poll",
        kind="int",
        allowed="60 to 3600 seconds",
        default="180",
        meaning="How often changed orders are searched for when the budget allows (C5).",
        read=kinds.whole(60, 3600),
    ),
)
"""Settings of an account."""


def read_values(
    settings: Iterable[Setting], given: Mapping[str, str]
) -> tuple[dict[str, str], list[Problem]]:
    """Every value as it is to be stored, and every problem, each with its key.

    An empty text means the default, where there is one. Unknown keys come with the nearest known one.
    """
    known = {setting.key: setting for setting in settings}
    values: dict[str, str] = {}
    problems: list[Problem] = []
    for key, text in given.items():
        setting = known.get(key)
        if setting is None:
            problems.append(Problem(key=key, message="is not a setting", nearest=nearest(key, known)))
            continue
        try:
            is_cleared = not text.strip() and not setting.required
            values[key] = setting.default if is_cleared else setting.read(text)
        except ValueError as error:
            problems.append(Problem(key=key, message=f"{setting.label} {error}"))
    return values, problems


def nearest(word: str, known: Iterable[str], alike: float = 0.5) -> str | None:
    """The known word that looks most like one that is not, in whatever case it was typed.

    `alike`: how much at least, from 0 to 1.
    """
    by_form = {each.lower(): each for each in known}
    found = get_close_matches(word.lower(), by_form, n=1, cutoff=alike)
    return by_form[found[0]] if found else None
