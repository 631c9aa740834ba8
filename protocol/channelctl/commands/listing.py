"""`channelctl listing`: what is for sale on the channels, which item each of it is, and its own limits."""

import click

from channelctl.commands.listing_download import download
from channelctl.commands.listing_export import export
from channelctl.commands.listing_extract import extract
from channelctl.commands.listing_limits import limits
from channelctl.commands.listing_links import link, unlink
from channelctl.commands.listing_set import import_, set_
from channelctl.commands.listing_shown import downloads, list_, show
from channelctl.shared import Noun

VERBS = (list_, show, set_, limits, import_, download, downloads, link, unlink, extract, export)


@click.group(cls=Noun)
def command() -> None:
    """Listings: download them, link them to items, make items of them, set their limits."""


for verb in VERBS:
    command.add_command(verb)
