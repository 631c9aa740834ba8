"""Stock through the command line, a real daemon and a simulated Amazon: counted, reserved, taken once."""

import json
from pathlib import Path
from typing import Any

from channeld.sandbox import Line, Market
from tests.support.daemon import Daemon, running_daemon
from tests.support.daemon_ctl import ctl
from tests.support.fake_clock import FakeClock
from tests.support.outbound import open_outbound

MUGS = Line(sku="MUG", quantity=3)


async def asked(daemon: Daemon, *words: str, typed: str = "") -> Any:
    result = await ctl(daemon, *words, "--json", typed=typed)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


async def standing(daemon: Daemon, sku: str = "MUG") -> tuple[int, int, int]:
    (row,) = await asked(daemon, "stock", "list", "--sku", sku)
    return row["physical"], row["reserved"], row["available"]


async def load(daemon: Daemon, text: str) -> list[dict[str, Any]]:
    result = await ctl(daemon, "stock", "import", "-", "--json", typed=text)
    assert result.exit_code in (0, 1), result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


async def test_an_order_reserves_what_it_needs_and_its_parcel_takes_it_once(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with open_outbound(tmp_path, market, clock) as shop:
        daemon = shop.daemon
        await ctl(daemon, "item", "add", "MUG")
        done = await ctl(daemon, "stock", "set", "MUG", "Default=10", "--reason", "counted")
        assert "MUG at Default: not counted → 10." in done.stdout + done.stderr
        order_id = market.place_order(lines=(MUGS,)).order_id
        await daemon.pass_time(hours=1, minutes=5)
        assert await standing(daemon) == (10, 3, 7)
        await shop.process(order_id)
        assert await standing(daemon) == (7, 0, 7)
        await daemon.pass_time(hours=3)
        assert (await daemon.orders())[order_id].state == "shipped"
        assert await standing(daemon) == (7, 0, 7)
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.daemon.pass_time(hours=2)
        shown = await asked(shop.daemon, "stock", "show", "MUG")
        assert [(each["cause"], each["before"], each["after"]) for each in shown["changes"]] == [
            ("order", 10, 7),
            ("set", None, 10),
        ]
        assert (shown["changes"][0]["reference"], shown["reservations"]) == (order_id, [])
        said = (await ctl(shop.daemon, "stock", "show", "MUG")).stdout
        assert order_id in said


async def test_a_file_of_levels_that_is_loaded_twice_changes_nothing(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    items = "sku,title\n" + "".join(f"A{n},Item {n}\n" for n in range(1100))
    text = "sku,location,units\n" + "".join(f"A{n},Default,{n}\n" for n in range(1100)) + "NONE,Default,1\n"
    async with running_daemon(tmp_path, market, clock) as daemon:
        await ctl(daemon, "item", "import", "-", typed=items)
        for wanted in ("changed", "unchanged"):
            found = await load(daemon, text)
            assert [row["outcome"] for row in found] == [wanted] * 1100 + ["refused"]
        file = tmp_path / "levels.csv"
        assert (await asked(daemon, "stock", "export", str(file)))["levels"] == 1100
        assert {row["outcome"] for row in await load(daemon, file.read_text("utf-8"))} == {"unchanged"}
        assert [row["after"] for row in (await asked(daemon, "stock", "show", "A7"))["changes"]] == [7]
        few = await asked(daemon, "stock", "list", "--below", "3")
        assert [row["sku"] for row in few] == ["A0", "A1", "A2"]
        assert len(await asked(daemon, "stock", "list", "--limit", "600")) == 600


async def test_what_cannot_be_is_refused_with_every_problem(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await ctl(daemon, "item", "add", "MUG")
        await ctl(daemon, "item", "add", "SET", "--component", "MUG=2")
        refused = await ctl(daemon, "stock", "set", "MUGG", "Default=1", "Defualt=2")
        assert refused.exit_code == 1
        assert "MUG" in refused.stderr
        assert "Default" in refused.stderr
        kit = await ctl(daemon, "stock", "set", "SET", "Default=1")
        assert "is a kit: count its components" in kit.stderr
        for wrong in ("Default", "Default=+1", "=3", "Default=x"):
            assert (await ctl(daemon, "stock", "set", "MUG", wrong)).exit_code == 2
        assert (await ctl(daemon, "stock", "set", "MUG", "Default=5")).exit_code == 0
        assert (await ctl(daemon, "stock", "set", "MUG", "Default=-2", "--by")).exit_code == 0
        assert await standing(daemon) == (3, 0, 3)
        assert (await asked(daemon, "stock", "list", "--sku", "SET"))[0]["available"] == 1
