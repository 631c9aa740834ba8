"""What became of each SKU of a listings feed, by its processing report (Amazon's reference, section 8.4)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from channeld.amazon.errors import UnreadableReport, plain_code, plain_text
from channeld.amazon.feeds.reports.json_form import JsonIssue, JsonReport, decode_json, report_of
from channeld.amazon.feeds.reports.judging import JudgedMessage, judge
from channeld.amazon.feeds.reports.reading import LARGEST, trimmed
from channeld.amazon.feeds.reports.report import UNKNOWN_MESSAGE, WHOLE_FEED, message_id_of
from channeld.amazon.listings.submissions import Outcome, SubmissionIssue, plain_attributes, worst

__all__ = ["ListingsFeedResult", "SkuResult", "read_listings_outcomes"]


class SkuResult(msgspec.Struct, frozen=True):
    """What became of the change of one SKU, and what Amazon remarks about it."""

    outcome: Outcome
    issues: tuple[SubmissionIssue, ...] = ()


class ListingsFeedResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a listings feed."""

    by_sku: Mapping[str, SkuResult]
    """For each SKU that was sent."""
    about_feed: tuple[SubmissionIssue, ...]
    """What is said of none in particular; with an error there, often nothing was applied."""


_OUTCOMES: Mapping[str, Outcome] = {
    "ok": "accepted",
    "warning": "accepted",
    "error": "refused",
    "unknown": "unknown",
}
_UNCOUNTED: Mapping[str, Outcome] = {**_OUTCOMES, "warning": "unknown"}
_UNKNOWN = JudgedMessage("unknown")


def read_listings_outcomes(text: str, feed_id: str, skus: Sequence[str]) -> ListingsFeedResult:
    """The result document of the feed, whose message `n` was about `skus[n - 1]`.

    A report that contradicts itself, or that is about another feed or other SKUs than were sent, leaves all
    of them unknown. Raises `UnreadableReport`.
    """
    if len(text) > LARGEST:
        raise UnreadableReport("it is too large")
    shown = decode_json(trimmed(text))
    if shown.header and shown.header.feed_id is not None and str(shown.header.feed_id) != feed_id:
        raise UnreadableReport("it is about another feed")
    issues = _by_message(shown, skus)
    sent = range(1, len(skus) + 1)
    report = report_of(shown)
    judged = judge(report, sent) if UNKNOWN_MESSAGE not in issues else dict.fromkeys(sent, _UNKNOWN)
    is_counted = report.processed is not None and report.successful is not None
    outcomes = _OUTCOMES if is_counted else _UNCOUNTED
    return ListingsFeedResult(
        by_sku={
            sku: SkuResult(outcomes[judged[number].outcome], worst(issues.get(number, ())))
            for number, sku in enumerate(skus, start=1)
        },
        about_feed=worst(issues.get(WHOLE_FEED, ())),
    )


def _by_message(shown: JsonReport, skus: Sequence[str]) -> Mapping[int, list[SubmissionIssue]]:
    """Issues by their message; those that cannot be right under `UNKNOWN_MESSAGE`."""
    issues: defaultdict[int, list[SubmissionIssue]] = defaultdict(list)
    for issue in shown.issues or ():
        issues[_message_of(issue, skus)].append(_issue(issue))
    return issues


def _message_of(issue: JsonIssue, skus: Sequence[str]) -> int:
    number = message_id_of("" if issue.message_id is None else str(issue.message_id))
    if issue.sku is None:
        return number
    is_right = 0 < number <= len(skus) and skus[number - 1].strip() == str(issue.sku).strip()
    return number if is_right else UNKNOWN_MESSAGE


def _issue(shown: JsonIssue) -> SubmissionIssue:
    return SubmissionIssue(
        code=plain_code(str(shown.code or "")),
        severity=plain_code(shown.severity),
        attributes=plain_attributes([shown.attribute_name] if shown.attribute_name else ()),
        text=plain_text(shown.message),
    )
