"""What a view of an order proves of a parcel or a cancellation (semantics C1, C2)."""

from collections.abc import Mapping

import pytest

from channeld.domain.ledger.echo import Echo, LineEcho, Sighting, echo_of, judge_cancel, judge_despatch
from channeld.domain.ledger.effects import Cancel, Despatch
from channeld.domain.order import IncomingLine, Package, Units
from tests.support.domain_orders import NOW, order

OURS = 4711


def note(*lines: tuple[str, int], tracking: str = "AB1", forced: bool = False) -> Despatch:
    return Despatch(
        lines=tuple(Units(*line) for line in lines or (("1", 1),)),
        shipped_at=NOW,
        carrier_code="Royal Mail",
        tracking=tracking,
        forced=forced,
    )


def line(quantity: int, fulfilled: int = 0, *, open_: int | None = None, cancelled: bool = False) -> LineEcho:
    still_open = quantity - fulfilled if open_ is None else open_
    return LineEcho(quantity=quantity, fulfilled=fulfilled, unfulfilled=still_open, cancelled=cancelled)


def package(reference: object, tracking: str = "", **units: int) -> Package:
    lines = tuple(Units(item.removeprefix("i"), quantity) for item, quantity in units.items())
    return Package(reference=str(reference), tracking=tracking, lines=lines)


def view(lines: Mapping[str, LineEcho], *packages: Package, status: str = "PARTIALLY_SHIPPED") -> Echo:
    return Echo(status=status, lines=lines, packages=packages)


ONE_OPEN, ONE_SENT = {"1": line(1)}, {"1": line(1, 1)}
TWO_SENT = {"1": line(2, 2)}


@pytest.mark.parametrize(
    ("echo", "sighting"),
    [
        (view(ONE_OPEN), Sighting.UNSEEN),
        (view({}), Sighting.UNSEEN),
        (view(ONE_OPEN, package(1, "ZZ", i1=1)), Sighting.UNSEEN),
        (view(ONE_OPEN, package(OURS, "AB1", i1=1)), Sighting.SEEN),
        (view(ONE_OPEN, package(OURS)), Sighting.SEEN),
        (view(ONE_OPEN, package(OURS, "old", i1=1)), Sighting.UNSEEN),
        (view(ONE_SENT, package(OURS, "old", i1=1)), Sighting.SEEN),
        (view(ONE_SENT, package(1, "ab 1", i1=1)), Sighting.SEEN),
        (view(ONE_SENT, package(1, "AB1")), Sighting.SEEN),
        (view(ONE_SENT), Sighting.SEEN),
        (view(ONE_SENT, status="SHIPPED"), Sighting.SEEN),
        (view(ONE_SENT, package(1, "ZZ", i1=1)), Sighting.OTHERWISE),
        (view(ONE_SENT, package(1, "", i1=1)), Sighting.OTHERWISE),
        (view(ONE_SENT, package(1, "ZZ")), Sighting.OTHERWISE),
        (view({**ONE_SENT, "2": line(1, 1)}, package(1, "ZZ", i2=1)), Sighting.SEEN),
        (view({"2": line(1)}), Sighting.ABSENT),
        (view(ONE_OPEN, status="CANCELLED"), Sighting.CANCELLED),
        (view({"1": line(1, cancelled=True)}), Sighting.CANCELLED),
        (view({"1": line(0)}), Sighting.CANCELLED),
        (view({}, status="CANCELLED"), Sighting.CANCELLED),
    ],
)
def test_what_a_view_says_of_a_parcel(echo: Echo, sighting: Sighting) -> None:
    assert judge_despatch(note(), OURS, {"1": 1}, echo) is sighting


def test_what_others_shipped_is_ours_only_by_its_name() -> None:
    """Once Amazon has shown the units in a package of others, a view without packages says nothing."""
    for echo, sighting in (
        (view(ONE_SENT), Sighting.UNSEEN),
        (view(ONE_SENT, package(1, "ZZ", i1=1)), Sighting.OTHERWISE),
        (view(ONE_SENT, package(1, "AB1", i1=1)), Sighting.SEEN),
        (view(ONE_SENT, package(OURS)), Sighting.SEEN),
    ):
        assert judge_despatch(note(), OURS, {"1": 1}, echo, by_name=True) is sighting


def test_units_of_two_parcels_are_told_apart() -> None:
    """Another note of ours took one of two units; ours is seen only by the second."""
    other = package(4710, "AA", i1=1)
    sent = {"1": 2}
    assert judge_despatch(note(), OURS, sent, view({"1": line(2, 1)}, other)) is Sighting.UNSEEN
    assert judge_despatch(note(), OURS, sent, view({"1": line(2, 1)})) is Sighting.UNSEEN
    assert judge_despatch(note(), OURS, sent, view(TWO_SENT, other)) is Sighting.SEEN
    foreign = package(1, "ZZ", i1=1)
    assert judge_despatch(note(), OURS, sent, view(TWO_SENT, other, foreign)) is Sighting.OTHERWISE


