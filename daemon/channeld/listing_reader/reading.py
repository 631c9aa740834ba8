"""One report is read, question by question."""

from pathlib import Path

from channeld.amazon.errors import UnreadableReport
from channeld.domain.listing.known import Seen, as_question, read_known
from channeld.domain.marketplaces import BY_ID
from channeld.errors import ChanneldError
from channeld.listing_reader.messages import Answer, Begin, End, Failed, Outcome, Question, Sort, Sorted
from channeld.listing_reader.source import Page, RowSource
from channeld.store.spool import Spool

__all__ = ["Reading"]


class Reading:
    """Its questions are a `Begin`, a `Sort` for each page, and an `End`."""

    def __init__(self) -> None:
        self._seen = Seen()
        self._source: RowSource | None = None
        self._page: Page | None = None
        self._ahead: Page | ChanneldError | None = None

    def answer(self, question: Question) -> Answer:
        """What is said of it; what cannot be read is an answer too."""
        try:
            return self._answer(question)
        except UnreadableReport as error:
            return Failed(code=error.code, message=error.reason, hint=error.hint)
        except ChanneldError as error:
            return Failed(code=error.code, message=error.message, hint=error.hint)

    def read_ahead(self) -> None:
        """The next page, while the store is asked about this one. A failure is told at the next question."""
        if self._source is not None and self._page is not None and self._page.rows:
            try:
                self._ahead = self._source.next_page()
            except ChanneldError as error:
                self._ahead = error

    def _answer(self, question: Question) -> Answer:
        match question:
            case Begin():
                spool = Spool(Path(question.folder), question.download_id)
                marketplace = BY_ID[question.marketplace_id]
                self._source = RowSource(spool, question.charset, marketplace, question.page)
                return Sorted(skus=self._turn(self._source))
            case Sort():
                self._seen.add(question.added)
                source, page = self._begun()
                news = source.sort_out(page, read_known(question.known), self._seen)
                return Sorted(news=news, skus=self._turn(source))
            case End():
                self._seen.add(question.added)
                return _outcome(self._begun()[0], self._seen)

    def _turn(self, source: RowSource) -> str:
        """To the next page: its SKUs."""
        ahead, self._ahead = self._ahead, None
        if isinstance(ahead, ChanneldError):
            raise ahead
        self._page = source.next_page() if ahead is None else ahead
        return as_question(self._page.rows) if self._page.rows else ""

    def _begun(self) -> tuple[RowSource, Page]:
        if self._source is None or self._page is None:
            raise ValueError("a report is begun before it is asked about")
        return self._source, self._page


def _outcome(source: RowSource, seen: Seen) -> Outcome:
    return Outcome(
        rows=source.rows,
        bad=source.faults.bad,
        listed=source.listed,
        unreadable=source.faults.unreadable,
        spared=list(source.faults.spared),
        faults=source.faults.first,
        column_names=source.column_names,
        digest=source.digest,
        marks=seen.marks(),
    )
