"""Lines that are no requests."""

import json

from hypothesis import strategies as st

from tests.fuzz.requests import JSON_VALUES, as_line, damaged_request

__all__ = ["lines"]

ODD_LINES = (
    b"null",
    b"0",
    b"[]",
    b"{}",
    b'"text"',
    b"\x00",
    b"\xff\xfe\xfd",
    b"\xef\xbb\xbf{}",
    b"{" * 5000,
    b"[" * 100_000,
    b'{"a":' * 5000,
    b'{"type":"account.list","x":' + b"[" * 3000 + b"]" * 3000 + b"}",
    b'{"type":"account.list","limit":NaN}',
    b'{"type":"account.list","limit":1e400}',
    b'{"type":"account.list","limit":-0}',
    b'{"type":"order.sync","command_id":"abcdefgh","wait":Infinity}',
    b'{"type":"account.list","id":' + b"9" * 5000 + b"}",
    b'{"type":"account.list","id":1.5}',
    b'{"type":"account.list","type":"channel.list"}',
    b'{"type":"account.show","account":"\\ud800"}',
    b'{"type":"account.show","account":"\xc3\x28"}',
    b'{"type":"account.show","account":"\x01"}',
    b'{"type":["account.list"]}',
    b'{"type":null}',
    b'{"type":""}',
    b'{"type":"hello"}',
    b'{"type":"refused","code":"x","message":"y"}',
    b'{"type":"' + b"x" * 100_000 + b'"}',
    b"GET / HTTP/1.1",
    b"'; DROP TABLE orders; --",
)


def lines() -> st.SearchStrategy[bytes]:
    """One line with its newline; it is never empty and holds no other newline."""
    bare = st.one_of(
        st.sampled_from(ODD_LINES),
        st.binary(min_size=1, max_size=200),
        JSON_VALUES.map(lambda value: json.dumps(value).encode()),
        damaged_request().map(lambda fields: as_line(fields)[:-1]),
        damaged_request().flatmap(_cut),
    )
    return (
        bare.map(lambda line: line.replace(b"\n", b" ")).filter(lambda line: bool(line.strip())).map(_ended)
    )


def _cut(fields: dict[str, object]) -> st.SearchStrategy[bytes]:
    line = as_line(fields)[:-1]
    return st.integers(1, len(line)).map(lambda end: line[:end])


def _ended(line: bytes) -> bytes:
    return line + b"\n"
