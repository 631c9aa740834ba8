"""`channelctl` as a process of its own: signals, pipes, terminals, and what it loads."""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import IO

import msgspec
import pytest

from channel_protocol import accounts, actors, listings, order_export, session
from channel_protocol.base import Refused, Request
from channel_protocol.orders import ListOrders, OrderList
from tests.part.test_channelctl_order import LINE, ORDER
from tests.support.fake_daemon import FakeDaemon
from tests.support.heard_signals import signals_heard

COMMAND = (sys.executable, "-c", "from channelctl.main import main; main()")
LOADED = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); "
UNUSED = {
    "sqlalchemy",
    "textual",
    "httpx",
    "rich",
    "anyio",
    "asyncio",
    "tomllib",
    "csv",
    "channel_protocol.orders",
}
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ROW = actors.StatusRow(
    channel="uk",
    account="eu",
    concern="orders",
    state="waiting",
    since=NOON,
    waits_for="budget",
    until=NOON,
    reason="",
    hint="",
    order_sync_date=NOON,
)


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[FakeDaemon]:
    with FakeDaemon(tmp_path / "channeld.sock") as daemon:
        daemon.on(actors.GetStatus, actors.Status(daemon="0", started_at=NOON, rows=(ROW,), attention=()))
        daemon.on(listings.ListDownloads, listings.DownloadList(rows=()))
        yield daemon


