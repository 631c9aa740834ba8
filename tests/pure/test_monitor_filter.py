"""The filter box keeps the rows that a person means."""

import pytest

from channeltop.filter import parsed
from tests.support.monitor_rows import order


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", True),
        ("uk-main", True),
        ("UK standard", True),
        ("uk express", False),
        ("channel:uk", True),
        ("channel:de", False),
        ("order:0000042 state:open", True),
        ("order:0000042 state:parked", False),
        ("http://uk", False),
    ],
)
def test_every_term_must_be_there(typed: str, kept: bool) -> None:
    row = order(42)
    assert parsed(typed).keeps(row, lambda: f"{row.order_id} {row.channel} {row.shipping_service}") is kept


def test_a_field_that_a_row_has_not_keeps_nothing() -> None:
    assert not parsed("by:anna").keeps(order(), lambda: "anna")
