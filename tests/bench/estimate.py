"""How well the end of a listing download is foretold: `python -m tests.bench.estimate`, one JSON line.

A hundred made-up downloads one after the other, each with what those before it have taught; Amazon's waits
are log-normal with a spread of 0.4, this machine's speeds with one of 0.15. Looked at every ten seconds from
the half-way point on, the first one left out. It computes and measures no time: a seed always gives the same.

median_error          |estimate - end| through the whole, the median of all looks; wanted: below 0.2
median_error_full     the same with details read after the report, at an even pace
in_the_past           looks at which the end was said to be in the past; wanted: 0
worst_seed            the greatest median_error of twenty seeds
"""

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from statistics import median

import msgspec

from channeld.domain.listing.estimate import DETAILS_A_CALL, Course, Lessons, estimate
from tests.support.fake_clock import START

DOWNLOADS = 100
SEEDS = 20
EVERY = 10.0
WAIT = 12 * 60.0
WAIT_SPREAD = 0.4
SPEED_SPREAD = 0.15
ROWS = 50_000
FETCH, PROCESS, CALLS = 30_000.0, 20_000.0, 4.5


class Judged(msgspec.Struct, frozen=True):
    """What a hundred downloads showed."""

    median_error: float
    in_the_past: int


class Made(msgspec.Struct, frozen=True):
    """One download as it truly goes."""

    rows: int
    phases: tuple[float, ...]
    """Seconds of each."""

    @property
    def seconds(self) -> float:
        return sum(self.phases)

    def begun(self, at: float) -> list[datetime]:
        """When its phases began, up to the one that it is in."""
        ends = [sum(self.phases[: place + 1]) for place in range(len(self.phases) - 1)]
        return [START, *(START + timedelta(seconds=end) for end in ends if end <= at)]

    def course(self, at: float, *, full: bool) -> Course:
        """What is known of it then."""
        begun = self.begun(at)
        present = len(begun) - 1
        part = (at - (begun[-1] - START).total_seconds()) / self.phases[present]
        return Course(
            begun=begun,
            full=full,
            rows_total=self.rows if present >= 2 else None,
            rows_done=int(part * self.rows) if present == 2 else 0,
            details_total=self.rows if present == 3 else None,
            details_done=int(part * self.rows) if present == 3 else 0,
        )


def judged(seed: int, *, full: bool) -> Judged:
    """A hundred downloads of one seed."""
    made = list(_made(Random(seed), full=full))  # noqa: S311 (the same downloads in every run; no secret)
    errors: list[float] = []
    past = 0
    for number, each in enumerate(made[1:], start=1):
        lessons = _lessons(made[:number])
        at = each.seconds / 2
        while at < each.seconds:
            now = START + timedelta(seconds=at)
            completion = estimate(each.course(at, full=full), lessons, now).completion
            past += completion < now
            errors.append(abs((completion - START).total_seconds() - each.seconds) / each.seconds)
            at += EVERY
    return Judged(round(median(errors), 4), past)


def _made(rng: Random, *, full: bool) -> Iterator[Made]:
    rows = ROWS
    for _ in range(DOWNLOADS):
        rows = int(rows * rng.uniform(0.97, 1.03))
        phases = [
            WAIT * rng.lognormvariate(0, WAIT_SPREAD),
            rows / (FETCH * rng.lognormvariate(0, SPEED_SPREAD)),
            rows / (PROCESS * rng.lognormvariate(0, SPEED_SPREAD)),
        ]
        if full:
            phases.append(rows / DETAILS_A_CALL / (CALLS * rng.lognormvariate(0, SPEED_SPREAD)))
        yield Made(rows, tuple(phases))


def _lessons(before: Sequence[Made]) -> Lessons:
    last = list(reversed(before[-10:]))
    return Lessons(
        waits=[each.phases[0] for each in last],
        fetch_rates=[each.rows / each.phases[1] for each in last],
        process_rates=[each.rows / each.phases[2] for each in last],
        rows=last[0].rows,
    )


def main() -> None:
    found = [judged(seed, full=False) for seed in range(SEEDS)]
    full = [judged(seed, full=True) for seed in range(SEEDS)]
    figures = {
        "median_error": round(median(each.median_error for each in found), 4),
        "worst_seed": max(each.median_error for each in found),
        "median_error_full": round(median(each.median_error for each in full), 4),
        "in_the_past": sum(each.in_the_past for each in (*found, *full)),
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
