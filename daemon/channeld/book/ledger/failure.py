"""Why a try failed, in words for people, with what to do about it."""

import msgspec

from channeld.amazon.errors import (
    AccessDenied,
    AmazonError,
    BadRequest,
    CredentialsRefused,
    NotFound,
    Throttled,
)
from channeld.errors import ChanneldError

__all__ = ["Failure", "failure_of"]

_LASTING = (400, 404, 413, 415)
_ALSO = "Correct it, then `channelctl work retry`."


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """One failed try. Nothing personal is in it: Amazon's texts have been masked."""

    code: str
    """Stable and short: Amazon's own, or one of ours."""
    reason: str
    hint: str = ""
    lasting: bool = False
    """Trying again without a change is no use: it waits for a person."""
    in_doubt: bool = False
    """It may have had its effect."""


def failure_of(error: ChanneldError) -> Failure | None:
    """What an error says of the work it hit. None: nothing, as it hits all work alike.

    A refused credential, a missing role and an empty budget are no tries (semantics C1, C3).
    """
    if isinstance(error, AccessDenied | CredentialsRefused | Throttled) or not isinstance(error, AmazonError):
        return None
    lasting = isinstance(error, BadRequest | NotFound) or error.status in _LASTING
    told = f" Amazon says: {error.text}" if error.text else ""
    return Failure(
        code=error.amazon_code or error.code,
        reason=f"{error.message}{told}",
        hint=_ALSO if lasting else error.hint,
        lasting=lasting,
        in_doubt=error.is_ambiguous,
    )
