"""The protocol client against a scripted daemon."""

import socket
from collections.abc import Iterator
from pathlib import Path

import anyio
import msgspec
import pytest

from channel_protocol import MAX_CLIENT_LINE, PROTOCOL_VERSION
from channel_protocol.base import Problem, Refused, Request
from channel_protocol.channels import ChannelList, ChannelRow, ListChannels
from channel_protocol.client import (
    ClientError,
    DaemonLost,
    DaemonUnreachable,
    ProtocolMismatch,
    RequestRefused,
    connect,
)
from channel_protocol.codec import decode_rows
from channel_protocol.errors import unreachable
from channel_protocol.locations import ListLocations, LocationList
from channel_protocol.orders import ListOrders, OrderList
from channel_protocol.session import Attached, Delta, Hello, Snapshot, Subscribe
from tests.support.fake_daemon import HANG_UP, FakeDaemon


def channel(name: str, version: int = 1) -> ChannelRow:
    return ChannelRow(
        channel=name,
        account="eu",
        marketplace="UK",
        marketplace_id="A1F83G8C2ARO7P",
        currency="GBP",
        enabled=True,
        version=version,
    )


def delta(number: int, *rows: ChannelRow) -> Delta:
    return Delta(topic="channels", number=number, rows=msgspec.Raw(msgspec.json.encode(rows)))


def snapshot(*rows: ChannelRow) -> Snapshot:
    return Snapshot(topic="channels", chunk=0, last=True, rows=msgspec.Raw(msgspec.json.encode(rows)))


async def test_the_daemon_speaks_first(daemon: FakeDaemon) -> None:
    async with connect(daemon.path) as client:
        assert client.hello.boot_id == "boot"
        assert client.hello.may_write


async def test_a_request_gets_its_reply(daemon: FakeDaemon) -> None:
    daemon.on(ListChannels, ChannelList(rows=(channel("uk"),)))
    async with connect(daemon.path) as client:
        assert (await client.request(ListChannels(), ChannelList)).rows == (channel("uk"),)


async def test_several_requests_are_under_way_at_once_and_answered_in_any_order(daemon: FakeDaemon) -> None:
    held: list[Request] = []

    def hold(request: Request) -> list[LocationList | ChannelList]:
        held.append(request)
        if len(held) < 2:
            return []
        return [
            LocationList(id=late.id, rows=())
            if isinstance(late, ListLocations)
            else ChannelList(id=late.id, rows=(channel("uk"),))
            for late in reversed(held)
        ]

    daemon.script(ListLocations, hold)
    daemon.script(ListChannels, hold)
    answers: dict[str, object] = {}
    async with connect(daemon.path) as client, anyio.create_task_group() as tasks:

        async def ask(name: str, request: Request) -> None:
            answers[name] = await client.request(request)

        tasks.start_soon(ask, "locations", ListLocations())
        tasks.start_soon(ask, "channels", ListChannels())
    assert isinstance(answers["locations"], LocationList)
    assert isinstance(answers["channels"], ChannelList)


async def test_a_refusal_keeps_code_message_hint_and_problems(daemon: FakeDaemon) -> None:
    problem = Problem(key="tax_rte", message="no such setting", nearest="tax_rate")
    daemon.on(ListChannels, Refused(code="invalid", message="No.", hint="Try.", problems=(problem,)))
    async with connect(daemon.path) as client:
        with pytest.raises(RequestRefused) as refused:
            await client.request(ListChannels())
    error = refused.value
    assert (error.code, error.message, error.hint, error.problems) == ("invalid", "No.", "Try.", (problem,))


async def test_events_come_in_order_beside_replies(daemon: FakeDaemon) -> None:
    daemon.on(Subscribe, Attached(topics=("channels",)), snapshot(channel("uk")), delta(1, channel("uk", 2)))
    async with connect(daemon.path) as client:
        await client.request(Subscribe(topics=("channels",)), Attached)
        events = client.events()
        first, second = await anext(events), await anext(events)
    assert isinstance(first, Snapshot)
    assert isinstance(second, Delta)
    assert decode_rows(second.rows) == [channel("uk", 2)]


