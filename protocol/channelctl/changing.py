"""A channel's settings are changed: a person is told first what it does, and asked."""

from collections.abc import Mapping

from channel_protocol.channels import (
    ChannelChanged,
    ChannelPreviewed,
    PreviewChannel,
    SetChannel,
    SettingChange,
)
from channelctl.asking import confirm, interactive
from channelctl.output import Columns, flat, note, print_json, print_table
from channelctl.shared import Caller

__all__ = ["change_settings", "preview_settings", "print_stock_of_removal"]

CHANGES: Columns[SettingChange] = {
    "Key": "key",
    "Setting": "label",
    "Now": lambda change: change.old or "empty",
    "Then": lambda change: change.new or "empty",
    "": lambda change: "comes along" if change.implied else "",
}


def preview_settings(caller: Caller, channel: str, values: Mapping[str, str]) -> None:
    """Say what it would do, and change nothing."""
    seen = _previewed(caller, channel, values)
    if caller.json:
        print_json(flat(seen))
    elif _print_preview(seen):
        note("Nothing was changed.")


def change_settings(
    caller: Caller, channel: str, values: Mapping[str, str], *, yes: bool, command_id: str
) -> None:
    """Change them. On a terminal it is asked first, where there is anything to be said of it."""
    mark: str | None = None
    if interactive() and not yes and not caller.json:
        seen = _previewed(caller, channel, values)
        mark = seen.settings_mark
        if not _print_preview(seen):
            return
        if seen.consequences:
            confirm("Save it?", yes=False)
    request = SetChannel(command_id=command_id, channel=channel, values=dict(values), settings_mark=mark)
    _print_change(caller, caller.ask(request, ChannelChanged))


def print_stock_of_removal(caller: Caller, channel: str) -> None:
    """Say what Amazon is told of stock without the channel, where it is told of any by it."""
    request = PreviewChannel(channel=channel, values={"enabled": "off"}, only_stock=True)
    _print_consequences(caller.ask(request, ChannelPreviewed))


def _print_change(caller: Caller, answer: ChannelChanged) -> None:
    """What became of it."""
    if caller.json:
        print_json(flat(answer.row) | {"changed": answer.changed, "warnings": answer.warnings})
        return
    changed = ", ".join(answer.changed)
    note(
        f"Channel {answer.row.channel}: changed {changed}."
        if changed
        else "Nothing changed: it was so already."
    )
    for warning in answer.warnings:
        note(f"warning: {warning}")


def _previewed(caller: Caller, channel: str, values: Mapping[str, str]) -> ChannelPreviewed:
    return caller.ask(PreviewChannel(channel=channel, values=dict(values)), ChannelPreviewed)


def _print_preview(seen: ChannelPreviewed) -> bool:
    """Whether there is anything to be changed."""
    if not seen.changes:
        note("Nothing would change: it is so already.")
        return False
    print_table(seen.changes, CHANGES)
    note("")
    _print_consequences(seen)
    return True


def _print_consequences(seen: ChannelPreviewed) -> None:
    for each in seen.consequences:
        note(f"{'warning: ' if each.warning else ''}{each.text}")
