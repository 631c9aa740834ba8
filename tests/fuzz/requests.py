"""Requests as a hostile or careless program makes them, from the structs themselves: a new one is covered."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st
from msgspec import inspect as shapes

from channel_protocol.base import Request
from channel_protocol.codec import requests, tag_of

__all__ = ["CANARY", "JSON_VALUES", "as_line", "damaged_request", "in_order", "request", "request_of"]

CANARY = "CANARY-SECRET-7351"
"""In every secret that is sent; it must come back nowhere."""

Fields = dict[str, Any]

ODD_TEXTS = (
    "",
    " ",
    "\0",
    "a\0b",
    "\u202eabc",
    "\ufeff",
    "\U0001f4a5",
    "\x1b[31mred\x1b[0m",
    "line\nline",
    "' OR 1=1 --",
    "../../etc/passwd",
    "%s%n{0}{x.__class__}",
    "x" * 10_001,
    "9" * 30,
    "NaN",
)
TEXTS = st.one_of(st.sampled_from(ODD_TEXTS), st.text(max_size=40))
NUMBERS = st.one_of(
    st.integers(-5, 120),
    st.sampled_from((2**31, -(2**31), 2**53, 2**63 - 1, 2**63, -(2**63) - 1, 2**64, 10**40)),
)
FRACTIONS = st.one_of(
    st.sampled_from((0.0, -1.0, 0.5, 20.0, 1e300, -1e300, 5e-324)),
    st.floats(allow_nan=False, allow_infinity=False),
)
INSTANTS = st.one_of(
    st.datetimes(
        timezones=st.sampled_from((UTC, timezone(timedelta(hours=14)), timezone(-timedelta(hours=12))))
    ),
    st.datetimes(datetime(2026, 10, 1), datetime(2026, 12, 1)),  # noqa: DTZ001 (without a zone, on purpose)
    st.datetimes(datetime(2026, 10, 1), datetime(2026, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001 (has one)
).map(datetime.isoformat)
JSON_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, FRACTIONS, TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)

KNOWN: dict[str, tuple[Any, ...]] = {
    "account": ("eu", "eu", "us", "EU", "new-account"),
    "actor": ("eu/order_download", "uk/order_intake", "daemon/retention", "eu/nothing"),
    "auth_endpoint": (
        "https://api.amazon.com/auth/o2/token",
        "http://127.0.0.1/auth",
        "https://999.1.1.1/x",
        None,
    ),
    "channel": ("uk", "uk", "de", "UK", "new-channel"),
    "client": ("fuzz 1.0",),
    "client_id": ("amzn1.application-oa2-client.1",),
    "client_secret": (CANARY,),
    "command_id": ("fuzz-again-1", "fuzz-again-2"),
    "confirmed": (True, False),
    "endpoint": ("https://sellingpartnerapi-eu.amazon.com", "http://127.0.0.1", "https://a..b", None),
    "kind": ("payment", "shipping", "other"),
    "limit": (1, 10, 1000, 0),
    "location": ("Default", "Leeds", "FBA"),
    "marketplace": ("UK", "DE", "GB", "A1F83G8C2ARO7P", "US"),
    "order_id": ("203-1111111-2222222", "000-0000000-0000000"),
    "protocol": (1,),
    "refresh_token": (f"Atzr|{CANARY}",),
    "region": ("eu", "na", "EU "),
    "seller_id": ("A1SELLERTEST", "A2SELLERTEST"),
    "state": ("open", "parked", None),
    "tag": ("CREDITCARD", "standard"),
    "target": ("card",),
    "topics": (("orders",), ("audit", "actors"), ("nothing",), ()),
    "values": (
        {"tax_rate": "20"},
        {"enabled": "on"},
        {"enabled": "off", "fba_enabled": "on"},
        {"order_poll_seconds": "60", "endpoint": ""},
        {f"key {number}": "x" for number in range(201)},
    ),
    "wait": (0.0, 0.0, -1.0, 0.5),
}
"""What fields of that name hold when a request is to come far."""


TAKES_AWAY = ("account.remove", "account.set", "actor.halt", "channel.disable", "channel.remove")


def in_order() -> list[type[Request]]:
    """All requests; those after which others find less to do come last."""
    return sorted(requests(), key=lambda kind: tag_of(kind) in TAKES_AWAY)


def request() -> st.SearchStrategy[Fields]:
    """Any request, as the object that goes over the wire, without `id`."""
    return st.sampled_from(requests()).flatmap(request_of)


def request_of(kind: type[Request]) -> st.SearchStrategy[Fields]:
    """Requests of one kind, right by their shape."""
    shape = shapes.type_info(kind)
    assert isinstance(shape, shapes.StructType)
    fields = {field.encode_name: field for field in shape.fields if field.encode_name != "id"}
    required = {name: _field(field) for name, field in fields.items() if field.required}
    optional = {name: _field(field) for name, field in fields.items() if not field.required}
    made = st.fixed_dictionaries(required, optional=optional)
    return made.map(lambda values: {"type": tag_of(kind), **values})


@st.composite
def damaged_request(draw: st.DrawFn) -> Fields:
    """A request with one field wrong, missing, or too many."""
    fields = draw(request())
    name = draw(st.sampled_from([*fields, "something_else", "id"]))
    if draw(st.booleans()):
        return {key: value for key, value in fields.items() if key != name}
    return {**fields, name: draw(JSON_VALUES)}


def _field(field: shapes.Field) -> st.SearchStrategy[Any]:
    free = _of(field.type)
    if field.name == "command_id":
        return st.one_of(st.uuids().map(str), st.uuids().map(str), st.sampled_from(KNOWN["command_id"]), free)
    known = KNOWN.get(field.name)
    if field.name in ("client_secret", "refresh_token"):
        return st.sampled_from(known or ())
    return st.one_of(st.sampled_from(known), st.sampled_from(known), free) if known else free


_PLAIN: dict[type[shapes.Type], st.SearchStrategy[Any]] = {
    shapes.BoolType: st.booleans(),
    shapes.DateTimeType: INSTANTS,
    shapes.FloatType: FRACTIONS,
    shapes.IntType: NUMBERS,
    shapes.NoneType: st.none(),
    shapes.StrType: TEXTS,
}


def _of(type_: shapes.Type) -> st.SearchStrategy[Any]:
    """Values of a type. One that is not known here fails the tests, and is then to be added."""
    match type_:
        case shapes.LiteralType(values=values):
            return st.sampled_from(values)
        case shapes.UnionType(types=types):
            return st.one_of(*map(_of, types))
        case shapes.VarTupleType(item_type=item) | shapes.ListType(item_type=item):
            return st.lists(_of(item), max_size=4)
        case shapes.DictType(key_type=key, value_type=value):
            return st.dictionaries(_of(key), _of(value), max_size=4)
        case shapes.StructType(fields=fields):
            return st.fixed_dictionaries({field.encode_name: _field(field) for field in fields})
        case _:
            return _PLAIN[type(type_)]


def as_line(fields: Fields) -> bytes:
    """One line, with its newline."""
    return json.dumps(fields, ensure_ascii=False).encode() + b"\n"
