"""One report and how far it is."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from math import inf
from typing import Literal

import msgspec

__all__ = ["Lines", "Processing", "Report"]

Processing = Literal["IN_QUEUE", "IN_PROGRESS", "DONE", "CANCELLED", "FATAL"]
Lines = Callable[[], Iterator[str]]
"""The text of a report, line by line with their ends, as often as it is wanted; the header comes first."""


class Report(msgspec.Struct, kw_only=True):
    """All instants are UTC; `seconds` is what it takes from its turn on, the queue included."""

    report_id: str
    report_type: str
    seller_id: str
    marketplace_ids: tuple[str, ...]
    options: Mapping[str, str]
    start: datetime
    end: datetime
    """The span of the data, both ends included."""
    created: datetime
    seconds: float
    asked: str
    """What an identical request has in common with this one."""
    schedule_id: str = ""
    too_early: bool = False
    """An identical one was asked for just before."""
    status: Processing = "IN_QUEUE"
    started: datetime | None = None
    ended: datetime | None = None
    document_id: str = ""
    lines: Lines | None = None
    """What there was to report when it was begun; None: nothing."""

    @property
    def never_ends(self) -> bool:
        return self.seconds == inf
