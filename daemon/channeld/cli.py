"""`channeld`: the service, the demo, and the simulated Amazon alone."""

import sys
from collections.abc import Callable
from typing import TypeVar

import anyio
import click

from channeld import config, logs
from channeld.errors import ChanneldError

__all__ = ["main"]

T = TypeVar("T")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="channeld", prog_name="channeld")
def main() -> None:
    """Connects your own stock and order book to Amazon, on your own machine."""


@main.command()
@click.option(
    "--config", "file", metavar="FILE", help="Settings file; else CHANNELD_CONFIG, else its usual place."
)
@click.option("--database", metavar="URL", help="Path of the database, or sqlite:///PATH.")
@click.option("--socket", metavar="PATH", help="Path of the control socket.")
def run(file: str | None, database: str | None, socket: str | None) -> None:
    """Run the service until SIGTERM or Ctrl-C."""
    from channeld.service import serve  # here, so that --help is quick

    settings = _explained(lambda: config.load(file, database=database, socket=socket))
    logs.set_up(settings.log)
    sys.exit(_explained(lambda: anyio.run(serve, settings)))


@main.command()
@click.option(
    "--headless", is_flag=True, help="No monitor: print events as JSON Lines and a last summary line."
)
@click.option("--seconds", type=click.FloatRange(1), help="Stop after so many seconds.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another one gives other buyers.")
def demo(headless: bool, seconds: float | None, seed: int) -> None:
    """Run daemon, simulated Amazon and monitor together in a temporary directory, without credentials."""
    from channeld.demo import run_demo  # here, so that --help is quick

    sys.exit(_explained(lambda: anyio.run(run_demo, headless, seconds, seed)))


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 picks one.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--orders", type=click.IntRange(0), default=100, show_default=True, help="At the start.")
@click.option("--orders-per-hour", type=click.FloatRange(0), default=60.0, show_default=True)
@click.option(
    "--speed", type=click.FloatRange(0, min_open=True), default=1.0, help="Of buyers; never of budgets."
)
@click.option("--rate", "rates", multiple=True, metavar="OPERATION=PER_SECOND", help="Grant another rate.")
@click.option("--faults", default="", metavar="NAME=RATE,…", help="Faults to make, each with its share.")
def sandbox(
    port: int,
    seed: int,
    orders: int,
    orders_per_hour: float,
    speed: float,
    rates: tuple[str, ...],
    faults: str,
) -> None:
    """Run the simulated Amazon alone, and print how to reach it."""
    from channeld.demo import run_sandbox  # here, so that --help is quick
    from channeld.sandbox import SandboxOptions, parse_faults, parse_rates

    try:
        options = SandboxOptions(
            seed=seed,
            orders=orders,
            orders_per_hour=orders_per_hour,
            speed=speed,
            rates=parse_rates(rates),
            faults=parse_faults(faults),
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    sys.exit(_explained(lambda: anyio.run(run_sandbox, port, options)))


def _explained(act: Callable[[], T]) -> T:
    """Do it; an error that was foreseen is printed with its hint, and ends the program with 1."""
    try:
        return act()
    except* ChanneldError as group:
        for error in _leaves(group):
            print_error(error)
    sys.exit(1)


def print_error(error: ChanneldError) -> None:
    """What happened, every problem, and what to do next."""
    click.echo(f"channeld: {error.message}", err=True)
    for problem in error.problems:
        near = f" (did you mean {problem.nearest}?)" if problem.nearest else ""
        click.echo(f"  {problem.key}: {problem.message}{near}", err=True)
    if error.hint:
        click.echo(f"hint: {error.hint}", err=True)


def _leaves(group: BaseExceptionGroup[ChanneldError]) -> list[ChanneldError]:
    found: list[ChanneldError] = []
    for error in group.exceptions:
        found += _leaves(error) if isinstance(error, BaseExceptionGroup) else [error]
    return found
