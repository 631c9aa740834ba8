"""One union and one typed decoder per direction."""

import typing
from functools import cache

import msgspec

from channel_protocol import (
    accounts,
    actors,
    audit,
    channel_files,
    channels,
    feeds,
    items,
    limits,
    listings,
    locations,
    mappings,
    offers,
    order_answers,
    order_export,
    orders,
    prices,
    reports,
    session,
    stock,
    work,
)
from channel_protocol.base import Message, Refused, Reply, Request, Row
from channel_protocol.base import encode as encode

MODULES = (
    session,
    accounts,
    channels,
    channel_files,
    locations,
    mappings,
    orders,
    order_answers,
    work,
    feeds,
    items,
    listings,
    limits,
    stock,
    offers,
    prices,
    reports,
    order_export,
    audit,
    actors,
)
ABSTRACT = "Request", "WriteRequest", "Reply", "Row", "Message"

AnyRow = (
    accounts.AccountRow
    | actors.ActorRow
    | actors.BudgetRow
    | audit.AuditRow
    | channels.ChannelRow
    | feeds.FeedRow
    | listings.DownloadRow
    | offers.StockSyncRow
    | order_answers.DueRow
    | orders.OrderRow
    | orders.QuarantineRow
    | prices.PriceSyncRow
    | reports.ReportRow
    | work.WorkRow
)
"""A row of a topic."""

M = typing.TypeVar("M", bound=Message)


def decode_request(line: bytes) -> Request:
    """A line from a client. Raises `msgspec.MsgspecError`."""
    return _request_decoder().decode(line)


def decode_message(line: bytes) -> Message:
    """A line from the daemon: `Hello`, a reply, `Snapshot` or `Delta`. Raises `msgspec.MsgspecError`."""
    return _message_decoder().decode(line)


def decode_rows(raw: msgspec.Raw) -> list[AnyRow]:
    """The rows of a `Snapshot` or a `Delta`."""
    return _rows_decoder().decode(raw)


@cache
def requests() -> tuple[type[Request], ...]:
    """All requests, by tag."""
    return _concrete(Request)


@cache
def replies() -> tuple[type[Reply], ...]:
    """All replies, by tag."""
    return (*_concrete(Reply), Refused)


@cache
def rows() -> tuple[type[Row], ...]:
    """All rows, by tag."""
    return _concrete(Row)


def messages() -> tuple[type[Message], ...]:
    """What the daemon sends."""
    return (session.Hello, *replies(), session.Snapshot, session.Delta)


def _concrete(base: type[M]) -> tuple[type[M], ...]:
    found = {
        kind
        for module in MODULES
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, base) and kind.__name__ not in ABSTRACT
    } - {Refused}
    return tuple(sorted(found, key=tag_of))


def tag_of(kind: type[Message]) -> str:
    """The value of the field `type` of a kind of message."""
    return str(kind.__struct_config__.tag)


def _union(kinds: tuple[type[Message], ...]) -> typing.Any:
    return typing.Union[kinds]  # noqa: UP007 (a union of types known only at run time)


@cache
def _request_decoder() -> msgspec.json.Decoder[Request]:
    return msgspec.json.Decoder(_union(requests()))


@cache
def _message_decoder() -> msgspec.json.Decoder[Message]:
    return msgspec.json.Decoder(_union(messages()))


@cache
def _rows_decoder() -> msgspec.json.Decoder[list[AnyRow]]:
    return msgspec.json.Decoder(list[AnyRow])
