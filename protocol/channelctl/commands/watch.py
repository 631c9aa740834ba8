"""`channelctl watch`: what happens, line by line as it came over the socket."""

import click

from channel_protocol.session import TOPICS, Attached, Subscribe
from channelctl.shared import Caller, Verb


@click.command(cls=Verb, epilog=f"Topics: {', '.join(TOPICS)}.")
@click.argument("topics", metavar="[TOPIC]...", nargs=-1, type=click.Choice(TOPICS))
@click.pass_obj
def command(caller: Caller, topics: tuple[str, ...]) -> None:
    """Print what happens, as JSON Lines.

    A snapshot of each topic (all by default), then deltas, exactly as the daemon sends them.
    """
    with caller.connect() as link:
        link.request(Subscribe(topics=topics or TOPICS), Attached)
        for _, line in link.events():
            click.echo(line, nl=False)
