"""Amazon's lists of reports, each asked for once for all who want to know at the same time.

The list of a type shows all channels of the account, so one look serves all that want a report of that type.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import anyio

from channeld.amazon.budgets import Priority
from channeld.amazon.reports.answers import Report
from channeld.amazon.reports.calls import reports_call
from channeld.concerns.account_line import AccountLine
from channeld.concerns.kit import Kit

__all__ = ["ReportLists"]

SERVES = timedelta(minutes=1)
"""So long a list is as good as new: what was made since then is asked for once more, which does no harm."""


class ReportLists:
    """Lists of one account."""

    def __init__(self, kit: Kit, line: AccountLine) -> None:
        self._kit = kit
        self._line = line
        self._lists: defaultdict[tuple[str, Priority], _Listed] = defaultdict(_Listed)
        """Nobody waits for a look of lesser priority."""

    async def lately(self, report_type: str, since: datetime, priority: Priority) -> Sequence[Report]:
        """The newest made since about then, as of a minute ago at most. Raises what sending raises.

        What is not among the first hundred is not looked for.
        """
        listed = self._lists[report_type, priority]
        async with listed.look:
            if not listed.is_young(self._kit.clock.now()):
                listed.reports = await self.now(report_type, since, priority)
                listed.at = self._kit.clock.now()
            return listed.reports

    async def now(self, report_type: str, since: datetime, priority: Priority) -> Sequence[Report]:
        """The same as of now."""
        return (await self._line.send(reports_call([report_type], since), priority)).reports


class _Listed:
    def __init__(self) -> None:
        self.look = anyio.Lock()
        self.reports: Sequence[Report] = ()
        self.at: datetime | None = None

    def is_young(self, now: datetime) -> bool:
        """Not after the clock was set back either."""
        return self.at is not None and timedelta(0) <= now - self.at < SERVES
