"""What goes wrong between us and Amazon's storage. None of it is ambiguous: a document alone does nothing."""

from collections.abc import Mapping

from channeld.amazon.errors import AmazonError, DocumentTruncated, UnreadableAnswer
from channeld.amazon.exchange import Received
from channeld.amazon.outages import Outage
from channeld.amazon.refusals import unavailable, unreachable, unreadable

__all__ = [
    "DOWNLOAD",
    "LAST_LINE_CUT",
    "UPLOAD",
    "bad_document",
    "no_answer",
    "refused",
    "truncated",
    "unsafe",
]

UPLOAD, DOWNLOAD = "document upload", "document download"
LAST_LINE_CUT = "its last line is cut"
_LATER = (408, 425, 429)
_GONE = (403, 404)
"""The address has lapsed, or was used: another one helps."""


def unsafe(operation: str) -> AmazonError:
    """Amazon named an address that nothing is sent to."""
    return _without_effect(unreadable(operation, "the document's address is not one of https"))


def no_answer(operation: str, outage: Outage) -> AmazonError:
    """Nothing came back, or not all of it."""
    return _without_effect(unreachable(operation, outage))


def refused(operation: str, status: int, headers: Mapping[str, str]) -> AmazonError:
    """An answer that is no success; what it says is not looked at."""
    received = Received(status=status, headers=headers, body=b"")
    if status >= 500 or status in _LATER:
        return _without_effect(unavailable(operation, f"status {status}", received))
    if status in _GONE:
        reason = "the document's address does not hold any more"
        return _without_effect(unavailable(operation, reason, received))
    return _without_effect(unreadable(operation, f"status {status}", received))


def bad_document(operation: str, reason: str) -> UnreadableAnswer:
    """What came is not a document that can be read."""
    error = unreadable(operation, reason)
    error.is_ambiguous = False
    return error


def truncated(reason: str) -> DocumentTruncated:
    """The document began, and did not come to its end."""
    return DocumentTruncated(
        "document_truncated",
        f"The document did not come whole: {reason}.",
        "It is fetched again by itself, from a new address.",
        operation=DOWNLOAD,
    )


def _without_effect(error: AmazonError) -> AmazonError:
    error.is_ambiguous = False
    return error
