"""What people ask of stock: say how much of an item lies where."""

from collections.abc import Sequence

from channeld.book.stock.saving import Counted, Mode, Wanted, save_levels
from channeld.commands.asking import Asked, refusal
from channeld.errors import Problem
from channeld.store.unit import Unit

__all__ = ["save_stock"]


def save_stock(unit: Unit, asked: Asked, mode: Mode, rows: Sequence[Wanted], reason: str) -> list[Counted]:
    """An answer for each row. Of an import, rows that are refused stop no other.

    Otherwise it is all or nothing: raises `InvalidRequest` with every problem.
    """
    answers = save_levels(unit, rows, mode, reason, asked.now, asked.by)
    problems = [problem for answer in answers for problem in answer.problems]
    if mode != "import" and problems:
        raise refusal(_each_once(problems), "The level")
    return answers


def _each_once(problems: Sequence[Problem]) -> list[Problem]:
    """Rows of one item have the same ones."""
    return list({(each.key, each.message): each for each in problems}.values())
