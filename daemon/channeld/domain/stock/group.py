"""One value for a seller SKU, whatever its channels would say of it (semantics D2).

Amazon knows one quantity for a SKU of a seller, so channels that have other locations or limits would
overwrite each other for ever. The smallest quantity and the longest handling time go out, once.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from channeld.domain.stock.abstention import Abstention
from channeld.domain.stock.latency import KEEP, LeadTime, Verb
from channeld.domain.stock.limits import Offer
from channeld.domain.stock.value import Value

__all__ = ["Group", "Member", "agreed"]


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A channel that has a listing with the SKU, and what it would say."""

    channel_id: int
    created_at: datetime
    made: Offer | Abstention
    lead_time: LeadTime = KEEP


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """What comes of it."""

    value: Value | None
    """None: no channel takes part, so nothing is sent."""
    owner: int | None
    """The channel by which it is sent: the oldest of those that take part."""
    differing: tuple[int, ...] = ()
    """Channels that take part and would say something else: the conflict that people are shown. One that
    says nothing of the handling time has no quarrel with one that does."""
    left_out: tuple[tuple[int, Abstention], ...] = ()
    """Channels that do not take part."""


def agreed(members: Iterable[Member]) -> Group:
    """The value of the SKU; members are all of one seller."""
    by_age = sorted(members, key=lambda member: (member.created_at, member.channel_id))
    left_out = tuple(
        (member.channel_id, member.made) for member in by_age if isinstance(member.made, Abstention)
    )
    taking_part = [(member, member.made) for member in by_age if isinstance(member.made, Offer)]
    if not taking_part:
        return Group(value=None, owner=None, left_out=left_out)
    value = Value(
        quantity=min(made.quantity for _, made in taking_part),
        lead_time=_longest([member.lead_time for member, _ in taking_part]),
    )
    return Group(
        value=value,
        owner=taking_part[0][0].channel_id,
        differing=tuple(
            member.channel_id
            for member, made in taking_part
            if not Value(quantity=made.quantity, lead_time=member.lead_time).is_told_by(value)
        ),
        left_out=left_out,
    )


def _longest(lead_times: Sequence[LeadTime]) -> LeadTime:
    """The most days; else what Amazon has is kept if one wants that, as dropping it may shorten it."""
    days = [each for each in lead_times if each.verb is Verb.SET]
    if days:
        return max(days, key=lambda each: each.days)
    return KEEP if KEEP in lead_times else lead_times[0]
