"""The daemon dies at every boundary of a listing download: it ends all the same, as if nobody had died."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from channeld.concerns import listing_rows
from channeld.listing_reader import reader
from channeld.store import listings
from tests.support.listing_desk import AtAmazon, Death, Desk, Life, open_desk, report_of, row

BEFORE = report_of(*(row(f"{number:02d}") for number in range(16)), row("gone"), row("back"))
WITHOUT = report_of(*(row(f"{number:02d}") for number in range(16)))
CHANGED = [row(f"{number:02d}", price="5.00" if number % 3 == 0 else "9.99") for number in range(1, 16)]
NOW = report_of(
    *CHANGED[1:],
    row("01", quantity="-1"),
    row("back"),
    "a\tbad\trow",
    row("new 1"),
    row("new,2"),
    row("new 3"),
)
COUNTED = ("state", "added", "changed", "missing", "gone", "returned", "bad_rows", "rows_done", "complete")


def shown_by_amazon() -> AtAmazon:
    names = [*(f"{number:02d}" for number in range(1, 16)), "back", "new 1", "new,2", "new 3"]
    return AtAmazon(items={sku: {} for sku in names})


async def outcome(desk: Desk, download_id: int) -> dict[str, Any]:
    """What must be the same whoever died."""
    found = await desk.found(download_id)
    details = await desk.details()
    return {
        "download": [getattr(found, name) for name in COUNTED],
        "listings": {
            sku: (each.price, each.presence, each.version) for sku, each in (await desk.listings()).items()
        },
        "details": {sku: each.details.title for sku, each in details.items()},
        "told": Counter(await desk.told()),
        "spooled": desk.spooled(),
        "faults": await desk.shop.store.read(
            lambda c: c.exec_driver_sql("SELECT report_pk, reason, text FROM report_faults").all()
        ),
    }


async def prepare(folder: Path) -> bytes:
    """A book in which the download that is told of has begun."""
    async with open_desk(folder, shown_by_amazon()) as desk:
        for report in (BEFORE, WITHOUT):
            await desk.download(report)
        await desk.shop.set(download_full_listings="on")
        await desk.begin()
    return (folder / "channeld.db").read_bytes()


async def lived(folder: Path, book: bytes, ends_at: int | None) -> tuple[dict[str, Any], list[int]]:
    """The download from there to its end, with a death at that boundary; when there may be others."""
    _lay(folder, book)
    amazon, life = shown_by_amazon(), Life(ends_at)
    amazon.report = NOW
    async with open_desk(folder, amazon, life) as desk:
        try:
            await desk.run()
        except BaseExceptionGroup as group:
            assert group.split(Death)[1] is None
    async with open_desk(folder, amazon) as desk:
        await desk.run()
        (download_id,) = await desk.shop.store.read(
            lambda c: c.exec_driver_sql("SELECT max(id) FROM listing_downloads").one()
        )
        return await outcome(desk, download_id), life.moments


def _lay(folder: Path, book: bytes) -> None:
    folder.mkdir()
    (folder / "channeld.db").write_bytes(book)


async def test_a_process_reads_as_a_thread_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing_rows, "PAGE", 6)
    home = tmp_path / "before"
    home.mkdir()
    book = await prepare(home)
    by_thread, _ = await lived(tmp_path / "thread", book, None)
    monkeypatch.setattr(reader, "LARGE", 0)
    by_process, _ = await lived(tmp_path / "process", book, None)
    assert by_process == by_thread


@pytest.mark.timeout(300)
async def test_dying_anywhere_does_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing_rows, "PAGE", 6)
    home = tmp_path / "before"
    home.mkdir()
    book = await prepare(home)
    calm, moments = await lived(tmp_path / "calm", book, None)

    assert calm["download"] == ["done", 3, 5, 1, 1, 1, 2, 20, True]
    assert calm["listings"]["gone"][1] == "gone" and calm["listings"]["00"][1] == "missing"
    assert calm["spooled"] == [] and len(calm["details"]) == 19
    assert len(moments) > 15
    for ends_at in moments:
        found, _ = await lived(tmp_path / f"dead-{ends_at}", book, ends_at)
        assert found == calm, f"dead at boundary {ends_at}"


async def test_ids_are_never_given_twice(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.download(BEFORE)
        before = await desk.shop.store.read(listings.last_id)
        await desk.download(NOW)
        assert await desk.shop.store.read(listings.last_id) == before + 3
