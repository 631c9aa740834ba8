"""A channel's settings as values, and the rules between them (semantics A1, B1, B2, B7, C1–C3)."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from shlex import quote

import msgspec

from channeld.domain.marketplaces import Marketplace
from channeld.domain.setting_kinds import read_names
from channeld.domain.settings import CHANNEL_SETTINGS, read_values
from channeld.domain.stock.latency import LatencyRule
from channeld.domain.stock.limits import Limits
from channeld.domain.tax import TaxPolicy
from channeld.errors import Problem

__all__ = ["DEFAULTS", "ChannelSettings", "change"]

DEFAULTS: Mapping[str, str] = {setting.key: setting.default for setting in CHANNEL_SETTINGS}


class ChannelSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What a channel's settings come to."""

    enabled: bool
    vcs_enabled: bool
    use_channel_tax: bool
    tax_rate: str
    ignore_facilitator_tax: bool
    despatch_notes: bool
    order_cancellations: bool
    order_refunds: bool
    not_disclosed_email: str
    order_look_back_days: int
    order_received_offset_minutes: int
    order_location: str
    download_full_listings: bool
    fba_enabled: bool
    dry_run: bool
    update_inventory: bool
    inventory_locations: tuple[str, ...]
    limits: Limits
    latency: LatencyRule
    price_change: bool

    @classmethod
    def of(cls, stored: Mapping[str, str]) -> "ChannelSettings":
        """From stored texts; what is not stored has its default."""
        text = {**DEFAULTS, **stored}
        return cls(
            enabled=text["enabled"] == "on",
            vcs_enabled=text["vcs_enabled"] == "on",
            use_channel_tax=text["use_channel_tax"] == "on",
            tax_rate=text["tax_rate"],
            ignore_facilitator_tax=text["ignore_facilitator_tax"] == "on",
            despatch_notes=text["despatch_notes"] == "on",
            order_cancellations=text["order_cancellations"] == "on",
            order_refunds=text["order_refunds"] == "on",
            not_disclosed_email=text["not_disclosed_email"],
            order_look_back_days=int(text["order_look_back_days"]),
            order_received_offset_minutes=_minutes(text["order_received_offset"]),
            order_location=text["order_location"],
            download_full_listings=text["download_full_listings"] == "on",
            fba_enabled=text["fba_enabled"] == "on",
            dry_run=text["dry_run"] == "on",
            update_inventory=text["update_inventory"] == "on",
            inventory_locations=read_names(text["inventory_locations"]),
            limits=_limits(text),
            latency=LatencyRule(
                default_days=int(text["default_latency"] or 0), by_product=text["product_latency"] == "on"
            ),
            price_change=text["price_change"] == "on",
        )

    def tax_policy(self, marketplace: Marketplace) -> TaxPolicy:
        """The rules of tax for an order that is stored now."""
        return TaxPolicy(
            style=marketplace.tax,
            use_channel_tax=self.vcs_enabled and self.use_channel_tax,
            tax_rate=self.tax_rate,
            ignore_facilitator=self.ignore_facilitator_tax and not self.vcs_enabled,
        )


def change(
    stored: Mapping[str, str],
    given: Mapping[str, str],
    *,
    marketplace: Marketplace,
    locations: Collection[str],
) -> tuple[dict[str, str], list[Problem]]:
    """What is stored after a change, and every problem with it. With any problem nothing changes.

    Texts are as typed; `locations` are the names of one's own locations.
    """
    values, problems = read_values(CHANNEL_SETTINGS, given)
    before = {**DEFAULTS, **stored}
    after = {**before, **_implied(before, values), **values}
    problems += _conflicts(after, values, marketplace=marketplace, locations=locations)
    if problems:
        return dict(stored), problems
    return {key: text for key, text in after.items() if text != DEFAULTS.get(key)}, []


def _implied(before: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """Switching VCS switches Use Channel Tax along, unless the same change says otherwise (semantics B1)."""
    vcs = values.get("vcs_enabled")
    return {} if vcs in (None, before["vcs_enabled"]) else {"use_channel_tax": vcs}


def _conflicts(
    after: Mapping[str, str],
    values: Mapping[str, str],
    *,
    marketplace: Marketplace,
    locations: Collection[str],
) -> list[Problem]:
    problems: list[Problem] = []
    if after["vcs_enabled"] == "on" and not marketplace.vcs:
        problems.append(Problem(key="vcs_enabled", message=f"VCS does not exist on {marketplace.name}"))
    if after["use_channel_tax"] == "on" and after["vcs_enabled"] == "off":
        problems.append(Problem(key="use_channel_tax", message="Use Channel Tax needs VCS Enabled"))
    if after["product_latency"] == "on" and after["default_latency"]:
        message = "Product Based Latency excludes Default Latency: clear one of them"
        problems.append(Problem(key="product_latency", message=message))
    strange = sorted(set(read_names(after["inventory_locations"])) - set(locations))
    if "inventory_locations" in values and strange:
        do = f"`channelctl location list` has those, `channelctl location add {quote(strange[0])}` adds one"
        message = f"{', '.join(strange)}: no location of your own; {do}"
        problems.append(Problem(key="inventory_locations", message=message))
    if "order_location" in values and after["order_location"] not in locations:
        message = "there is no such location of your own; see `channelctl location list`"
        problems.append(Problem(key="order_location", message=message))
    return problems


def _limits(text: Mapping[str, str]) -> Limits:
    percentage, most = text["stock_percentage"], text["max_listed"]
    return Limits(
        end_when=int(text["end_when"]) or None,
        percentage=Decimal(percentage) if percentage else None,
        max_listed=int(most) if most else None,
    )


def _minutes(hours: str) -> int:
    return int(Decimal(hours) * 60)
