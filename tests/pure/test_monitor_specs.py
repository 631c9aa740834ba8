"""Lines, quantities and amounts as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channel_protocol.order_answers import LineUnits, RefundPart
from channeltop.specs import MISREAD_PARTS, MISREAD_UNITS, MISREAD_YES, parts, units, yes

SKUS = st.text("ABCabc019-_. /#", min_size=1, max_size=20).filter(lambda sku: sku == sku.strip())


def test_nothing_typed_is_everything() -> None:
    assert units("  ") == ()
    assert parts(" ; ") == ()


@given(st.dictionaries(SKUS, st.integers(0, 10_000), max_size=5))
def test_units_are_read_as_they_were_written(wanted: dict[str, int]) -> None:
    typed = " ; ".join(f"{sku} = {quantity}" for sku, quantity in wanted.items())
    assert units(typed) == tuple(LineUnits(line=sku, quantity=n) for sku, n in wanted.items())


@pytest.mark.parametrize("typed", ["MUG", "MUG=", "=2", "MUG=two", "MUG=-1", "MUG=1.5", "A=1;B"])
def test_units_that_cannot_be_read_are_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=MISREAD_UNITS):
        units(typed)


def test_a_part_is_a_line_units_of_it_or_amounts() -> None:
    assert parts("TEA 250; MUG=2; CUP:Principal=10.00, Shipping = 2.5") == (
        RefundPart(line="TEA 250"),
        RefundPart(line="MUG", quantity=2),
        RefundPart(line="CUP", amounts={"Principal": "10.00", "Shipping": "2.5"}),
    )


@pytest.mark.parametrize("typed", ["MUG:", "MUG:10.00", "MUG:Principal=ten", "MUG=", "MUG:Principal=1,"])
def test_a_part_that_cannot_be_read_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=MISREAD_PARTS):
        parts(typed)


def test_an_amount_that_is_written_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="Principal is written twice"):
        parts("MUG:Principal=1,Principal=2")


def test_only_a_yes_is_a_yes() -> None:
    assert [yes(typed) for typed in ("yes", " Y", "no", "N ", "")] == [True, True, False, False, False]
    with pytest.raises(ValueError, match=MISREAD_YES):
        yes("perhaps")
