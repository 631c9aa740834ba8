"""Why an actor failed, in words that are safe to show and to log.

The text of a foreign exception may hold an address or a token, so only its class and its place are told.
Errors of ours explain themselves (they have a code, a message and a hint, all of them texts).
"""

from pathlib import Path
from traceback import walk_tb
from typing import Protocol, TypeGuard, cast

import msgspec

from channeld.runtime.actor import Halt

__all__ = ["Explained", "Reason", "explains_itself", "frames_of", "reason_of", "unwrap"]

CRASH_HINT = "It is started again by itself. If it stays so, report it with the daemon's log."


class Explained(Protocol):
    """An error that says what happened and what to do, without personal data."""

    code: str
    message: str
    hint: str


class Reason(msgspec.Struct, frozen=True):
    """What happened, and what a person can do."""

    text: str
    hint: str = CRASH_HINT


ENDED = Reason("It ended unexpectedly.")
"""For an actor that returned although it should run for ever."""


def explains_itself(error: object) -> TypeGuard[Explained]:
    """Whether it is one of our errors, wherever it was defined."""
    return all(isinstance(getattr(error, name, None), str) for name in ("code", "message", "hint"))


def reason_of(error: BaseException) -> Reason:
    """The reason to show. Of an exception that is not ours: class name, file and line."""
    if explains_itself(error):
        return Reason(error.message, error.hint)
    frames = frames_of(error)
    return Reason(f"{type(error).__name__} at {frames[-1]}" if frames else type(error).__name__)


def frames_of(error: BaseException) -> list[str]:
    """The traceback without values and without source text, outermost first: `store/orders.py:88 save`."""
    return [
        f"{'/'.join(Path(frame.f_code.co_filename).parts[-2:])}:{line} {frame.f_code.co_name}"
        for frame, line in walk_tb(error.__traceback__)
    ]


def unwrap(error: BaseException) -> BaseException:
    """The one error that matters of a group: a `Halt` if there is one, else the first."""
    if not isinstance(error, BaseExceptionGroup):
        return error
    group = cast("BaseExceptionGroup[BaseException]", error)
    leaves = [unwrap(inner) for inner in group.exceptions]
    return next((leaf for leaf in leaves if isinstance(leaf, Halt)), leaves[0])
