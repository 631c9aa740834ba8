"""`channelctl order export`."""

import csv
import json
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from channel_protocol.base import Refused, Request
from channel_protocol.order_export import ExportedOrder, ExportOrders, ExportPersonalOrders, OrderPage
from tests.part.test_channelctl_order import LINE, ORDER
from tests.support.ctl import Ctl
from tests.support.fake_daemon import HANG_UP, FakeDaemon, Line

NAME = "CANARY-NAME"


def exported(number: int, personal: dict[str, str] | None = None) -> ExportedOrder:
    return ExportedOrder(row=replace(ORDER, order_id=f"203-{number}"), items=(LINE,), personal=personal)


def pages(request: Request) -> list[Line]:
    """Three pages, the second one empty."""
    assert isinstance(request, ExportOrders | ExportPersonalOrders)
    personal = {"buyer.buyerName": NAME} if isinstance(request, ExportPersonalOrders) else None
    found = {
        None: OrderPage(orders=(exported(1, personal), exported(2, personal)), next="2-3"),
        "2-3": OrderPage(orders=(), next="3-3"),
        "3-3": OrderPage(orders=(exported(3, personal),), next=None),
    }
    return [found[request.after]]


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[FakeDaemon]:
    with FakeDaemon(tmp_path / "channeld.sock") as daemon:
        daemon.script(ExportOrders, pages)
        daemon.script(ExportPersonalOrders, pages)
        yield daemon


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "orders.csv"


def test_pages_become_one_table(ctl: Ctl) -> None:
    result = ctl("order", "export")
    assert result.exit_code == 0
    lines = result.stdout_bytes.split(b"\r\n")
    rows = list(csv.DictReader(line.decode() for line in lines if line))
    assert [row["order_id"] for row in rows] == ["203-1", "203-2", "203-3"]


@pytest.mark.parametrize("words", ["--json", "--format jsonl"])
def test_pages_become_lines_of_json(ctl: Ctl, words: str) -> None:
    lines = ctl("order", "export", *words.split()).stdout.splitlines()
    assert [json.loads(line)["order_id"] for line in lines] == ["203-1", "203-2", "203-3"]
    assert json.loads(lines[0])["items"][0]["gross"] == "12.34"


def test_the_choice_is_the_daemons(daemon: FakeDaemon, ctl: Ctl) -> None:
    since, until = "2026-01-01T00:00:00Z", "2026-02-01T01:00:00+01:00"
    ctl("order", "export", "--channel", "uk", "--state", "open", "--since", since, "--until", until)
    first, *others = (request for request in daemon.requests if isinstance(request, ExportOrders))
    assert (first.choice.channel, first.choice.state) == ("uk", "open")
    assert first.choice.since == datetime(2026, 1, 1, tzinfo=UTC)
    assert first.choice.until == datetime(2026, 2, 1, tzinfo=UTC)
    assert {other.choice for other in others} == {first.choice}


def test_a_file_is_there_when_it_is_complete(ctl: Ctl, target: Path) -> None:
    assert "3 orders are written" in ctl("order", "export", "--output", str(target)).stdout
    assert target.read_bytes().count(b"\r\n") == 4
    assert ctl.json("order", "export", "--output", str(target)) == {"orders": 3, "output": str(target)}
    assert len(target.read_text().splitlines()) == 3, "with --json the file is JSON Lines"
    assert list(target.parent.glob("*.part")) == []


@pytest.mark.parametrize("last", [HANG_UP, Refused(code="database_locked", message="Locked.")])
def test_what_breaks_off_leaves_nothing_that_looks_complete(
    daemon: FakeDaemon, ctl: Ctl, target: Path, last: Line
) -> None:
    daemon.script(ExportOrders, lambda request: [last] if _after(request) else pages(request))
    result = ctl("order", "export", "--output", str(target))
    assert result.exit_code == (3 if last == HANG_UP else 1)
    assert [path.name for path in target.parent.iterdir()] == ["channeld.sock"]
    target.write_text("yesterday's")
    ctl("order", "export", "--output", str(target))
    assert target.read_text() == "yesterday's"


def _after(request: Request) -> str | None:
    assert isinstance(request, ExportOrders)
    return request.after


def test_personal_data_comes_only_with_the_flag_into_a_file_of_ones_own(
    daemon: FakeDaemon, ctl: Ctl, target: Path
) -> None:
    assert NAME not in ctl("order", "export").stdout
    former = os.umask(0)
    try:
        ctl("order", "export", "--with-personal-data", "--output", str(target))
    finally:
        os.umask(former)
    assert NAME in target.read_text()
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    asked = [request for request in daemon.requests if isinstance(request, ExportPersonalOrders)]
    assert len({request.command_id for request in asked}) == 3


