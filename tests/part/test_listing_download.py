"""A channel's listings come in, and what is wrong with a report harms nothing (semantics H4, H5)."""

from pathlib import Path

import anyio
import httpx
import pytest
from sqlalchemy import Connection

from channeld.book.listings.ending import abandon_download
from channeld.book.listings.phases import fetched, report_there
from channeld.concerns.listing_download import ListingDownload
from channeld.concerns.machine import Machine
from channeld.concerns.spooled import remove_orphaned
from channeld.runtime.actor import ActorContext
from channeld.runtime.mailbox import Mailbox
from channeld.store import downloads
from channeld.store.spool import spool_of
from tests.support.listing_desk import HEADER, AtAmazon, open_desk, report_of, row


async def test_what_is_new_changed_and_the_same(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        first = await desk.download(report_of(row("A"), row("B"), row("C")))
        second = await desk.download(report_of(row("A"), row("B", price="8.50"), row("C"), row("D")))

        assert (first.state, first.added, first.changed, first.complete) == ("done", 3, 0, True)
        assert (second.added, second.changed, second.missing) == (1, 1, 0)
        found = await desk.listings()
        assert {sku: each.price for sku, each in found.items()} == {"A": 999, "B": 850, "C": 999, "D": 999}
        assert found["A"].version == 1
        assert found["A"].asin == "BA" and found["A"].quantity == 3 and found["A"].status == "active"
        assert desk.spooled() == []
        assert list(await desk.told()).count("report.processed") == 2


async def test_missing_then_gone_then_there_again(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        both, one = report_of(row("A"), row("B"), row("C")), report_of(row("A"), row("B"))
        await desk.download(report_of(row("A"), row("B")))
        await desk.download(both)
        missing = await desk.download(one)
        assert missing.doubt == "short", "a third is lacking"
        missing = await desk.download(one)
        assert (missing.missing, (await desk.presences())["C"]) == (1, "missing")
        gone = await desk.download(one)
        assert (gone.missing, gone.gone, (await desk.presences())["C"]) == (0, 1, "gone")
        back = await desk.download(both)
        assert (back.added, back.changed, back.returned) == (0, 0, 1)
        assert await desk.presences() == {"A": "listed", "B": "listed", "C": "listed"}


FIVE = [row(each) for each in "ABCDE"]
CUT = report_of(*FIVE)[:-30]


@pytest.mark.parametrize(
    ("report", "doubt"),
    [
        (CUT, "truncated"),
        (report_of(), "empty"),
        (b"", "empty"),
        (report_of(*FIVE[:3]), "short"),
    ],
)
async def test_a_report_that_is_doubted_marks_nothing(tmp_path: Path, report: bytes, doubt: str) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.download(report_of(*FIVE))
        found = await desk.download(report)
        assert (found.state, found.doubt, found.complete) == ("done", doubt, False)
        assert found.reason and found.hint
        assert (found.missing, found.gone) == (0, 0)
        assert set((await desk.presences()).values()) == {"listed"}


async def test_the_next_report_that_is_as_small_confirms_it(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.download(report_of(*FIVE))
        small = report_of(*FIVE[:3])
        assert (await desk.download(small)).doubt == "short"
        assert (await desk.download(small)).missing == 2
        assert (await desk.download(small)).gone == 2


async def test_a_document_that_is_cut_is_fetched_three_times_more(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        begun = await desk.begin(CUT)
        await desk.run(minutes=5)
        waiting = await desk.found(begun.id)
        assert (waiting.phase, waiting.fetches) == ("fetching", 1)
        assert "did not come whole" in waiting.reason
        await desk.run()
        assert (await desk.found(begun.id)).state == "done"
        assert desk.amazon.asked.count("document") == desk.amazon.asked.count("getReportDocument") == 4


async def test_a_document_that_comes_whole_the_second_time_is_not_doubted(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        begun = await desk.begin(CUT)
        await desk.run(minutes=5)
        desk.amazon.report = report_of(*FIVE)
        await desk.run()
        found = await desk.found(begun.id)
        assert (found.state, found.complete, found.added, found.reason) == ("done", True, 5, "")


async def test_a_file_that_is_lost_is_fetched_again(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        begun = await desk.begin(report_of(*FIVE))
        await desk.shop.store.write(lambda unit: report_there(unit, begun.id, desk.shop.now))
        await desk.shop.store.write(lambda unit: fetched(unit, begun.id, 5, desk.shop.now))
        await desk.run()
        assert (await desk.found(begun.id)).added == 5


async def test_what_is_no_listing_report_fails_and_says_so(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        found = await desk.download(b"<html><body>Sign in</body></html>\n")
        assert (found.state, found.ended_at is not None) == ("failed", True)
        assert "cannot be read" in found.reason and found.hint
        assert list(await desk.told())[-2:] == ["report.failed", "listing.download_failed"]
        assert desk.spooled() == []


async def test_an_address_that_amazon_does_not_know_any_more_fails(tmp_path: Path) -> None:
    amazon = AtAmazon()
    amazon.answer = lambda name: (
        httpx.Response(404, json={"errors": [{"code": "NotFound", "message": "no"}]})
        if name == "getReportDocument"
        else None
    )
    async with open_desk(tmp_path, amazon) as desk:
        assert (await desk.download(report_of(*FIVE))).state == "failed"


async def test_bad_rows_are_counted_shown_and_stop_nothing(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.download(report_of(*FIVE))
        lines = [*FIVE[:3], "D\ttoo\tshort", FIVE[4], FIVE[4], row(""), row("F")]
        found = await desk.download(report_of(*lines))
        assert (found.state, found.bad_rows, found.added, found.complete) == ("done", 3, 1, True)
        assert set((await desk.presences()).values()) == {"listed"}, "D is there, though it cannot be read"
        faults = await desk.shop.store.read(
            lambda c: c.exec_driver_sql("SELECT line, reason FROM report_faults ORDER BY line").all()
        )
        assert [reason for _, reason in faults] == [
            "it has 3 columns, the header 13",
            "its SKU is there twice",
            "it has no SKU that can be read",
        ]


def torn(sku: str, description: str = "") -> str:
    """A row that is none, as it has a column too many."""
    return row(sku).replace("\t\t", f"\t{description}\t", 1) + "\tx\ty"


async def test_a_row_that_cannot_be_read_never_makes_its_listing_missing(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.download(report_of(*FIVE))
        for text in ("short", "long " * 400):
            report = report_of(*FIVE[1:], torn("A", text))
            for _ in range(2):
                found = await desk.download(report)
                assert (found.complete, found.missing, found.gone, found.bad_rows) == (True, 0, 0, 1)
        assert set((await desk.presences()).values()) == {"listed"}


async def test_a_report_with_many_rows_that_cannot_be_read_marks_nothing(tmp_path: Path) -> None:
    rows = [row(f"{number:02d}") for number in range(40)]
    async with open_desk(tmp_path) as desk:
        await desk.download(report_of(*rows))
        found = await desk.download(
            report_of(*rows[:28], *(torn(f"{number:02d}") for number in range(28, 39)))
        )
        assert (found.doubt, found.bad_rows, found.missing) == ("unreadable", 11, 0)
        assert set((await desk.presences()).values()) == {"listed"}
        whole = await desk.download(report_of(*rows[:39]))
        assert (whole.doubt, whole.missing) == ("", 1)


async def test_rows_that_cannot_be_read_are_no_listings_when_sizes_are_compared(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.download(report_of(*FIVE))
        assert (await desk.download(report_of(*FIVE[:3], "a", "b", "c"))).doubt == "short"


async def test_reports_of_one_moment_do_not_make_a_listing_gone(tmp_path: Path) -> None:
    """Amazon answers for six hours from what it knew, in the same order of rows or in another."""
    async with open_desk(tmp_path) as desk:
        await desk.download(report_of(*FIVE))
        first = await desk.begin(report_of(*FIVE[1:]))
        await desk.run(minutes=60)
        same = await desk.begin()
        await desk.run(minutes=60)
        other = await desk.download(report_of(*reversed(FIVE[1:])))
        assert (await desk.found(first.id)).missing == 1
        assert (await desk.found(same.id)).doubt == "repeated"
        assert (other.complete, other.gone, (await desk.presences())["A"]) == (True, 0, "missing")
        assert (await desk.download(report_of(*reversed(FIVE[1:])))).gone == 1


async def test_a_value_that_cannot_be_read_stays_and_is_told_each_time(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.download(report_of(row("A"), row("B")))
        odd = report_of(row("A", price="£9.99", quantity="-1"), row("B", price="8.00"))
        found = await desk.download(odd)
        assert (found.bad_rows, found.changed, found.complete) == (1, 1, True)
        shown = (await desk.listings())["A"]
        assert (shown.price, shown.quantity, shown.version) == (999, 3, 1)
        again = await desk.download(odd)
        assert (again.bad_rows, again.changed) == (1, 0)
        faults = await desk.shop.store.read(
            lambda c: c.exec_driver_sql("SELECT reason FROM report_faults").scalars().all()
        )
        assert faults == ["what it has as price and quantity cannot be read"] * 2


async def test_a_quoted_report_is_the_same_listings(tmp_path: Path) -> None:
    def quoted(line: str) -> str:
        return "\t".join(f'"{cell}"' for cell in line.split("\t"))

    async with open_desk(tmp_path) as desk:
        await desk.download(report_of(*FIVE))
        found = await desk.download("\r\n".join(map(quoted, (HEADER, *FIVE))).encode())
        assert (found.added, found.changed, found.missing, found.complete) == (0, 0, 0, True)


async def test_an_item_of_the_same_sku_is_linked_by_itself(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.shop.store.write(
            lambda unit: unit.connection.exec_driver_sql(
                "INSERT INTO items (sku, sku_folded, title, title_key, created_at, changed_at, version)"
                " VALUES ('B', 'b', 'B', 'b', 0, 0, 1)"
            )
        )
        await desk.download(report_of(*FIVE))
        assert {sku: each.item for sku, each in (await desk.listings()).items() if each.item} == {"B": "B"}


@pytest.mark.parametrize("status", [403, 404, 500, 503])
async def test_a_document_that_does_not_come_is_asked_for_again_and_says_why(
    tmp_path: Path, status: int
) -> None:
    amazon = AtAmazon(answer=lambda name: httpx.Response(status) if name == "document" else None)
    async with open_desk(tmp_path, amazon) as desk:
        begun = await desk.begin(report_of(*FIVE))
        await desk.run(minutes=5)
        waiting = await desk.found(begun.id)
        assert (waiting.state, waiting.fetches) == ("running", 1)
        assert waiting.reason.startswith("Amazon's report did not come: ") and waiting.hint
        await desk.run()
        failed = await desk.found(begun.id)
        assert (failed.state, amazon.asked.count("document")) == ("failed", 4)
        assert failed.reason and failed.hint


async def test_the_file_goes_with_the_channel(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        begun, channel = await desk.begin(CUT), await desk.channel()
        context = ActorContext("uk/listing_download", desk.shop.clock, Mailbox("uk/listing_download"))
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(ListingDownload(desk.kit, channel.account_id, channel.id).run, context)
            await desk.shop.clock.advance(60)
            assert desk.spooled(), "it waits for the next fetch"
            now = desk.shop.now
            await desk.shop.store.write(lambda unit: abandon_download(unit, channel, "was disabled", now))
            tasks.cancel_scope.cancel()
        assert (await desk.found(begun.id)).state == "abandoned"
        assert desk.spooled() == []


async def test_the_file_of_a_channel_that_is_disabled_while_its_actor_waits_goes_soon(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        begun, channel, clock = await desk.begin(CUT), await desk.channel(), desk.shop.clock
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(Machine(desk.kit).run, ActorContext("machine", clock, Mailbox("machine")))
            await desk.run(minutes=1)
            await clock.advance(1200)
            assert desk.spooled(), "that of a download which runs stays"
            now = desk.shop.now
            await desk.shop.store.write(lambda unit: abandon_download(unit, channel, "was disabled", now))
            await clock.advance(1200)
            tasks.cancel_scope.cancel()
        assert (await desk.found(begun.id)).state == "abandoned"
        assert desk.spooled() == []


async def test_a_file_that_begins_while_orphans_are_looked_for_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_desk(tmp_path) as desk:
        store = desk.shop.store
        spool_of(store.path, 7).begin().close()
        running = downloads.running_ids

        def begins(connection: Connection) -> set[int]:
            before = running(connection)
            spool_of(store.path, 8).begin().close()
            return before

        monkeypatch.setattr(downloads, "running_ids", begins)
        await remove_orphaned(store, desk.shop.clock)
        assert desk.spooled() == ["8.rows"]


async def test_a_column_more_changes_no_listing(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.download(report_of(*FIVE))
        wider = "\r\n".join((HEADER + "\tnew", *(line + "\tx" for line in FIVE))).encode() + b"\r\n"
        found = await desk.download(wider)
        assert (found.added, found.changed) == (0, 0)
        assert {each.version for each in (await desk.listings()).values()} == {1}


async def test_a_full_disk_is_said_and_the_download_goes_on_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_desk(tmp_path) as desk:
        begun = await desk.begin(report_of(*FIVE))
        spool = desk.shop.store.path.parent / "spool"
        spool.write_text("in the way")
        with pytest.raises(BaseExceptionGroup) as failed:
            await desk.run(minutes=1)
        (error,) = failed.value.exceptions
        assert getattr(error, "code", "") == "spool_failed" and getattr(error, "hint", "")
        spool.unlink()
        await desk.run(minutes=1)
        assert (await desk.found(begun.id)).state == "done"
