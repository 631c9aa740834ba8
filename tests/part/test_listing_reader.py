"""Whoever reads a report, in a thread or as a process of its own."""

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from channeld.amazon.errors import UnreadableReport
from channeld.domain.listing.known import Seen
from channeld.errors import ChanneldError
from channeld.listing_reader import reader as listing_reader
from channeld.listing_reader import source
from channeld.listing_reader.messages import Begin, End, Outcome, Question, Sort, Sorted
from channeld.listing_reader.reader import LARGE, Ask, reader
from channeld.runtime.clock import SystemClock
from channeld.store.spool import Spool
from tests.support.fake_clock import FakeClock
from tests.support.listing_desk import report_of, row

NOTHING_KNOWN = "[]"
SIZES = pytest.mark.parametrize("size", [0, LARGE], ids=["thread", "process"])


def begin(folder: Path, report: bytes, *, page: int = 2) -> Begin:
    with Spool(folder, 1).begin() as file:
        file.write(report)
    return Begin(
        folder=str(folder), download_id=1, charset="utf-8", marketplace_id="A1F83G8C2ARO7P", page=page
    )


async def sorted_by(ask: Ask, question: Question) -> Sorted:
    answer = await ask(question)
    assert isinstance(answer, Sorted)
    return answer


def children() -> Sequence[int]:
    found = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [pid for pid in map(int, found) if b"listing_reader" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def told_to(pid: int) -> bytes:
    return b"".join(Path(f"/proc/{pid}/{name}").read_bytes() for name in ("environ", "cmdline"))


@SIZES
async def test_a_report_is_told_page_by_page(tmp_path: Path, size: int) -> None:
    report = report_of(row("a"), row("b"), row("c"), "bad", row("b"))
    async with reader(FakeClock(), size) as ask:
        first = await sorted_by(ask, begin(tmp_path, report))
        assert first.skus == '["a","b"]' and first.news is None
        second = await sorted_by(ask, Sort(known="[[1,7,5,1]]", added=[]))
        assert second.news is not None and second.skus == '["c"]'
        assert [new.line.sku for new in second.news.new] == ["a"]
        assert [(other.id, other.line.sku, other.was_absent) for other in second.news.others] == [
            (7, "b", False)
        ]
        assert second.news.rows_done == 2
        third = await sorted_by(ask, Sort(known=NOTHING_KNOWN, added=[8]))
        assert third.skus == "" and third.news is not None and third.news.rows_done == 5
        outcome = await ask(End(added=[9]))
    assert isinstance(outcome, Outcome)
    assert (outcome.rows, outcome.listed, outcome.bad) == (5, 3, 2)
    seen = Seen(outcome.marks)
    assert [id_ for id_ in range(12) if id_ in seen] == [7, 8, 9]


@SIZES
async def test_what_cannot_be_read_is_an_error_with_its_hint(tmp_path: Path, size: int) -> None:
    async with reader(FakeClock(), size) as ask:
        with pytest.raises(UnreadableReport) as raised:
            await ask(begin(tmp_path, b"<html>sorry</html>\nno\n"))
    assert raised.value.message == "The report cannot be read: it is not a table." and raised.value.hint


@SIZES
async def test_a_file_that_is_gone_is_told(tmp_path: Path, size: int) -> None:
    asked = begin(tmp_path, report_of(row("a")))
    Spool(tmp_path, 1).remove()
    async with reader(FakeClock(), size) as ask:
        with pytest.raises(ChanneldError) as raised:
            await ask(asked)
    assert raised.value.code == "spool_failed"


async def test_a_page_ends_before_it_is_too_large_for_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "MOST_BYTES", 1_000)
    report = report_of(*(row(name, title="x" * 600) for name in "abc"))
    async with reader(FakeClock(), 0) as ask:
        first = await sorted_by(ask, begin(tmp_path, report, page=100))
        assert first.skus == '["a","b"]'
        assert (await sorted_by(ask, Sort(known=NOTHING_KNOWN, added=[]))).skus == '["c"]'


async def test_a_mistake_in_the_process_is_told_by_class_and_place(tmp_path: Path) -> None:
    asked = msgspec.structs.replace(begin(tmp_path, report_of(row("a"))), charset="no such charset")
    async with reader(FakeClock(), LARGE) as ask:
        with pytest.raises(ChanneldError, match=r"LookupError at \w+\.py:\d+\.$") as raised:
            await ask(asked)
    assert raised.value.code == "reader_failed" and raised.value.hint


async def test_another_version_of_the_process_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = (
        "import sys; sys.stdin.buffer.read(5); sys.stdout.buffer.write(b'\\0\\0\\0\\1x'); sys.stdout.flush()"
    )
    monkeypatch.setattr(listing_reader, "_COMMAND", (sys.executable, "-c", program))
    async with reader(FakeClock(), LARGE) as ask:
        with pytest.raises(ChanneldError, match="of another version"):
            await ask(begin(tmp_path, report_of(row("a"))))


async def test_a_process_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing_reader, "_COMMAND", ("/nowhere/python",))
    with pytest.raises(ChanneldError, match="cannot be started: No such file"):
        async with reader(FakeClock(), LARGE):
            pass


async def test_a_process_that_is_killed_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    async with reader(FakeClock(), LARGE) as ask:
        await ask(begin(tmp_path, report_of(row("a"))))
        (pid,) = children()
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(ChanneldError) as raised:
            await ask(Sort(known=NOTHING_KNOWN, added=[]))
    assert raised.value.code == "reader_ended" and raised.value.hint
    assert not children()


async def test_a_process_that_says_nothing_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing_reader, "ANSWERS_WITHIN", 0.05)
    with pytest.raises(ChanneldError, match=r"has said nothing for 0\.05 seconds"):
        async with reader(SystemClock(), LARGE) as ask:
            (pid,) = children()
            os.kill(pid, signal.SIGSTOP)
            await ask(begin(tmp_path, report_of(row("a"))))
    assert not children()


async def test_a_process_sees_no_secrets_and_goes_with_the_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANNELD_CANARY", "canary-in-the-environment")
    async with reader(FakeClock(), LARGE) as ask:
        await ask(begin(tmp_path, report_of(row("a"))))
        (pid,) = children()
        told = told_to(pid)
        assert b"canary" not in told and str(tmp_path).encode() not in told
    assert not children()