def test_a_file_that_is_there_already_never_gets_the_data(ctl: Ctl, target: Path) -> None:
    part = target.with_name("orders.csv.part")
    part.write_text("somebody's own")
    with part.open() as seen:
        ctl("order", "export", "--with-personal-data", "--output", str(target))
        assert seen.read() == "somebody's own"
    assert part.read_text() == "somebody's own"
    assert NAME in target.read_text()


@pytest.mark.parametrize("words", ["", "--with-personal-data"])
def test_while_it_is_written_it_has_no_foreseeable_name_and_only_its_own_rights(
    daemon: FakeDaemon, ctl: Ctl, target: Path, words: str
) -> None:
    seen: set[tuple[str, int]] = set()

    def look(request: Request) -> list[Line]:
        for part in target.parent.glob("*.part"):
            seen.add((part.name, stat.S_IMODE(part.stat().st_mode)))
        return pages(request)

    daemon.script(ExportOrders, look)
    daemon.script(ExportPersonalOrders, look)
    former = os.umask(0o022)
    try:
        for _ in range(2):
            ctl("order", "export", "--output", str(target), *words.split())
    finally:
        os.umask(former)
    assert len({name for name, _ in seen}) == 2
    assert {mode for _, mode in seen} == {stat.S_IMODE(target.stat().st_mode)} == {0o600 if words else 0o644}


@pytest.mark.parametrize(
    "name", ["", "absent/orders.csv", "channeld.sock/orders.csv", "/dev/null", "x" * 300]
)
def test_where_no_file_can_be_it_names_the_one_that_was_given(ctl: Ctl, tmp_path: Path, name: str) -> None:
    result = ctl("order", "export", "--output", str(tmp_path / name))
    assert result.exit_code == 1
    assert result.stderr.startswith(f"error: {tmp_path / name} ")
    assert "hint: Name " in result.stderr
    assert ".part" not in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["channeld.sock"]
    assert Path("/dev/null").is_char_device()


def test_a_dash_is_the_standard_output(ctl: Ctl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert ctl("order", "export", "--output", "-").stdout_bytes == ctl("order", "export").stdout_bytes
    assert not (tmp_path / "-").exists()


@pytest.mark.parametrize("words", ["", "--with-personal-data"])
def test_nothing_is_printed_before_the_daemon_has_agreed(daemon: FakeDaemon, ctl: Ctl, words: str) -> None:
    for kind in (ExportOrders, ExportPersonalOrders):
        daemon.on(kind, Refused(code="not_allowed", message="No."))
    result = ctl("order", "export", *words.split())
    assert (result.exit_code, result.stdout) == (1, "")


def test_a_book_without_orders_is_a_heading(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(ExportOrders, OrderPage(orders=(), next=None))
    assert [line.split(",")[0] for line in ctl("order", "export").stdout.splitlines()] == ["order_id"]


def test_a_span_that_ends_before_it_begins_is_wrong_usage(daemon: FakeDaemon, ctl: Ctl) -> None:
    result = ctl("order", "export", "--since", "2026-02-01T00:00:00Z", "--until", "2026-01-01T00:00:00Z")
    assert result.exit_code == 2
    assert "--since (2026-02-01T00:00:00Z)" in result.stderr
    assert "--until (2026-01-01T00:00:00Z)" in result.stderr
    assert daemon.requests == []


def test_every_column_is_in_the_help(ctl: Ctl) -> None:
    header = ctl("order", "export", "--with-personal-data").stdout.splitlines()[0]
    text = ctl("order", "export", "--help").stdout
    assert not [name for name in header.split(",") if f"  {name}" not in text]


@pytest.mark.parametrize("words", ["--format xml", "--state lost", "--since yesterday"])
def test_wrong_usage_never_reaches_the_daemon(daemon: FakeDaemon, ctl: Ctl, words: str) -> None:
    assert ctl("order", "export", *words.split()).exit_code == 2
    assert daemon.requests == []


def test_without_a_daemon_it_is_3_and_no_file_is_left(tmp_path: Path, target: Path) -> None:
    result = Ctl(tmp_path / "absent.sock")("order", "export", "--output", str(target))
    assert (result.exit_code, list(tmp_path.iterdir())) == (3, [])
