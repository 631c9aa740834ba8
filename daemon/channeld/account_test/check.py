"""One step's result."""

from typing import Literal

import msgspec

from channeld.amazon.errors import AmazonError, Throttled

__all__ = ["Check", "Verdict", "failed_over", "unknown"]

TOO_MANY = 429

Verdict = Literal["ok", "failed", "warning", "unknown"]


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """What a step found, in words for people."""

    step: int
    name: str
    verdict: Verdict
    message: str
    hint: str = ""


def unknown(step: int, name: str, message: str, hint: str = "") -> Check:
    """A step that found nothing out, which is no failure."""
    return Check(step=step, name=name, verdict="unknown", message=message, hint=hint)


def failed_over(step: int, name: str, error: AmazonError) -> Check:
    """A step that ended in an error. Being throttled is none."""
    if isinstance(error, Throttled) or error.status == TOO_MANY:
        return unknown(step, name, "throttled: Amazon grants no request now", "Try again later.")
    return Check(step=step, name=name, verdict="failed", message=error.message, hint=error.hint)
