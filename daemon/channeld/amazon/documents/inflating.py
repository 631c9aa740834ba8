"""Packed bytes that come in pieces, unpacked in pieces: nothing grows with the document."""

import zlib
from collections.abc import Iterable, Iterator
from typing import Protocol

__all__ = ["LARGEST_DOCUMENT", "LARGEST_PIECE", "BadPacking", "Unpacking"]

LARGEST_PIECE = 256 * 1024
"""Bytes that are handed on at once."""
LARGEST_DOCUMENT = 2 * 2**30
"""Bytes of a document when it is unpacked; more is a bomb."""

_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_ENDS_EARLY = "its compression ends too early"


class _Inflater(Protocol):
    """What `zlib.decompressobj` gives."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def unconsumed_tail(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class BadPacking(Exception):
    """What came cannot be unpacked; the text says why."""

    def __init__(self, reason: str, *, is_bomb: bool = False) -> None:
        super().__init__(reason)
        self.is_bomb = is_bomb


class _Gzip:
    """All members of a gzip file; what does not begin as one is passed on as it is.

    What is announced as compressed may not be, and the reverse; two bytes tell, as no text begins with them.
    """

    def __init__(self) -> None:
        self._start: bytes = b""
        self._is_known = self._is_packed = self._is_inside = False
        self._inflater = zlib.decompressobj(_GZIP_WINDOW)
        self._room = LARGEST_DOCUMENT

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What the next bytes stand for. Raises `BadPacking`."""
        if not self._is_known:
            data = self._start + data
            self._is_known = len(data) >= len(_GZIP)
            self._is_packed = data.startswith(_GZIP)
            self._start = b"" if self._is_known else data
            if not self._is_known:
                return
        for piece in self._inflated(data) if self._is_packed else _cut(data):
            self._room -= len(piece)
            if self._room < 0:
                raise BadPacking("it is too large", is_bomb=True)
            yield piece

    def finish(self) -> Iterator[bytes]:
        """What is left. Raises `BadPacking` for a file that is not at its end."""
        if self._start:
            yield self._start
        if self._is_inside:
            raise BadPacking(_ENDS_EARLY)

    def _inflated(self, data: bytes) -> Iterator[bytes]:
        while data := data if self._is_inside else data.lstrip(b"\0"):
            if not self._is_inside:
                self._inflater = zlib.decompressobj(_GZIP_WINDOW)
            piece, data = _step(self._inflater, data)
            self._is_inside = not self._inflater.eof
            if piece:
                yield piece


class Unpacking:
    """Takes off one coding of the transport and one of the document, each if it is there."""

    def __init__(self, content_encoding: str) -> None:
        """Raises `BadPacking` for a coding that was not asked for."""
        if content_encoding.strip().lower() not in ("", "identity", "gzip"):
            raise BadPacking("it is compressed in a way that was not asked for")
        self._layers = (_Gzip(), _Gzip())

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Pieces of the document, none above `LARGEST_PIECE`. Raises `BadPacking`."""
        yield from _through(self._layers, data)

    def finish(self) -> Iterator[bytes]:
        """The last pieces. Raises `BadPacking` if it is not at its end."""
        for at, layer in enumerate(self._layers):
            for piece in layer.finish():
                yield from _through(self._layers[at + 1 :], piece)


def _through(layers: tuple[_Gzip, ...], data: bytes) -> Iterable[bytes]:
    if not layers:
        return _cut(data)
    first, rest = layers[0], layers[1:]
    return (done for piece in first.feed(data) for done in _through(rest, piece))


def _cut(data: bytes) -> Iterator[bytes]:
    for at in range(0, len(data), LARGEST_PIECE):
        yield data[at : at + LARGEST_PIECE]


def _step(inflater: _Inflater, data: bytes) -> tuple[bytes, bytes]:
    """One piece, and what has not been looked at yet."""
    try:
        piece = inflater.decompress(data, LARGEST_PIECE)
    except zlib.error:
        raise BadPacking("its compression is damaged") from None
    return piece, inflater.unused_data if inflater.eof else inflater.unconsumed_tail
