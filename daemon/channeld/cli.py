"""`channeld`: the service, what its administrator needs, the demo, and the simulated Amazon alone."""

import faulthandler
import math
import sys
from typing import Any

import anyio
import click

from channeld import config, logs
from channeld.admin.backup import backup
from channeld.admin.check import check
from channeld.admin.key import key
from channeld.admin.options import with_database, with_settings
from channeld.explained import explained
from channeld.runtime.first_signals import as_usual

__all__ = ["main"]


class FiniteRange(click.FloatRange):
    """A range without `inf`, and without `nan`, which no bound keeps out."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail("must be a finite number.", param, ctx)
        return number


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="channeld", prog_name="channeld")
@click.pass_context
def main(context: click.Context) -> None:
    """Connects your own stock and order book to Amazon, on your own machine."""
    if context.invoked_subcommand != "run":
        as_usual()


@main.command()
@with_settings
@with_database
@click.option("--socket", metavar="PATH", help="Path of the control socket.")
def run(file: str | None, database: str | None, socket: str | None) -> None:
    """Run the service until SIGTERM or Ctrl-C."""
    from channeld.service import serve  # here, so that --help is quick

    settings = explained(lambda: config.load(file, database=database, socket=socket))
    logs.set_up(settings.log)
    # systemd's watchdog ends us with SIGABRT: then it is told where the loop hung. Of that thread alone, as
    # reading the stacks of others that go on can end in a fault of its own.
    faulthandler.enable(all_threads=False)
    sys.exit(explained(lambda: anyio.run(serve, settings)))


@main.command()
@click.option(
    "--headless", is_flag=True, help="No monitor: print events as JSON Lines and a last summary line."
)
@click.option("--seconds", type=FiniteRange(1), help="Stop after so many seconds.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another one gives other buyers.")
def demo(headless: bool, seconds: float | None, seed: int) -> None:
    """Run daemon, simulated Amazon and monitor together in a temporary directory, without credentials."""
    from channeld.demo import run_demo  # here, so that --help is quick

    sys.exit(explained(lambda: anyio.run(run_demo, headless, seconds, seed)))


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 picks one.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--orders", type=click.IntRange(0), default=100, show_default=True, help="At the start.")
@click.option("--orders-per-hour", type=FiniteRange(0), default=60.0, show_default=True)
@click.option(
    "--listings", type=click.IntRange(0, 1_000_000), default=200, show_default=True, help="A marketplace."
)
@click.option("--speed", type=FiniteRange(0, min_open=True), default=1.0, help="Of buyers; never of budgets.")
@click.option("--rate", "rates", multiple=True, metavar="OPERATION=PER_SECOND", help="Grant another rate.")
@click.option(
    "--faults",
    default="",
    metavar="NAME=RATE,…",
    help="Faults to make, each with its share; any other NAME lists them.",
)
def sandbox(
    port: int,
    seed: int,
    orders: int,
    orders_per_hour: float,
    listings: int,
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
            listings=listings,
            speed=speed,
            rates=parse_rates(rates),
            faults=parse_faults(faults),
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    sys.exit(explained(lambda: anyio.run(run_sandbox, port, options)))


for command in (backup, check, key):
    main.add_command(command)
