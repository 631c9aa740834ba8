"""The text of a report as bytes: made when it is first downloaded, bit by bit, and kept compressed."""

import zlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Set
from itertools import islice
from typing import Literal, NamedTuple

import msgspec

from channeld.sandbox.reports.report import Lines

__all__ = ["Body", "Damage", "Packed", "Store", "first_bytes"]

BATCH = 500
"""Lines that become bytes together."""
CHUNK = 256 * 1024
GZIP = 16 + zlib.MAX_WBITS
FEW_COLUMNS = 20
"""So many bytes are left of the row that a report ends in."""
KEPT = 256 * 1024 * 1024


class Damage(msgspec.Struct, frozen=True):
    """What is wrong with a report, by fault."""

    rows: Literal["", "report_short", "report_lost_rows", "report_empty"] = ""
    keys: Set[str] = frozenset()
    """The rows that `report_lost_rows` leaves out have one of these in a cell; without any, it chooses."""
    cut: Literal["", "text", "gzip"] = ""
    """Where it ends too early."""

    def keeps(self, number: int, row: str) -> bool:
        """Whether that row (the first one is 0) is there."""
        match self.rows:
            case "report_empty":
                return False
            case "report_short":
                return number % 10 >= 3
            case "report_lost_rows":
                return self.keys.isdisjoint(row.rstrip().split("\t")) if self.keys else number % 50 > 0
            case _:
                return True


class Packed(NamedTuple):
    """The whole text, compressed."""

    content: bytes
    plain_length: int

    def plain(self) -> Iterator[bytes]:
        """The text itself, in chunks."""
        inflate, rest = zlib.decompressobj(GZIP), self.content
        while rest:
            yield inflate.decompress(rest, CHUNK)
            rest = inflate.unconsumed_tail

    def chunks(self) -> Iterator[bytes]:
        """What it is compressed to, in chunks."""
        return (self.content[start : start + CHUNK] for start in range(0, len(self.content), CHUNK))


class Body(msgspec.Struct, frozen=True, eq=False):
    """All that is needed to make the text, always the same one."""

    lines: Lines
    charset: str
    damage: Damage = Damage()

    def pack(self) -> Packed:
        """Make it: seconds for half a million rows, so never on the loop."""
        ends = sum(map(len, self._encoded())) // 2 if self.damage.cut == "text" else None
        deflate = zlib.compressobj(1, zlib.DEFLATED, GZIP)
        parts: list[bytes] = []
        length = 0
        for chunk in self._encoded():
            here = chunk if ends is None or length + len(chunk) < ends else _in_a_row(chunk, ends - length)
            length += len(here)
            parts.append(deflate.compress(here))
            if here is not chunk:
                break
        content = b"".join((*parts, deflate.flush()))
        return Packed(content[: len(content) // 2] if self.damage.cut == "gzip" else content, length)

    def _encoded(self) -> Iterator[bytes]:
        lines = self.lines()
        yield next(lines).encode(self.charset, "replace")
        rows = (row for number, row in enumerate(lines) if self.damage.keeps(number, row))
        while batch := "".join(islice(rows, BATCH)):
            yield batch.encode(self.charset, "replace")


class Store:
    """What has been made lately; the rest is made again."""

    def __init__(self) -> None:
        self._packed: OrderedDict[int, tuple[Body, Packed]] = OrderedDict()

    def get(self, body: Body) -> Packed:
        """The packed text, made now if need be. Not to be called by two threads at once."""
        _, packed = self._packed.pop(id(body), None) or (body, body.pack())
        self._packed[id(body)] = (body, packed)
        while len(self._packed) > 1 and sum(len(kept.content) for _, kept in self._packed.values()) > KEPT:
            self._packed.popitem(last=False)
        return packed


def first_bytes(chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The chunks up to that many bytes."""
    for chunk in chunks:
        yield chunk[:size]
        size -= len(chunk)
        if size <= 0:
            return


def _in_a_row(chunk: bytes, size: int) -> bytes:
    """About so much of it, up to within the first columns of a row."""
    start = chunk.rfind(b"\n", 0, size) + 1
    return chunk[: min(start + FEW_COLUMNS, chunk.index(b"\n", start))].rstrip()
