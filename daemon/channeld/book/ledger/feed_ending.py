"""How a feed ended, from its status and its report. What contradicts itself is unknown, never a success."""

from channeld.amazon.feeds.reports import FeedReport, JudgedMessage, judge, whole_feed_error
from channeld.book.ledger.feed_results import Ending, Result

__all__ = ["ended_without_report", "ending_of", "gone", "unreadable"]

_STATES = {"DONE": "done", "CANCELLED": "cancelled", "FATAL": "fatal"}
_CANCELLED = Result(
    outcome="error",
    code="feed_cancelled",
    text="the feed was cancelled before it was worked through; are selling rights suspended?",
    passing=True,
)
_CONTRADICTS = Result(outcome="unknown", code="report_contradicts", text="Amazon's report contradicts itself")
_NO_REPORT = Result(outcome="unknown", code="no_report", text="Amazon gave no report of the feed")
_FATAL = Result(
    outcome="unknown",
    code="feed_fatal",
    text="Amazon gave the feed up; nothing, some or all of it may have been done",
)


def ending_of(status: str, report: FeedReport, sent: int) -> Ending:
    """What the report says of the messages 1 to `sent`."""
    judged = judge(report, range(1, sent + 1))
    whole = whole_feed_error(report) is not None
    return Ending(
        state=_STATES[status],
        results={number: _result(status, message, whole=whole) for number, message in judged.items()},
        others=_CONTRADICTS,
        successful=report.successful,
        with_error=report.with_error,
        with_warning=report.with_warning,
    )


def ended_without_report(status: str) -> Ending:
    """Only a cancelled feed is known not to have been worked through."""
    others = {"CANCELLED": _CANCELLED, "FATAL": _FATAL}.get(status, _NO_REPORT)
    return Ending(state=_STATES[status], results={}, others=others, reason=others.text)


def unreadable(status: str, reason: str) -> Ending:
    """There is a report, and it cannot be read."""
    others = Result(outcome="unknown", code="unreadable_report", text=reason)
    return Ending(state=_STATES[status], results={}, others=others, reason=reason)


def gone(feed_id: str) -> Ending:
    """Amazon does not know the feed any more."""
    reason = f"Amazon knows no feed {feed_id}"
    return Ending(
        state="lost",
        results={},
        others=Result(outcome="unknown", code="feed_gone", text=reason),
        reason=reason,
    )


def _result(status: str, message: JudgedMessage, *, whole: bool) -> Result:
    """A fatal feed's silence about a message says nothing; its errors are errors."""
    if message.outcome == "unknown":
        return _CONTRADICTS
    if status == "FATAL" and message.outcome == "ok":
        return _FATAL
    return Result(outcome=message.outcome, code=message.code, text=message.text, passing=whole)
