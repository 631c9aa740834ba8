"""What can go wrong with Amazon, and what to do about it.

    AmazonError                  operation, status, Amazon's code, request id, whether it is ambiguous
    ├── AmazonUnavailable        no answer, or one that says "later": the actor starts again after a while
    ├── Throttled                no token came free before the request's own deadline
    ├── CredentialsRefused       a person must enter others: the account halts
    ├── AccessDenied             role, region or authorization: what needs it halts
    ├── BadRequest               our request was wrong; `is_page_token_refused` tells the one that happens
    ├── NotFound                 no such thing, or not yet
    ├── UnreadableAnswer         an answer that is not what Amazon documents
    └── DocumentTruncated        a document that began and did not come to its end: another fetch may help
    UnreadableOrder              one order that cannot be taken in; the page around it can
    UnreadableReport             a report that says nothing we can trust

Messages and hints are our own. Amazon's free texts can repeat what was sent to it, so they are kept only of
operations that send nothing personal (`Operation.keeps_text`), apart in `text`; codes and request ids are
kept if they look like such.
"""

import re
from datetime import datetime

from channeld.errors import ChanneldError

__all__ = [
    "AccessDenied",
    "AmazonError",
    "AmazonUnavailable",
    "BadRequest",
    "CredentialsRefused",
    "DocumentTruncated",
    "NotFound",
    "Throttled",
    "UnreadableAnswer",
    "UnreadableOrder",
    "UnreadableReport",
    "plain_code",
    "plain_text",
]

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")
_LONGEST_TEXT = 300
_FEEDS_HINT = (
    "What the feed did is looked for at Amazon; quote the feed's id to Amazon if that finds nothing."
)


def plain_code(text: object) -> str:
    """A code or request id of Amazon's if it looks like one, else an empty text."""
    return text if isinstance(text, str) and _CODE.fullmatch(text) else ""


def plain_text(text: object) -> str:
    """A free text of Amazon's on one line, printable, of at most 300 characters."""
    if not isinstance(text, str):
        return ""
    given = " ".join(text[: 10 * _LONGEST_TEXT].split())
    return "".join(sign for sign in given if sign.isprintable())[:_LONGEST_TEXT]


class AmazonError(ChanneldError):
    """Amazon refused, or did not answer, in a way that was foreseen."""

    def __init__(
        self,
        code: str,
        message: str,
        hint: str = "",
        *,
        operation: str,
        status: int | None = None,
        amazon_code: str = "",
        request_id: str = "",
        text: str = "",
        is_ambiguous: bool = False,
    ) -> None:
        super().__init__(code, message, hint)
        self.operation = operation
        self.status = status
        """HTTP status; None without an answer."""
        self.amazon_code = amazon_code
        self.request_id = request_id
        """What Amazon's support asks for; empty if unknown."""
        self.text = text
        """Amazon's words of the refusal, of operations that send nothing personal; else empty."""
        self.is_ambiguous = is_ambiguous
        """Whether the request may have had its effect: it left, and no answer that can be trusted came.

        False means that it certainly had none: it never left, Amazon refused it (also for its quota), or no
        access token could be had."""


class AmazonUnavailable(AmazonError):
    """Amazon did not answer, or said that it cannot now; trying later is right."""


class Throttled(AmazonError):
    """No token came free before the request's own deadline. Nothing is wrong."""


class CredentialsRefused(AmazonError):
    """The token endpoint does not accept the account's credentials."""


class AccessDenied(AmazonError):
    """Amazon accepts the credentials but not this operation with them."""


class BadRequest(AmazonError):
    """Amazon found the request wrong; sending it again is no use."""

    is_page_token_refused: bool = False
    """The page token is no longer valid: the search starts again from its cursor."""


class NotFound(AmazonError):
    """Amazon does not know the thing by that id."""


class UnreadableAnswer(AmazonError):
    """The answer is not what Amazon documents: damaged, too large, or not from Amazon."""


class DocumentTruncated(AmazonError):
    """A document ended before its end, or its compression is damaged: what was read of it is not all."""


class UnreadableOrder(ChanneldError):
    """One order that cannot be taken in as it stands. Names the field, never its value."""

    def __init__(
        self,
        reason: str,
        field: str,
        order_id: str | None = None,
        marketplace_id: str | None = None,
        updated_at: datetime | None = None,
    ) -> None:
        message = f"{field} {reason}" if field else reason
        super().__init__("unreadable_order", message, "It is kept and read again by itself.")
        self.reason = reason
        self.field = field
        """Its path, such as `orderItems[0].quantityOrdered`; empty for the order as a whole."""
        self.order_id = order_id
        self.marketplace_id = marketplace_id
        self.updated_at = updated_at


class UnreadableReport(ChanneldError):
    """A report that cannot be read at all; of a feed: what became of its messages is not known."""

    def __init__(self, reason: str, hint: str = _FEEDS_HINT) -> None:
        super().__init__("unreadable_report", f"The report cannot be read: {reason}.", hint)
        self.reason = reason
