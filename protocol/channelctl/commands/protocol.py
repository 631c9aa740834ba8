"""`channelctl protocol`: the reference of the wire. Works without a daemon."""

import click

from channel_protocol.reference import entries, markdown
from channelctl.output import print_json
from channelctl.shared import Caller, Verb


@click.command(cls=Verb)
@click.pass_obj
def command(caller: Caller) -> None:
    """Print the reference of the wire.

    Every request, reply and event with its fields: Markdown, or an array with --json.
    """
    if caller.json:
        print_json(entries())
    else:
        click.echo(markdown(), nl=False)
