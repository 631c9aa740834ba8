"""`channelctl report`: files that Amazon makes on request, and how far each is."""

import click

from channel_protocol.reports import (
    ListReports,
    ReportList,
    ReportRequested,
    ReportShown,
    RequestReport,
    ShowReport,
)
from channelctl.arguments import command_id, instant, limit
from channelctl.output import flat, note, print_json, print_rows
from channelctl.shared import Caller, Noun
from channelctl.shown_report import COLUMNS, print_report, report_document, status_of

EMPTY = "There is no such report. `channelctl listing download CHANNEL` asks for the first one."
TYPE_HELP = "Amazon's name, or `listings` or `orders` for the two that channeld uses itself."


@click.group(cls=Noun)
def command() -> None:
    """Reports: files that Amazon makes on request."""


@command.command("list")
@click.option("--account", metavar="NAME", help="Only of this account.")
@click.option("--channel", metavar="NAME", help="Only of this channel.")
@click.option("--type", "report_type", metavar="TYPE", help=f"Only of this type: {TYPE_HELP}")
@limit(100)
@click.pass_obj
def list_(
    caller: Caller, account: str | None, channel: str | None, report_type: str | None, limit: int
) -> None:
    """List the reports with type, last requested and status, the newest first.

    Submitted, Available and Processed are the usual words. What stands in brackets is none of them, and says
    why.
    """
    request = ListReports(account=account, channel=channel, report_type=report_type, limit=limit)
    print_rows(caller, caller.ask(request, ReportList).rows, COLUMNS, EMPTY)


@command.command()
@click.argument("report_type", metavar="TYPE")
@click.option("--channel", metavar="NAME", required=True, help="The channel that it is about.")
@click.option("--from", "start", metavar="DATE", help="Of a type about a range of time: its begin.")
@click.option("--to", "end", metavar="DATE", help="Its end; now, if it is not said.")
@click.option("--again", is_flag=True, help="Also when Amazon will hardly have anything new.")
@command_id
@click.pass_obj
def request(
    caller: Caller,
    report_type: str,
    channel: str,
    start: str | None,
    end: str | None,
    again: bool,
    command_id: str,
) -> None:
    """Ask Amazon for a report, or attach to one of the same that is under way.

    TYPE is Amazon's name, or `listings`, which downloads the channel's listings, or `orders`, which looks for
    orders that are missing from the book. Of other types rows are counted and columns named; nothing is kept.
    """
    wish = RequestReport(
        command_id=command_id,
        channel=channel,
        report_type=report_type,
        data_from=instant(start) if start else None,
        data_to=instant(end) if end else None,
        again=again,
    )
    requested = caller.ask(wish, ReportRequested)
    row = requested.row
    if caller.json:
        print_json(flat(row) | {"attached": requested.attached})
        return
    under_way = "was under way already" if requested.attached else "is asked for"
    note(f"Report {row.number}, {row.report_type} of {row.channel or row.account}, {under_way}.")
    note(f"Its status is {status_of(row)}; see `channelctl report show {row.number}`.")


@command.command()
@click.argument("report", metavar="NUMBER|ID")
@limit(100)
@click.pass_obj
def show(caller: Caller, report: str, limit: int) -> None:
    """Show one report: how it went, lines that could not be read, orders that it showed to be missing."""
    shown = caller.ask(ShowReport(report=report, limit=limit), ReportShown)
    if caller.json:
        print_json(report_document(shown))
    else:
        print_report(shown)
