"""An error that Amazon answers with, in its shape: `{"errors": [{"code", "message", "details"}]}`."""

from typing import Any

__all__ = ["Refusal", "denied", "impossible", "invalid", "throttled"]


class Refusal(Exception):
    """The request is answered with an error; `status` is the HTTP status, `code` Amazon's word for it."""

    def __init__(self, status: int, code: str, message: str, details: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.rule_broken = True
        """Whether the request itself is wrong, and not what it asks of an order as it stands."""

    def body(self) -> dict[str, Any]:
        return {"errors": [{"code": self.code, "message": self.message, "details": self.details}]}


def invalid(message: str, details: str = "") -> Refusal:
    """A parameter breaks a rule: 400 InvalidInput."""
    return Refusal(400, "InvalidInput", message, details)


def impossible(message: str) -> Refusal:
    """The request is valid, but not for this order as it stands: 400 InvalidInput."""
    refusal = invalid(message)
    refusal.rule_broken = False
    return refusal


def denied(details: str = "") -> Refusal:
    """This token does not open this resource: 403 Unauthorized."""
    return Refusal(403, "Unauthorized", "Access to requested resource is denied.", details)


def throttled() -> Refusal:
    """A bucket is empty: 429 QuotaExceeded."""
    return Refusal(429, "QuotaExceeded", "You exceeded your quota for the requested resource.")
