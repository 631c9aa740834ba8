"""`channelctl status`, and what all commands share."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from channel_protocol.actors import ActorList, ActorRow, GetStatus, ListActors, Status, StatusRow
from channel_protocol.listings import DownloadList, ListDownloads
from channel_protocol.offers import StockSyncRow
from tests.support.ctl import Ctl
from tests.support.fake_daemon import FakeDaemon
from tests.support.monitor_listings import download, running

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
FAILING = StatusRow(
    channel="uk",
    account="eu",
    concern="order_download",
    state="failing",
    since=NOON,
    waits_for="retry",
    until=None,
    reason="Amazon answers 503",
    hint="Nothing to do.",
    order_sync_date=NOON,
)


@pytest.fixture(autouse=True)
def without_downloads(daemon: FakeDaemon) -> None:
    daemon.on(ListDownloads, DownloadList(rows=()))


def status(*rows: StatusRow, attention: tuple[str, ...] = ()) -> Status:
    return Status(daemon="0.1.0", started_at=NOON, rows=rows, attention=attention)


def test_status_shows_each_concern_and_what_needs_attention(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(GetStatus, status(FAILING, attention=("uk/order_download has failed since 12:00: wait.",)))
    result = ctl("status")
    assert result.exit_code == 0
    for words in ("uk", "order_download", "failing", "Amazon answers 503", "Needs attention", "wait."):
        assert words in result.stdout


def test_status_says_that_nothing_needs_attention(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(GetStatus, status(FAILING))
    assert "Nothing needs attention." in ctl("status").stdout


def test_status_of_an_empty_daemon_says_what_to_do_first(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(GetStatus, status())
    assert "channelctl account add" in ctl("status").stdout


def test_status_as_json_has_stable_flat_fields(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(GetStatus, status(FAILING))
    assert ctl.json("status") == [
        {
            "channel": "uk",
            "concern": "order_download",
            "state": "failing",
            "since": "2026-03-01T12:00:00Z",
            "waits_for": "retry",
            "until": None,
            "reason": "Amazon answers 503",
            "hint": "Nothing to do.",
            "order_sync_date": "2026-03-01T12:00:00Z",
            "inventory_sync_date": None,
            "account": "eu",
        }
    ]


def test_status_as_one_object_has_what_amazon_was_not_told_and_what_needs_attention(
    daemon: FakeDaemon, ctl: Ctl
) -> None:
    stock = StockSyncRow(
        channel="uk",
        account="eu",
        inventory_sync_date=NOON,
        computed_at=NOON,
        drift_checked_at=None,
        dirty=8,
        oldest_dirty=NOON,
        warning="no inventory location",
    )
    told = status(FAILING, attention=("uk: no inventory location",))
    daemon.on(GetStatus, replace(told, stock=(stock,)))
    daemon.on(ListDownloads, DownloadList(rows=(running("uk"), download("never"))))
    document = ctl.json("status", "--full")
    assert list(document) == ["daemon", "started_at", "rows", "stock", "downloads", "attention"]
    assert document["rows"] == ctl.json("status")
    assert document["attention"] == ["uk: no inventory location"]
    assert [row["channel"] for row in document["downloads"]] == ["uk"]
    (row,) = document["stock"]
    expected = {
        "channel": "uk",
        "account": "eu",
        "inventory_sync_date": "2026-03-01T12:00:00Z",
        "dirty": 8,
        "oldest_dirty": "2026-03-01T12:00:00Z",
        "warning": "no inventory location",
    }
    assert expected.items() <= row.items()


@pytest.mark.parametrize("words", ["--json actor list", "actor --json list", "actor list --json"])
def test_the_shared_options_stand_at_every_level(daemon: FakeDaemon, words: str) -> None:
    row = ActorRow(
        actor="eu/order_download",
        account="eu",
        channel="",
        concern="order_download",
        state="running",
        since=NOON,
    )
    daemon.on(ListActors, ActorList(rows=(row,)))
    elsewhere = Ctl(daemon.path.with_name("absent.sock"))
    placed = words.replace("--json", f"--json --socket {daemon.path}").split()
    rows = json.loads(elsewhere(*placed).stdout)
    assert [row["actor"] for row in rows] == ["eu/order_download"]
    assert not {"type", "version", "id"} & rows[0].keys()


def test_an_empty_list_is_a_sentence_for_people_and_an_array_for_programs(
    daemon: FakeDaemon, ctl: Ctl
) -> None:
    daemon.on(ListActors, ActorList(rows=()))
    assert "channelctl channel enable" in ctl("actor", "list").stdout
    assert ctl.json("actor", "list") == []


@pytest.mark.parametrize(
    "words",
    [
        "account list",
        "actor list",
        "audit list",
        "channel list",
        "location list",
        "mapping payment list",
        "order list",
        "order list --quarantined",
    ],
)
def test_every_list_hands_its_limit_to_the_daemon(daemon: FakeDaemon, ctl: Ctl, words: str) -> None:
    ctl(*words.split(), "--limit", "7")
    (request,) = daemon.requests
    assert getattr(request, "limit", None) == 7


def test_protocol_needs_no_daemon(tmp_path: Path) -> None:
    alone = Ctl(tmp_path / "absent.sock")
    assert "### `order.sync`" in alone("protocol").stdout
    names = {entry["name"] for entry in alone.json("protocol")}
    assert {"order.sync", "order.sync.reply", "delta", "order"} <= names


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("channelctl ord", "order"), ("channelctl order re", "recover"), ("channelctl watch au", "audit")],
)
def test_the_shell_can_complete_nouns_verbs_and_topics(ctl: Ctl, typed: str, offered: str) -> None:
    last = str(len(typed.split()) - 1)
    completing = {"_CHANNELCTL_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": last}
    assert f"plain,{offered}" in ctl(env=completing).stdout


def test_help_names_the_exit_codes_and_how_to_complete(ctl: Ctl) -> None:
    text = ctl("--help").stdout
    assert "3 no daemon" in text
    assert "_CHANNELCTL_COMPLETE=bash_source" in text


def test_what_channels_have_in_common_is_said_once_for_people(daemon: FakeDaemon, ctl: Ctl) -> None:
    """An account's actors work for all of its channels; `--json` has a row for each."""
    shared = replace(FAILING, concern="stock_push", state="waiting", reason="", hint="", waits_for="a token")
    later = NOON.replace(minute=5)
    rows = [
        shared,
        replace(FAILING, concern="refund", since=NOON),
        replace(shared, channel="de", order_sync_date=later),
        replace(FAILING, channel="de", concern="refund", since=later, order_sync_date=later),
        replace(shared, channel="us", account="na"),
    ]
    daemon.on(GetStatus, status(*rows))
    told = [line.split()[:3] for line in ctl("status").stdout.splitlines() if line.startswith(("eu", "na"))]
    assert told == [
        ["eu", "all", "stock_push"],
        ["eu", "uk", "refund"],
        ["eu", "de", "refund"],
        ["na", "us", "stock_push"],
    ]
    assert len(json.loads(ctl("status", "--json").stdout)) == len(rows)


def test_a_channel_in_trouble_has_a_line_of_its_own(daemon: FakeDaemon, ctl: Ctl) -> None:
    well = replace(FAILING, state="waiting", reason="", hint="", channel="de")
    rows = [FAILING, well, replace(well, channel="fr")]
    daemon.on(GetStatus, status(*rows))
    told = ctl("status").stdout
    assert "de, fr" in told
    assert [line for line in told.splitlines() if line.startswith("eu") and "uk" in line and "503" in line]
