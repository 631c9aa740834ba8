"""A scripted daemon with the settings of one channel or of several."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from channel_protocol.accounts import CheckLine, Tested
from channel_protocol.channels import (
    ChannelChanged,
    ChannelPreviewed,
    ChannelRow,
    ChannelShown,
    Consequence,
    PreviewChannel,
    SetChannel,
    SettingChange,
    SettingRow,
    ShowChannel,
    TestChannel,
)
from channel_protocol.locations import ListLocations, LocationList, LocationRow
from tests.support.monitor_daemon import ScriptedDaemon
from tests.support.monitor_rows import account, channel

__all__ = ["SettingsDaemon", "setting"]

KINDS = {
    "tax_rate": ("Tax rate", "decimal", "0"),
    "order_look_back_days": ("Order look-back", "int", "7"),
    "vcs_enabled": ("VCS Enabled", "bool", "off"),
    "use_channel_tax": ("Use Channel Tax", "bool", "off"),
    "inventory_locations": ("Inventory location mapping", "locations", ""),
    "max_listed": ("Max Listed", "int", ""),
    "order_location": ("Order download location", "location", "Default"),
    "enabled": ("Enabled", "bool", "off"),
}
"""In another order than the registry's: every step of the keyboard takes a test some time."""


def setting(key: str, value: str | None = None) -> SettingRow:
    label, kind, default = KINDS[key]
    return SettingRow(
        key=key,
        label=label,
        value=default if value is None else value,
        default=default,
        kind=kind,
        allowed=f"range of {key}",
        meaning=f"Meaning of {key}.",
    )


class SettingsDaemon(ScriptedDaemon):
    """Knows one set of values, whichever channel is asked for; what a preview says is scripted."""

    def __init__(self, *names: str) -> None:
        rows = [replace(channel(name), settings_mark="mark 0") for name in names or ("uk-main",)]
        super().__init__(accounts=[account()], channels=rows)
        self.values: dict[str, str] = {"enabled": "on"}
        self.answers[ListLocations] = LocationList(
            rows=(
                LocationRow(location="Default", kind="own"),
                LocationRow(location="FBA UK", kind="fba"),
                LocationRow(location="Leeds", kind="own"),
            )
        )
        self.answers[ShowChannel] = self._shown
        self._marks = 0
        self.preview([])

    @property
    def row(self) -> ChannelRow:
        """The first channel."""
        row = next(iter(self.rows["channels"].values()))
        assert isinstance(row, ChannelRow)
        return row

    def _shown(self, request: ShowChannel) -> ChannelShown:
        row = self.rows["channels"][request.channel]
        assert isinstance(row, ChannelRow)
        settings = tuple(setting(key, self.values.get(key)) for key in KINDS)
        return ChannelShown(row=row, settings=settings)

    def become(self, values: Mapping[str, str], *, enabled: bool = True) -> None:
        """The settings are these now; whoever watches is told."""
        self._marks += 1
        self.values |= values
        row = replace(
            self.row, version=self.row.version + 1, settings_mark=f"mark {self._marks}", enabled=enabled
        )
        self.publish("channels", row)

    def preview(self, changes: Sequence[SettingChange], *says: Consequence) -> None:
        """What a preview answers from now on, and what saving it does."""
        self.answers[PreviewChannel] = ChannelPreviewed(
            channel=self.row.channel,
            settings_mark=self.row.settings_mark,
            changes=tuple(changes),
            consequences=says,
        )
        self.answers[SetChannel] = ChannelChanged(
            row=self.row,
            changed=tuple(change.key for change in changes),
            warnings=tuple(each.text for each in says if each.warning),
        )

    def test(self, *lines: CheckLine) -> None:
        ok = all(line.verdict != "failed" for line in lines)
        self.answers[TestChannel] = Tested(ok=ok, lines=lines)

    def asked_for(self, kind: type) -> list[object]:
        return [request for request in self.requests if isinstance(request, kind)]
