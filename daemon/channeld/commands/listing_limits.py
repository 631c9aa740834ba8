"""What people set for single listings, over the channel's limits (semantics D3–D5)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec
from sqlalchemy import Connection

from channeld.commands.asking import Asked, find_channel, refusal
from channeld.domain.stock.own_settings import NOTHING_SET, OwnSettings, read_own
from channeld.errors import Problem
from channeld.store import audit, listing_facts, listing_limits, stale_stock
from channeld.store.channels import Channel
from channeld.store.listing_limits import ListingLimits
from channeld.store.unit import Unit

__all__ = ["LimitsPlan", "OwnWish", "SetAnswer", "plan_limits", "set_limits"]


class OwnWish(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of one listing as typed; keys that are not there stay as they are."""

    sku: str
    values: Mapping[str, str]


class SetAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of one wish."""

    sku: str
    outcome: Literal["changed", "unchanged", "refused"]
    before: OwnSettings = NOTHING_SET
    after: OwnSettings = NOTHING_SET
    problems: tuple[Problem, ...] = ()


class LimitsPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What wishes come to, before anything is written."""

    channel: Channel
    answers: tuple[SetAnswer, ...]

    @property
    def changed(self) -> dict[str, SetAnswer]:
        """By SKU."""
        return {each.sku: each for each in self.answers if each.outcome == "changed"}

    @property
    def limits(self) -> dict[tuple[int, str], ListingLimits]:
        """What is stored afterwards of those that change."""
        return {
            (self.channel.id, sku): ListingLimits(
                channel_id=self.channel.id,
                sku=sku,
                limits=each.after.limits,
                ignore_sync=each.after.ignore_sync,
            )
            for sku, each in self.changed.items()
        }


def plan_limits(
    connection: Connection, channel_name: str, wishes: Sequence[OwnWish], *, imported: bool = False
) -> LimitsPlan:
    """An answer for each wish. Raises `InvalidRequest`: `unknown_channel`, and unless it is an import
    `invalid` with every problem. Writes nothing."""
    channel = find_channel(connection, channel_name)
    skus = {wish.sku for wish in wishes}
    listed = {each.sku: each for each in listing_facts.of_skus(connection, [channel.id], skus)}
    stored = listing_limits.of_skus(connection, [channel.id], skus)
    seen: set[str] = set()
    answers: list[SetAnswer] = []
    for wish in wishes:
        listing = listed.get(wish.sku)
        limits = stored.get((channel.id, wish.sku))
        before = OwnSettings(limits=limits.limits, ignore_sync=limits.ignore_sync) if limits else NOTHING_SET
        by_amazon = listing is not None and listing.fulfilled_by == "AMAZON"
        after, problems = read_own(before, wish.values, by_amazon=by_amazon, imported=imported)
        if listing is None:
            problems.insert(0, Problem(key="sku", message="is no listing of the channel"))
        elif wish.sku in seen:
            problems.insert(0, Problem(key="sku", message="is given twice"))
        seen.add(wish.sku)
        answers.append(_answer(wish.sku, before, after, problems))
    if not imported and (faults := list(_named(answers))):
        raise refusal(faults, "The change", "Correct what is listed; `channelctl listing list` shows SKUs.")
    return LimitsPlan(channel=channel, answers=tuple(answers))


def set_limits(
    unit: Unit, asked: Asked, channel_name: str, wishes: Sequence[OwnWish], *, imported: bool = False
) -> LimitsPlan:
    """Carry out what `plan_limits` says; raises what it raises."""
    plan = plan_limits(unit.connection, channel_name, wishes, imported=imported)
    if not plan.changed:
        return plan
    listing_limits.put(unit, list(plan.limits.values()), asked.now)
    stale_stock.mark_skus(unit, plan.channel.account_id, plan.changed, asked.now)
    audit.add_many(
        unit,
        [
            asked.entry(
                "listing.changed",
                text,
                account_id=plan.channel.account_id,
                channel_id=plan.channel.id,
                sku=answer.sku,
            )
            for answer in plan.changed.values()
            for text in _changes(answer)
        ],
    )
    return plan


def _answer(sku: str, before: OwnSettings, after: OwnSettings, problems: list[Problem]) -> SetAnswer:
    if problems:
        return SetAnswer(sku=sku, outcome="refused", before=before, after=before, problems=tuple(problems))
    outcome = "unchanged" if after == before else "changed"
    return SetAnswer(sku=sku, outcome=outcome, before=before, after=after)


def _changes(answer: SetAnswer) -> Iterable[str]:
    old, new = answer.before.texts, answer.after.texts
    return (
        f"Listing {answer.sku}: {key}: {old[key] or 'not set'} → {new[key] or 'not set'}"
        for key in old
        if old[key] != new[key]
    )


def _named(answers: Sequence[SetAnswer]) -> Iterable[Problem]:
    """Every problem; of several listings with the SKU that it is about."""
    for answer in answers:
        for each in answer.problems:
            key = each.key if len(answers) == 1 else f"{answer.sku}.{each.key}"
            yield msgspec.structs.replace(each, key=key)
