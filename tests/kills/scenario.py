"""What a kill run is made of: the work that goes on, and how to tell if any was lost or done twice."""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Protocol

import msgspec

from tests.kills.moments import Kind
from tests.kills.relay import Relay

__all__ = ["Finding", "Life", "Plan", "Scenario", "Stage"]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How often, and in which market."""

    kills: int
    seed: int
    orders: int
    orders_per_hour: float
    speed: float
    faults: str
    rates: tuple[str, ...]
    hurry: float = 1.0
    """So many times faster than ours goes the clock of daemon and Amazon; see `hurried`."""


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """Where a run takes place."""

    plan: Plan
    folder: Path
    relay: Relay
    amazon: str
    """Base URL of the simulated Amazon itself."""
    endpoint: str
    """Base URL of the relay, which daemons are given."""
    people: Random
    """What people do by chance."""
    program: str
    """What a daemon's process runs."""


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """One daemon from its start to its end."""

    number: int
    socket: Path
    tell: Callable[[str], None]
    """Tell of something after which a kill may be due."""


class Finding(msgspec.Struct, kw_only=True):
    """What a run has come to."""

    figures: dict[str, object]
    wrong: list[str]


class Scenario(Protocol):
    """One kind of work. It is told of every life, and judges at the end."""

    @property
    def kinds(self) -> Sequence[Kind]:
        """The moments at which daemons are killed."""
        ...

    async def live(self, life: Life) -> None:
        """What people do while a daemon runs. Cancelled, or its connection lost, when that one is killed."""
        ...

    def look(self, book: sqlite3.Connection) -> list[str]:
        """Look at what each daemon left, which may be nothing; what is wrong with it, in words."""
        ...

    async def finish(self, life: Life) -> None:
        """The last daemon is not killed: wait until everything has been done."""
        ...

    async def judge(self, book: sqlite3.Connection) -> Finding:
        """Compare what the last one left with what Amazon says."""
        ...
