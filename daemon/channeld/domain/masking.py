"""Texts of others without the personal data of the order that they are about (semantics P1)."""

import re
from collections.abc import Iterable

__all__ = ["masked"]

MASK = "…"
SHORTEST = 3
"""Characters: shorter values would blank half of a text and identify nobody."""
LONGEST = 300


def masked(text: str, values: Iterable[str]) -> str:
    """The text on one line, printable and bounded, every value in it replaced by `…` in whatever case."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    parts = {part for value in values for part in _parts(value)}
    for part in sorted(parts, key=len, reverse=True):
        plain = re.sub(re.escape(part), MASK, plain, flags=re.IGNORECASE)
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + MASK


def _parts(value: str) -> Iterable[str]:
    """The value itself, and its words, as a text may repeat only a part of a name or an address."""
    yield from (each for each in (value.strip(), *value.split()) if len(each) >= SHORTEST)
