"""`channelctl listing download`: bring in a channel's listings, and watch them come if that is wanted."""

from datetime import datetime

import click

from channel_protocol.errors import ClientError, DaemonLost
from channel_protocol.listings import (
    DownloadList,
    DownloadListings,
    DownloadRow,
    ListDownloads,
    ListingsDownloaded,
)
from channelctl.arguments import command_id, wait
from channelctl.link import Link
from channelctl.output import flat, note, print_facts, print_json
from channelctl.patience import looks
from channelctl.shared import Caller, Verb
from channelctl.shown_download import download_facts, how_far, milestone, what_changed
from channelctl.told_progress import ToldProgress

__all__ = ["download"]

GOES_ON = "It goes on by itself; `channelctl listing downloads` shows how far it is."


@click.command(cls=Verb)
@click.argument("channel")
@wait(0, "its end; Ctrl-C ends the waiting, not the download")
@click.option(
    "--again", is_flag=True, help="Also shortly after a success, when Amazon may have nothing to say."
)
@command_id
@click.pass_obj
def download(caller: Caller, channel: str, wait: float, again: bool, command_id: str) -> None:
    """Download a channel's listings, or attach to the download that runs.

    Amazon makes a report of them, which takes minutes. Listings are also downloaded by themselves once a day.
    """
    with caller.connect() as link:
        request = DownloadListings(command_id=command_id, channel=channel, again=again)
        begun = link.request(request, ListingsDownloaded)
        row = _watched(link, begun.row, wait, silent=caller.json) if wait else begun.row
    ended = wait > 0
    if caller.json:
        print_json(flat(row) | {"attached": begun.attached, "complete": ended})
    elif ended:
        _print_end(row)
    else:
        _print_begin(row, attached=begun.attached)
    if ended and row.outcome in ("failed", "abandoned"):
        click.get_current_context().exit(1)


def _watched(link: Link, begun: DownloadRow, seconds: float, *, silent: bool) -> DownloadRow:
    """The row at the end. Raises `ClientError("still_waiting")`; an interrupt says that it goes on."""
    progress = ToldProgress(silent=silent)
    try:
        return _looked(link, begun, seconds, progress)
    except KeyboardInterrupt:
        progress.end()
        click.echo(f"The download of {begun.channel} is not ended by that. {GOES_ON}", err=True)
        raise
    except DaemonLost as lost:
        hint = "The download goes on when channeld runs again."
        raise DaemonLost(lost.code, lost.message, hint) from lost
    finally:
        progress.end()


def _looked(link: Link, begun: DownloadRow, seconds: float, progress: ToldProgress) -> DownloadRow:
    row = begun
    for _ in looks(seconds):
        row = link.request(ListDownloads(channel=begun.channel), DownloadList).rows[0]
        if _has_ended(row, begun.started_at):
            return row
        progress.tell(milestone(row), how_far(row))
    raise ClientError("still_waiting", f"The download is not complete yet. {how_far(row)}.", GOES_ON)


def _has_ended(row: DownloadRow, started_at: datetime | None) -> bool:
    """Also when another one has begun meanwhile."""
    return not row.in_progress or row.started_at != started_at


def _print_begin(row: DownloadRow, *, attached: bool) -> None:
    note(
        f"The listings of {row.channel} are being downloaded already."
        if attached
        else f"The listings of {row.channel} are being downloaded."
    )
    if row.in_progress:
        note(how_far(row))
    note(GOES_ON)


def _print_end(row: DownloadRow) -> None:
    if row.outcome == "done":
        note(f"The listings of {row.channel} are downloaded: {what_changed(row)}.\n")
    print_facts({"Channel": row.channel} | download_facts(row))
