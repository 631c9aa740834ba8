"""An error that Amazon answers with, in its shape: `{"errors": [{"code", "message", "details"}]}`."""

from typing import Any

__all__ = ["Refusal", "denied", "invalid"]


class Refusal(Exception):
    """The request is answered with an error; `status` is the HTTP status, `code` Amazon's word for it."""

    def __init__(self, status: int, code: str, message: str, details: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = details

    def body(self) -> dict[str, Any]:
        return {"errors": [{"code": self.code, "message": self.message, "details": self.details}]}


def invalid(message: str, details: str = "") -> Refusal:
    """A parameter breaks a rule: 400 InvalidInput."""
    return Refusal(400, "InvalidInput", message, details)


def denied(details: str = "") -> Refusal:
    """This token does not open this resource: 403 Unauthorized."""
    return Refusal(403, "Unauthorized", "Access to requested resource is denied.", details)
