"""What a processing report says, whatever its form was."""

from typing import Literal

import msgspec

__all__ = ["UNKNOWN_MESSAGE", "WHOLE_FEED", "FeedReport", "MessageResult", "message_id_of"]

WHOLE_FEED = 0
"""The number of a result that is about the feed as a whole."""
UNKNOWN_MESSAGE = -1
"""The number of a result whose own is none: no message was sent under it."""
_MOST_DIGITS = 18


class MessageResult(msgspec.Struct, frozen=True, kw_only=True):
    """What Amazon remarks about one message; successes are only counted."""

    message_id: int
    """`WHOLE_FEED` for all of them."""
    outcome: Literal["error", "warning"]
    code: str = ""
    text: str = ""
    """Amazon's words, printable, at most 300 characters."""


class FeedReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report as it was read, contradictions and all: `judge` sees to those. None where nothing was said."""

    processed: int | None = None
    successful: int | None = None
    with_error: int | None = None
    with_warning: int | None = None
    is_complete: bool = True
    """False: the report itself says that it is not the last word."""
    results: tuple[MessageResult, ...] = ()


def message_id_of(text: str) -> int:
    """The number of a message as it was written; nothing means the whole feed."""
    given = text.strip()
    if not given:
        return WHOLE_FEED
    return (
        int(given) if given.isascii() and given.isdigit() and len(given) <= _MOST_DIGITS else UNKNOWN_MESSAGE
    )
