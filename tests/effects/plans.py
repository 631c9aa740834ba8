"""Plans by chance, for hypothesis: small ones first, so that a failing one shrinks to what matters."""

from collections.abc import Callable, Mapping

from hypothesis import strategies as st

from tests.effects.plan import COUNTRIES, Cut, Deed, Goods, Placed, Plan, Trouble

__all__ = ["KINDS", "plans"]

Draw = st.DrawFn
PAUSES = st.sampled_from((0.0, 0.0, 1.0, 40.0, 600.0, 3700.0))
FAULTS: Mapping[str, tuple[str, ...]] = {
    "reset_after": ("",),
    "error_500_after": ("",),
    "error_500": ("",),
    "error_503": ("",),
    "timeout": ("",),
    "reset": ("",),
    "truncated": ("",),
    "no_effect": ("",),
    "feed_stuck": ("600", "9000", "20000"),
    "feed_cancelled": ("",),
    "feed_fatal": ("none", "", "all"),
    "report_missing": ("",),
    "report_contradicts": ("", "results"),
    "unknown_carrier": ("",),
    "empty_page": ("",),
    "throttle_burst": ("",),
}
"""Fault and its variants."""
OF_REQUESTS = ("reset_after", "error_500_after", "error_500", "error_503", "timeout", "reset")
OPERATIONS = ("", "createFeed", "createFeed", "confirmShipment", "getFeed", "listTransactions", "getOrder")


@st.composite
def plans(draw: Draw, kind: str | None = None) -> Plan:
    """One run of that kind of work, of any kind if None."""
    kind = kind or draw(st.sampled_from(sorted(KINDS)))
    orders: list[Placed] = []
    deeds: list[Deed] = []
    for number in range(draw(st.integers(1, 4))):
        order, done = KINDS[kind](draw, number)
        orders.append(order)
        deeds += done
    return Plan(
        kind=kind,
        country=draw(st.sampled_from(COUNTRIES)),
        orders=tuple(orders),
        deeds=tuple(deeds),
        troubles=tuple(draw(troubles()) for _ in range(draw(st.sampled_from((0, 1, 1, 2, 3))))),
        cuts=tuple(draw(cuts()) for _ in range(draw(st.sampled_from((0, 0, 1, 1, 2))))),
        deaths=tuple(draw(st.integers(1, 50)) for _ in range(draw(st.sampled_from((0, 1, 1, 1, 2))))),
        gone=draw(st.sampled_from((0.0, 5.0, 900.0, 30_000.0))),
    )


@st.composite
def troubles(draw: Draw) -> Trouble:
    fault = draw(st.sampled_from(sorted(FAULTS)))
    return Trouble(
        fault=fault,
        detail=draw(st.sampled_from(FAULTS[fault])),
        at=draw(st.integers(1, 12)),
        times=draw(st.integers(1, 2)),
        operation=draw(st.sampled_from(OPERATIONS)) if fault in OF_REQUESTS else "",
    )


def cuts() -> st.SearchStrategy[Cut]:
    return st.builds(Cut, at=st.integers(1, 12), delivered=st.booleans())


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


def _tracked(draw: Draw, number: int) -> tuple[Placed, list[Deed]]:
    deed = Deed(kind="process", order=number, tracking=_tracking(draw, number), pause=draw(PAUSES))
    return _order(draw), [deed]


def _untracked(draw: Draw, number: int) -> tuple[Placed, list[Deed]]:
    return _order(draw), [Deed(kind="process", order=number, pause=draw(PAUSES))]


def _parcels(draw: Draw, number: int) -> tuple[Placed, list[Deed]]:
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


def _cancelled(draw: Draw, number: int) -> tuple[Placed, list[Deed]]:
    order = _order(draw)
    lines: tuple[tuple[int, int], ...] = ()
    if len(order.lines) > 1 and draw(st.booleans()):
        lines = ((0, order.lines[0].quantity),)
    return order, [Deed(kind="cancel", order=number, lines=lines, pause=draw(PAUSES))]


def _refunded(draw: Draw, number: int) -> tuple[Placed, list[Deed]]:
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
            units = draw(st.integers(1, goods.quantity)) if order.shipped else goods.quantity
            deeds = [Deed(kind="refund", order=number, lines=((place, units),))]
        case _:
            minor = draw(st.integers(1, goods.unit_price // 3))
            again = 2 if how == "amount twice" else 1
            deeds = [Deed(kind="refund", order=number, amounts={place: minor}, pause=draw(PAUSES))] * again
    return order, deeds


def _sent_and_refunded(draw: Draw, number: int) -> tuple[Placed, list[Deed]]:
    """Processed here; some of the money is given back when Amazon shows it as shipped."""
    order, (sent,) = draw(st.sampled_from((_tracked, _untracked)))(draw, number)
    minor = draw(st.integers(1, order.lines[0].unit_price // 3))
    return order, [sent, Deed(kind="refund", order=number, amounts={0: minor}, pause=11_000)]


def _sent_and_cancelled(draw: Draw, number: int) -> tuple[Placed, list[Deed]]:
    """One line leaves, the rest is cancelled."""
    order = _order(draw)
    sent = Deed(kind="process", order=number, lines=((0, order.lines[0].quantity),), tracking="T1")
    rest = tuple((place, goods.quantity) for place, goods in enumerate(order.lines) if place)
    return order, [sent, Deed(kind="cancel", order=number, lines=rest, pause=draw(PAUSES))] if rest else [
        sent
    ]


def _mixed(draw: Draw, number: int) -> tuple[Placed, list[Deed]]:
    others = (_tracked, _untracked, _parcels, _cancelled, _refunded, _sent_and_refunded, _sent_and_cancelled)
    return draw(st.sampled_from(others))(draw, number)


KINDS: Mapping[str, Callable[[Draw, int], tuple[Placed, list[Deed]]]] = {
    "cancelled": _cancelled,
    "mixed": _mixed,
    "parcels": _parcels,
    "refunded": _refunded,
    "sent and cancelled": _sent_and_cancelled,
    "sent and refunded": _sent_and_refunded,
    "tracked": _tracked,
    "untracked": _untracked,
}
"""An order of that kind of work, and what is done with it."""
