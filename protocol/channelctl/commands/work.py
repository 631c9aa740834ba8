"""`channelctl work`: what Amazon is still to be told, what it was told, and what needs a person."""

from collections import Counter

import click

from channel_protocol.work import (
    AdoptWork,
    DismissWork,
    ListWork,
    RetryWork,
    ShowWork,
    WorkAdopted,
    WorkChanged,
    WorkList,
    WorkRow,
    WorkShown,
)
from channelctl.arguments import command_id, limit, yes
from channelctl.asking import confirm
from channelctl.output import flat, note, print_json, print_rows, print_table
from channelctl.shared import Caller, Noun
from channelctl.shown_work import COLUMNS, print_work, work_document
from channelctl.words import money

KINDS = "despatch", "cancellation", "refund"
STATES = (
    "queued",
    "sending",
    "submitted",
    "confirmed",
    "unknown",
    "needs_attention",
    "rejected",
    "dismissed",
)
LARGEST_ID = 2**63 - 1
EMPTY = "There is no such work. It begins with `channelctl order process`, `order cancel` or `order refund`."
WORK_IDS = click.IntRange(1, LARGEST_ID)


@click.group(cls=Noun)
def command() -> None:
    """Outbound work: despatch notes, cancellations and refunds."""


@command.command("list")
@click.option("--kind", type=click.Choice(KINDS), help="Only of this kind.")
@click.option("--channel", metavar="NAME", help="Only of this channel.")
@click.option("--order", "order_id", metavar="ID", help="Only of this order.")
@click.option("--state", type=click.Choice(STATES), help="Only in this state.")
@click.option("--attention", is_flag=True, help="Only what needs a person.")
@click.option("--open", "open_", is_flag=True, help="Only what has not ended.")
@limit(100)
@click.pass_obj
def list_(
    caller: Caller,
    kind: str | None,
    channel: str | None,
    order_id: str | None,
    state: str | None,
    attention: bool,
    open_: bool,
    limit: int,
) -> None:
    """List outbound work: what needs attention first, then what is open by deadline, then what ended last."""
    request = ListWork(
        kind=kind,
        channel=channel,
        order_id=order_id,
        state=state,
        attention=attention,
        open=open_,
        limit=limit,
    )
    found = caller.ask(request, WorkList)
    print_rows(caller, found.rows, COLUMNS, EMPTY)
    if found.attention and not caller.json:
        need = "piece needs" if found.attention == 1 else "pieces need"
        note(f"\n{found.attention:,} {need} attention: `channelctl work list --attention`.")


@command.command()
@click.argument("work_id", metavar="ID", type=WORK_IDS)
@click.pass_obj
def show(caller: Caller, work_id: int) -> None:
    """Show one piece of work: its state, what Amazon is told, the feeds that carried it, its history."""
    shown = caller.ask(ShowWork(work_id=work_id), WorkShown)
    if caller.json:
        print_json(work_document(shown))
    else:
        print_work(shown)


@command.command()
@click.argument("work_ids", metavar="ID...", type=WORK_IDS, nargs=-1, required=True)
@click.option("--carrier", metavar="CODE", help="Of a despatch note: another carrier.")
@click.option("--service", metavar="NAME", help="Of a despatch note: another service.")
@click.option("--tracking", metavar="NUMBER", help="Of a despatch note: another tracking number.")
@click.option(
    "--force",
    is_flag=True,
    help="Send a note although Amazon shows the units as shipped otherwise; repeat a refund in doubt, which "
    "may pay it twice.",
)
@yes
@command_id
@click.pass_obj
def retry(
    caller: Caller,
    work_ids: tuple[int, ...],
    carrier: str | None,
    service: str | None,
    tracking: str | None,
    force: bool,
    yes: bool,
    command_id: str,
) -> None:
    """Try it again now; what needs attention gets a new window of time, or five new attempts.

    Refunds are shown with their amounts first, as money is paid.
    """
    if not yes:
        _agree_to_pay(caller, work_ids, force=force)
    request = RetryWork(
        command_id=command_id,
        work_ids=work_ids,
        carrier=carrier,
        service=service,
        tracking=tracking,
        force=force,
    )
    print_rows(caller, caller.ask(request, WorkChanged).rows, COLUMNS, EMPTY)


@command.command()
@click.argument("work_ids", metavar="ID...", type=WORK_IDS, nargs=-1, required=True)
@yes
@command_id
@click.pass_obj
def dismiss(caller: Caller, work_ids: tuple[int, ...], yes: bool, command_id: str) -> None:
    """Do nothing more about it; only for what is queued or needs attention."""
    if not yes:
        rows = _rows(caller, work_ids)
        if not caller.json:
            print_table(rows, COLUMNS)
        confirm(f"Dismiss {_pieces(len(rows))}? Nothing more is done about it.", yes=False)
    request = DismissWork(command_id=command_id, work_ids=work_ids)
    print_rows(caller, caller.ask(request, WorkChanged).rows, COLUMNS, EMPTY)


@command.command()
@yes
@command_id
@click.pass_obj
def adopt(caller: Caller, yes: bool, command_id: str) -> None:
    """Take over the outbound work of a database that another installation made, after showing what it is.

    Only where the other installation does not run any more: two that send would do everything twice.
    """
    if not yes:
        import uuid  # here, as only writing needs it

        look = caller.ask(AdoptWork(command_id=uuid.uuid4().hex), WorkAdopted)
        if not look.foreign:
            _adopted(caller, look)
            return
        confirm(f"{look.message} Go on?", yes=False)
    _adopted(caller, caller.ask(AdoptWork(command_id=command_id, confirmed=True), WorkAdopted))


def _rows(caller: Caller, work_ids: tuple[int, ...]) -> list[WorkRow]:
    with caller.connect() as link:
        return [link.request(ShowWork(work_id=each), WorkShown).row for each in work_ids]


def _agree_to_pay(caller: Caller, work_ids: tuple[int, ...], *, force: bool) -> None:
    """Ask if one of them gives money back. Raises as `confirm`."""
    rows = _rows(caller, tuple(dict.fromkeys(work_ids)))
    refunds = [row for row in rows if row.kind == "refund"]
    if not refunds:
        return
    if not caller.json:
        print_table(rows, COLUMNS)
    totals: Counter[str] = Counter()
    for row in refunds:
        totals[row.currency] += row.amount or 0
    told = " and ".join(money(total, currency) for currency, total in sorted(totals.items()))
    twice = " What is in doubt may be paid twice." if force else ""
    confirm(f"Retry {_pieces(len(rows))}? Amazon is asked to give back {told}.{twice}", yes=False)


def _pieces(count: int) -> str:
    return "this piece of work" if count == 1 else f"these {count:,} pieces of work"


def _adopted(caller: Caller, adopted: WorkAdopted) -> None:
    if caller.json:
        print_json(flat(adopted))
    else:
        note(adopted.message)
