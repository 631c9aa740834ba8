"""One step of one report: what is asked of Amazon, and what its answer means for the book (semantics H6)."""

from datetime import datetime

from channeld.amazon.documents.download import download
from channeld.amazon.errors import AmazonError, BadRequest, NotFound
from channeld.amazon.reports.answers import Report
from channeld.amazon.reports.calls import (
    cancel_report_call,
    create_report_call,
    report_call,
    report_document_call,
)
from channeld.book.reports.finding import find_reusable, listed_since, may_be_reused, settle_unknown
from channeld.book.reports.moves import begin, failed, in_doubt, put_back, reused, submitted
from channeld.book.reports.refusals import Refusal, explanation_in, fatal, refusal_of
from channeld.book.reports.watching import is_to_be_cancelled, not_found, note
from channeld.concerns.account_line import AccountLine
from channeld.concerns.halting import halt_for
from channeld.concerns.kit import Kit
from channeld.concerns.priorities import priority_of
from channeld.concerns.report_lists import ReportLists
from channeld.concerns.report_reading import read_for_person
from channeld.domain.report.states import WATCHED, State
from channeld.errors import ChanneldError
from channeld.store.reports import ReportRecord

__all__ = ["ReportSteps", "is_ours"]

STOPPED = "channeld stopped while it was asked for."


def is_ours(report: ReportRecord) -> bool:
    """Whether the account's reports actor goes on with it; what others want is theirs once it is there."""
    return report.state in WATCHED or (report.state is State.AVAILABLE and report.purpose == "person")


class ReportSteps:
    """Steps of one account's reports."""

    def __init__(self, kit: Kit, line: AccountLine) -> None:
        self._kit = kit
        self._line = line
        self._lists = ReportLists(kit, line)

    async def go_on(self, report: ReportRecord) -> None:
        """The next step. Raises `AmazonError` for what passes, and is tried again; `Halt` for a person's."""
        try:
            await self._step(report)
        except ChanneldError as error:
            if refusal := refusal_of(error):
                await self._fail(report, refusal)
            else:
                raise halt_for(error) or error from None

    async def _step(self, report: ReportRecord) -> None:
        match report.state:
            case State.WANTED:
                await self._want(report)
            case State.SENDING:
                await self._kit.store.write(lambda unit: in_doubt(unit, report, STOPPED, self._now()))
            case State.UNKNOWN:
                await self._search(report)
            case State.AVAILABLE:
                await read_for_person(self._kit, self._line, report)
            case _:
                await self._watch(report)

    def _now(self) -> datetime:
        return self._kit.clock.now()

    async def _want(self, report: ReportRecord) -> None:
        """Take one that Amazon has already, else ask for it."""
        if may_be_reused(report) and await self._reuse(report):
            return
        begun = await self._kit.store.write(lambda unit: begin(unit, report, self._now()))
        if begun is not None:
            await self._create(begun)

    async def _reuse(self, report: ReportRecord) -> bool:
        since = listed_since(report, self._now())
        listed = await self._lists.lately(report.report_type, since, priority_of(report))
        now = self._now()
        offer = await self._kit.store.read(lambda c: find_reusable(c, report, listed, now))
        if offer is not None:
            await self._kit.store.write(lambda unit: reused(unit, report, offer, now))
        return offer is not None

    async def _create(self, report: ReportRecord) -> None:
        call = create_report_call(
            report.report_type,
            report.marketplaces,
            start=report.data_from,
            end=report.data_to,
            options=report.options,
        )
        try:
            report_id = await self._line.send(call, priority_of(report))
        except ChanneldError as error:
            await self._not_created(report, error)
        else:
            await self._kit.store.write(lambda unit: submitted(unit, report, report_id, self._now()))

    async def _not_created(self, report: ReportRecord, error: ChanneldError) -> None:
        """Refused for good, in doubt, or certainly not taken: then it is tried again."""
        reason = error.message
        if refusal_of(error) is None:
            if isinstance(error, AmazonError) and error.is_ambiguous:
                await self._kit.store.write(lambda unit: in_doubt(unit, report, reason, self._now()))
                return
            await self._kit.store.write(lambda unit: put_back(unit, report, reason, self._now()))
        raise error

    async def _search(self, report: ReportRecord) -> None:
        """Only a look after the request can show it."""
        since = listed_since(report, self._now())
        listed = await self._lists.now(report.report_type, since, priority_of(report))
        await self._kit.store.write(lambda unit: settle_unknown(unit, report, listed, self._now()))

    async def _watch(self, report: ReportRecord) -> None:
        try:
            shown = await self._line.ask(report_call(report.report_id), priority_of(report))
        except (BadRequest, NotFound):
            await self._kit.store.write(lambda unit: not_found(unit, report, self._now()))
            return
        if shown.status == "FATAL" and report.state is State.SUBMITTED:
            await self._fail(report, fatal(await self._explanation(report, shown)), "FATAL")
            return
        present = await self._kit.store.write(lambda unit: note(unit, report, shown, self._now()))
        if present is not None and is_to_be_cancelled(present):
            await self._cancel(present)

    async def _explanation(self, report: ReportRecord, shown: Report) -> str:
        """Empty when there is none, or when it cannot be had: the report has failed all the same."""
        if not shown.document_id:
            return ""
        try:
            address = await self._line.send(report_document_call(shown.document_id), priority_of(report))
            return explanation_in(await download(self._kit.http, self._kit.clock, address))
        except AmazonError:
            return ""

    async def _cancel(self, report: ReportRecord) -> None:
        """Nothing hangs on it; while Amazon has not begun, it is tried again at the next look."""
        try:
            await self._line.send(cancel_report_call(report.report_id), priority_of(report))
        except AmazonError as error:
            if halt := halt_for(error):
                raise halt from None

    async def _fail(self, report: ReportRecord, refusal: Refusal, status: str = "") -> None:
        now = self._now()
        await self._kit.store.write(
            lambda unit: failed(unit, report, refusal.reason, refusal.hint, now, status)
        )
