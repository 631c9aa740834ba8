"""Column types: what an instant, a yes or no, a list and a mapping look like on disk."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Dialect, Integer, LargeBinary, Text, TypeDecorator

from channeld.store.packing import pack, unpack

__all__ = [
    "EPOCH",
    "AsJson",
    "Converted",
    "Flag",
    "Instant",
    "OneOf",
    "Packed",
    "TextMap",
    "Words",
    "from_micros",
    "to_micros",
]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_decode_words = msgspec.json.Decoder(tuple[str | int, ...]).decode
_encode = msgspec.json.Encoder().encode
_decode_map = msgspec.json.Decoder(dict[str, str]).decode

V = TypeVar("V")


def to_micros(instant: datetime) -> int:
    """Microseconds since 1970 UTC. Raises `ValueError` for a time without a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return (instant - EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The instant, aware and UTC."""
    return EPOCH + timedelta(microseconds=micros)


class Converted(TypeDecorator[V]):
    """A type whose values look different on disk; NULL is None in all of them.

    `to_disk` is also what the hot paths use (`batch.py`), which go past SQLAlchemy's own conversion.
    """

    impl = Text
    cache_ok = True

    def to_disk(self, value: V) -> object:
        """What SQLite stores. Each type says."""
        raise NotImplementedError  # not abc: SQLAlchemy has a metaclass of its own

    def from_disk(self, value: Any) -> V:
        """What was stored. Each type says."""
        raise NotImplementedError  # not abc: SQLAlchemy has a metaclass of its own

    def process_bind_param(self, value: V | None, dialect: Dialect) -> object:
        return None if value is None else self.to_disk(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> V | None:
        return None if value is None else self.from_disk(value)


class Instant(Converted[datetime]):
    """An aware UTC `datetime`, stored as INTEGER microseconds since 1970."""

    impl = Integer
    cache_ok = True

    def to_disk(self, value: datetime) -> int:
        return to_micros(value)

    def from_disk(self, value: int) -> datetime:
        return from_micros(value)


class Flag(TypeDecorator[bool]):
    """A `bool`, stored as INTEGER 0 or 1, which is how sqlite3 binds one."""

    impl = Integer
    cache_ok = True

    def process_result_value(self, value: int | None, dialect: Dialect) -> bool | None:
        return None if value is None else bool(value)


class Words(Converted[tuple[str | int, ...]]):
    """A tuple of texts or ids, stored as a JSON list."""

    impl = Text
    cache_ok = True

    def to_disk(self, value: tuple[str | int, ...]) -> str:
        return _encode(value).decode()

    def from_disk(self, value: str) -> tuple[str | int, ...]:
        return _decode_words(value)


class TextMap(Converted[Mapping[str, str]]):
    """A mapping of text to text, stored as a JSON object with sorted keys."""

    impl = Text
    cache_ok = True

    def to_disk(self, value: Mapping[str, str]) -> str:
        return _encode(dict(sorted(value.items()))).decode()

    def from_disk(self, value: str) -> Mapping[str, str]:
        return _decode_map(value)


class AsJson(Converted[Any]):
    """A value of the domain (a struct, one of several structs, or a tuple of them), stored as JSON."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind

    def to_disk(self, value: Any) -> str:
        return _encode(value).decode()

    def from_disk(self, value: str) -> Any:
        return msgspec.json.decode(value, type=self.kind)


class OneOf(Converted[StrEnum]):
    """A word of an enumeration, stored as text."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def to_disk(self, value: StrEnum) -> str:
        return str(value)

    def from_disk(self, value: str) -> StrEnum:
        return self.kind(value)


class Packed(Converted[bytes]):
    """Amazon's JSON, stored packed (`packing.py`)."""

    impl = LargeBinary
    cache_ok = True

    def to_disk(self, value: bytes) -> bytes:
        return pack(value)

    def from_disk(self, value: bytes) -> bytes:
        return unpack(value)
