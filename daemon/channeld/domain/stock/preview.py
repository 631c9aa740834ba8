"""What a change would do to what Amazon is told, counted, and said in sentences (semantics D1, D4–D7)."""

from collections import Counter
from collections.abc import Iterator, Mapping

import msgspec

from channeld.domain.settings_move import Consequence
from channeld.domain.stock.abstention import Abstention
from channeld.domain.stock.latency import Said, Verb
from channeld.domain.stock.limits import Offer
from channeld.domain.stock.value import Value

__all__ = ["Compared", "Tally", "counted"]


class Compared(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One listing of the channel that is changed, before and after."""

    before: Value | None
    """What Amazon is told of its SKU. None: nothing."""
    after: Value | None
    made: Offer | Abstention
    """What the channel says of it afterwards."""
    said: Said
    """And of the handling time."""
    differs: bool = False
    """Another channel of the account would then say something else of it, which it did not before."""
    leaves: bool = False
    """The channel had a say in what Amazon is told, and has none afterwards."""
    drops: bool = False
    """The channel itself takes the handling time away, which it did not before."""


class Tally(msgspec.Struct, kw_only=True):
    """How many listings of each kind."""

    listings: int = 0
    begin: int = 0
    """Amazon is told of them, and was not before."""
    begin_at_zero: int = 0
    """Of those the ones that begin with 0."""
    end: int = 0
    """Amazon is not told of them any more."""
    handed_over: int = 0
    """The channel has no say in them any more, and others of the account go on."""
    to_zero: int = 0
    lower: int = 0
    """Without those that go to zero."""
    higher: int = 0
    days: Counter[int] = msgspec.field(default_factory=Counter[int])
    """Handling time that is told and was not before → listings."""
    drops: int = 0
    """The channel has no handling time for them."""
    to_default: int = 0
    """Those of them of which no other channel has one, so that the one that Amazon has is taken away."""
    dropped_by_others: int = 0
    """The same of listings for which the channel says nothing of it, or nothing any more."""
    unclear: int = 0
    """The product's handling time makes no sense."""
    left_out: Counter[Abstention] = msgspec.field(default_factory=Counter[Abstention])
    """Why the channel says nothing of them."""
    differing: int = 0

    def add(self, each: Compared) -> None:
        """One listing more."""
        self.listings += 1
        self.differing += each.differs
        if isinstance(each.made, Abstention):
            self.left_out[each.made] += 1
        if each.after is None:
            self.end += each.before is not None
            return
        self.handed_over += each.leaves
        self._add_quantity(each.before, each.after)
        self._add_handling(each.before, each.after, each)

    def _add_quantity(self, before: Value | None, after: Value) -> None:
        if before is None:
            self.begin += 1
            self.begin_at_zero += not after.quantity
        elif after.quantity < before.quantity:
            self.to_zero += not after.quantity
            self.lower += bool(after.quantity)
        else:
            self.higher += after.quantity > before.quantity

    def _add_handling(self, before: Value | None, after: Value, each: Compared) -> None:
        self.unclear += bool(each.said.issue)
        self.drops += each.drops
        self.to_default += each.drops and after.lead_time.verb is Verb.DROP
        if before is not None and before.lead_time == after.lead_time:
            return
        if after.lead_time.verb is Verb.SET:
            self.days[after.lead_time.days] += 1
        self.dropped_by_others += after.lead_time.verb is Verb.DROP and not each.drops


_LEFT_OUT: Mapping[Abstention, str] = {
    Abstention.UNLINKED: "{} not linked to an item",
    Abstention.UNCOUNTED: "of {} nobody has counted the item at these locations",
    Abstention.FBA: "{} fulfilled by Amazon",
    Abstention.IGNORE_SYNC: "{} under Ignore Sync",
}
"""Of what the channel's settings have nothing to do with."""


def counted(
    tally: Tally, key: str, *, is_switch: bool = False, dry_run: bool = False
) -> tuple[Consequence, ...]:
    """In sentences, about the setting of that key.

    `is_switch`: it decides what is told at all, so that what is not is said, too; `dry_run`: nothing of it is
    sent before that is off.
    """
    told = list(_sentences(tally, key))
    if is_switch:
        told += _left_out(tally, key)
    if not told and tally.listings:
        told = [Consequence(key=key, text="No listing is told to Amazon otherwise than before.")]
    if not tally.listings:
        text = "The channel has no listings yet; `channelctl listing download` brings them in."
        told = [Consequence(key=key, text=text)]
    if dry_run:
        text = "Dry run is on: so it would be, and this channel sends nothing until it is off."
        told.insert(0, Consequence(key=key, text=text))
    return tuple(told)


def _sentences(tally: Tally, key: str) -> Iterator[Consequence]:
    if tally.begin:
        zero = f", {tally.begin_at_zero:,} of them with 0" if tally.begin_at_zero else ""
        begin = f"Amazon is told of {_listings(tally.begin)} that it is not told of now{zero}."
        yield Consequence(key=key, text=begin)
    if quantities := _quantities(tally):
        yield Consequence(key=key, text=quantities, warning=bool(tally.to_zero))
    if tally.end:
        end = f"{_listings(tally.end)} would not be sent any more: Amazon keeps what it was told last."
        yield Consequence(key=key, text=end)
    yield from _handed_over(tally, key)
    yield from _handling(tally, key)
    if tally.differing:
        skus = _skus(tally.differing)
        text = (
            f"Channels of the account would differ about {skus}: the smallest quantity and the longest"
            " handling time are sent."
        )
        yield Consequence(key=key, text=text)


def _handed_over(tally: Tally, key: str) -> Iterator[Consequence]:
    if tally.handed_over:
        are = "is" if tally.handed_over == 1 else "are"
        text = (
            f"{_skus(tally.handed_over)} {are} sent by other channels of the account from now on, without"
            " this channel's limits."
        )
        yield Consequence(key=key, text=text, warning=True)


def _quantities(tally: Tally) -> str:
    parts = [f"{_listings(tally.to_zero)} would go to 0"] if tally.to_zero else []
    if change := tally.lower + tally.higher:
        what = f"{change:,}" if parts else _listings(change)
        parts.append(f"{what} would change ({tally.lower:,} lower, {tally.higher:,} higher)")
    return f"{', '.join(parts)}." if parts else ""


def _handling(tally: Tally, key: str) -> Iterator[Consequence]:
    for days, count in sorted(tally.days.items()):
        gets = "gets" if count == 1 else "get"
        text = f"{_listings(count)} {gets} {_days(days)} of handling time now."
        yield Consequence(key=key, text=text)
    if tally.drops:
        yield Consequence(key=key, text=_dropped(tally), warning=True)
    if tally.dropped_by_others:
        loses = "loses" if tally.dropped_by_others == 1 else "lose"
        text = (
            f"{_listings(tally.dropped_by_others)} {loses} the handling time, as other channels of the"
            " account have none: Amazon's own default counts."
        )
        yield Consequence(key=key, text=text, warning=True)
    if tally.unclear:
        text = (
            f"The product's handling time makes no sense for {_listings(tally.unclear)}: the last valid one"
            " stays. `channelctl stock offers --issues` names them."
        )
        yield Consequence(key=key, text=text, warning=True)


def _dropped(tally: Tally) -> str:
    has, loses = ("has", "loses") if tally.drops == 1 else ("have", "lose")
    none = f"{_listings(tally.drops, 'linked ')} {has} no value of the product"
    if tally.to_default == tally.drops:
        return f"{none} and {loses} the handling time: Amazon's own default counts."
    kept = "what other channels of the account say of the handling time counts"
    if not tally.to_default:
        return f"{none}: {kept}."
    loses = "loses" if tally.to_default == 1 else "lose"
    return (
        f"{none}; {tally.to_default:,} of them {loses} the handling time, so that Amazon's own default"
        f" counts, of the others {kept}."
    )


def _left_out(tally: Tally, key: str) -> Iterator[Consequence]:
    parts = [
        words.format(f"{tally.left_out[why]:,}") for why, words in _LEFT_OUT.items() if tally.left_out[why]
    ]
    if parts:
        text = f"This channel sends nothing for listings of these kinds: {'; '.join(parts)}."
        yield Consequence(key=key, text=text)


def _listings(count: int, kind: str = "") -> str:
    return f"{count:,} {kind}listing" if count == 1 else f"{count:,} {kind}listings"


def _skus(count: int) -> str:
    return "1 SKU" if count == 1 else f"{count:,} SKUs"


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"
