"""`channelctl watch` and `channelctl audit`."""

import json
from datetime import UTC, datetime

import msgspec
import pytest

from channel_protocol.audit import AuditList, AuditRow, ListAudit
from channel_protocol.codec import encode
from channel_protocol.session import TOPICS, Attached, Delta, Snapshot, Subscribe
from tests.support.ctl import Ctl
from tests.support.fake_daemon import HANG_UP, FakeDaemon


def entry(number: int, channel: str = "uk", order_id: str = "") -> AuditRow:
    at = datetime(2026, 3, 1, 12, 0, number, tzinfo=UTC)
    return AuditRow(
        entry=number,
        at=at,
        account="eu",
        channel=channel,
        order_id=order_id,
        code="x",
        text=f"entry {number}",
        by="channeld",
    )


def rows(*entries: AuditRow) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(entries))


def snapshot(*entries: AuditRow) -> Snapshot:
    return Snapshot(topic="audit", chunk=0, last=True, rows=rows(*entries))


def delta(number: int, *entries: AuditRow) -> Delta:
    return Delta(topic="audit", number=number, rows=rows(*entries))


def test_watch_prints_the_wire_lines_as_they_are_and_ends_with_3(daemon: FakeDaemon, ctl: Ctl) -> None:
    spaced = b'{ "type":"delta", "topic":"audit","number":2,"rows":[],"added_later":1 }\n'
    daemon.on(Subscribe, Attached(topics=TOPICS), snapshot(entry(1)), delta(1, entry(2)), spaced, HANG_UP)
    result = ctl("watch")
    assert result.stdout.encode() == encode(snapshot(entry(1))) + encode(delta(1, entry(2))) + spaced
    assert result.exit_code == 3
    assert "closed the connection" in result.stderr


@pytest.mark.parametrize(("words", "topics"), [("", TOPICS), ("orders audit", ("orders", "audit"))])
def test_watch_subscribes_to_what_was_named_or_to_all(
    daemon: FakeDaemon, ctl: Ctl, words: str, topics: tuple[str, ...]
) -> None:
    daemon.on(Subscribe, HANG_UP)
    ctl("watch", *words.split())
    assert daemon.requests == [Subscribe(id=1, topics=topics)]


def test_the_help_of_watch_names_every_topic(ctl: Ctl) -> None:
    told = " ".join(ctl("watch", "--help").stdout.split())
    assert f"Topics: {', '.join(TOPICS)}." in told


def test_list_filters_in_the_daemon_and_shows_the_newest_first(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(ListAudit, AuditList(rows=(entry(2), entry(1))))
    result = ctl("audit", "list", "--order", "203", "--channel", "uk", "--limit", "2")
    assert result.stdout.index("entry 2") < result.stdout.index("entry 1")
    assert daemon.requests == [ListAudit(id=1, order_id="203", channel="uk", limit=2)]
    assert [row["entry"] for row in ctl.json("audit", "list")] == [2, 1]


def test_follow_prints_the_oldest_first_and_nothing_twice_or_unasked(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(Subscribe, Attached(topics=("audit",)), snapshot(entry(1), entry(2)))
    daemon.on(
        ListAudit,
        delta(1, entry(3)),  # comes between the subscription and the list, which has it too
        AuditList(rows=(entry(3), entry(2))),
        delta(2, entry(5, channel="de"), entry(4)),
        snapshot(entry(6), entry(4), entry(1)),  # the daemon starts afresh with a slow reader
        HANG_UP,
    )
    result = ctl("audit", "list", "--channel", "uk", "--limit", "2", "--follow", "--json")
    assert [json.loads(line)["entry"] for line in result.stdout.splitlines()] == [2, 3, 4, 6]
    assert result.exit_code == 3
    assert json.loads(result.stderr)["code"] == "daemon_lost"


def test_follow_is_one_line_an_entry_for_people(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(Subscribe, Attached(topics=("audit",)))
    daemon.on(ListAudit, AuditList(rows=(entry(1, order_id="203-1"),)), HANG_UP)
    (line,) = ctl("audit", "list", "--follow").stdout.splitlines()
    assert all(words in line for words in ("2026-03-01", "uk 203-1", "entry 1", "(channeld)"))
