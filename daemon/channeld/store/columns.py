"""Column types: what an instant, a yes or no, a list and a mapping look like on disk."""

import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import cast

import msgspec
from sqlalchemy import Dialect, Integer, LargeBinary, Text, TypeDecorator

__all__ = ["EPOCH", "AsJson", "Flag", "Instant", "Packed", "TextMap", "Words", "from_micros", "to_micros"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LEVEL = 3
"""Within a few percent of the default's size for Amazon's JSON, at half its time."""
_decode_words = msgspec.json.Decoder(tuple[str | int, ...]).decode
_decode_map = msgspec.json.Decoder(dict[str, str]).decode


def to_micros(instant: datetime) -> int:
    """Microseconds since 1970 UTC. Raises `ValueError` for a time without a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return (instant - EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The instant, aware and UTC."""
    return EPOCH + timedelta(microseconds=micros)


class Instant(TypeDecorator[datetime]):
    """An aware UTC `datetime`, stored as INTEGER microseconds since 1970."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else to_micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else from_micros(value)


class Flag(TypeDecorator[bool]):
    """A `bool`, stored as INTEGER 0 or 1."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> bool | None:
        return None if value is None else bool(value)


class Words(TypeDecorator[tuple[str | int, ...]]):
    """A tuple of texts or ids, stored as a JSON list."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str | int, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str | int, ...] | None:
        return None if value is None else _decode_words(value)


class TextMap(TypeDecorator[Mapping[str, str]]):
    """A mapping of text to text, stored as a JSON object with sorted keys."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, str] | None, dialect: Dialect) -> str | None:
        return None if value is None else msgspec.json.encode(dict(sorted(value.items()))).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Mapping[str, str] | None:
        return None if value is None else cast("Mapping[str, str]", _decode_map(value))


class AsJson(TypeDecorator[msgspec.Struct]):
    """A struct of the domain, stored as a JSON object."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[msgspec.Struct]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: msgspec.Struct | None, dialect: Dialect) -> str | None:
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> msgspec.Struct | None:
        return None if value is None else msgspec.json.decode(value, type=self.kind)


class Packed(TypeDecorator[bytes]):
    """Bytes, stored compressed (zlib)."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else zlib.compress(value, _LEVEL)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else zlib.decompress(value)
