"""Whatever comes in at the socket is answered, refused with a reason, or ends its own connection only."""

import json
from collections.abc import Generator
from contextlib import ExitStack

import pytest
from structlog.testing import capture_logs

from channel_protocol import MAX_CLIENT_LINE
from channel_protocol.codec import tag_of
from tests.fuzz.requests import CANARY, as_line, in_order
from tests.fuzz.socket_fuzz import try_lines, try_requests
from tests.fuzz.socket_rules import answer_to, check_answer
from tests.fuzz.wild_daemon import PlainClient, WildDaemon, wild_daemon

REQUESTS = {tag_of(kind): kind for kind in in_order()}
LIST = {"type": "channel.list", "id": 7}


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Generator[WildDaemon]:
    with wild_daemon(tmp_path_factory.mktemp("wild")) as daemon:
        yield daemon


@pytest.mark.parametrize("tag", REQUESTS)
def test_every_request_is_answered_whatever_its_fields_hold(daemon: WildDaemon, tag: str) -> None:
    with capture_logs() as logs, daemon.time_passes():
        try_requests(daemon, REQUESTS[tag])
    assert [entry for entry in logs if entry["log_level"] == "error"] == []
    assert CANARY not in repr(logs)


def test_every_line_is_answered_whatever_it_is(daemon: WildDaemon) -> None:
    with capture_logs() as logs, daemon.time_passes():
        try_lines(daemon)
    assert [entry for entry in logs if entry["log_level"] == "error"] == []


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"type": "audit.list", "before": 2**63}, {"before"}),
        ({"type": "channel.list", "limit": -(2**70)}, {"limit"}),
        ({"type": "subscribe", "topics": ["orders"] * 201}, {"topics"}),
        ({"type": "account.show", "account": "x" * 10_001}, {"account"}),
        (
            {
                "type": "channel.set",
                "command_id": "much-too-much",
                "channel": "x" * 10_001,
                "values": {f"key {number}": "x" for number in range(50_000)},
            },
            {"channel", "values"},
        ),
        (
            {"type": "channel.set", "command_id": "x", "channel": "uk", "values": {"a": "x" * 10_001}},
            {"values"},
        ),
    ],
    ids=lambda value: "" if isinstance(value, set) else value["type"],
)
def test_what_is_too_much_is_refused_naming_every_field(
    daemon: WildDaemon, fields: dict[str, object], wrong: set[str]
) -> None:
    with daemon.client() as client:
        answer = answer_to(client, fields)
        assert answer["code"] == "bad_request"
        assert {problem["key"] for problem in answer["problems"]} == wrong
        assert all(key in answer["message"] for key in wrong)


def test_what_a_person_writes_steers_no_terminal_and_is_not_logged(daemon: WildDaemon) -> None:
    halt = {"type": "actor.halt", "actor": "daemon/retention", "reason": "CANARY \x1b[31m lunch\x07"}
    with daemon.client() as client, capture_logs() as logs:
        row = answer_to(client, {**halt, "command_id": "gone-for-lunch"})["row"]
        answer_to(
            client, {"type": "actor.resume", "actor": "daemon/retention", "command_id": "back-from-lunch"}
        )
    assert (row["state"], row["reason"]) == ("halted", "CANARY  [31m lunch")
    assert "actor halted" in [entry["event"] for entry in logs]
    assert "CANARY" not in repr(logs)


def test_of_a_field_that_comes_twice_the_last_holds(daemon: WildDaemon) -> None:
    with daemon.client() as client:
        answer = client.ask(b'{"type":"channel.list","id":1,"limit":5,"limit":1,"id":2}\n')
        assert (answer["type"], answer["id"]) == ("channel.list.reply", 2)


def test_an_id_may_be_used_again_and_again(daemon: WildDaemon) -> None:
    with daemon.client() as client:
        client.socket.sendall(as_line(LIST) * 20)
        assert {client.reply()["id"] for _ in range(20)} == {7}


def test_the_longest_line_is_read_and_one_byte_more_ends_the_connection(daemon: WildDaemon) -> None:
    bare = json.dumps({**LIST, "padding": ""}).encode()
    padding = b"x" * (MAX_CLIENT_LINE - len(bare))
    with daemon.client() as client, daemon.client() as other:
        assert client.ask(bare[:-2] + padding + bare[-2:] + b"\n")["id"] == 7
        client.socket.sendall(b"x" * (MAX_CLIENT_LINE + 1))
        answer = client.read()
        check_answer(answer, "a line that is too long")
        assert answer["code"] == "line_too_long"
        assert has_ended(client)
        assert other.ask(as_line(LIST))["id"] == 7


def test_clients_that_stop_in_the_middle_leave_nothing_behind(daemon: WildDaemon) -> None:
    before = daemon.in_use()
    with ExitStack() as clients:
        for number in range(200):
            client = clients.enter_context(daemon.client())
            client.socket.sendall(BROKEN_OFF[number % len(BROKEN_OFF)])
        with daemon.client() as patient:
            assert patient.ask(as_line(LIST))["id"] == 7
    assert daemon.in_use() == before


BROKEN_OFF = (
    b"",
    b'{"type":"chan',
    b"x" * 100_000,
    as_line({"type": "subscribe", "topics": ["actors", "audit", "orders"]}),
    as_line(LIST) * 2,
    as_line({"type": "order.sync", "command_id": "nobody-waits", "wait": 3000}),
    b"\n" * 1000,
)
"""What clients have sent when they fall silent. None of them reads."""


def test_so_many_clients_that_another_one_would_cost_the_daemon_its_files(
    daemon: WildDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channeld.control.listener.MOST_SESSIONS", 5)
    with ExitStack() as clients:
        hellos = [clients.enter_context(daemon.client()).hello for _ in range(6)]
        assert [hello["type"] for hello in hellos].count("refused") >= 1
        assert hellos[-1]["code"] == "too_many_clients"
        assert hellos[-1]["hint"]
    daemon.in_use()
    with daemon.client() as client:
        assert client.hello["type"] == "hello"


def has_ended(client: PlainClient) -> bool:
    try:
        client.read()
    except (EOFError, ConnectionResetError):
        return True
    return False
