"""The JSON form of a processing report: version 2, as listings feeds have it."""

from typing import Literal

import msgspec

from channeld.amazon.errors import UnreadableReport, plain_code, plain_text
from channeld.amazon.feeds.reports.report import FeedReport, MessageResult, message_id_of

__all__ = ["JsonIssue", "JsonReport", "decode_json", "read_json", "report_of"]

Count = int | None


class JsonIssue(msgspec.Struct, rename="camel"):
    """A remark; about the whole feed if it names no message."""

    message_id: int | str | None = None
    sku: int | str | None = None
    code: int | str | None = None
    severity: str | None = None
    message: str | None = None
    attribute_name: str | None = None


class _Summary(msgspec.Struct, rename="camel"):
    messages_processed: Count = None
    messages_accepted: Count = None
    messages_invalid: Count = None


class _Header(msgspec.Struct, rename="camel"):
    feed_id: int | str | None = None


class JsonReport(msgspec.Struct):
    """The report as it came."""

    summary: _Summary
    header: _Header | None = None
    issues: list[JsonIssue] | None = None


_DECODER = msgspec.json.Decoder(JsonReport, strict=False)


def decode_json(text: str) -> JsonReport:
    """Raises `UnreadableReport`."""
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError):
        reason = "it is not the JSON of a processing report"
    raise UnreadableReport(reason)


def read_json(text: str) -> FeedReport:
    """Its issues are results; those below errors are warnings. Raises `UnreadableReport`."""
    return report_of(decode_json(text))


def report_of(shown: JsonReport) -> FeedReport:
    """What it says of messages.

    The counts of errors and warnings are of issues, not of messages, so they are left alone.
    """
    return FeedReport(
        processed=shown.summary.messages_processed,
        successful=shown.summary.messages_accepted,
        with_error=shown.summary.messages_invalid,
        results=tuple(map(_result, shown.issues or ())),
    )


def _result(issue: JsonIssue) -> MessageResult:
    return MessageResult(
        message_id=message_id_of("" if issue.message_id is None else str(issue.message_id)),
        outcome=_outcome(issue.severity or ""),
        code=plain_code(str(issue.code or "")),
        text=plain_text(issue.message),
    )


def _outcome(severity: str) -> Literal["error", "warning"]:
    return "warning" if severity.upper() in ("WARNING", "INFO") else "error"
