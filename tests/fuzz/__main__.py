"""`python -m tests.fuzz socket|amazon --seconds N`: new examples until the time is over, or one fails."""

import argparse
import logging
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import structlog
from hypothesis import settings

from tests.fuzz import amazon_fuzz, answer_fuzz
from tests.fuzz.requests import in_order
from tests.fuzz.socket_fuzz import AS_FAST, try_lines, try_requests
from tests.fuzz.wild_daemon import wild_daemon

Round = Callable[[int, settings], None]
EXAMPLES = 200


def main() -> None:
    """Run what was asked for; the exception of a failing example ends the program."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("what", choices=sorted(RUNS))
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    RUNS[arguments.what](arguments.seconds, arguments.seed)


def fuzz_socket(seconds: float, first: int) -> None:
    """Requests of every kind in turn, and lines that are none, to one daemon."""
    how = settings(AS_FAST, max_examples=EXAMPLES)
    with tempfile.TemporaryDirectory(prefix="fuzz") as folder, wild_daemon(Path(folder)) as daemon:
        before = daemon.in_use()

        def play(number: int) -> None:
            for kind in in_order():
                try_requests(daemon, kind, how, number)
            try_lines(daemon, how, number)

        with daemon.time_passes():
            rounds = _repeat(play, seconds, first)
        print(f"{rounds} rounds of {EXAMPLES} × {len(in_order()) + 1} lines")  # noqa: T201
        print(f"open files, tasks: {before} at the beginning, {daemon.in_use()} at the end")  # noqa: T201


def fuzz_amazon(seconds: float, first: int) -> None:
    """Searches through a whole daemon, and single answers of every operation."""
    single = settings(answer_fuzz.AS_FAST, max_examples=EXAMPLES)
    through = settings(amazon_fuzz.AS_FAST, max_examples=EXAMPLES // 4)

    def play(number: int) -> None:
        for name in answer_fuzz.OPERATIONS:
            answer_fuzz.try_operation(name, single, number)
        with tempfile.TemporaryDirectory(prefix="fuzz") as folder, amazon_fuzz.seller(Path(folder)) as shop:
            amazon_fuzz.try_searches(shop, through, number)

    rounds = _repeat(play, seconds, first)
    print(f"{rounds} rounds of {EXAMPLES // 4} searches and {EXAMPLES} answers of each operation")  # noqa: T201


def _repeat(play: Callable[[int], None], seconds: float, first: int) -> int:
    end = time.monotonic() + seconds
    for number in count(first):
        play(number)
        if time.monotonic() >= end:
            return number - first + 1
    raise AssertionError


RUNS = {"amazon": fuzz_amazon, "socket": fuzz_socket}

if __name__ == "__main__":
    main()
