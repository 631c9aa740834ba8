"""`channelctl order due`: what is to be sent, and until when."""

from datetime import UTC, datetime, timedelta

import msgspec

from channel_protocol.order_answers import (
    DueList,
    DueRow,
    ListDue,
)
from tests.support.ctl import Ctl
from tests.support.ctl_answers import ID, NOON
from tests.support.fake_daemon import FakeDaemon


def due(**changed: object) -> DueRow:
    row = DueRow(
        order_id=ID,
        channel="uk",
        account="eu",
        marketplace="UK",
        zone="Europe/London",
        ship_by=datetime(2026, 7, 1, 22, 59, tzinfo=UTC),
        units=2,
        risk="at risk",
        note="",
        service="Express",
    )
    return msgspec.structs.replace(row, **changed)


def test_due_shows_the_marketplaces_own_time_beside_utc(daemon: FakeDaemon, ctl: Ctl) -> None:
    rows = (due(), due(zone="Nowhere/At-all", risk=""), due(ship_by=None, zone=""))
    daemon.on(ListDue, DueList(rows=rows, overdue=3, at_risk=12, on_track=1000))
    text = ctl("order", "due", "--channel", "uk").stdout
    assert "2026-07-01 23:59 BST" in text
    assert text.count("2026-07-01 22:59 UTC") == 3, "where the zone is not known, UTC stands for it"
    assert "3 overdue, 12 at risk, 1,000 on track." in text
    (asked,) = daemon.requests
    assert isinstance(asked, ListDue)
    assert (asked.channel, asked.limit) == ("uk", 500)


def test_due_for_programs_is_an_array_in_utc(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(
        ListDue, DueList(rows=(due(ship_by=NOON + timedelta(hours=1)),), overdue=0, at_risk=1, on_track=0)
    )
    (row,) = ctl.json("order", "due")
    assert (row["ship_by"], row["zone"], row["risk"]) == ("2026-03-01T13:00:00Z", "Europe/London", "at risk")


def test_due_says_when_nothing_is(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(ListDue, DueList(rows=(), overdue=0, at_risk=0, on_track=0))
    assert "Nothing is to be sent." in ctl("order", "due").stdout
