"""Amazon's answers to changes of listings (Amazon's reference, section 8.2)."""

import re
from collections.abc import Iterable
from typing import Literal

import msgspec

from channeld.amazon.errors import plain_code, plain_text

__all__ = [
    "MOST_ISSUES",
    "Outcome",
    "Submission",
    "SubmissionIssue",
    "plain_attributes",
    "read_submission",
    "worst",
]

MOST_ISSUES = 20
"""As many are kept about one listing, the worst first."""
_MOST_ATTRIBUTES = 20
_ATTRIBUTE = re.compile(r"[A-Za-z][A-Za-z0-9_.:#/\[\]-]{0,199}")
_HARMLESS = ("WARNING", "INFO")

Outcome = Literal["accepted", "refused", "unknown"]
"""`accepted` is taken for processing, and not applied yet; `refused` has certainly had no effect; `unknown`
may have been taken: it is read back, or said again."""


class SubmissionIssue(msgspec.Struct, frozen=True, kw_only=True):
    """What Amazon finds wrong with what was sent."""

    code: str
    """Amazon's code, such as `90220`; empty if there is none."""
    severity: str
    """ERROR, WARNING or INFO; an open list."""
    attributes: tuple[str, ...] = ()
    """Names of the attributes that it is about, such as `purchasable_offer.our_price`."""
    text: str = ""
    """Amazon's words, printable, at most 300 characters; changes of listings hold nothing personal."""


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """What Amazon said of one change."""

    outcome: Outcome
    submission_id: str
    """What Amazon's support asks for; empty if there is none."""
    issues: tuple[SubmissionIssue, ...] = ()


class _Issue(msgspec.Struct, rename="camel"):
    code: str | int | None = None
    severity: str | None = None
    message: str | None = None
    attribute_names: list[str] | None = None


class _Submission(msgspec.Struct, rename="camel"):
    sku: str | int
    status: str
    submission_id: str | int | None = None
    issues: list[_Issue] | None = None


_SUBMISSION = msgspec.json.Decoder(_Submission, strict=False)
_SEVERITIES = ("ERROR", "WARNING", "INFO")


def read_submission(body: bytes) -> Submission:
    """The answer to a change that was not asked for as a preview.

    Raises `ValueError`. Success is only what says so without contradiction: with more than a
    warning beside it, or with a status that is not known, it is unknown what was done.
    """
    shown = _SUBMISSION.decode(body)
    issues = tuple(map(_issue, shown.issues or ()))
    return Submission(
        outcome=_outcome(shown.status, issues),
        submission_id=plain_code(str(shown.submission_id)) if shown.submission_id is not None else "",
        issues=worst(issues),
    )


def worst(issues: Iterable[SubmissionIssue]) -> tuple[SubmissionIssue, ...]:
    """Errors first, without repeats, and no more than are kept."""
    ranked = sorted(dict.fromkeys(issues), key=lambda issue: _rank(issue.severity))
    return tuple(ranked[:MOST_ISSUES])


def plain_attributes(names: Iterable[str] | None) -> tuple[str, ...]:
    """Names of attributes that look like such, with what inside of them is meant."""
    return tuple(filter(_ATTRIBUTE.fullmatch, names or ()))[:_MOST_ATTRIBUTES]


def _outcome(status: str, issues: Iterable[SubmissionIssue]) -> Outcome:
    if status == "INVALID":
        return "refused"
    is_clear = status == "ACCEPTED" and all(issue.severity in _HARMLESS for issue in issues)
    return "accepted" if is_clear else "unknown"


def _issue(shown: _Issue) -> SubmissionIssue:
    return SubmissionIssue(
        code=plain_code(str(shown.code or "")),
        severity=plain_code(shown.severity),
        attributes=plain_attributes(shown.attribute_names),
        text=plain_text(shown.message),
    )


def _rank(severity: str) -> int:
    return _SEVERITIES.index(severity) if severity in _SEVERITIES else 0
