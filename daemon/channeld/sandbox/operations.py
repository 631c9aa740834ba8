"""What every operation of the Selling Partner API is made of: where it is, what it gets, what it answers."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeVar

import msgspec

from channeld.sandbox.account import Account
from channeld.sandbox.market import Market
from channeld.sandbox.refusal import Refusal, invalid

__all__ = ["Call", "Operation", "read_body"]

T = TypeVar("T")


class Call(NamedTuple):
    """An admitted request."""

    market: Market
    account: Account
    path: Mapping[str, str]
    """The parts of the path that vary, by name."""
    query: str
    body: bytes
    content_type: str
    base: str
    """Where the sandbox answers: scheme, host and port."""


class Operation(NamedTuple):
    name: str
    path: str
    handler: Callable[[Call], object]
    """Gives the body of the answer (None: empty) or raises Refusal."""
    method: str = "GET"
    status: int = 200


def read_body(call: Call, kind: type[T]) -> T:
    """The JSON body as that type. Refusal 400 or 415 says what is wrong with it."""
    if not call.content_type.startswith("application/json"):
        raise Refusal(415, "UnsupportedMediaType", "The request body has to be application/json.")
    try:
        return msgspec.json.decode(call.body, type=kind)
    except msgspec.ValidationError as error:
        raise invalid(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise invalid("The request body is not JSON.") from None