async def test_a_request_is_answered_while_nobody_reads_thousands_of_events(daemon: FakeDaemon) -> None:
    flood = [delta(number, channel("uk", number)) for number in range(1, 3001)]
    daemon.on(Subscribe, Attached(topics=("channels",)), *flood)
    daemon.on(ListOrders, OrderList(rows=()))
    async with connect(daemon.path) as client:
        await client.request(Subscribe(topics=("channels",)), Attached)
        assert (await client.request(ListOrders(), OrderList)).rows == ()
        events = client.events()
        seen = [await anext(events) for _ in flood]
    assert [event.number for event in seen if isinstance(event, Delta)] == list(range(1, 3001))


async def test_a_line_of_megabytes_arrives_whole(daemon: FakeDaemon) -> None:
    rows = tuple(channel(f"channel-{number}") for number in range(15_000))
    daemon.on(Subscribe, Attached(topics=("channels",)), snapshot(*rows))
    async with connect(daemon.path) as client:
        await client.request(Subscribe(topics=("channels",)))
        event = await anext(client.events())
    assert len(bytes(event.rows)) > 4_000_000
    assert len(decode_rows(event.rows)) == 15_000


async def test_a_request_longer_than_a_line_may_be_is_not_sent(daemon: FakeDaemon) -> None:
    async with connect(daemon.path) as client:
        with pytest.raises(RequestRefused, match="bytes"):
            await client.request(ListOrders(channel="x" * MAX_CLIENT_LINE))
    assert daemon.requests == []


async def test_a_daemon_that_goes_is_told_to_everybody_who_waits(daemon: FakeDaemon) -> None:
    daemon.on(ListOrders)
    daemon.on(ListChannels, HANG_UP)
    lost: list[str] = []
    async with connect(daemon.path) as client, anyio.create_task_group() as tasks:

        async def ask(request: Request) -> None:
            with pytest.raises(DaemonLost):
                await client.request(request)
            lost.append(type(request).__name__)

        async def listen() -> None:
            with pytest.raises(DaemonLost):
                await anext(client.events())
            lost.append("events")

        tasks.start_soon(listen)
        tasks.start_soon(ask, ListOrders())
        tasks.start_soon(ask, ListChannels())
    assert sorted(lost) == ["ListChannels", "ListOrders", "events"]


async def test_events_that_came_before_the_end_are_still_handed_out(daemon: FakeDaemon) -> None:
    daemon.on(Subscribe, Attached(topics=("channels",)), snapshot(channel("uk")), HANG_UP)
    async with connect(daemon.path) as client:
        await client.request(Subscribe(topics=("channels",)))
        events = client.events()
        assert isinstance(await anext(events), Snapshot)
        with pytest.raises(DaemonLost):
            await anext(events)


async def test_an_error_in_the_body_comes_out_as_it_is(daemon: FakeDaemon) -> None:
    with pytest.raises(KeyError, match="mine"):
        async with connect(daemon.path):
            raise KeyError("mine")


async def test_a_request_that_is_cancelled_leaves_the_connection_usable(daemon: FakeDaemon) -> None:
    daemon.on(ListOrders)
    daemon.on(ListChannels, ChannelList(rows=()))
    async with connect(daemon.path) as client:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(client.request, ListOrders())
            await client.request(ListChannels(), ChannelList)
            tasks.cancel_scope.cancel()
        assert (await client.request(ListChannels(), ChannelList)).rows == ()


