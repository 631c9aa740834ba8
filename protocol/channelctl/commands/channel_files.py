"""`channelctl channel export` and `apply`: channels as a file for version control."""

from pathlib import Path

import click

from channel_protocol.channel_files import (
    ApplyChannels,
    ChannelFile,
    ChannelsApplied,
    ChannelsExported,
    ExportChannels,
    FileChange,
)
from channel_protocol.errors import ClientError, RequestRefused
from channelctl.arguments import command_id, output, yes
from channelctl.asking import confirm
from channelctl.given_file import read_text
from channelctl.output import flat, note, print_json
from channelctl.shared import Caller, Verb
from channelctl.words import escaped

__all__ = ["apply", "export"]

NOTHING = "Nothing to change: it is so already."
LARGEST = 4
"""MiB of a file; a request to the daemon carries less."""


@click.command(cls=Verb)
@click.argument("channels", metavar="[NAME]...", nargs=-1)
@output("Write it there instead of printing it.")
@click.pass_obj
def export(caller: Caller, channels: tuple[str, ...], output: str | None) -> None:
    """Print channels as TOML: every setting, the mappings, your own locations; no secret.

    The order is fixed and nothing in it tells a time, so that it can be kept under version control. With
    --json the same as one document.
    """
    from channelctl.channel_file import write  # here, as no other verb needs it
    from channelctl.written import written

    file = caller.ask(ExportChannels(channels=channels), ChannelsExported).file
    if output:
        with written(Path(output)) as stream:
            stream.write(write(file))
    if caller.json:
        print_json(file)
    elif output:
        note(f"{len(file.channels)} channels are written to {output}.")
    else:
        click.echo(write(file), nl=False)


@click.command(cls=Verb)
@click.argument("source", metavar="FILE|-")
@click.option("--dry-run", is_flag=True, help="Say what it would change, and change nothing.")
@yes
@command_id
@click.pass_obj
def apply(caller: Caller, source: str, dry_run: bool, yes: bool, command_id: str) -> None:
    """Make channels what a file of `channel export` says, after showing what changes.

    Channels that are missing are added, switched off unless the file says enabled. What is not in the file is
    left alone, but a payment, shipping or despatch table is the whole of its kind. All is done, or nothing.
    """
    file = _checked(caller, read_text(source, most=LARGEST, what="a file of channels"))
    plan = caller.ask(ApplyChannels(command_id=f"{command_id[:59]}.look", file=file), ChannelsApplied)
    if not caller.json:
        _print(plan)
    if not dry_run and _count(plan):
        confirm(f"Make {_count(plan)} changes?", yes=yes)
        request = ApplyChannels(command_id=command_id, file=file, confirmed=True, mark=plan.mark)
        plan = caller.ask(request, ChannelsApplied)
    if caller.json:
        print_json(flat(plan))
    elif _count(plan):
        note("Done." if plan.done else "Nothing was changed.")


def _checked(caller: Caller, text: str) -> ChannelFile:
    """What the file says. When it cannot be read in parts, the daemon is asked what else is wrong with it."""
    from channelctl.channel_file import read  # here, as no other verb needs it

    file, problems = read(text)
    if not problems:
        return file
    found = {problem.key: problem for problem in problems}
    try:
        caller.ask(ApplyChannels(command_id="what-else-is-wrong", file=file), ChannelsApplied)
    except RequestRefused as refused:
        found = {problem.key: problem for problem in refused.problems} | found
    except ClientError:
        pass  # what is known already is worth more than why there is no more
    message = (
        f"The file has {'a problem' if len(found) == 1 else f'{len(found)} problems'}; nothing was changed."
    )
    raise ClientError("invalid", message, "Correct what is listed.", list(found.values()))


def _count(plan: ChannelsApplied) -> int:
    return len(plan.locations) + sum(each.added + len(each.changes) for each in plan.channels)


def _print(plan: ChannelsApplied) -> None:
    if not _count(plan):
        note(NOTHING)
    for name in plan.locations:
        note(f"Location {name}: new")
    for each in plan.channels:
        note(f"Channel {each.channel}{': new' if each.added else ''}")
        for change in each.changes:
            note(f"  {_words(change)}")
        for told in each.consequences:
            note(f"  {'warning: ' if told.warning else ''}{told.text}")


def _words(change: FileChange) -> str:
    if change.new is None:
        return f"{escaped(change.key)}: {change.old}, no longer mapped"
    return f"{escaped(change.key)}: {_shown(change.old)} → {_shown(change.new)}"


def _shown(value: str | None) -> str:
    return "not mapped" if value is None else value or "empty"
