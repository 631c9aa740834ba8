"""A person says which item a listing is, or that it is none (semantics D10)."""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec
from sqlalchemy import Connection

from channeld.book.items.guesses import Guesses
from channeld.book.items.linking import follows, relink
from channeld.commands.asking import Asked, find_channel
from channeld.domain.item import NO_ITEM
from channeld.errors import InvalidRequest, Problem
from channeld.store import audit, items, links
from channeld.store.channels import Channel
from channeld.store.unit import Unit

__all__ = ["LinkWish", "Linked", "link_listings"]


class LinkWish(msgspec.Struct, frozen=True, kw_only=True):
    """Which item a listing is to be."""

    channel: str
    sku: str
    item: str
    """Empty: none, if it is linked and no other wish about the SKU says more. `NO_ITEM`: none in any case."""


class Linked(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one wish."""

    outcome: Literal["linked", "unlinked", "unchanged", "refused"]
    orders: int = 0
    """Lines of open orders that followed."""
    problems: tuple[Problem, ...] = ()


class _Change(msgspec.Struct, frozen=True, kw_only=True):
    """A wish that changes something, and its place among the wishes."""

    place: int
    channel: Channel
    wish: LinkWish
    item_id: int | None
    before: int | None


def link_listings(unit: Unit, asked: Asked, wishes: Sequence[LinkWish]) -> list[Linked]:
    """An answer for each; one with problems changes nothing.

    Of two that contradict each other the first holds, so that doing the same again changes nothing.
    """
    office = _Office(unit.connection, wishes)
    answers: list[Linked] = []
    changes: list[_Change] = []
    for place, wish in enumerate(wishes):
        decided = office.decide(place, wish)
        if isinstance(decided, _Change):
            changes.append(decided)
            answers.append(Linked(outcome="unlinked" if decided.item_id is None else "linked"))
        else:
            answers.append(decided)
    for account_id in dict.fromkeys(change.channel.account_id for change in changes):
        of_account = [change for change in changes if change.channel.account_id == account_id]
        for place, lines in _carry_out(unit, asked, account_id, of_account).items():
            answers[place] = msgspec.structs.replace(answers[place], orders=lines)
    return answers


class _Office:
    """What is asked of the book once for all wishes, and what the earlier ones of them make of it."""

    def __init__(self, connection: Connection, wishes: Sequence[LinkWish]) -> None:
        self._channels = {name: _channel(connection, name) for name in {wish.channel for wish in wishes}}
        self._guesses = Guesses(connection)
        self._items = items.ids(connection, {wish.item for wish in wishes if _names_one(wish)})
        self._known: dict[int, set[str]] = {}
        self._now: dict[tuple[int, str], int | None] = {}
        """What each SKU is; one that nobody linked or unlinked is missing."""
        self._wished: dict[tuple[int, str], str] = {}
        self._said = self._keys(wish for wish in wishes if wish.item)
        """SKUs of which some wish says what they are to be: an empty one says less, wherever it stands."""
        for account_id, skus in self._skus(wishes).items():
            self._known[account_id] = links.known_skus(connection, account_id, skus)
            for sku, link in links.of_skus(connection, account_id, skus).items():
                self._now[account_id, sku] = link.item_id

    def decide(self, place: int, wish: LinkWish) -> Linked | _Change:
        channel = self._channels[wish.channel]
        if isinstance(channel, Problem):
            return Linked(outcome="refused", problems=(channel, *self._item_problems(wish)))
        key = (channel.account_id, wish.sku)
        problems = self._item_problems(wish)
        if wish.sku not in self._known[channel.account_id] and key not in self._now:
            message = "is not known: neither a listing nor an open order of the account has it"
            problems = [Problem(key="sku", message=message), *problems]
        is_silent = not wish.item and (key in self._said or self._now.get(key) is None)
        if not problems and is_silent:
            return Linked(outcome="unchanged")
        if not problems and self._wished.setdefault(key, wish.item) != wish.item:
            message = (
                "is another one in an earlier row about this SKU; it counts on all channels of the account"
            )
            problems = [Problem(key="item", message=message)]
        if problems:
            return Linked(outcome="refused", problems=tuple(problems))
        item_id = self._items[wish.item] if _names_one(wish) else None
        if key in self._now and self._now[key] == item_id:
            return Linked(outcome="unchanged")
        before, self._now[key] = self._now.get(key), item_id
        return _Change(place=place, channel=channel, wish=wish, item_id=item_id, before=before)

    def _item_problems(self, wish: LinkWish) -> list[Problem]:
        if not _names_one(wish) or wish.item in self._items:
            return []
        return [Problem(key="item", message="is no item", nearest=self._guesses.nearest(wish.item))]

    def _skus(self, wishes: Sequence[LinkWish]) -> dict[int, set[str]]:
        found: dict[int, set[str]] = {}
        for account_id, sku in self._keys(wishes):
            found.setdefault(account_id, set()).add(sku)
        return found

    def _keys(self, wishes: Iterable[LinkWish]) -> set[tuple[int, str]]:
        named = ((self._channels[wish.channel], wish.sku) for wish in wishes)
        return {(channel.account_id, sku) for channel, sku in named if isinstance(channel, Channel)}


def _names_one(wish: LinkWish) -> bool:
    return wish.item not in ("", NO_ITEM)


def _channel(connection: Connection, name: str) -> Channel | Problem:
    try:
        return find_channel(connection, name)
    except InvalidRequest as unknown:
        return unknown.problems[0]


def _carry_out(unit: Unit, asked: Asked, account_id: int, changes: Sequence[_Change]) -> dict[int, int]:
    """Lines of open orders that followed, by the place of the wish."""
    wanted = {change.wish.sku: change.item_id for change in changes}
    followed = relink(unit, account_id, wanted, asked.now, asked.by)
    lines = {change.place: followed.get(change.wish.sku, 0) for change in changes}
    former = items.skus(unit.connection, {each.before for each in changes if each.before is not None})
    audit.add_many(
        unit,
        [
            asked.entry(
                "listing.linked" if change.item_id is not None else "listing.unlinked",
                _told(change.wish, former.get(change.before or 0, "")) + follows(lines[change.place]),
                account_id=account_id,
                channel_id=change.channel.id,
                sku=change.wish.sku,
            )
            for change in changes
        ],
    )
    return lines


def _told(wish: LinkWish, former: str) -> str:
    if _names_one(wish):
        return f"Listing {wish.sku} linked to item {wish.item}" + (f", before to {former}" if former else "")
    return f"Listing {wish.sku} unlinked" + (f" from item {former}" if former else ", and left alone")
