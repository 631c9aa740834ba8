"""Errors that say what to do next.

    ChanneldError            what happened, a hint, and every problem with its key
    ├── InvalidRequest       something a person or program asked for cannot be done as it stands
    └── NotPermitted         the peer may read but not write

Amazon's errors have a tree of their own below `ChanneldError`, in `amazon/errors.py`. A class exists only
where some caller catches it. Code, message and hint travel over the socket and into the monitor unchanged;
none of them ever holds personal data or a secret.
"""

from collections.abc import Sequence

import msgspec

__all__ = ["ChanneldError", "InvalidRequest", "NotPermitted", "Problem"]


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong: the field or setting, what is wrong with it, and the nearest known key."""

    key: str
    message: str
    nearest: str | None = None


class ChanneldError(Exception):
    """Something went wrong in a way that was foreseen."""

    def __init__(self, code: str, message: str, hint: str = "", problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.problems = tuple(problems)


class InvalidRequest(ChanneldError):
    """What was asked for cannot be done as it stands; nothing was changed."""


class NotPermitted(ChanneldError):
    """The peer may not do this."""
