"""Values that must be nowhere, searched for in whatever was written, also under every disguise we know."""

import base64
import json
import re
import sqlite3
import zlib
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

from channeld.store.packing import unpack

__all__ = ["Canaries", "everything_below"]

SHORTEST = 6
"""Shorter values occur by chance."""
LARGEST = 4 * 2**20
"""Bytes that one packed piece is looked at for."""
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_GZIP = re.compile(rb"\x1f\x8b\x08")

Encode = Callable[[str], Iterable[bytes]]


def _in_base64(text: str, encode: Callable[[bytes], bytes]) -> Generator[bytes]:
    """As it looks wherever in a longer value it begins: its middle does not depend on its neighbours."""
    for before in range(3):
        coded = encode(b"\0" * before + text.encode())
        yield coded[(before * 8 + 5) // 6 : -4]


FORMS: dict[str, Encode] = {
    "clear": lambda text: [text.encode()],
    "Latin-1": lambda text: [text.encode("latin-1", "replace")],
    "UTF-16": lambda text: [text.encode("utf-16-le"), text.encode("utf-16-be")],
    "JSON": lambda text: [
        json.dumps(text)[1:-1].encode(),
        json.dumps(text, ensure_ascii=False)[1:-1].encode(),
    ],
    "JSON in JSON": lambda text: [json.dumps(json.dumps(text)[1:-1])[1:-1].encode()],
    "repr": lambda text: [repr(text)[1:-1].encode(), repr(text.encode())[2:-1].encode()],
    "URL": lambda text: [quote(text, safe="").encode(), quote(text).encode(), quote_plus(text).encode()],
    "hex": lambda text: [text.encode().hex().encode(), text.encode().hex().upper().encode()],
    "base64": lambda text: _in_base64(text, base64.b64encode),
    "base64 for URLs": lambda text: _in_base64(text, base64.urlsafe_b64encode),
    "backwards": lambda text: [text[::-1].encode()],
}


class Canaries:
    """A set of values, each that is to be found nowhere."""

    def __init__(self, values: Iterable[str]) -> None:
        self.values = frozenset(value for value in values if len(value) >= SHORTEST)
        self._forms = {
            coded: f"{value!r} as {name}"
            for value in sorted(self.values)
            for name, encode in reversed(FORMS.items())
            for coded in encode(value)
            if len(coded) >= SHORTEST
        }

    def in_text(self, text: str) -> list[str]:
        """What of it is in a text."""
        return self.in_bytes(text.encode("utf-8", "surrogateescape"))

    def in_bytes(self, data: bytes) -> list[str]:
        """What of it is in there, also in pieces that are packed; an empty list is what one wants."""
        looked_at = b"\0".join([data, *_unpacked(data)])
        return [said for coded, said in self._forms.items() if coded in looked_at]

    def in_files(self, folder: Path) -> list[str]:
        """In all files below, as they are on disk, with the names of the files."""
        found: list[str] = []
        for path in everything_below(folder):
            found += [f"{path.name}: {said}" for said in self.in_bytes(path.read_bytes())]
            found += [f"the name of {path.name}: {said}" for said in self.in_text(path.name)]
        return found

    def in_database(self, path: Path) -> list[str]:
        """In each value of each table, unpacked where the product packs: pages may cut a value in two."""
        found: list[str] = []
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as book:
            for table, column, value in _values(book):
                found += [f"{table}.{column}: {said}" for said in self.in_bytes(value)]
        return found


def everything_below(folder: Path) -> list[Path]:
    """All files, but those that are no files, such as sockets."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _values(book: sqlite3.Connection) -> Generator[tuple[str, str, bytes]]:
    tables = [name for (name,) in book.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    for table in tables:
        cursor = book.execute(f'SELECT * FROM "{table}"')  # noqa: S608 (a name of the schema itself)
        names = [column[0] for column in cursor.description]
        for row in cursor:
            for name, value in zip(names, row, strict=True):
                yield table, name, _as_bytes(value)


def _as_bytes(value: Any) -> bytes:
    if isinstance(value, bytes):
        return b"\0".join([value, *_by_the_product(value)])
    return str(value).encode()


def _by_the_product(value: bytes) -> Generator[bytes]:
    try:
        yield unpack(value)
    except (ValueError, zlib.error):
        return


def _unpacked(data: bytes) -> Generator[bytes]:
    for kind, window in ((_ZLIB, zlib.MAX_WBITS), (_GZIP, zlib.MAX_WBITS | 16)):
        for found in kind.finditer(data):
            try:
                yield zlib.decompressobj(window).decompress(data[found.start() :], LARGEST)
            except zlib.error:
                continue
