"""Whatever Amazon answers: good orders are booked, bad ones kept with the reason, or all is asked again."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.fuzz.amazon_fuzz import seller, try_searches
from tests.fuzz.answer_fuzz import OPERATIONS, try_operation


def test_a_damaged_search_loses_no_order_and_is_got_over(tmp_path: Path) -> None:
    with capture_logs() as logs, seller(tmp_path) as shop:
        try_searches(shop)
        assert shop.personal
    assert not any(value in repr(logs) for value in shop.personal)


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_damaged_answer_is_an_error_of_amazons_at_most(name: str) -> None:
    try_operation(name)
