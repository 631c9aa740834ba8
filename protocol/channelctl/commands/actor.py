"""`channelctl actor`: the running units, and what each of them waits for."""

import click

from channel_protocol.actors import (
    ActorChanged,
    ActorList,
    ActorRow,
    HaltActor,
    ListActors,
    RestartActor,
    ResumeActor,
)
from channelctl.arguments import command_id, limit
from channelctl.output import Columns, flat, note, print_json, print_rows
from channelctl.shared import Caller, Noun

COLUMNS: Columns[ActorRow] = {
    "Actor": "actor",
    "State": "state",
    "Since": "since",
    "Waits for": "waits_for",
    "Until": "until",
    "Restarts": "restarts",
    "Mailbox": "mailbox",
    "Reason": "reason",
    "Hint": "hint",
}
EMPTY = "No actor runs. They start with the first enabled channel: `channelctl channel enable NAME`."


@click.group(cls=Noun)
def command() -> None:
    """Actors: what runs for each channel and account."""


@command.command("list")
@limit(10000)
@click.pass_obj
def list_(caller: Caller, limit: int) -> None:
    """List the actors, in the order in which they were started."""
    print_rows(caller, caller.ask(ListActors(limit=limit), ActorList).rows, COLUMNS, EMPTY)


@command.command()
@click.argument("actor", metavar="ID")
@command_id
@click.pass_obj
def restart(caller: Caller, actor: str, command_id: str) -> None:
    """Start an actor afresh; one that waits to be retried is started at once."""
    _print(caller, caller.ask(RestartActor(command_id=command_id, actor=actor), ActorChanged).row)


@command.command()
@click.argument("actor", metavar="ID")
@click.option("--reason", default="", metavar="TEXT", help="Shown to everybody who asks why it stands.")
@command_id
@click.pass_obj
def halt(caller: Caller, actor: str, reason: str, command_id: str) -> None:
    """Stop an actor until it is resumed, also across restarts of the daemon."""
    _print(caller, caller.ask(HaltActor(command_id=command_id, actor=actor, reason=reason), ActorChanged).row)


@command.command()
@click.argument("actor", metavar="ID")
@command_id
@click.pass_obj
def resume(caller: Caller, actor: str, command_id: str) -> None:
    """Start a halted actor again, and whatever was halted for the same reason."""
    _print(caller, caller.ask(ResumeActor(command_id=command_id, actor=actor), ActorChanged).row)


def _print(caller: Caller, row: ActorRow) -> None:
    if caller.json:
        print_json(flat(row))
    else:
        note(f"{row.actor} is {row.state}." + (f" {row.reason}" if row.reason else ""))
