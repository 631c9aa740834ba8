"""The flat form of a processing report: two counters, then a table if there is anything to remark."""

import re
from collections.abc import Iterable, Mapping

from channeld.amazon.errors import UnreadableReport, plain_code, plain_text
from channeld.amazon.feeds.reports.report import FeedReport, MessageResult, message_id_of

__all__ = ["read_flat"]

_COUNTER = re.compile(r"\s*number of records (processed|successful)\s*:?\s*(\d{1,9})\s*", re.IGNORECASE)
_NUMBER, _TYPE = "original-record-number", "error-type"
_MOST_RESULTS = 200_000


def read_flat(text: str) -> FeedReport:
    """Columns are told by their names, in any order. Raises `UnreadableReport` without both counters."""
    counts: dict[str, int] = {}
    results: tuple[MessageResult, ...] = ()
    lines = iter(text.splitlines())
    for line in lines:
        if counter := _COUNTER.fullmatch(line):
            counts[counter[1].lower()] = int(counter[2])
        elif _NUMBER in (names := _names(line)):
            results = tuple(_results(lines, names))
    if len(counts) < 2:
        raise UnreadableReport("it is not a report in any known form")
    return FeedReport(processed=counts["processed"], successful=counts["successful"], results=results)


def _names(line: str) -> list[str]:
    return [name.strip().lower().replace(" ", "-").replace("_", "-") for name in line.split("\t")]


def _results(lines: Iterable[str], names: list[str]) -> Iterable[MessageResult]:
    for number, line in enumerate(line for line in lines if line.strip()):
        if number == _MOST_RESULTS:
            raise UnreadableReport("it has too many rows")
        yield _result(dict(zip(names, line.split("\t"), strict=False)))


def _result(row: Mapping[str, str]) -> MessageResult:
    is_warning = row.get(_TYPE, "").strip().lower().startswith("warn")
    return MessageResult(
        message_id=message_id_of(row.get(_NUMBER, "")),
        outcome="warning" if is_warning else "error",
        code=plain_code(row.get("error-code", "").strip()),
        text=plain_text(row.get("error-message", "")),
    )
