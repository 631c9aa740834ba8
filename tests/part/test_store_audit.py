"""The audit trail only grows."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from channeld.store import audit
from channeld.store.audit import AuditEntry
from channeld.store.unit import Unit
from tests.support.fake_clock import START
from tests.support.store_samples import add_channel, open_store


def entry(number: int, **more: str | int) -> AuditEntry:
    at = START + timedelta(seconds=number)
    return AuditEntry(at=at, code="order.stored", text=f"entry {number}", **more)  # pyright: ignore[reportArgumentType]  # keys of the struct


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET text = 'better'",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE id = 1",
        "REPLACE INTO audit (id, at, code, text, by, details) VALUES (1, 0, 'c', 'better', 'me', '{}')",
    ],
)
async def test_entries_are_never_changed_and_never_removed(tmp_path: Path, statement: str) -> None:
    def tamper(unit: Unit) -> None:
        unit.connection.exec_driver_sql(statement)

    async with open_store(tmp_path) as store:
        await store.write(lambda unit: audit.add(unit, entry(1)))
        with pytest.raises(IntegrityError, match="append-only"):
            await store.write(tamper)
        (kept,) = await store.read(lambda c: audit.entries(c, 10))
        assert kept.text == "entry 1"


async def test_an_entry_comes_back_as_it_was_added(tmp_path: Path) -> None:
    given = entry(1, by="anna", order_id="202-1")
    given = AuditEntry(
        at=given.at,
        code=given.code,
        text=given.text,
        by="anna",
        order_id="202-1",
        details={"old": "0", "new": "1"},
    )
    async with open_store(tmp_path) as store:
        await store.write(lambda unit: audit.add(unit, given))
        (stored,) = await store.read(lambda c: audit.entries(c, 10))
    assert stored.id > 0
    assert (stored.at, stored.code, stored.by, stored.order_id) == (given.at, given.code, "anna", "202-1")
    assert stored.details == {"old": "0", "new": "1"}


async def test_entries_are_read_newest_first_by_page_order_and_channel(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        uk = (await store.write(add_channel)).id
        await store.write(
            lambda unit: audit.add_many(
                unit,
                [entry(1), entry(2, order_id="202-1"), entry(3, order_id="202-1", channel_id=uk), entry(4)],
            )
        )

        async def texts(**filters: str | int) -> list[str]:
            found = await store.read(lambda c: audit.entries(c, 2, **filters))  # pyright: ignore[reportArgumentType]  # keys of the function
            return [each.text for each in found]

        newest = await store.read(lambda c: audit.entries(c, 2))
        assert [each.text for each in newest] == ["entry 4", "entry 3"]
        assert await texts(before=newest[-1].id) == ["entry 2", "entry 1"]
        assert await texts(order_id="202-1") == ["entry 3", "entry 2"]
        assert await texts(channel_id=uk) == ["entry 3"]
        followed = await store.read(lambda c: audit.since(c, newest[-1].id, 10))
        assert [each.text for each in followed] == ["entry 4"]
