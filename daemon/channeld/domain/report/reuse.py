"""Which report that Amazon has already may serve instead of a new one (Amazon's reference, section 7)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

__all__ = ["Offer", "ReportSpec", "best", "is_same"]


class ReportSpec(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for."""

    report_type: str
    marketplaces: tuple[str, ...]
    data_from: datetime | None = None
    data_to: datetime | None = None


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A report on Amazon's list, whoever asked for it."""

    report_id: str
    report_type: str
    marketplaces: tuple[str, ...]
    status: str
    document_id: str
    created_at: datetime
    data_from: datetime | None = None
    data_to: datetime | None = None


def is_same(spec: ReportSpec, offer: Offer) -> bool:
    """Whether it is about the same: type, marketplaces and, for one of a range, that range to the second.

    Amazon shows a range also for reports that were asked for without one.
    """
    if (offer.report_type, set(offer.marketplaces)) != (spec.report_type, set(spec.marketplaces)):
        return False
    ranges = (spec.data_from, offer.data_from), (spec.data_to, offer.data_to)
    return all(ours is None or (theirs is not None and _to_second(ours, theirs)) for ours, theirs in ranges)


def best(spec: ReportSpec, offers: Iterable[Offer], not_before: datetime) -> Offer | None:
    """The newest that is done and not older than that; None when none serves."""
    serving = [
        offer
        for offer in offers
        if offer.status == "DONE"
        and offer.document_id
        and offer.created_at >= not_before
        and is_same(spec, offer)
    ]
    return max(serving, key=lambda offer: offer.created_at, default=None)


def _to_second(one: datetime, other: datetime) -> bool:
    return abs(one - other) < timedelta(seconds=1)
