"""Orders by chance, and what people do with each: one kind of outbound work after the other."""

from collections.abc import Callable, Mapping

import msgspec
from hypothesis import strategies as st

from tests.effects.plan import Deed, Goods, Placed, What

__all__ = ["ORDERS", "PAUSES", "Answered", "Draw"]

Draw = st.DrawFn
Answered = tuple[Placed, list[Deed]]
PAUSES = st.sampled_from((0.0, 0.0, 1.0, 40.0, 600.0, 3700.0))
AFTER_A_CANCELLATION: tuple[What, ...] = ("cancel", "process", "refund")


def _goods(draw: Draw) -> Goods:
    price = draw(st.integers(100, 99_999))
    return Goods(
        sku=draw(st.sampled_from(("MUG", "JUG"))),
        quantity=draw(st.integers(1, 4)),
        unit_price=price,
        shipping=draw(st.sampled_from((0, 0, 350, 999))),
        discount=draw(st.sampled_from((0, 0, 33))),
    )


def _order(draw: Draw, *, shipped: bool = False) -> Placed:
    lines = [_goods(draw) for _ in range(draw(st.integers(1, 3)))]
    return Placed(lines=tuple(lines), shipped=shipped)


def _tracking(draw: Draw, number: int, parcel: int = 0) -> str:
    """Two parcels may share a number, as several of one sack do."""
    return f"AB{number}{draw(st.sampled_from((0, parcel)))}GB"


def _tracked(draw: Draw, number: int) -> Answered:
    deed = Deed(kind="process", order=number, tracking=_tracking(draw, number), pause=draw(PAUSES))
    return _order(draw), [deed]


def _untracked(draw: Draw, number: int) -> Answered:
    return _order(draw), [Deed(kind="process", order=number, pause=draw(PAUSES))]


def _parcels(draw: Draw, number: int) -> Answered:
    """The order leaves in parcels, a line or a part of one in each."""
    order = _order(draw)
    deeds: list[Deed] = []
    for place, goods in enumerate(order.lines):
        for units in _parts(draw, goods.quantity):
            tracking = _tracking(draw, number, len(deeds)) if draw(st.booleans()) else ""
            deeds.append(
                Deed(
                    kind="process",
                    order=number,
                    lines=((place, units),),
                    tracking=tracking,
                    pause=draw(PAUSES),
                )
            )
    return order, deeds


def _parts(draw: Draw, quantity: int) -> list[int]:
    cuts_at = sorted(draw(st.sets(st.integers(1, quantity - 1)))) if quantity > 1 else []
    ends = [*cuts_at, quantity]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def _cancelled(draw: Draw, number: int) -> Answered:
    order = _order(draw)
    lines: tuple[tuple[int, int], ...] = ()
    if len(order.lines) > 1 and draw(st.booleans()):
        lines = ((0, order.lines[0].quantity),)
    return order, [Deed(kind="cancel", order=number, lines=lines, pause=draw(PAUSES))]


def _refunded(draw: Draw, number: int) -> Answered:
    """In full, by line, by units, by amount, or twice the same amount on purpose; shipped or not."""
    order = _order(draw, shipped=draw(st.sampled_from((True, True, False))))
    how = draw(st.sampled_from(("full", "line", "units", "amount", "amount twice")))
    place = draw(st.integers(0, len(order.lines) - 1))
    goods = order.lines[place]
    match how:
        case "full":
            deeds = [Deed(kind="refund", order=number)]
        case "line":
            deeds = [Deed(kind="refund", order=number, lines=((place, goods.quantity),))]
        case "units":
            units = draw(st.integers(1, goods.quantity))
            deeds = [Deed(kind="refund", order=number, lines=((place, units),))]
        case _:
            minor = draw(st.integers(1, goods.unit_price // 3))
            again = 2 if how == "amount twice" else 1
            deeds = [Deed(kind="refund", order=number, amounts={place: minor}, pause=draw(PAUSES))] * again
    return order, deeds


def _sent_and_refunded(draw: Draw, number: int) -> Answered:
    """Processed here; some of the money is given back when Amazon shows it as shipped."""
    order, (sent,) = draw(st.sampled_from((_tracked, _untracked)))(draw, number)
    minor = draw(st.integers(1, order.lines[0].unit_price // 3))
    return order, [sent, Deed(kind="refund", order=number, amounts={0: minor}, pause=11_000)]


def _sent_and_cancelled(draw: Draw, number: int) -> Answered:
    """One line leaves, the rest is cancelled."""
    order = _order(draw)
    sent = Deed(kind="process", order=number, lines=((0, order.lines[0].quantity),), tracking="T1")
    rest = tuple((place, goods.quantity) for place, goods in enumerate(order.lines) if place)
    return order, [sent, Deed(kind="cancel", order=number, lines=rest, pause=draw(PAUSES))] if rest else [
        sent
    ]


def _parts_cancelled(draw: Draw, number: int) -> Answered:
    """Units of a line are cancelled, more of them perhaps, and what is left of the order leaves or stays."""
    goods = msgspec.structs.replace(_goods(draw), quantity=draw(st.integers(2, 5)))
    others = [_goods(draw) for _ in range(draw(st.integers(0, 1)))]
    order = Placed(lines=(goods, *others))
    first, *more = _parts(draw, goods.quantity)
    deeds = [Deed(kind="cancel", order=number, lines=((0, first),), pause=draw(PAUSES))]
    for units in more[:2]:
        kind = draw(st.sampled_from(AFTER_A_CANCELLATION))
        tracking = _tracking(draw, number) if kind == "process" else ""
        deeds.append(
            Deed(kind=kind, order=number, lines=((0, units),), tracking=tracking, pause=draw(PAUSES))
        )
    if draw(st.booleans()):
        deeds.append(Deed(kind="process", order=number, pause=draw(PAUSES)))
    return order, deeds


ORDERS: Mapping[str, Callable[[Draw, int], Answered]] = {
    "cancelled": _cancelled,
    "parcels": _parcels,
    "parts cancelled": _parts_cancelled,
    "refunded": _refunded,
    "sent and cancelled": _sent_and_cancelled,
    "sent and refunded": _sent_and_refunded,
    "tracked": _tracked,
    "untracked": _untracked,
}
"""An order of that kind of work, and what is done with it."""
