"""A listing report comes from Amazon into a file beside the database, as it arrives (semantics H6).

The address lapses after five minutes, so a new one is asked for each time.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO, TypeVar

import anyio.to_thread

from channeld.amazon.budgets import Priority
from channeld.amazon.documents.stream import Document, open_document
from channeld.amazon.errors import DocumentTruncated
from channeld.amazon.reports.calls import report_document_call
from channeld.amazon.reports.splitting import RowSplitter
from channeld.concerns.account_line import AccountLine
from channeld.concerns.kit import Kit
from channeld.store.spool import Spool, SpoolFacts, explained

__all__ = ["fetch_report"]

T = TypeVar("T")


async def fetch_report(
    kit: Kit, line: AccountLine, spool: Spool, document_id: str, priority: Priority
) -> SpoolFacts:
    """Fetch it whole, or what of it arrives: then `truncated` says so.

    Raises what sending raises, `UnreadableAnswer`, `ChanneldError("spool_failed")`.
    """
    document = await line.ask(report_document_call(document_id), priority)
    async with open_document(kit.http, kit.clock, document) as arriving:
        keeping = _Keeping(spool, arriving.charset)
        try:
            await _in_thread(kit, keeping.begin)
            reason = await _take(kit, arriving, keeping)
            return await _in_thread(kit, lambda: keeping.settle(document_id, reason))
        finally:
            keeping.close()


async def _take(kit: Kit, arriving: Document, keeping: "_Keeping") -> str:
    """Why it is not whole; empty if it is."""
    try:
        async for piece in arriving:
            await _in_thread(kit, lambda piece=piece: keeping.take(piece))
    except DocumentTruncated as cut:
        return cut.message.rstrip(".")
    return ""


async def _in_thread(kit: Kit, act: Callable[[], T]) -> T:
    with kit.clock.working():
        return await anyio.to_thread.run_sync(act)


class _Keeping:
    """The file as it grows, and its rows as they are counted. For worker threads, one at a time."""

    def __init__(self, spool: Spool, charset: str) -> None:
        self._spool = spool
        self._charset = charset
        self._splitter = RowSplitter(charset, keeps_text=False)
        self._file: BinaryIO | None = None
        self._size = 0

    def begin(self) -> None:
        self._file = self._spool.begin()

    def take(self, piece: bytes) -> None:
        with explained():
            self._open().write(piece)
        self._size += len(piece)
        self._splitter.feed(piece)
        self._splitter.take_bad_rows()

    def settle(self, document_id: str, truncated: str) -> SpoolFacts:
        """It is at its end, or at where it was cut."""
        ended = self._splitter.finish()
        is_cut = ended.truncated == "short last line"
        facts = SpoolFacts(
            document_id=document_id,
            charset=self._charset,
            size=self._size,
            rows=ended.rows + ended.bad,
            truncated=truncated or ("its last line is too short" if is_cut else ""),
        )
        self._spool.settle(self._open(), facts)
        return facts

    def close(self) -> None:
        if self._file is not None:
            with suppress(OSError):
                self._file.close()

    def _open(self) -> BinaryIO:
        if self._file is None:
            raise ValueError("it has not begun")
        return self._file
