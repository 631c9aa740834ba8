"""The command: prints one JSON line with the figures, and what is wrong to standard error."""

import logging
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import anyio
import click
import msgspec
import structlog

from tests.kills.effects import Effects
from tests.kills.orders import Orders
from tests.kills.run import kill_again_and_again
from tests.kills.scenario import Finding, Plan
from tests.kills.stories import STORIES
from tests.support.crashes import die_everywhere

UNJUDGED = ("poison", "missing_orders", "missing_bound")
"""Faults after which the book rightly differs from what Amazon says at the end."""
FAULTS = (
    "latency=0.03,error_503=0.02,error_500=0.01,reset=0.02,truncated=0.01,duplicates=0.01"
    ",lwa_unavailable=0.05"
)
WRITES_FAIL = (
    "throttle_burst=0.001,error_503=0.02,reset=0.02,reset_after=0.03,error_500_after=0.02,feed_stuck=0.25"
)
USUAL: Mapping[str, Any] = {"orders": 6000, "orders_per_hour": 180.0, "faults": FAULTS, "hurry": 1.0}
OWN: Mapping[str, Mapping[str, Any]] = {
    "orders": {},
    "effects": {"orders": 1500, "orders_per_hour": 0.0, "faults": WRITES_FAIL, "hurry": 100.0},
}
"""What is not said is as it is usual, or as the scenario wants it."""
SCENARIOS = {"effects": Effects, "orders": Orders}


@click.command()
@click.option("--scenario", type=click.Choice(sorted(SCENARIOS)), default="orders", show_default=True)
@click.option("--kills", type=click.IntRange(1), default=50, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="Another one: other moments and buyers.")
@click.option("--orders", type=click.IntRange(0), help="At the start.")
@click.option("--orders-per-hour", type=click.FloatRange(0))
@click.option("--speed", type=click.FloatRange(0, min_open=True), default=60.0, help="Of buyers.")
@click.option("--rate", "rates", multiple=True, default=("searchOrders=10", "getOrder=10"), show_default=True)
@click.option("--faults", help="Shares, as the sandbox takes them.")
@click.option("--hurry", type=click.FloatRange(1), help="Of the clock; effects take hours.")
@click.option("--boundaries", is_flag=True, help="Instead: die in-process at every boundary of every story.")
def main(
    scenario: str,
    kills: int,
    seed: int,
    speed: float,
    rates: tuple[str, ...],
    boundaries: bool,
    **given: Any,
) -> None:
    """Kill the daemon with SIGKILL at random moments and prove that nothing is lost or done twice.

    The folder of a run in which something was wrong is kept, with the daemon's database and log.
    """
    folder = Path(mkdtemp(prefix="kills-"))
    if boundaries:
        _tell(anyio.run(_every_boundary, folder), "boundaries", folder)
        return
    chosen = {**USUAL, **OWN[scenario], **{key: value for key, value in given.items() if value is not None}}
    if any(name in chosen["faults"] for name in UNJUDGED):
        raise click.UsageError(f"the outcome cannot be judged with {', '.join(UNJUDGED)}")
    plan = Plan(
        kills=kills,
        seed=seed,
        speed=speed,
        rates=rates,
        **chosen,
    )
    finding = anyio.run(kill_again_and_again, SCENARIOS[scenario], plan, folder, _say)
    _tell(finding, scenario, folder)


async def _every_boundary(folder: Path) -> Finding:
    logging.disable()  # the daemons' own lines, of which there are thousands
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    figures: dict[str, object] = {}
    wrong: list[str] = []
    for story in STORIES:
        home = folder / story.name
        home.mkdir()
        outcome = await die_everywhere(story, home)
        _say(f"{story.name}: {outcome.deaths} deaths, {len(outcome.wrong)} wrong")
        figures[story.name] = {"deaths": outcome.deaths, "pages_asked_again": outcome.pages_asked_again}
        wrong += outcome.wrong
    return Finding(figures=figures, wrong=wrong)


def _say(line: str) -> None:
    click.echo(line, err=True)


def _tell(finding: Finding, scenario: str, folder: Path) -> None:
    figures = {"scenario": scenario, **finding.figures, "wrong": len(finding.wrong)}
    click.echo(msgspec.json.encode(figures).decode())
    if finding.wrong:
        _say("\n".join(["", *finding.wrong, "", f"Kept to look at: {folder}"]))
        sys.exit(1)
    shutil.rmtree(folder)


main()