async def test_a_reply_of_a_newer_daemon_ends_only_its_own_request(daemon: FakeDaemon) -> None:
    daemon.script(ListOrders, lambda request: [b'{"type":"from.the.future","id":%d}\n' % request.id])
    daemon.on(ListChannels, b'{"type":"also.unknown"}\n', ChannelList(rows=()))
    async with connect(daemon.path) as client:
        with pytest.raises(ClientError, match="does not know"):
            await client.request(ListOrders())
        assert (await client.request(ListChannels(), ChannelList)).rows == ()


@pytest.mark.parametrize("line", [b"{not json\n", b'{"type":"\xff"}\n'])
async def test_garbage_ends_the_connection(daemon: FakeDaemon, line: bytes) -> None:
    daemon.on(ListOrders, line)
    async with connect(daemon.path) as client:
        with pytest.raises(DaemonLost):
            await client.request(ListOrders())


async def test_a_mismatch_names_both_versions(daemon: FakeDaemon) -> None:
    daemon.hello = Hello(protocol=PROTOCOL_VERSION + 6, daemon="9.9.9", boot_id="b", may_write=False)
    with pytest.raises(ProtocolMismatch, match=rf"protocol {PROTOCOL_VERSION},.*9\.9\.9.*protocol 7"):
        async with connect(daemon.path):
            pass


@pytest.mark.parametrize("hello", [b"HTTP/1.1 400 Bad Request\r\n", b'{"type":"subscribed","topics":[]}\n'])
async def test_something_else_that_listens_there_is_recognised(daemon: FakeDaemon, hello: bytes) -> None:
    daemon.hello = hello
    with pytest.raises(DaemonUnreachable, match="does not speak channeld's protocol"):
        async with connect(daemon.path):
            pass


@pytest.fixture
def mute(tmp_path: Path) -> Iterator[Path]:
    """Somebody who listens, and never says a word."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "mute.sock"))
        listener.listen()
        yield tmp_path / "mute.sock"


async def test_somebody_who_never_says_hello_is_not_waited_for(
    mute: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channel_protocol.client.HELLO_WITHIN", 0.02)
    with pytest.raises(DaemonUnreachable, match="said nothing"):
        async with connect(mute):
            pass


async def test_another_reply_than_was_asked_for_is_an_error_in_words(daemon: FakeDaemon) -> None:
    daemon.on(ListChannels, OrderList(rows=()))
    async with connect(daemon.path) as client:
        with pytest.raises(ClientError, match="does not know"):
            await client.request(ListChannels(), ChannelList)


async def test_without_a_socket_the_error_says_how_to_start(tmp_path: Path) -> None:
    with pytest.raises(DaemonUnreachable, match=r"not running.*absent\.sock.*channeld run"):
        async with connect(tmp_path / "absent.sock"):
            pass


async def test_a_socket_that_nobody_listens_at_is_called_stale(tmp_path: Path) -> None:
    path = tmp_path / "stale.sock"
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(path))
    with pytest.raises(DaemonUnreachable, match=r"nobody listens.*left behind.*channeld run"):
        async with connect(path):
            pass


async def test_a_file_that_is_no_socket_is_named(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    with pytest.raises(DaemonUnreachable, match="is not a socket"):
        async with connect(path):
            pass


async def test_a_path_too_long_for_a_socket_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(DaemonUnreachable, match="cannot be used"):
        async with connect(tmp_path / ("x" * 120)):
            pass


def test_a_forbidden_socket_names_its_owner_and_mode(daemon: FakeDaemon) -> None:
    daemon.path.chmod(0o660)
    error = unreachable(daemon.path, PermissionError())
    group = daemon.path.group()
    assert f"belongs to user {daemon.path.owner()}, group {group}, mode 0660" in error.message
    assert f"Join the group {group}" in error.hint


def test_a_private_socket_is_no_reason_to_join_a_group(daemon: FakeDaemon) -> None:
    daemon.path.chmod(0o600)
    error = unreachable(daemon.path, PermissionError())
    assert "mode 0600" in error.message
    assert "[socket] group" in error.hint
