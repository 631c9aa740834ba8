"""`channelctl channel`, `location` and `mapping`."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from channel_protocol import accounts, channels, listings, locations, mappings
from tests.support.ctl import Ctl
from tests.support.fake_daemon import FakeDaemon

UK = channels.ChannelRow(
    channel="uk",
    account="eu",
    marketplace="UK",
    marketplace_id="A1F83G8C2ARO7P",
    currency="GBP",
    enabled=False,
    order_sync_date=datetime(2026, 3, 1, 12, 0, tzinfo=UTC),
    parked_orders=3,
)
TAX = channels.SettingRow(
    key="tax_rate", label="", value="20", default="0", kind="decimal", allowed="0–100", meaning="B2"
)
CARD = mappings.MappingRow(kind="payment", channel="uk", tag="CREDITCARD", target=None, orders=4, unmapped=4)


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[FakeDaemon]:
    with FakeDaemon(tmp_path / "channeld.sock") as daemon:
        changed = channels.ChannelChanged(row=UK, changed=("tax_rate",), warnings=("Earlier orders stay.",))
        daemon.on(channels.ListChannels, channels.ChannelList(rows=(UK,)))
        daemon.on(channels.ShowChannel, channels.ChannelShown(row=UK, settings=(TAX,)))
        daemon.on(listings.ListDownloads, listings.DownloadList(rows=()))
        daemon.on(channels.AddChannel, channels.ChannelAdded(row=UK))
        daemon.on(channels.SetChannel, changed)
        daemon.on(channels.EnableChannel, changed)
        daemon.on(channels.DisableChannel, changed)
        daemon.on(channels.RemoveChannel, channels.ChannelRemoved(channel="uk"))
        yield daemon


def test_list_shows_the_order_sync_date_and_says_never(daemon: FakeDaemon, ctl: Ctl) -> None:
    assert "2026-03-01" in ctl("channel", "list").stdout
    fresh = channels.ChannelRow(
        channel="de", account="eu", marketplace="DE", marketplace_id="X", currency="EUR", enabled=True
    )
    daemon.on(channels.ListChannels, channels.ChannelList(rows=(fresh,)))
    assert "never" in ctl("channel", "list").stdout


def test_show_has_each_setting_with_value_and_range(ctl: Ctl) -> None:
    text = ctl("channel", "show", "uk").stdout
    assert all(words in text for words in ("tax_rate", "20", "0–100", "B2"))
    document = ctl.json("channel", "show", "uk")
    assert document["parked_orders"] == 3
    assert document["settings"][0]["key"] == "tax_rate"


def test_add_names_the_next_steps(daemon: FakeDaemon, ctl: Ctl) -> None:
    result = ctl("channel", "add", "uk", "--account", "eu", "--marketplace", "UK")
    assert "channelctl channel enable uk" in result.stdout
    (request,) = daemon.requests
    assert isinstance(request, channels.AddChannel)
    assert (request.channel, request.account, request.marketplace) == ("uk", "eu", "UK")


def test_set_sends_all_changes_together_and_shows_warnings(daemon: FakeDaemon, ctl: Ctl) -> None:
    result = ctl("channel", "set", "uk", "tax_rate=20", "not_disclosed_email=")
    assert "changed tax_rate" in result.stdout
    assert "warning: Earlier orders stay." in result.stdout
    (request,) = daemon.requests
    assert isinstance(request, channels.SetChannel)
    assert request.values == {"tax_rate": "20", "not_disclosed_email": ""}


def test_a_dry_run_shows_changes_and_consequences_and_sets_nothing(daemon: FakeDaemon, ctl: Ctl) -> None:
    previewed = channels.ChannelPreviewed(
        channel="uk",
        settings_mark="m",
        changes=(
            channels.SettingChange(key="vcs_enabled", label="VCS Enabled", old="off", new="on"),
            channels.SettingChange(key="use_channel_tax", label="", old="off", new="on", implied=True),
        ),
        consequences=(channels.Consequence(key="vcs_enabled", text="It takes a while.", warning=True),),
    )
    daemon.on(channels.PreviewChannel, previewed)
    text = ctl("channel", "set", "uk", "vcs_enabled=on", "--dry-run").stdout
    assert all(words in text for words in ("VCS Enabled", "comes along", "warning: It takes a while."))
    document = ctl.json("channel", "set", "uk", "vcs_enabled=on", "--dry-run")
    assert document["changes"][1]["implied"]
    assert {type(request) for request in daemon.requests} == {channels.PreviewChannel}


@pytest.mark.parametrize("verb", ["enable", "disable"])
def test_switching_prints_the_channel_for_programs(ctl: Ctl, verb: str) -> None:
    document = ctl.json("channel", verb, "uk")
    assert document["channel"] == "uk"
    assert document["changed"] == ["tax_rate"]
    assert document["warnings"] == ["Earlier orders stay."]


def at_a_terminal(monkeypatch: pytest.MonkeyPatch, daemon: FakeDaemon) -> None:
    """Somebody sits there, and the channel has a say in what Amazon is told of stock."""
    for module in ("asking", "changing", "commands.channel"):
        monkeypatch.setattr(f"channelctl.{module}.interactive", lambda: True)
    tally = channels.Consequence(key="enabled", text="3 SKUs are sent by others.", warning=True)
    change = channels.SettingChange(key="enabled", label="Enabled", old="on", new="off")
    previewed = channels.ChannelPreviewed(
        channel="uk", settings_mark="m", changes=(change,), consequences=(tally,)
    )
    daemon.on(channels.PreviewChannel, previewed)


@pytest.mark.parametrize("verb", ["enable", "disable", "remove"])
def test_on_a_terminal_it_is_told_what_becomes_of_stock_and_asked(
    daemon: FakeDaemon, ctl: Ctl, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    at_a_terminal(monkeypatch, daemon)
    refused = ctl("channel", verb, "uk", typed="n\n")
    assert "warning: 3 SKUs are sent by others." in refused.stdout
    assert refused.exit_code == 1
    (looked,) = daemon.requests
    assert isinstance(looked, channels.PreviewChannel)
    assert (looked.values, looked.only_stock) == (
        {"enabled": "on" if verb == "enable" else "off"},
        verb == "remove",
    )
    assert ctl("channel", verb, "uk", typed="y\n").exit_code == 0
    assert isinstance(daemon.requests[-1], channels.SetChannel | channels.RemoveChannel)
    daemon.requests.clear()
    assert ctl("channel", verb, "uk", "--yes").exit_code == 0
    assert len(daemon.requests) == 1, "nobody is asked, so nothing is looked at"


def test_remove_with_yes(ctl: Ctl) -> None:
    assert ctl.json("channel", "remove", "uk", "--yes") == {"channel": "uk"}


def test_test_fails_with_a_step(daemon: FakeDaemon, ctl: Ctl) -> None:
    line = accounts.CheckLine(step=2, name="participation", verdict="failed", message="not participating")
    daemon.on(channels.TestChannel, accounts.Tested(ok=False, lines=(line,)))
    result = ctl("channel", "test", "uk")
    assert result.exit_code == 1
    assert "not participating" in result.stdout


def test_locations_are_listed_and_added(daemon: FakeDaemon, ctl: Ctl) -> None:
    row = locations.LocationRow(location="Leeds", kind="own", channels="uk", offered_by="de")
    daemon.on(locations.ListLocations, locations.LocationList(rows=(row,)))
    daemon.on(locations.AddLocation, locations.LocationAdded(row=row))
    assert "Leeds" in ctl("location", "list").stdout
    assert ctl.json("location", "add", "Leeds") == {
        "location": "Leeds",
        "kind": "own",
        "channels": "uk",
        "offered_by": "de",
        "orders": 0,
        "open_orders": 0,
    }


@pytest.mark.parametrize("kind", ["payment", "shipping"])
def test_mapping_verbs_send_their_kind(daemon: FakeDaemon, ctl: Ctl, kind: str) -> None:
    daemon.on(mappings.ListMappings, mappings.MappingList(rows=(CARD,)))
    daemon.on(mappings.SetMapping, mappings.MappingChanged(row=CARD))
    daemon.on(mappings.RemoveMapping, mappings.MappingRemoved(kind=kind, channel="uk", tag="CREDITCARD"))
    assert "not mapped" in ctl("mapping", kind, "list", "--channel", "uk").stdout
    assert ctl.json("mapping", kind, "set", "uk", "CREDITCARD", "Card")["tag"] == "CREDITCARD"
    assert ctl.json("mapping", kind, "remove", "uk", "CREDITCARD")["channel"] == "uk"
    assert {getattr(request, "kind", None) for request in daemon.requests} == {kind}
    (change,) = (request for request in daemon.requests if isinstance(request, mappings.SetMapping))
    assert (change.channel, change.tag, change.target) == ("uk", "CREDITCARD", "Card")
