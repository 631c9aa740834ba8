"""The JSON form of a processing report: version 2, as listings feeds have it."""

from typing import Literal

import msgspec

from channeld.amazon.errors import UnreadableReport, plain_code, plain_text
from channeld.amazon.feeds.reports.report import FeedReport, MessageResult, message_id_of

__all__ = ["read_json"]

Count = int | None


class _Issue(msgspec.Struct, rename="camel"):
    message_id: int | str | None = None
    code: int | str | None = None
    severity: str | None = None
    message: str | None = None


class _Summary(msgspec.Struct, rename="camel"):
    messages_processed: Count = None
    messages_accepted: Count = None
    messages_invalid: Count = None


class _Report(msgspec.Struct):
    summary: _Summary
    issues: list[_Issue] | None = None


_DECODER = msgspec.json.Decoder(_Report, strict=False)


def read_json(text: str) -> FeedReport:
    """Its issues are results; those below errors are warnings. Raises `UnreadableReport`.

    The counts of errors and warnings are of issues, not of messages, so they are left alone.
    """
    try:
        report = _DECODER.decode(text)
    except (ValueError, RecursionError):
        reason = "it is not the JSON of a processing report"
    else:
        summary = report.summary
        return FeedReport(
            processed=summary.messages_processed,
            successful=summary.messages_accepted,
            with_error=summary.messages_invalid,
            results=tuple(map(_result, report.issues or ())),
        )
    raise UnreadableReport(reason)


def _result(issue: _Issue) -> MessageResult:
    return MessageResult(
        message_id=message_id_of("" if issue.message_id is None else str(issue.message_id)),
        outcome=_outcome(issue.severity or ""),
        code=plain_code(str(issue.code or "")),
        text=plain_text(issue.message),
    )


def _outcome(severity: str) -> Literal["error", "warning"]:
    return "warning" if severity.upper() in ("WARNING", "INFO") else "error"
