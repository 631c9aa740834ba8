"""Processing reports: what Amazon says became of a feed's messages, in each of its forms."""

from channeld.amazon.feeds.reports.judging import JudgedMessage, JudgedMessages, judge, whole_feed_error
from channeld.amazon.feeds.reports.reading import read_report
from channeld.amazon.feeds.reports.report import FeedReport, MessageResult

__all__ = [
    "FeedReport",
    "JudgedMessage",
    "JudgedMessages",
    "MessageResult",
    "judge",
    "read_report",
    "whole_feed_error",
]
