"""Why a report does not come, in words for people, with what to do about it."""

import msgspec

from channeld.amazon.errors import (
    AccessDenied,
    AmazonError,
    AmazonUnavailable,
    CredentialsRefused,
    DocumentTruncated,
    Throttled,
    UnreadableAnswer,
)
from channeld.domain.masking import masked
from channeld.errors import ChanneldError

__all__ = ["Refusal", "explanation_in", "fatal", "gone", "refusal_of"]

_ROLES = "Check in the developer console that the app has the role for this report, then authorize it again."
_PASSING = (AmazonUnavailable, CredentialsRefused, DocumentTruncated, Throttled, UnreadableAnswer)


class Refusal(msgspec.Struct, frozen=True):
    """What is shown of it."""

    reason: str
    hint: str = ""


class _Explanation(msgspec.Struct, rename="camel"):
    error_details: str


def refusal_of(error: ChanneldError) -> Refusal | None:
    """What an error says of the report that was asked for; None for one that hits all alike, or passes.

    Roles belong to types of reports, so a request that Amazon does not allow is taken to be about the type.
    """
    if not isinstance(error, AmazonError) or isinstance(error, _PASSING):
        return None
    told = f" Amazon says: {error.text}" if error.text else ""
    if isinstance(error, AccessDenied):
        return Refusal(f"Amazon does not allow this report for the account.{told}", _ROLES)
    return Refusal(f"{error.message}{told}", "Correct what Amazon names, then ask for the report again.")


def gone(report_id: str) -> Refusal:
    """Amazon does not know it, or not any more."""
    return Refusal(f"Amazon knows no report {report_id}; it keeps them for 90 days.", "Ask for it again.")


def fatal(explanation: str) -> Refusal:
    """Amazon gave it up."""
    told = f" Amazon says: {explanation}" if explanation else " Amazon's explanation could not be had."
    return Refusal(f"Amazon could not make the report.{told}", "Ask for it again, or quote its id to Amazon.")


def explanation_in(document: str) -> str:
    """The gist of the document that explains it: its first line, on one line, of at most 300 characters."""
    try:
        text = msgspec.json.decode(document, type=_Explanation).error_details
    except (ValueError, RecursionError):
        text = document
    first = next((line for line in text.splitlines() if line.strip()), "")
    return masked(first, ())
