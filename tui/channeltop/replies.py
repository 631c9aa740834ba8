"""What a reply or an error means, in a sentence for a toast."""

from datetime import datetime

from channel_protocol.actors import ActorChanged
from channel_protocol.base import Reply, Request, WriteRequest
from channel_protocol.channels import ChannelChanged, ChannelRow
from channel_protocol.errors import ClientError, RequestRefused
from channel_protocol.feeds import FeedAbandoned
from channel_protocol.listings import ListingsDownloaded
from channel_protocol.locations import LocationAdded
from channel_protocol.mappings import MappingChanged, MappingRemoved
from channel_protocol.order_answers import OrderCancelled, OrderProcessed, OrderRefunded
from channel_protocol.orders import OrderDismissed, OrderRecovered, OrdersSynced
from channel_protocol.reports import ReportRequested
from channel_protocol.work import WorkChanged
from channeltop.downloads import expected, how_far
from channeltop.format import moment, things

__all__ = ["failed", "told"]

MOST = 4
"""Lines of a parcel that are named in a toast."""


def told(reply: Reply, now: datetime) -> str:
    """What was done."""
    match reply:
        case OrdersSynced(complete=True):
            return f"Orders are synced: {reply.applied} applied."
        case OrdersSynced():
            until = f" until {moment(reply.until, now)} UTC" if reply.until else ""
            wait = f" It waits for {reply.waits_for}{until}." if reply.waits_for else ""
            return f"Order sync is under way.{wait}"
        case OrderRecovered():
            order = reply.row.order_id if reply.row else "The order"
            return f"{order}: {reply.outcome or 'reading it is under way'}."
        case ActorChanged():
            return f"{reply.row.actor} is {reply.row.state}."
        case ChannelChanged():
            return "\n".join((f"{reply.row.channel} is {_switched(reply.row)}.", *reply.warnings))
        case MappingChanged():
            row = reply.row
            whose = "processed" if row.kind == "despatch" else "downloaded"
            follow = f"{row.channel}: {row.tag} is now {row.target}. Orders {whose} from now on follow it."
            return "\n".join(filter(None, (follow, reply.note)))
        case MappingRemoved():
            return f"{reply.channel}: {reply.tag} is no longer mapped."
        case LocationAdded():
            return f"Location {reply.row.location} is added."
        case OrderDismissed():
            return f"{reply.row.order_id} is dismissed. {reply.row.hint}"
        case _:
            return _outbound(reply) or _reported(reply, now) or "Done."


def _outbound(reply: Reply) -> str:
    """What was done about what Amazon is told."""
    match reply:
        case OrderProcessed():
            left = f" {things(reply.left, 'unit')} still to be sent." if reply.left else ""
            parcel = ", ".join(f"{each.quantity} × {each.sku or each.line}" for each in reply.parcel[:MOST])
            more = f" and {things(len(reply.parcel) - MOST, 'line')} more" if reply.parcel[MOST:] else ""
            first = f"{reply.order_id}: {reply.message}{left}"
            return f"{first}\n{parcel}{more}" if parcel else first
        case OrderCancelled() | OrderRefunded():
            return f"{reply.order_id}: {reply.message}"
        case FeedAbandoned():
            return reply.message
        case WorkChanged():
            return "\n".join(f"{row.order_id}: {row.summary} is {row.says}." for row in reply.rows)
        case _:
            return ""


def _reported(reply: Reply, now: datetime) -> str:
    """What was asked of Amazon's reports."""
    match reply:
        case ListingsDownloaded():
            row = reply.row
            what = "are being downloaded already" if reply.attached else "are being downloaded"
            when = f", expected at {expected(row, now)}" if row.in_progress else ""
            return f"Listings of {row.channel} {what}: {how_far(row)}{when}."
        case ReportRequested():
            what = "was under way already" if reply.attached else "is asked for"
            return f"Report {reply.row.number} of {reply.row.channel or reply.row.account} {what}."
        case _:
            return ""


def _switched(row: ChannelRow) -> str:
    return "switched on" if row.enabled else "switched off"


def failed(error: ClientError, request: Request) -> str:
    """What went wrong and what to do; for a lost connection, that the outcome is not known."""
    problems = [f"{problem.key}: {problem.message}" for problem in error.problems]
    lines = [error.message, *problems, error.hint]
    if isinstance(request, WriteRequest) and not isinstance(error, RequestRefused):
        lines.append("Whether it was still done is in the audit trail. Asked for again, it is done once.")
    return "\n".join(line for line in lines if line)
