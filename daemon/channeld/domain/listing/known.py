"""What the book knows of listings, as short as it can be said: there may be a million of them."""

from collections.abc import Collection
from typing import TypeAlias

import msgspec

__all__ = ["Known", "Seen", "as_question", "read_known"]

_ROOM = 65_536
_decode = msgspec.json.Decoder(list[tuple[int, int, int, int]]).decode
_encode = msgspec.json.Encoder().encode

Known: TypeAlias = tuple[int, int, bool]
"""Id, fingerprint, and whether it is listed: what tells whether a line of a report is news."""


def as_question(skus: Collection[str]) -> str:
    """SKUs as the store is asked about them: JSON, so that a thousand are one value."""
    return _encode(list(skus)).decode()


def read_known(found: str) -> dict[int, Known]:
    """The store's answer, by the place of its SKU among those that were asked for."""
    return {
        place: (id_, fingerprint, bool(is_listed)) for place, id_, fingerprint, is_listed in _decode(found)
    }


class Seen:
    """Which listings a report has: a byte for each."""

    def __init__(self, marks: bytes = b"") -> None:
        self._marks = bytearray(marks)

    def __contains__(self, id_: int) -> bool:
        return id_ < len(self._marks) and self._marks[id_] != 0

    def add(self, ids: Collection[int]) -> None:
        """They are in the report."""
        lacking = max(ids, default=0) + 1 - len(self._marks)
        if lacking > 0:
            self._marks.extend(bytes(lacking + _ROOM))
        for id_ in ids:
            self._marks[id_] = 1

    def marks(self) -> bytes:
        """To make another one of."""
        return bytes(self._marks)
