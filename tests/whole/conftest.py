"""Fixtures of the whole ring: the machine's clock stands still until a test moves it."""

from collections.abc import Generator

import pytest
import structlog

from channeld.sandbox import Market
from tests.support.fake_clock import FakeClock


@pytest.fixture
def market(clock: FakeClock) -> Market:
    """Two sellers without orders: one in the UK, Germany and France, one in the US and Canada."""
    return Market(clock)


@pytest.fixture(autouse=True)
def plain_log() -> Generator[None]:
    """What the daemon logs is shown when a test fails; without colours and columns that costs little."""
    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.KeyValueRenderer()]
    )
    yield
    structlog.reset_defaults()
