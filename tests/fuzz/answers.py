"""Amazon's answers, damaged in every way that a JSON document, a body or a header can be."""

import copy
import gzip
import json
from collections.abc import Callable
from typing import Any

import httpx
from hypothesis import strategies as st

__all__ = ["Damage", "damages"]


class Damage:
    """A way in which an answer can be wrong, with a name for people."""

    def __init__(self, make: Callable[..., Callable[[httpx.Response], httpx.Response]], *how: Any) -> None:
        self._damage = make(*how)
        self._name = f"{make.__name__}{how!r}"

    def __call__(self, response: httpx.Response) -> httpx.Response:
        return self._damage(response)

    def __repr__(self) -> str:
        return self._name[:200]


ODD_VALUES: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    10**30,
    1.5,
    "",
    " ",
    "x",
    "UNHEARD_OF",
    "-1",
    "1e400",
    "NaN",
    "12,34",
    "\ud83d",
    "\0",
    "x" * 1_000_000,
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59-14:00",
    "2026-11-22T09:00:00",
    "2026-11-22T09:00:00+14:00",
    "2150-01-01T00:00:00Z",
    "JPY",
    [],
    [None],
    ["x"] * 10_000,
    {},
    {"x": {"y": [1]}},
    [[[]]],
)
NUMBERS_AS_WRITTEN = (b"NaN", b"1e400", b"-1e99999999999999999999", b"9" * 5000, b"-0", b"01", b"0x1")
PLACEHOLDER = 7351735173517351
BODIES = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b"<html><body>Sorry</body></html>",
    b'{"errors":[{"code":"InternalFailure","message":"x"}]}',
    b"\xff\xfe{\x00}\x00",
    b"[" * 100_000,
    b'{"orders":null}',
    b'{"orders":[],"pagination":{"nextToken":"' + b"t" * 1_000_000 + b'"}}',
    b'{"orders":[1,null,"x",[],{}]}',
)
HEADERS = (
    {"x-amzn-RateLimit-Limit": "abc"},
    {"x-amzn-RateLimit-Limit": "-1"},
    {"x-amzn-RateLimit-Limit": "nan"},
    {"x-amzn-RateLimit-Limit": "1e9"},
    {"x-amzn-RateLimit-Limit": "0.0056, 0.01"},
    {"Retry-After": "soon"},
    {"Retry-After": "99999999999"},
    {"Date": "Fri, 31 Dec 9999 23:59:59 -2359"},
    {"Date": "yesterday"},
    {"Content-Type": "text/html; charset=utf-7"},
    {"Content-Encoding": "gzip, gzip"},
    {"x-amzn-RequestId": "<script>"},
)
STATUSES = (204, 206, 301, 302, 307, 304, 404, 409, 413, 418, 500, 503)


def damages() -> st.SearchStrategy[Damage]:
    """One way in which an answer can be wrong."""
    where = st.integers(0, 10**6)
    ways = st.one_of(
        st.tuples(st.just(changed), where, st.sampled_from(ODD_VALUES)),
        st.tuples(st.just(changed), where, st.sampled_from(ODD_VALUES)),
        st.tuples(st.just(without), where),
        st.tuples(st.just(written_as), where, st.sampled_from(NUMBERS_AS_WRITTEN)),
        st.tuples(st.just(cut_off), st.floats(0, 1), st.booleans()),
        st.tuples(st.just(first_twice)),
        st.tuples(st.just(ids_swapped)),
        st.tuples(st.just(same_token_again)),
        st.tuples(st.just(with_body), st.sampled_from(BODIES)),
        st.tuples(st.just(with_headers), st.sampled_from(HEADERS)),
        st.tuples(st.just(with_status), st.sampled_from(STATUSES)),
    )
    return ways.map(lambda way: Damage(*way))


Change = Callable[[httpx.Response], httpx.Response]
Place = tuple[Any, Any]
"""An object or list, and the key or index of one value in it."""


def _places(holder: Any) -> list[Place]:
    """Every value below, in the order of the document."""
    keys: list[Any] = list(holder) if isinstance(holder, dict) else list(range(len(holder)))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    found: list[Place] = []
    for key in keys:
        found.append((holder, key))  # pyright: ignore[reportUnknownArgumentType]
        if isinstance(holder[key], (dict, list)):
            found += _places(holder[key])
    return found


def _edited(edit: Callable[[Any], None]) -> Change:
    """A damage of the document; a body that is none stays as it is."""

    def change(response: httpx.Response) -> httpx.Response:
        document = json.loads(response.content or b"{}")
        edit(document)
        return _like(response, json.dumps(document).encode())

    return change


def changed(where: int, value: object) -> Change:
    def edit(document: Any) -> None:
        if places := _places(document):
            holder, key = places[where % len(places)]
            holder[key] = copy.deepcopy(value)

    return _edited(edit)


def without(where: int) -> Change:
    def edit(document: Any) -> None:
        if places := _places(document):
            holder, key = places[where % len(places)]
            del holder[key]

    return _edited(edit)


def written_as(where: int, number: bytes) -> Change:
    """With a number that no program writes, or should."""
    with_placeholder = changed(where, PLACEHOLDER)

    def change(response: httpx.Response) -> httpx.Response:
        return _like(response, with_placeholder(response).content.replace(str(PLACEHOLDER).encode(), number))

    return change


def cut_off(share: float, packed: bool) -> Change:
    def change(response: httpx.Response) -> httpx.Response:
        if packed:
            whole = gzip.compress(response.content)
            headers = {"content-encoding": "gzip"}
            return httpx.Response(
                200, headers=headers, stream=httpx.ByteStream(whole[: int(len(whole) * share)])
            )
        return _like(response, response.content[: int(len(response.content) * share)])

    return change


def _edit_orders(document: Any, edit: Callable[[list[Any]], None]) -> None:
    orders = document.get("orders")
    if orders:
        edit(orders)


def first_twice() -> Change:
    return _edited(lambda document: _edit_orders(document, lambda orders: orders.append(orders[0])))


def ids_swapped() -> Change:
    return _edited(lambda document: _edit_orders(document, _swap))


def _swap(orders: list[Any]) -> None:
    ids = [order["orderId"] for order in orders]
    for order, id_ in zip(orders, reversed(ids), strict=True):
        order["orderId"] = id_


def same_token_again() -> Change:
    return _edited(lambda document: document.update(pagination={"nextToken": "the same again"}))


def with_body(body: bytes) -> Change:
    return lambda response: _like(response, body)


def with_headers(headers: dict[str, str]) -> Change:
    return lambda response: httpx.Response(
        response.status_code, headers=headers, stream=httpx.ByteStream(response.content)
    )


def with_status(status: int) -> Change:
    return lambda response: httpx.Response(status, headers={"location": "/again"}, content=response.content)


def _like(response: httpx.Response, body: bytes) -> httpx.Response:
    return httpx.Response(response.status_code, content=body)
