"""A real process, really killed, at moments of chance: every order once, and a sound book."""

from pathlib import Path

import pytest

from tests.kills.orders import Orders
from tests.kills.run import kill_again_and_again
from tests.kills.scenario import Plan

PLAN = Plan(
    kills=3,
    seed=5,
    orders=500,
    orders_per_hour=180,
    speed=60,
    faults="latency=0.01,error_503=0.02,duplicates=0.01",
    rates=("searchOrders=20", "getOrder=20"),
)
"""A little of what `python -m tests.kills` does."""


@pytest.mark.timeout(150)
async def test_killed_at_random_moments_of_a_sync(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    finding = await kill_again_and_again(Orders, PLAN, tmp_path, print)
    assert finding.wrong == []
    assert finding.figures["orders_compared"] != 0
    assert "kill 3 of 3" in capsys.readouterr().out
