"""What became of each message, by a report that may contradict itself: that is unknown, never a success."""

from collections.abc import Collection, Mapping
from typing import Literal

import msgspec

from channeld.amazon.feeds.reports.report import WHOLE_FEED, FeedReport, MessageResult

__all__ = ["JudgedMessage", "JudgedMessages", "judge", "whole_feed_error"]

_NOT_VALID = "5000"
"""Amazon's code for a document that breaks its schema: nothing of it was applied."""


class JudgedMessage(msgspec.Struct, frozen=True):
    """What became of one message."""

    outcome: Literal["ok", "warning", "error", "unknown"]
    """With `warning` it was done all the same; `error` means certainly not done."""
    code: str = ""
    text: str = ""
    """Amazon's words for a warning or an error."""


JudgedMessages = Mapping[int, JudgedMessage]
"""By message id, one for each that was sent."""

_OK, _UNKNOWN = JudgedMessage("ok"), JudgedMessage("unknown")


def judge(report: FeedReport, sent: Collection[int]) -> JudgedMessages:
    """Tell what became of the messages that were sent. A report that is not the last word says nothing.

    An error of the whole feed means that nothing was applied, as long as no success is counted beside it.
    One that names a message has to be borne out by the counts.
    """
    if not report.is_complete:
        return dict.fromkeys(sent, _UNKNOWN)
    whole = whole_feed_error(report)
    if whole is not None and _is_borne_out(whole, report):
        return dict.fromkeys(sent, _judged(whole))
    named = _named(report)
    if _contradicts(report, named, sent):
        return dict.fromkeys(sent, _UNKNOWN)
    silent = _UNKNOWN if report.processed is None or report.successful is None else _OK
    if silent is _OK and WHOLE_FEED in named:
        silent = _judged(named[WHOLE_FEED])
    return {number: _judged(named[number]) if number in named else silent for number in sent}


def whole_feed_error(report: FeedReport) -> MessageResult | None:
    """The error that is about the feed and not about one of its messages, if there is one."""
    return next(
        (
            result
            for result in report.results
            if result.outcome == "error" and (result.message_id == WHOLE_FEED or result.code == _NOT_VALID)
        ),
        None,
    )


def _is_borne_out(whole: MessageResult, report: FeedReport) -> bool:
    """Whether no success is counted; and when it names a message, that none of the processed is left over.

    A count that is missing is then no zero: whoever takes it for one pays a second time what was paid.
    """
    if whole.message_id == WHOLE_FEED:
        return not report.successful
    errors = sum(result.outcome == "error" for result in _named(report).values())
    failed = errors if report.with_error is None else report.with_error
    return report.successful == 0 and (report.processed is None or report.processed <= failed)


def _named(report: FeedReport) -> dict[int, MessageResult]:
    """The first result of each message; an error goes before warnings."""
    named: dict[int, MessageResult] = {}
    for result in sorted(report.results, key=lambda result: result.outcome != "error"):
        named.setdefault(result.message_id, result)
    return named


def _contradicts(report: FeedReport, named: Mapping[int, MessageResult], sent: Collection[int]) -> bool:
    """Whether what is counted, named and sent do not go together."""
    processed, successful, with_error = report.processed, report.successful, report.with_error
    errors = sum(result.outcome == "error" for result in named.values())
    if processed is not None and processed != len(sent):
        return True
    if with_error is not None and with_error != errors:
        return True
    if processed is not None and successful is not None and successful + errors != processed:
        return True
    if WHOLE_FEED in named and named[WHOLE_FEED].outcome == "error":
        return True
    return not named.keys() <= {*sent, WHOLE_FEED}


def _judged(result: MessageResult) -> JudgedMessage:
    return JudgedMessage(result.outcome, result.code, result.text)
