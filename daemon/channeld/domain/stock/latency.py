"""How many days it takes to ship, and what a message about stock says of that (semantics D6, D7, X2, X8).

A quantity alone must leave the handling time as it is, which `merge` does. Only Product Based Latency for an
item without a value takes the handling time away, so that Amazon's own default counts.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

import msgspec

from channeld.domain.item import folded_name
from channeld.errors import Problem

__all__ = ["DROP", "KEEP", "LatencyRule", "LeadTime", "Said", "Verb", "lead_time", "refused", "set_to"]

FOR_ALL = "Despatch Time"
_FOR_ONE = "AMAZON_{}"
LONGEST = 30
_VALID = re.compile(r"[0-9]{1,2}")


class Verb(StrEnum):
    """What a message does to the handling time that Amazon has."""

    KEEP = "keep"
    """Says nothing of it (`merge`)."""
    SET = "set"
    DROP = "drop"
    """Goes without one in a `replace`, which takes it away."""


class LeadTime(msgspec.Struct, frozen=True, kw_only=True):
    """What a message says of the handling time."""

    verb: Verb
    days: int = 0
    """1 to 30 with SET."""


KEEP = LeadTime(verb=Verb.KEEP)
DROP = LeadTime(verb=Verb.DROP)


class LatencyRule(msgspec.Struct, frozen=True, kw_only=True):
    """A channel's two settings; at most one is on."""

    default_days: int = 0
    """0 is off."""
    by_product: bool = False


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be said for a SKU on a channel."""

    lead_time: LeadTime
    last_valid: int | None = None
    """To be remembered for the next time."""
    property: str = ""
    """The name of the property that it comes from, as the item has it."""
    issue: str = ""
    """What is wrong with its value, for people."""


def set_to(days: int) -> LeadTime:
    """So many days from order to shipment."""
    return LeadTime(verb=Verb.SET, days=days)


def refused(rule: LatencyRule) -> list[Problem]:
    """What is wrong with these settings when they are to be saved."""
    problems: list[Problem] = []
    if rule.default_days and not 1 <= rule.default_days <= LONGEST:
        problems.append(
            Problem(key="default_latency", message="must be a whole number from 1 to 30; 0 or empty is off")
        )
    if rule.default_days and rule.by_product:
        message = "excludes Default Latency: clear `default_latency` first"
        problems.append(Problem(key="product_latency", message=message))
    return problems


def lead_time(
    rule: LatencyRule, channel: str, properties: Mapping[str, str], last_valid: int | None = None
) -> Said:
    """What is said for an item with these properties on the channel of that name.

    `last_valid`: what was remembered. It stays in force while the value makes no sense, as sending none
    would silently change the promise to buyers; before there ever was one, what Amazon has is kept.
    """
    if not rule.by_product:
        return Said(lead_time=set_to(rule.default_days) if rule.default_days else KEEP, last_valid=last_valid)
    name = _property_name(channel, properties)
    if name is None:
        return Said(lead_time=DROP)
    text = properties[name].strip()
    if _VALID.fullmatch(text) and 1 <= int(text) <= LONGEST:
        return Said(lead_time=set_to(int(text)), last_valid=int(text), property=name)
    return Said(
        lead_time=KEEP if last_valid is None else set_to(last_valid),
        last_valid=last_valid,
        property=name,
        issue=f"{name} must be a whole number from 1 to {LONGEST}; until then"
        f" {'what Amazon has stays' if last_valid is None else f'the last valid value, {last_valid}, stays'}",
    )


def _property_name(channel: str, properties: Mapping[str, str]) -> str | None:
    """Of the property that counts: the channel's own, else the one for all. A blank one is not set.

    The sub-source that the property is named for is the channel's name: it is what people call a channel,
    and no two have the same.
    """
    named = {_folded(name): name for name in sorted(properties, reverse=True) if properties[name].strip()}
    wanted = (_folded(_FOR_ONE.format(channel.strip())), _folded(FOR_ALL))
    return next((named[each] for each in wanted if each in named), None)


def _folded(name: str) -> str:
    return folded_name(name.strip())
