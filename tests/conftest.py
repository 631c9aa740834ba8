"""Fixtures that every ring shares."""

import time
from collections.abc import Callable, Generator
from typing import Any

import pytest
import structlog

from tests.support.fake_clock import FakeClock


@pytest.fixture
def anyio_backend() -> str:
    """Textual runs on nothing but asyncio."""
    return "asyncio"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def local_zone(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Local time is Berlin's, wherever the tests run."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(autouse=True)
def forgetful_loggers(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """A logger that kept how one test had it set up, with its level, would be deaf in later ones."""
    configure: Callable[..., None] = structlog.configure

    def forgetful(**settings: Any) -> None:
        configure(**{**settings, "cache_logger_on_first_use": False})

    monkeypatch.setattr(structlog, "configure", forgetful)
    yield
    structlog.reset_defaults()