def environment(socket: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CHANNELD_")}
    return inherited | {"CHANNELD_SOCKET": str(socket), "HOME": str(socket.parent), "TERM": "dumb"}


def start(
    socket: Path,
    words: str,
    *,
    command: Sequence[str] = COMMAND,
    stdin: int = subprocess.DEVNULL,
    stdout: int | IO[str] = subprocess.PIPE,
) -> subprocess.Popen[str]:
    """In a session of its own, so that no terminal of the developer's is asked; it hears signals."""
    with signals_heard():
        return subprocess.Popen(  # noqa: S603 (our own program)
            (*command, *words.split()),
            env=environment(socket),
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )


def test_without_a_daemon_it_ends_with_3(tmp_path: Path) -> None:
    with start(tmp_path / "absent.sock", "status") as ctl:
        output, errors = ctl.communicate()
    assert (ctl.returncode, output) == (3, "")
    assert "channeld run" in errors


@pytest.mark.parametrize(
    ("words", "unused"),
    [
        ("status", UNUSED),
        ("status --json", UNUSED),
    ],
)
def test_it_loads_nothing_that_it_does_not_need(daemon: FakeDaemon, words: str, unused: set[str]) -> None:
    command = (sys.executable, "-c", LOADED + COMMAND[-1])
    with start(daemon.path, words, command=command) as ctl:
        output, errors = ctl.communicate()
    assert "uk" in output
    assert not unused & set(errors.split())
    assert "channelctl.commands.order" not in errors


def test_listing_orders_loads_nothing_of_files_and_answers(daemon: FakeDaemon) -> None:
    daemon.on(ListOrders, OrderList(rows=()))
    command = (sys.executable, "-c", LOADED + COMMAND[-1])
    with start(daemon.path, "order list", command=command) as ctl:
        _, errors = ctl.communicate()
    loaded = set(errors.split())
    assert "channelctl.commands.order" in loaded
    assert not loaded & {"csv", "hashlib", "channelctl.order_csv.load", "channel_protocol.order_answers"}


def test_ctrl_c_ends_a_stream_with_130_and_no_traceback(daemon: FakeDaemon) -> None:
    delta = session.Delta(topic="audit", number=1, rows=msgspec.Raw(b"[]"))
    daemon.on(session.Subscribe, session.Attached(topics=("audit",)), delta)
    with start(daemon.path, "watch audit") as ctl:
        assert ctl.stdout is not None
        assert '"number":1' in ctl.stdout.readline()
        ctl.send_signal(signal.SIGINT)
        _, errors = ctl.communicate()
    assert ctl.returncode == 130
    assert errors.strip() == ""


def test_a_reader_that_goes_away_is_no_error_to_speak_of(daemon: FakeDaemon) -> None:
    attached = session.Attached(topics=("audit",))
    deltas = (session.Delta(topic="audit", number=number, rows=msgspec.Raw(b"[]")) for number in count(1))
    daemon.script(session.Subscribe, lambda _: (line for lines in ([attached], deltas) for line in lines))
    with start(daemon.path, "watch audit") as ctl:
        assert ctl.stdout is not None
        assert ctl.stderr is not None
        ctl.stdout.readline()
        ctl.stdout.close()
        errors = ctl.stderr.read()
    assert errors == ""


def test_an_export_whose_reader_has_seen_enough_ends_quietly(daemon: FakeDaemon) -> None:
    order = order_export.ExportedOrder(row=ORDER, items=(LINE,))
    daemon.on(order_export.ExportOrders, order_export.OrderPage(orders=(order,) * 100, next="1-2"))
    with start(daemon.path, "order export") as ctl:
        assert ctl.stdout is not None
        assert ctl.stderr is not None
        ctl.stdout.readline()
        ctl.stdout.close()
        assert ctl.stderr.read() == ""
    assert ctl.returncode == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_an_export_that_is_ended_leaves_nothing_behind(
    daemon: FakeDaemon, tmp_path: Path, number: signal.Signals
) -> None:
    order = order_export.ExportedOrder(row=ORDER, items=(LINE,), personal={"buyer.buyerName": "CANARY"})
    seen: set[str] = set()

    def end(_: Request) -> Iterator[order_export.OrderPage]:
        yield order_export.OrderPage(orders=(order,) * 100, next="1-2")
        seen.update(path.suffix for path in tmp_path.iterdir())
        ctl.send_signal(number)

    daemon.script(order_export.ExportPersonalOrders, end)
    target = tmp_path / "orders.csv"
    with start(daemon.path, f"order export --with-personal-data --output {target}") as ctl:
        _, errors = ctl.communicate()
    assert (ctl.returncode, errors) == (128 + number, "")
    assert seen == {".sock", ".part"}
    assert [path.name for path in tmp_path.iterdir()] == ["channeld.sock"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("words", ["status", "status --json", "--help", "protocol"])
def test_an_output_that_cannot_be_written_is_one_clear_line(daemon: FakeDaemon, words: str) -> None:
    with Path("/dev/full").open("w") as full, start(daemon.path, words, stdout=full) as ctl:
        _, errors = ctl.communicate()
    assert ctl.returncode == 1
    assert len(errors.splitlines()) == 1
    assert "No space left on device" in errors


def test_at_a_terminal_what_is_missing_is_asked_for_and_secrets_are_not_echoed(daemon: FakeDaemon) -> None:
    daemon.on(accounts.AddAccount, Refused(code="enough", message="Seen."))
    shown = converse(
        daemon.path,
        "account add eu",
        {
            "Region (na, eu, fe): ": "eu",
            "Seller id: ": "A1SELLER",
            "Client id: ": "amzn1.client",
            "Client secret: ": "s3cret",
            "Refresh token: ": "t0ken",
        },
    )
    (request,) = daemon.requests
    assert isinstance(request, accounts.AddAccount)
    assert (request.region, request.seller_id, request.client_id) == ("eu", "A1SELLER", "amzn1.client")
    assert [request.client_secret, request.refresh_token] == ["s3cret", "t0ken"]
    assert "A1SELLER" in shown
    assert "s3cret" not in shown
    assert "t0ken" not in shown


def test_at_a_terminal_a_no_keeps_the_account(daemon: FakeDaemon) -> None:
    assert "Nothing was changed." in converse(daemon.path, "account remove eu", {"[y/N]: ": "n"})
    assert daemon.requests == []


def converse(socket: Path, words: str, answers: dict[str, str]) -> str:
    """Answer each prompt when it has come, at a terminal. Returns everything that stood on the screen."""
    ours, theirs = pty.openpty()
    with start(socket, words, stdin=theirs) as ctl, os.fdopen(ours, "r+b", buffering=0) as terminal:
        os.close(theirs)
        assert ctl.stdout is not None
        assert ctl.stderr is not None
        shown = ""
        for prompt, answer in answers.items():
            while not shown.endswith(prompt):
                character = ctl.stderr.read(1)
                assert character, shown
                shown += character
            terminal.write(answer.encode() + b"\n")
        shown += ctl.stderr.read() + ctl.stdout.read()
        return shown + terminal.read(1 << 16).decode()  # the terminal's own echo of what was typed
