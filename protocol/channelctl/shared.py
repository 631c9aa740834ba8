"""What all commands share: the options that every level takes, and the way to the daemon."""

from pathlib import Path
from typing import Any, TypeVar

import click

from channel_protocol.base import Reply, Request
from channel_protocol.paths import client_socket
from channelctl.link import Link

__all__ = ["Caller", "Noun", "Verb"]

R = TypeVar("R", bound=Reply)


class Caller:
    """Who calls: which socket, and whether a person or a program reads the answer. One a run."""

    def __init__(self) -> None:
        self.socket: str | None = None
        self.json = False

    @property
    def path(self) -> Path:
        return client_socket(self.socket)

    def connect(self) -> Link:
        """A connection. Raises `DaemonUnreachable`."""
        return Link(self.path)

    def ask(self, request: Request, answer: type[R]) -> R:
        """One request on a connection of its own. Raises `ClientError`."""
        with self.connect() as link:
            return link.request(request, answer)


def _keep_socket(context: click.Context, _: click.Parameter, value: str | None) -> None:
    if value is not None:
        context.ensure_object(Caller).socket = value


def _keep_json(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        context.ensure_object(Caller).json = True


def shared_options() -> list[click.Parameter]:
    """`--socket` and `--json`, for one level."""
    return [
        click.Option(
            ["--socket"],
            metavar="PATH",
            expose_value=False,
            callback=_keep_socket,
            help="The daemon's socket.",
        ),
        click.Option(
            ["--json"], is_flag=True, expose_value=False, callback=_keep_json, help="Print JSON for programs."
        ),
    ]


class Verb(click.Command):
    """A command that takes the shared options after its own."""

    def __init__(self, *args: Any, params: list[click.Parameter] | None = None, **more: Any) -> None:
        super().__init__(*args, params=[*(params or []), *shared_options()], **more)


class Noun(click.Group):
    """A group whose verbs, and which itself, take the shared options."""

    command_class = Verb

    def __init__(self, *args: Any, params: list[click.Parameter] | None = None, **more: Any) -> None:
        super().__init__(*args, params=[*(params or []), *shared_options()], **more)


Noun.group_class = Noun
