"""Pieces of a report to its lines, however it is cut into pieces and whatever ends its lines."""

import codecs
import re

from channeld.amazon.documents.charset import mark_of

__all__ = ["LONGEST_LINE", "LineCutter"]

LONGEST_LINE = 2**20
"""Bytes; of a longer line one more than that is kept, which tells."""

_LONGEST_MARK = 3
_END = re.compile(rb"[\r\n]")


class LineCutter:
    """Keeps nothing but what is not yet a line.

    In the charsets that reports come in no second byte of a letter looks like a tab or the end of a line;
    UTF-16, of which that is not true, is made UTF-8 first.
    """

    def __init__(self, charset: str) -> None:
        self.charset = charset or "utf-8"
        """Of the lines that are given; settled when the first of them is there."""
        self._start: bytes | None = b""
        self._transcoder: codecs.IncrementalDecoder | None = None
        self._tail = self._held = b""
        self._has_cr_ends: bool | None = None

    def feed(self, piece: bytes) -> list[bytes]:
        """The lines that are whole now, without their `\\n`."""
        if self._start is not None:
            self._start += piece
            if len(self._start) < _LONGEST_MARK:
                return []
            piece = self._begin(self._start)
        return self._cut(self._transcoded(piece))

    def finish(self) -> tuple[list[bytes], bytes]:
        """The last lines that have an end, and what comes after the last end."""
        lines: list[bytes] = []
        if self._start is not None:
            lines += self._cut(self._transcoded(self._begin(self._start)))
        lines += self._cut(self._transcoded(b"", is_last=True))
        if self._held:
            lines.append(self._tail)
            self._tail = b""
        return lines, self._tail

    def _begin(self, start: bytes) -> bytes:
        """The first bytes without a mark, which says better than any header what they are."""
        self._start = None
        mark, marked = mark_of(start)
        charset = marked or self.charset
        if charset == "utf-16":
            charset = "utf-16-be" if start.startswith(b"\0") else "utf-16-le"
        if charset.startswith("utf-16"):
            self._transcoder = codecs.getincrementaldecoder(charset)("replace")
            charset = "utf-8"
        self.charset = charset
        return start[len(mark) :]

    def _transcoded(self, piece: bytes, *, is_last: bool = False) -> bytes:
        if self._transcoder is None:
            return piece
        return self._transcoder.decode(piece, is_last).encode("utf-8", "replace")

    def _cut(self, piece: bytes) -> list[bytes]:
        if self._has_cr_ends is None:
            piece, self._held = self._held + piece, b""
            self._has_cr_ends = _has_cr_ends(piece)
            if self._has_cr_ends is None and piece.endswith(b"\r"):
                piece, self._held = piece[:-1], b"\r"
        if self._has_cr_ends:
            piece = piece.replace(b"\r", b"\n")
        lines = (self._tail + piece).split(b"\n")
        self._tail = lines.pop()[: LONGEST_LINE + 1]
        return lines


def _has_cr_ends(piece: bytes) -> bool | None:
    """Whether lines end with CR alone, by the first end; None if that is not there, or not wholly."""
    end = _END.search(piece)
    if end is None or piece[end.start() :] == b"\r":
        return None
    return end[0] == b"\r" and piece[end.end() : end.end() + 1] != b"\n"
