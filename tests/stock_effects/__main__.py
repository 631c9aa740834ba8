"""The command: prints one JSON line with the figures; a failing plan is printed as small as it can be."""

import logging
import time

import click
import msgspec
import structlog

from tests.stock_effects.tries import Tally, try_plans

__all__ = ["main"]


@click.command()
@click.option("--runs", type=click.IntRange(1), default=200, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="Another one: other plans.")
def main(runs: int, seed: int) -> None:
    """Change stock while the daemon dies and Amazon fails, and compare what Amazon has in the end."""
    logging.disable()  # the daemons' own lines, of which there are thousands
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    tally = Tally()
    began = time.monotonic()
    try:
        try_plans(tally, runs=runs, seed=seed)
    finally:
        figures = tally.figures() | {"seed": seed, "seconds": round(time.monotonic() - began, 1)}
        click.echo(msgspec.json.encode(figures).decode())


if __name__ == "__main__":
    main()
