"""How fast orders come in, beside scripts that do the like: `python -m tests.bench.ingest`, one JSON line.

One local server hands the same orders to three clients, each a process of its own, in turns: the daemon
(`scripts/whole_channeld.py`), the script that people usually write on python-amazon-sp-api, which is its
documentation's examples put together (`usual.py`), the same with one client kept (`usual.py kept`), and the
best one that can be written on it (`best.py`). Seconds and CPU are the client's own, without start-up;
figures are medians of all rounds, ratios those of one round each.

channeld_orders_per_second, usual_…, best_…   orders in the book or the script's database
channeld_cpu_us_per_order, usual_…, best_…    CPU of the client for one order
times_usual           how many times the usual script's orders a second the daemon takes in; wanted: 10
cpu_of_usual          the daemon's CPU for an order through the usual script's; wanted: at most 0.125
times_kept, cpu_of_kept   the same two, against the usual script that keeps its client
times_best            the daemon's orders a second through the best script's; wanted: 0.35
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from statistics import median
from tempfile import TemporaryDirectory

import msgspec

ORDERS = 4000
ROUNDS = 3
SHARE_OF_USUAL = 20
"""It gets so many times fewer orders, or nobody would wait for it."""
CLIENTS: Mapping[str, tuple[str, ...]] = {
    "channeld": ("whole_channeld",),
    "usual": ("usual",),
    "kept": ("usual", "kept"),
    "best": ("best",),
}
"""Each client's module and what it is told beside the server, a folder and the number of orders."""


class Took(msgspec.Struct):
    """What one client reports of one round."""

    orders: int
    seconds: float
    cpu: float

    @property
    def per_second(self) -> float:
        return self.orders / self.seconds

    @property
    def cpu_us(self) -> float:
        return self.cpu / self.orders * 1e6


Round = dict[str, Took]


def command(module: str, *words: object) -> list[str]:
    return [sys.executable, "-m", f"tests.bench.{module}", *map(str, words)]


@contextmanager
def serving(orders: int) -> Generator[str]:
    """The server's base URL."""
    with subprocess.Popen(command("ingest_server", orders), stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 (our own)
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def run(client: str, url: str, orders: int) -> Took:
    """One client, from nothing."""
    module, *told = CLIENTS[client]
    with TemporaryDirectory() as folder:
        said = subprocess.run(  # noqa: S603 (our own)
            command(f"scripts.{module}", url, folder, orders, *told), check=True, stdout=subprocess.PIPE
        )
    return msgspec.json.decode(said.stdout, type=Took)


def ratio(rounds: Sequence[Round], figure: Callable[[Took], float], other: str) -> float:
    """Of the daemon's figure to another client's, in the middle one of the rounds."""
    return median(figure(each["channeld"]) / figure(each[other]) for each in rounds)


def figures(rounds: Sequence[Round]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name in CLIENTS:
        found[f"{name}_orders_per_second"] = round(median(each[name].per_second for each in rounds))
    for name in CLIENTS:
        found[f"{name}_cpu_us_per_order"] = round(median(each[name].cpu_us for each in rounds))
    return found | {
        "times_usual": round(ratio(rounds, lambda took: took.per_second, "usual"), 1),
        "cpu_of_usual": round(ratio(rounds, lambda took: took.cpu_us, "usual"), 3),
        "times_kept": round(ratio(rounds, lambda took: took.per_second, "kept"), 1),
        "cpu_of_kept": round(ratio(rounds, lambda took: took.cpu_us, "kept"), 3),
        "times_best": round(ratio(rounds, lambda took: took.per_second, "best"), 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="ingest", description="How fast orders come in.")
    parser.add_argument("--orders", type=int, default=ORDERS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    few = max(1, asked.orders // SHARE_OF_USUAL)
    with serving(asked.orders) as url, serving(few) as short:
        rounds = [
            {
                client: run(client, short, few) if client == "usual" else run(client, url, asked.orders)
                for client in CLIENTS
            }
            for _ in range(asked.rounds)
        ]
    sys.stdout.write(json.dumps(figures(rounds)) + "\n")


if __name__ == "__main__":
    main()
