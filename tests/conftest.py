"""Fixtures that every ring shares."""

import pytest

from tests.support.fake_clock import FakeClock


@pytest.fixture
def anyio_backend() -> str:
    """aiosqlite and Textual run on nothing but asyncio."""
    return "asyncio"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()
