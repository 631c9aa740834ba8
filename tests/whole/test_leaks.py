"""Secrets and buyers are in no log, event, audit text, reply, export or backup, nor in clear on disk."""

import sqlite3
from base64 import b64encode
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import anyio.to_thread
import pytest
from click.testing import CliRunner
from structlog.testing import capture_logs
from structlog.typing import EventDict

from channel_protocol.accounts import AddAccount, ListAccounts, SetAccount
from channel_protocol.actors import GetStatus, ListActors
from channel_protocol.audit import ListAudit
from channel_protocol.base import Request
from channel_protocol.channels import ListChannels, ShowChannel
from channel_protocol.codec import encode
from channel_protocol.errors import RequestRefused
from channel_protocol.orders import ListOrders, ListQuarantine, OrderPersonal, RevealOrder, ShowOrder
from channel_protocol.session import TOPICS, Subscribe
from channeld.admin.rotate import rotate_key
from channeld.cli import main as channeld
from channeld.journal import as_entry
from channeld.sandbox import Market
from tests.support.canaries import Canaries, everything_below
from tests.support.ctl import Ctl
from tests.support.daemon import KEY, Daemon, new_id, running_daemon
from tests.support.fake_clock import FakeClock
from tests.support.leaky_shop import buyers_of, canaries_of, live_through_faults, place_orders

LISTS = (
    GetStatus(),
    ListAccounts(),
    ListActors(),
    ListAudit(),
    ListChannels(),
    ListOrders(),
    ListQuarantine(),
)


async def said(daemon: Daemon, requests: Iterable[Request]) -> list[bytes]:
    """Everything that the daemon answers, and what it tells somebody who watches everything."""
    lines = [encode(await daemon.client.request(request)) for request in requests]
    await daemon.client.request(Subscribe(topics=TOPICS))
    waiting = set(TOPICS)
    async for event in daemon.client.events():
        lines.append(encode(event))
        waiting.discard(event.topic)
        if not waiting:
            break
    return lines


async def printed(folder: Path, *words: str) -> str:
    """What `channelctl WORDS` prints, on both streams."""
    result = await anyio.to_thread.run_sync(partial(Ctl(folder / "s"), *words))
    assert result.exit_code == 0, result.stderr
    return result.stdout + result.stderr


def in_logs(canaries: Canaries, logs: Sequence[EventDict]) -> list[str]:
    """As events, which the formats for terminals and JSON write down, and as entries of the journal."""
    assert logs
    assert any(event["log_level"] == "debug" for event in logs)
    entries = [as_entry(None, "", dict(event)) for event in logs]
    return canaries.in_text(repr(logs)) + canaries.in_text(repr(entries))


def on_disk(canaries: Canaries, folder: Path) -> list[str]:
    return canaries.in_files(folder) + canaries.in_database(folder / "channeld.db")


def sealed(database: Path) -> list[bytes]:
    """What is sealed of buyers at present."""
    query = "SELECT sealed FROM {} WHERE sealed IS NOT NULL"
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as book:
        tables = ("personal_data", "quarantine")
        return [value for table in tables for (value,) in book.execute(query.format(table))]


def still_in_files(values: Iterable[bytes], folder: Path) -> list[str]:
    files = {path.name: path.read_bytes() for path in everything_below(folder)}
    return [name for value in values for name, data in files.items() if value[-32:] in data]


