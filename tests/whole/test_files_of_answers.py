"""Orders answered from the command line and from files: each once, whatever is loaded again."""

import json
from pathlib import Path
from typing import Any

from channel_protocol.work import ListWork, WorkList
from channeld.sandbox import Market
from tests.support.daemon import Daemon, running_daemon
from tests.support.daemon_ctl import ctl
from tests.support.fake_clock import FakeClock


async def open_shop(daemon: Daemon) -> None:
    """Orders are answered, but nothing leaves, so that what is queued stays so."""
    await daemon.open_shop(despatch_notes="on", order_cancellations="on", order_refunds="on", dry_run="on")
    await daemon.pass_time(minutes=6)


async def load(daemon: Daemon, verb: str, text: str, *more: str) -> list[dict[str, Any]]:
    """The result rows."""
    result = await ctl(daemon, "order", verb, "--from", "-", "--json", *more, typed=text)
    assert result.exit_code in (0, 1), result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


async def work(daemon: Daemon) -> list[tuple[str, str]]:
    rows = (await daemon.ask(ListWork(limit=1000), WorkList)).rows
    return sorted((row.kind, row.order_id) for row in rows)


async def test_a_file_of_parcels_is_done_once_and_every_row_answered(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    ids = [market.place_order().order_id for _ in range(3)]
    async with running_daemon(tmp_path, market, clock) as daemon:
        await open_shop(daemon)
        text = "order_id;service;tracking\n" + "".join(f"{each};Post;T{each}\n" for each in [*ids, "1-2-3"])
        unmapped = await load(daemon, "process", text)
        assert [row["outcome"] for row in unmapped] == ["refused"] * 4
        assert "mapping despatch set uk" in unmapped[0]["hint"] + unmapped[0]["message"]
        assert (await ctl(daemon, "mapping", "despatch", "set", "uk", "Post", "Royal Mail")).exit_code == 0
        first = await load(daemon, "process", text)
        assert [row["outcome"] for row in first] == ["queued"] * 3 + ["refused"]
        assert await load(daemon, "process", text.replace(";", "\t").replace("\n", "\r\n")) == first
        assert await work(daemon) == sorted(("despatch", each) for each in ids)
        assert "nothing to take over" in (await ctl(daemon, "work", "adopt")).stdout
        shown = await ctl(daemon, "order", "show", ids[0])
        assert "Despatch notes" in shown.stdout


async def test_money_goes_back_once_however_often_it_is_asked_for(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    ids = [market.place_order().order_id for _ in range(2)]
    async with running_daemon(tmp_path, market, clock) as daemon:
        await open_shop(daemon)
        text = f"order_id,reason\n{ids[0]},CustomerReturn\n{ids[1]},CustomerReturn\n"
        looked = await ctl(daemon, "order", "refund", "--from", "-", typed=text)
        assert looked.exit_code == 2
        assert "buyers get back 20.00 GBP" in looked.stderr
        assert await work(daemon) == []
        first = await load(daemon, "refund", text, "--yes")
        assert [(row["outcome"], row["amount"]) for row in first] == [("queued", 1000)] * 2
        done = await work(daemon)
        assert await load(daemon, "refund", text) == first, "looked at, and found to be done"
        assert await load(daemon, "refund", text, "--yes") == first
        others = "order_id,reason,ref\n" + "".join(f"{each},CustomerReturn,b\n" for each in ids)
        again = await load(daemon, "refund", others, "--yes")
        assert [row["outcome"] for row in again] == ["refused"] * 2
        assert {row["code"] for row in again}.isdisjoint({"invalid_row", ""})
        assert await work(daemon) == done
        listed = json.loads((await ctl(daemon, "work", "list", "--kind", "refund", "--json")).stdout)
        assert {(row["order_id"], row["amount"]) for row in listed} == {(each, 1000) for each in ids}
