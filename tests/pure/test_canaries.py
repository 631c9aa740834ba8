"""The search itself: a value is found under every disguise, and an innocent text is not."""

import base64
import gzip
import json
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from channeld.store.packing import pack
from tests.support.canaries import Canaries

NAME = 'Zoë "Canaria" Vögel'
BIRDS = Canaries([NAME, "canary-4711@example.org", "short"])


DISGUISES: list[Callable[[str], bytes]] = [
    lambda text: text.encode(),
    lambda text: text.encode("utf-16-le"),
    lambda text: text.encode("latin-1"),
    lambda text: json.dumps({"name": text}).encode(),
    lambda text: json.dumps(json.dumps({"name": text})).encode(),
    lambda text: repr(text).encode(),
    lambda text: quote(text).encode(),
    lambda text: text.encode().hex().encode(),
    lambda text: base64.b64encode(text.encode()),
    lambda text: base64.b64encode(b"x" + text.encode() + b"tail"),
    lambda text: base64.b64encode(b"xy" + text.encode() + b"tail"),
    lambda text: base64.urlsafe_b64encode(b"head" + text.encode()),
    lambda text: zlib.compress(b"much " * 40 + text.encode()),
    lambda text: gzip.compress(text.encode()),
    lambda text: text[::-1].encode(),
]


@pytest.mark.parametrize("disguise", DISGUISES)
def test_every_disguise_is_seen_through(disguise: Callable[[str], bytes]) -> None:
    for value in sorted(BIRDS.values):
        found = BIRDS.in_bytes(b"\x00before" + disguise(value) + b"after\xff")
        assert any(repr(value) in said for said in found)


def test_what_a_database_has_in_any_value_is_found_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    with closing(sqlite3.connect(path)) as book, book:
        book.execute("CREATE TABLE orders (id, payload)")
        book.execute("INSERT INTO orders VALUES (?, NULL)", (NAME,))
        book.execute("INSERT INTO orders VALUES (1, ?)", (pack(json.dumps({"buyer": NAME}).encode()),))
    assert {said.partition(":")[0] for said in BIRDS.in_database(path)} == {"orders.id", "orders.payload"}
    assert any(said.startswith("book.db:") for said in BIRDS.in_files(tmp_path))


def test_what_is_innocent_or_short_is_not_found() -> None:
    assert BIRDS.values == {NAME, "canary-4711@example.org"}
    assert BIRDS.in_text("a short text about no bird, canary-4712@example.org") == []
