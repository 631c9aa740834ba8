"""What a request may hold at most: enough for every real one, too little to keep the daemon busy with it."""

from collections.abc import Iterator
from typing import Any, cast

from channel_protocol.base import Problem, Request

__all__ = ["LARGEST_NUMBER", "excesses"]

LARGEST_NUMBER = 2**63 - 1
LONGEST_TEXT = 10_000
"""Characters."""
MOST_PARTS = 200
"""Entries of a list or of a mapping."""
MOST_ROWS = 500
"""Entries of a list in which each is a small request of its own, carried out together with the others."""
IN_BULK = ("rows", "skus", "listings")
"""The fields with such lists."""


def excesses(request: Request) -> tuple[Problem, ...]:
    """Every field that holds more than it may."""
    return tuple(
        Problem(key=name, message=what)
        for name in request.__struct_fields__
        for what in _excesses_of(getattr(request, name), MOST_ROWS if name in IN_BULK else MOST_PARTS)
    )


def _excesses_of(value: object, most: int) -> Iterator[str]:
    if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
        yield "does not fit into 64 bits"
    elif isinstance(value, str) and len(value) > LONGEST_TEXT:
        yield f"is longer than {LONGEST_TEXT:,} characters"
    elif isinstance(value, (tuple, dict)):
        yield from _excesses_of_parts(cast("tuple[Any, ...] | dict[Any, Any]", value), most)


def _excesses_of_parts(parts: tuple[Any, ...] | dict[Any, Any], most: int) -> Iterator[str]:
    texts = (*parts, *parts.values()) if isinstance(parts, dict) else parts
    if len(parts) > most:
        yield f"has more than {most} entries"
    if any(isinstance(text, str) and len(text) > LONGEST_TEXT for text in texts):
        yield f"has an entry longer than {LONGEST_TEXT:,} characters"
