"""Lines of an order as people name them: by the order item id, or by the SKU."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from channeld.errors import Problem

__all__ = ["NamedUnits", "name_lines"]

NamedUnits = tuple[str, int]
"""A line by its order item id or SKU as a person typed it, and units."""


class Named(Protocol):
    """A line by which a person can name it."""

    @property
    def order_item_id(self) -> str: ...
    @property
    def sku(self) -> str: ...


NamedT = TypeVar("NamedT", bound=Named)


def name_lines(
    lines: Sequence[NamedT], names: Sequence[str]
) -> tuple[list[tuple[str, NamedT]], list[Problem]]:
    """The line behind each name, and a problem for every name that is none, several, or comes twice."""
    found: list[tuple[str, NamedT]] = []
    problems: list[Problem] = []
    for name in names:
        meant = _meant(lines, name.strip())
        if len(meant) != 1:
            problems.append(Problem(key=f"lines.{name}", message=_not_one(lines, meant)))
        elif any(line is meant[0] for _, line in found):
            problems.append(Problem(key=f"lines.{name}", message="is named twice; add it up"))
        else:
            found.append((name, meant[0]))
    return found, problems


def _meant(lines: Sequence[NamedT], name: str) -> list[NamedT]:
    """An order item's id goes before a SKU that looks like one."""
    by_id = [line for line in lines if line.order_item_id == name]
    return by_id or [line for line in lines if line.sku == name]


def _not_one(lines: Sequence[Named], meant: Sequence[Named]) -> str:
    if meant:
        ids = " or ".join(line.order_item_id for line in meant)
        return f"is the SKU of several lines; name the order item: {ids}"
    known = ", ".join(f"{line.order_item_id} ({line.sku})" for line in lines)
    return f"is no line of this order; it has {known or 'none yet'}"