def test_a_number_shared_by_two_of_our_parcels_proves_neither() -> None:
    """Both were told; Amazon shows one package with that tracking and one unit only."""
    other = package(4710, "AB1", i1=1)
    assert judge_despatch(note(), OURS, {"1": 2}, view({"1": line(2, 1)}, other)) is Sighting.UNSEEN
    parts = {"1": line(1, 1), "2": line(1)}
    assert judge_despatch(note(("2", 1)), OURS, {"1": 1, "2": 1}, view(parts, other)) is Sighting.UNSEEN


def test_a_parcel_without_tracking_is_not_taken_for_anothers() -> None:
    echo = view(ONE_SENT, package(1, "", i1=1))
    assert judge_despatch(note(tracking=""), OURS, {"1": 1}, echo) is Sighting.OTHERWISE


def test_units_that_no_package_accounts_for_are_no_ones() -> None:
    assert judge_despatch(note(("1", 2)), OURS, {"1": 2}, view({"1": line(2, 1)})) is Sighting.UNSEEN
    echo = view({"1": line(2, 1)}, package(1, "ZZ", i1=1))
    assert judge_despatch(note(("1", 2)), OURS, {"1": 2}, echo) is Sighting.OTHERWISE


def test_a_forced_note_overwrites_and_is_seen_by_its_own_package_only() -> None:
    foreign = package(1, "ZZ", i1=1)
    assert judge_despatch(note(forced=True), OURS, {"1": 1}, view(ONE_SENT, foreign)) is Sighting.UNSEEN
    both = view(ONE_SENT, foreign, package(OURS, "AB1", i1=1))
    assert judge_despatch(note(forced=True), OURS, {"1": 1}, both) is Sighting.SEEN


def test_one_line_shipped_otherwise_holds_the_whole_parcel() -> None:
    echo = view({"1": line(1, 1), "2": line(1)}, package(1, "ZZ", i1=1))
    assert judge_despatch(note(("1", 1), ("2", 1)), OURS, {"1": 1, "2": 1}, echo) is Sighting.OTHERWISE


def test_an_echo_has_what_the_view_shows() -> None:
    lines = (IncomingLine(order_item_id="1", sku="MUG", quantity=2, fulfilled=1, unfulfilled=1),)
    echo = echo_of(order("PARTIALLY_SHIPPED", lines=lines, packages=(package(7),)))
    assert echo == view({"1": line(2, 1)}, package(7))


def cancel(*lines: tuple[str, int], whole: tuple[str, ...] = ()) -> Cancel:
    units = tuple(Units(*each) for each in lines or (("1", 2),))
    return Cancel(reason="NoInventory", lines=units, whole_lines=whole)


@pytest.mark.parametrize(
    ("echo", "sighting"),
    [
        (view({"1": line(2)}, status="UNSHIPPED"), Sighting.UNSEEN),
        (view({}, status="UNSHIPPED"), Sighting.UNSEEN),
        (view({"1": line(2)}, status="CANCELLED"), Sighting.SEEN),
        (view({"1": line(2, cancelled=True)}, status="UNSHIPPED"), Sighting.SEEN),
        (view({"1": line(0)}, status="UNSHIPPED"), Sighting.SEEN),
        (view({"1": line(2, 2)}, status="SHIPPED"), Sighting.SHIPPED),
        (view({"1": line(2, 1)}), Sighting.SHIPPED),
        (view({"1": line(2, open_=0)}, status="UNSHIPPED"), Sighting.UNSEEN),
    ],
)
def test_what_a_view_says_of_a_cancelled_line(echo: Echo, sighting: Sighting) -> None:
    assert judge_cancel(cancel(whole=("1",)), echo, {"1": 2}) is sighting


@pytest.mark.parametrize(
    ("shown", "sighting"),
    [
        (line(3), Sighting.UNSEEN),
        (line(3, open_=2), Sighting.SEEN),
        (line(2), Sighting.SEEN),
        (line(3, cancelled=True), Sighting.SEEN),
        (line(3, 3), Sighting.SHIPPED),
        (line(3, 2), Sighting.UNSEEN),
    ],
)
def test_part_of_a_line_is_gone_when_fewer_are_to_be_sent(shown: LineEcho, sighting: Sighting) -> None:
    assert judge_cancel(cancel(("1", 1)), view({"1": shown}), {"1": 3}) is sighting


@pytest.mark.parametrize("shown", [line(2), line(3, open_=2), line(3, open_=0)])
def test_fewer_units_prove_nothing_where_it_is_not_known_how_many_there_were(shown: LineEcho) -> None:
    assert judge_cancel(cancel(("1", 1)), view({"1": shown}), {}) is Sighting.UNSEEN


def test_a_line_that_is_cancelled_whole_needs_no_count() -> None:
    assert judge_cancel(cancel(("1", 1)), view({"1": line(3, cancelled=True)}), {}) is Sighting.SEEN


def test_all_lines_have_to_be_gone() -> None:
    both = cancel(("1", 1), ("2", 1), whole=("1", "2"))
    one = view({"1": line(1, cancelled=True), "2": line(1)}, status="UNSHIPPED")
    assert judge_cancel(both, one, {}) is Sighting.UNSEEN
