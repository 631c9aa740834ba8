"""A connection: hello, replies with their ids, topics; whatever a client does, nobody else notices."""

import json
import socket
from collections.abc import AsyncGenerator

import anyio
import pytest
from structlog.testing import capture_logs

from channel_protocol import MAX_CLIENT_LINE, MAX_DAEMON_LINE, PROTOCOL_VERSION
from channel_protocol.actors import ActorList, ListActors
from channeld.errors import InvalidRequest, Problem
from channeld.runtime.errors import MailboxFull
from tests.support.fake_clock import FakeClock
from tests.support.session_house import Client, House, open_house


@pytest.fixture
async def house(clock: FakeClock) -> AsyncGenerator[House]:
    async with open_house(clock) as house:
        yield house


LIST = {"type": "actor.list", "id": 7}
HOLD = {"type": "status.get", "id": 8}
SUBSCRIBE = {"type": "subscribe", "id": 1, "topics": ["actors"]}


async def test_the_daemon_speaks_first(house: House) -> None:
    async with await anyio.connect_unix(house.path) as stream:
        assert await Client(stream).read() == {
            "type": "hello",
            "protocol": PROTOCOL_VERSION,
            "daemon": "0.1.0",
            "boot_id": "boot-1",
            "may_write": True,
        }


async def test_a_request_is_answered_with_its_id(house: House) -> None:
    async with house.client() as client:
        assert await client.ask(LIST) == {"type": "actor.list.reply", "id": 7, "rows": []}
    request, access = house.office.asked[0]
    assert isinstance(request, ListActors)
    assert access.may_write


async def test_a_slow_request_does_not_hold_up_the_next(house: House) -> None:
    async with house.client() as client:
        assert (await client.ask(HOLD, LIST))["id"] == 7
        house.office.hold.set()
        assert (await client.read())["id"] == 8


async def test_at_most_sixteen_requests_run_at_once(house: House) -> None:
    async with house.client() as client, house.client() as other:
        await client.send(*[HOLD] * 40)
        assert (await other.ask(LIST))["id"] == 7
        while house.office.held < 16:
            await anyio.lowlevel.checkpoint()
        assert (await other.ask(LIST))["id"] == 7
        assert house.office.held == 16
        house.office.hold.set()
        for _ in range(40):
            assert (await client.read())["id"] == 8


async def test_another_protocol_is_refused_naming_both_sides(house: House) -> None:
    async with house.client() as client:
        hello = {"type": "hello.client", "id": 3, "protocol": PROTOCOL_VERSION, "client": "channeltop 0.1.0"}
        assert await client.ask(hello) == {"type": "hello.welcome", "id": 3}
        answer = await client.ask({**hello, "protocol": 99})
        assert answer["code"] == "protocol_mismatch"
        assert "channeltop 0.1.0" in answer["message"]
        assert "0.1.0" in answer["message"]


@pytest.mark.parametrize(
    ("line", "id_", "code"),
    [
        (b"not json\n", 0, "bad_request"),
        (b"\xff\xfe\n", 0, "bad_request"),
        (b'{"type":"actor.list","id":4,"limit":"\xff"}\n', 0, "bad_request"),
        (b"[1, 2]\n", 0, "bad_request"),
        (b"[" * 100_000 + b"\n", 0, "bad_request"),
        (b'{"id": 4}\n', 4, "bad_request"),
        (b'{"type": "actor.list", "id": 4, "limit": "many"}\n', 4, "bad_request"),
        (b'{"type": "actor.list", "id": "four"}\n', 0, "bad_request"),
        (b'{"type": "actor.list", "id": 99999999999999999999999}\n', 0, "bad_request"),
        (b'{"type": "actor.lst", "id": 4}\n', 4, "unknown_request"),
        (b'{"type": "subscribe", "id": 4, "topics": ["actor"]}\n', 4, "unknown_topic"),
    ],
)
async def test_a_line_that_is_no_request_is_refused_and_the_connection_goes_on(
    house: House, line: bytes, id_: int, code: str
) -> None:
    async with house.client() as client:
        answer = await client.ask(line)
        assert (answer["type"], answer["id"], answer["code"]) == ("refused", id_, code)
        assert answer["message"]
        assert answer["hint"]
        assert (await client.ask(LIST))["id"] == 7


async def test_an_unknown_request_is_told_the_nearest(house: House) -> None:
    async with house.client() as client:
        assert "'actor.list'" in (await client.ask({"type": "actor.lists"}))["hint"]


async def test_an_oversized_line_ends_its_connection_only(house: House) -> None:
    async with house.client() as client, house.client() as other:
        longest = json.dumps({**LIST, "padding": ""}).encode()
        padding = b"x" * (MAX_CLIENT_LINE - len(longest))
        assert (await client.ask(longest[:-2] + padding + longest[-2:] + b"\n"))["id"] == 7
        async with anyio.create_task_group() as group:
            group.start_soon(send_until_refused, client, b"x" * (MAX_CLIENT_LINE + 1))
            assert (await client.read())["code"] == "line_too_long"
            assert await client.ended()
        assert (await other.ask(LIST))["id"] == 7


async def send_until_refused(client: Client, data: bytes) -> None:
    try:
        await client.send(data)
    except anyio.BrokenResourceError:
        return


async def test_endless_garbage_ends_the_connection(house: House) -> None:
    async with house.client() as client:
        await client.send(b"garbage\n" * 99, LIST, b"garbage\n" * 100)
        codes = [(await client.read()).get("code", "fine") for _ in range(201)]
        assert sorted(set(codes)) == ["bad_request", "fine", "too_many_errors"]
        assert await client.ended()


