"""Fixtures of the whole ring: the machine's clock stands still until a test moves it."""

import pytest

from channeld.sandbox import Market
from tests.support.fake_clock import FakeClock


@pytest.fixture
def market(clock: FakeClock) -> Market:
    """Two sellers without orders: one in the UK, Germany and France, one in the US and Canada."""
    return Market(clock)
