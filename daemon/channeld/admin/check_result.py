"""What a check found."""

from collections.abc import Callable
from typing import Literal

import msgspec

from channeld.errors import ChanneldError

__all__ = ["CheckResult", "failed", "fine", "judged", "skipped", "warning"]


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    """One line of `channeld check`."""

    check: str
    verdict: Literal["ok", "warning", "failed", "skipped"]
    message: str
    hint: str = ""


def fine(check: str, message: str) -> CheckResult:
    """As it should be."""
    return CheckResult(check=check, verdict="ok", message=message)


def warning(check: str, message: str, hint: str) -> CheckResult:
    """The service runs, but a person should look."""
    return CheckResult(check=check, verdict="warning", message=message, hint=hint)


def failed(check: str, message: str, hint: str) -> CheckResult:
    """The service does not run so, or loses something."""
    return CheckResult(check=check, verdict="failed", message=message, hint=hint)


def skipped(check: str, message: str) -> CheckResult:
    """Cannot be said, because of what another check found."""
    return CheckResult(check=check, verdict="skipped", message=message)


def judged(check: str, look: Callable[[], CheckResult]) -> CheckResult:
    """The verdict of a check; an error that was foreseen is one."""
    try:
        return look()
    except ChanneldError as error:
        problems = "".join(f" {problem.key}: {problem.message}." for problem in error.problems)
        return failed(check, error.message + problems, error.hint)
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        return failed(check, f"{error.strerror or type(error).__name__}{where}.", NOT_READ)


NOT_READ = "Run it as root, or as the service's user."