async def test_empty_lines_are_ignored_and_a_truncated_one_at_the_end_too(house: House) -> None:
    async with house.client() as client:
        await client.send(b"\n\r\n \n", LIST, b'{"type": "actor.list", "id": 9}')
        await client.stream.send_eof()
        assert (await client.read())["id"] == 7
        assert await client.ended()
    assert len(house.office.asked) == 1


async def test_who_ends_its_side_gets_its_answers(house: House) -> None:
    async with house.client() as client:
        await client.send(HOLD)
        await client.stream.send_eof()
        while not house.office.held:
            await anyio.lowlevel.checkpoint()
        house.office.hold.set()
        assert (await client.read())["id"] == 8
        assert await client.ended()


async def test_a_client_that_goes_away_costs_nothing(house: House) -> None:
    with capture_logs() as logs:
        async with house.client() as client:
            await client.send(SUBSCRIBE, HOLD)
            while not house.office.held:
                await anyio.lowlevel.checkpoint()
        house.change("eu/stock")
        house.office.hold.set()
        while house.listener.sessions:
            await anyio.lowlevel.checkpoint()
    assert logs == []


async def test_foreseen_errors_travel_unchanged(house: House) -> None:
    problem = Problem(key="marketplace", message="is unknown", nearest="A1PA6795UKMFR9")
    house.office.raises = InvalidRequest("invalid_channel", "It cannot be added.", "Change it.", [problem])
    async with house.client() as client:
        assert await client.ask(LIST) == {
            "type": "refused",
            "id": 7,
            "code": "invalid_channel",
            "message": "It cannot be added.",
            "hint": "Change it.",
            "problems": [{"key": "marketplace", "message": "is unknown", "nearest": "A1PA6795UKMFR9"}],
        }
        house.office.raises = MailboxFull("eu/stock", 16)
        assert (await client.ask(LIST))["code"] == "mailbox_full"


async def test_a_bug_in_a_handler_is_refused_and_told_without_its_values(house: House) -> None:
    house.office.raises = ValueError("anna@example.com")
    with capture_logs() as logs:
        async with house.client() as client:
            answer = await client.ask(LIST)
            assert (answer["code"], answer["id"]) == ("internal", 7)
            house.office.raises = None
            assert (await client.ask(LIST))["id"] == 7
    assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == ["request failed"]
    assert "anna" not in repr(logs) + repr(answer)


async def test_an_answer_that_does_not_fit_into_a_line_is_refused(house: House) -> None:
    house.office.answer = ActorList(rows=(house.office.row("a", "x" * MAX_DAEMON_LINE),))
    async with house.client() as client:
        answer = await client.ask(LIST)
        assert (answer["code"], answer["id"]) == ("reply_too_large", 7)
        assert "limit" in answer["hint"]


async def test_a_topic_comes_as_reply_snapshot_and_deltas(house: House) -> None:
    house.office.rows["eu/stock"] = house.office.row("eu/stock")
    async with house.client() as client:
        assert await client.ask(SUBSCRIBE) == {"type": "subscribed", "id": 1, "topics": ["actors"]}
        snapshot = await client.read()
        assert (snapshot["type"], snapshot["chunk"], snapshot["last"]) == ("snapshot", 0, True)
        assert [row["actor"] for row in snapshot["rows"]] == ["eu/stock"]
        house.change("eu/price")
        delta = await client.read()
        assert (delta["type"], delta["number"], delta["gone"]) == ("delta", 1, [])
        assert [row["actor"] for row in delta["rows"]] == ["eu/price"]
        answer = await client.ask({"type": "unsubscribe", "id": 2, "topics": ["actors"]})
        assert answer == {"type": "subscribed", "id": 2, "topics": []}
        house.change("eu/price")
        assert (await client.ask(LIST))["id"] == 7


async def test_a_client_that_stops_reading_slows_nobody(house: House) -> None:
    async with house.client() as slow, house.client() as fast:
        for client in (slow, fast):
            await client.ask(SUBSCRIBE)
            await client.read()
        for number in range(300):
            house.change("eu/stock", reason=f"{number} {'x' * 20_000}")
            delta = await fast.read()
            assert delta["rows"][0]["reason"].startswith(f"{number} ")
        numbers = [(await slow.read())]
        while not numbers[-1]["rows"][0]["reason"].startswith("299 "):
            numbers.append(await slow.read())
        assert len(numbers) < 300
        assert [delta["number"] for delta in numbers] == list(range(1, len(numbers) + 1))


async def test_stopping_answers_what_is_under_way_and_takes_no_more(house: House, clock: FakeClock) -> None:
    async with house.client() as client, anyio.create_task_group() as group:
        await client.send(HOLD)
        while not house.office.held:
            await anyio.lowlevel.checkpoint()
        group.start_soon(house.listener.stop)
        await clock.settle()
        house.office.hold.set()
        assert (await client.read())["id"] == 8
        assert await client.ended()
    with socket.socket(socket.AF_UNIX) as late, pytest.raises(ConnectionRefusedError):
        late.connect(str(house.path))


async def test_stopping_does_not_wait_for_ever(house: House, clock: FakeClock) -> None:
    async with house.client() as client, anyio.create_task_group() as group:
        await client.send(HOLD)
        while not house.office.held:
            await anyio.lowlevel.checkpoint()
        group.start_soon(house.listener.stop)
        await clock.advance(3)
        assert await client.ended()
