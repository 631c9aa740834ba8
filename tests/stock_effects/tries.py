"""Plans by the hundred: each is played in a folder of its own and judged, and what was met is counted."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import anyio
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.stock_effects.judge import wrong_with
from tests.stock_effects.plan import Plan
from tests.stock_effects.plans import plans
from tests.stock_effects.play import Played, play

__all__ = ["Tally", "try_plan", "try_plans"]

IN_MEMORY = Path("/dev/shm")  # noqa: S108 (small databases, in folders of TemporaryDirectory)
_seeded = seed


class Tally:
    """What has been met."""

    def __init__(self) -> None:
        self.runs = self.deaths = self.cuts = self.wrong = 0
        self.hours = 0.0
        self.faults: Counter[str] = Counter()
        self.deeds: Counter[str] = Counter()
        self.told: Counter[str] = Counter()
        """Messages that Amazon took, by their route."""

    def add(self, played: Played, wrong: list[str]) -> None:
        self.runs += 1
        self.deaths += played.deaths
        self.cuts += played.cuts
        self.wrong += bool(wrong)
        self.hours += played.hours
        self.faults.update(trouble.fault for trouble in played.plan.troubles)
        self.deeds.update(deed.kind for deed in played.plan.deeds)
        every = (each for told in played.market.truth.told.values() for each in told)
        self.told.update(each.route for each in every)

    def figures(self) -> dict[str, object]:
        return {
            "runs": self.runs,
            "wrong": self.wrong,
            "deaths": self.deaths,
            "cuts": self.cuts,
            "by_fault": dict(sorted(self.faults.items())),
            "by_deed": dict(sorted(self.deeds.items())),
            "told": dict(sorted(self.told.items())),
            "hours_of_theirs": round(self.hours),
        }


def try_plans(tally: Tally, *, runs: int, seed: int) -> None:
    """So many plans; raises with the smallest one that goes wrong."""
    how = settings(
        max_examples=runs,
        database=None,
        deadline=None,
        suppress_health_check=(
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.large_base_example,
        ),
        phases=(Phase.generate, Phase.shrink),
    )

    @_seeded(seed)
    @how
    @given(plan=plans())
    def each(plan: Plan) -> None:
        wrong = try_plan(plan, tally)
        assert not wrong, "\n".join(wrong)

    each()


def try_plan(plan: Plan, tally: Tally | None = None) -> list[str]:
    """One plan; what is wrong at its end."""
    with TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as folder:
        played = anyio.run(play, plan, Path(folder))
        wrong = wrong_with(played)
    if tally is not None:
        tally.add(played, wrong)
    return wrong
