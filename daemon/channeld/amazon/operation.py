"""What an operation of Amazon's is, and one call of one, fixed to the byte."""

from collections.abc import Callable
from typing import Generic, Literal, TypeVar
from urllib.parse import quote, urlencode

import msgspec

__all__ = ["Call", "Operation", "Query"]

T = TypeVar("T")
Query = tuple[tuple[str, str], ...]


class Operation(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """One operation: where it is, what it costs, and how its answer is read."""

    name: str
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    """With the names of its parameters in braces."""
    rate: float
    """Tokens a second, as published."""
    burst: int
    """Tokens the bucket holds, as published."""
    repeat_safe: bool
    """Whether it may be repeated when it is unknown whether Amazon acted on it: true of reads, and of what
    has no effect by itself."""
    read: Callable[[bytes], T]
    """Bytes of a success to the answer; raises `ValueError` for anything unforeseen."""
    keeps_text: bool = False
    """Nothing personal is sent with it, so Amazon's words of a refusal repeat nothing personal."""


class Call(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """One request of an operation, fixed to the byte."""

    operation: Operation[T]
    path_params: Query = ()
    query: Query = ()
    """Names and values in the order in which they are sent."""
    body: bytes = b""
    """JSON; empty for none."""

    @property
    def sends_page_token(self) -> bool:
        """Whether it asks for a later page of a search."""
        return any(name == "paginationToken" for name, _ in self.query)

    @property
    def target(self) -> str:
        """Path and query, percent-encoded; the same bytes for the same call."""
        path = self.operation.path.format_map({k: quote(v, safe="") for k, v in self.path_params})
        return f"{path}?{urlencode(self.query, quote_via=quote, safe='')}" if self.query else path