async def test_canaries_are_nowhere_but_where_they_were_asked_for(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    orders = place_orders(market, 8)
    order_id = orders[-1].order_id
    folder = tmp_path / "state"
    folder.mkdir()
    async with running_daemon(folder, market, clock) as daemon:
        with capture_logs() as logs:
            await daemon.open_shop()
            await live_through_faults(daemon, orders)
            reveal = RevealOrder(command_id=new_id(), order_id=order_id)
            shown = set((await daemon.ask(reveal, OrderPersonal)).fields.values())
            assert buyers_of(orders[-1:]) <= shown
            market.revoke(market.options.accounts[0].seller_id)
            await daemon.pass_time(minutes=65)
            canaries = canaries_of(market, daemon.wire, orders)
            told = await said(daemon, (*LISTS, ShowChannel(channel="uk"), ShowOrder(order_id=order_id)))
            texts = [
                await printed(folder, *words)
                for words in (
                    ("status",),
                    ("order", "list"),
                    ("order", "show", order_id),
                    ("order", "export"),
                    ("order", "export", "--format", "jsonl"),
                    ("account", "list"),
                    ("audit", "list", "--limit", "1000"),
                )
            ]
            assert canaries.in_text(await printed(folder, "order", "export", "--with-personal-data"))
            backup = tmp_path / "backup" / "copy.db"
            backup.parent.mkdir()
            words = ["backup", str(backup), "--database", str(folder / "channeld.db")]
            made = await anyio.to_thread.run_sync(partial(CliRunner().invoke, channeld, words))
            assert made.exit_code == 0, made.output
        assert order_id.encode() in b"".join(path.read_bytes() for path in everything_below(folder))
        assert on_disk(canaries, folder) == [], "also in the write-ahead log"
    assert in_logs(canaries, logs) == []
    assert [found for line in told for found in canaries.in_bytes(line)] == []
    assert [found for text in texts for found in canaries.in_text(text)] == []
    assert canaries.in_files(backup.parent) + canaries.in_database(backup) == []
    assert on_disk(canaries, folder) == []


async def test_what_retention_removed_is_nowhere_not_even_sealed(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    orders = place_orders(market, 4)
    market.faults.plan("poison", None, detail="amount_garbage", order_id=orders[0].order_id)
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        await daemon.pass_time(minutes=12)
        kept = sealed(tmp_path / "channeld.db")
        assert len(kept) == len(orders)
        assert still_in_files(kept, tmp_path), "until then it is there"
        canaries = canaries_of(market, daemon.wire, orders)
        await daemon.switch("uk", on=False)
    clock.jump(timedelta(days=90).total_seconds())
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.pass_time(hours=25)
        assert sealed(tmp_path / "channeld.db") == []
        assert still_in_files(kept, tmp_path) == [], "nor in the write-ahead log"
        assert on_disk(canaries, tmp_path) == []


async def test_after_the_key_was_replaced_nothing_is_left_of_what_the_old_one_sealed(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    orders = place_orders(market, 4)
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        await daemon.pass_time(minutes=12)
        canaries = canaries_of(market, daemon.wire, orders)
    before = sealed(tmp_path / "channeld.db")
    new = tmp_path / "elsewhere" / "new.key"
    new.parent.mkdir()
    environ = {"CHANNELD_KEY": b64encode(KEY).decode()}
    rotate_key(tmp_path / "channeld.db", None, new, clock.now(), by="ann", environ=environ)
    assert len(sealed(tmp_path / "channeld.db")) == len(before) == len(orders)
    assert still_in_files(before, tmp_path) == []
    assert on_disk(canaries, tmp_path) == []


@pytest.mark.parametrize("account", ["eu", "no such name!", ""])
async def test_a_refusal_repeats_no_secret_that_came_with_the_request(
    tmp_path: Path, clock: FakeClock, market: Market, account: str
) -> None:
    secret, token = "CANARY client secret", "Atzr|CANARY-4711"
    secrets = Canaries([secret, token])
    add = AddAccount(
        command_id=new_id(), account=account, region="moon", seller_id=secret, client_id="",
        client_secret=secret, refresh_token=token,
    )  # fmt: skip
    set_ = SetAccount(
        command_id="x", account=account, values={"order_poll_seconds": token},
        client_secret=secret, refresh_token=f"{token} ",
    )  # fmt: skip
    async with running_daemon(tmp_path, market, clock) as daemon:
        with capture_logs() as logs:
            await daemon.add_account()
            for request in (add, set_):
                with pytest.raises(RequestRefused) as refused:
                    await daemon.client.request(request)
                error = refused.value
                assert secrets.in_text(f"{error!r} {error} {error.hint} {error.problems}") == []
        assert secrets.in_text(repr(logs)) == []
    assert secrets.in_files(tmp_path) == []
