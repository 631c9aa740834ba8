"""What Amazon's refusals mean, in our own words (Amazon's reference, sections 2.5 and 3.1)."""

from typing import Any

import msgspec

from channeld.amazon.assumptions import TOKEN_REFUSALS, is_page_token_refused
from channeld.amazon.errors import (
    AccessDenied,
    AmazonError,
    AmazonUnavailable,
    BadRequest,
    CredentialsRefused,
    NotFound,
    UnreadableAnswer,
    plain_code,
    plain_text,
)
from channeld.amazon.exchange import Received
from channeld.amazon.outages import Outage

__all__ = ["error_of_call", "error_of_token", "request_id_of", "unavailable", "unreachable", "unreadable"]

TOKEN = "token exchange"  # noqa: S105 the name of an operation

_AUTHORIZATION_GONE = (
    "The authorization was revoked or has expired.",
    "Authorize the app again in Seller Central and enter the new refresh token.",
)
_SECRET_WRONG = (
    "The client id or client secret is not accepted.",
    "Secrets end 180 days after they were made: make a new one in Amazon's developer console and enter it.",
)
_NOT_ALLOWED = (
    "Amazon does not let this app sign in for this account.",
    "Check in Seller Central that the app is authorized, and that client id and token belong together.",
)
_MALFORMED = (
    "Amazon does not accept the form of these credentials.",
    "Enter client id, client secret and refresh token again, whole and without blanks.",
)
_UNKNOWN_REFUSAL = (
    "Amazon refused the credentials for a reason that is not known here.",
    "Enter client id, client secret and refresh token again; quote the request id to Amazon if it stays so.",
)
_TOKEN_REFUSED = {
    "invalid_grant": _AUTHORIZATION_GONE,
    "invalid_client": _SECRET_WRONG,
    "unauthorized_client": _SECRET_WRONG,
    "access_denied": _NOT_ALLOWED,
    "invalid_scope": _NOT_ALLOWED,
    "invalid_request": _MALFORMED,
    "unsupported_grant_type": _MALFORMED,
}
_TOKEN_LATER = ("server_error", "temporarily_unavailable")
_STATUS_LATER = (408, 425, 429)
_STATUS_NOT_ACTED = (425, 429)
"""Amazon says that it has not even begun."""

_WORDS = {
    413: ("Amazon found the request too large.", "Please report this with the request id."),
    415: ("Amazon did not accept the kind of content.", "Please report this with the request id."),
    409: ("The request conflicts with the state at Amazon.", "It is looked at again at the next turn."),
}
_OTHER = ("Amazon refused the request.", "Please report this with the request id.")


class _TokenError(msgspec.Struct):
    error: str


class _Error(msgspec.Struct):
    code: str | int
    message: Any = None


class _Errors(msgspec.Struct):
    errors: list[_Error]


_TOKEN_ERROR = msgspec.json.Decoder(_TokenError)
_ERRORS = msgspec.json.Decoder(_Errors)


def request_id_of(received: Received) -> str:
    """What Amazon's support asks for."""
    return plain_code(received.headers.get("x-amzn-requestid", ""))


def unavailable(operation: str, reason: str, received: Received | None = None) -> AmazonUnavailable:
    """An answer came that says "later", or is of no use; `reason` is in our own words."""
    return AmazonUnavailable(
        "amazon_unavailable",
        f"Amazon does not answer as it should ({reason}).",
        "It is tried again by itself. If it lasts, check this machine's connection and Amazon's status page.",
        operation=operation,
        status=received.status if received else None,
        amazon_code=_call_code(received) if received else "",
        request_id=request_id_of(received) if received else "",
        is_ambiguous=operation != TOKEN and not (received and received.status in _STATUS_NOT_ACTED),
    )


def unreachable(operation: str, outage: Outage) -> AmazonUnavailable:
    """No whole answer came."""
    message = f"Amazon cannot be reached: {outage.what}."
    return AmazonUnavailable(
        "amazon_unavailable",
        message,
        outage.hint,
        operation=operation,
        is_ambiguous=outage.sent and operation != TOKEN,
    )


def unreadable(operation: str, what: str, received: Received | None = None) -> UnreadableAnswer:
    """An answer that is not what Amazon documents; `what` says in which way."""
    return UnreadableAnswer(
        "unreadable_answer",
        f"The answer is not one that Amazon documents: {what}.",
        "It is tried again by itself. If it lasts, check the account's endpoint and any proxy in between.",
        operation=operation,
        status=received.status if received else None,
        request_id=request_id_of(received) if received else "",
        is_ambiguous=operation != TOKEN,
    )


def error_of_token(received: Received) -> AmazonError:
    """What a refusal of the token endpoint means. Only Amazon's code is looked at, never its text."""
    try:
        code: str | None = _TOKEN_ERROR.decode(received.body).error
    except (ValueError, RecursionError):
        code = None
    if received.status >= 500 or received.status in _STATUS_LATER or code in _TOKEN_LATER:
        return unavailable(TOKEN, f"status {received.status}", received)
    if code is None or received.status < 400:
        return unreadable(TOKEN, f"status {received.status} without a code", received)
    message, hint = _TOKEN_REFUSED.get(code, _UNKNOWN_REFUSAL)
    return CredentialsRefused(
        "credentials_refused",
        message,
        hint,
        operation=TOKEN,
        status=received.status,
        amazon_code=plain_code(code),
        request_id=request_id_of(received),
    )


def error_of_call(
    operation: str, received: Received, *, sent_page_token: bool, keeps_text: bool
) -> AmazonError:
    """What an answer of an operation without success means, its token already refreshed once.

    With `keeps_text` Amazon's own words of a refusal are kept.
    """
    status = received.status
    if status >= 500 or status in _STATUS_LATER:
        return unavailable(operation, f"status {status}", received)
    if status < 400:
        return unreadable(operation, f"status {status}", received)
    kind, code, (message, hint) = _refusal(status)
    error = kind(
        code,
        message,
        hint,
        operation=operation,
        status=status,
        amazon_code=_call_code(received),
        request_id=request_id_of(received),
        text=_call_text(received) if keeps_text else "",
    )
    if isinstance(error, BadRequest):
        error.is_page_token_refused = is_page_token_refused(status, sent_page_token)
    return error


def _refusal(status: int) -> tuple[type[AmazonError], str, tuple[str, str]]:
    if status in TOKEN_REFUSALS:
        return (
            AccessDenied,
            "access_denied",
            (
                "Amazon does not allow this operation for the account.",
                "Check the app's roles, the account's region, and that the authorization was not revoked.",
            ),
        )
    if status == 404:
        return NotFound, "not_found", ("Amazon knows nothing by this id.", "Check the id and the account.")
    if status == 400:
        return BadRequest, "bad_request", ("Amazon found the request wrong.", _OTHER[1])
    return AmazonError, "refused", _WORDS.get(status, _OTHER)


def _call_code(received: Received) -> str:
    first = _first_error(received)
    return plain_code(str(first.code)) if first else ""


def _call_text(received: Received) -> str:
    first = _first_error(received)
    return plain_text(first.message) if first else ""


def _first_error(received: Received) -> _Error | None:
    try:
        errors = _ERRORS.decode(received.body).errors
    except (ValueError, RecursionError):
        return None
    return errors[0] if errors else None
