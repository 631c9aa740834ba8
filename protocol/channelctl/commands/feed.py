"""`channelctl feed`: documents with many messages, and what Amazon made of each."""

import click

from channel_protocol.feeds import (
    AbandonFeed,
    FeedAbandoned,
    FeedList,
    FeedMessage,
    FeedRow,
    FeedShown,
    ListFeeds,
    ShowFeed,
)
from channelctl.arguments import command_id, limit, yes
from channelctl.asking import confirm
from channelctl.output import Columns, flat, note, print_facts, print_json, print_rows, print_table
from channelctl.shared import Caller, Noun

COLUMNS: Columns[FeedRow] = {
    "Feed": "number",
    "Account": "account",
    "Type": "feed_type",
    "Amazon's id": "feed_id",
    "State": "state",
    "At Amazon": "amazon_status",
    "Messages": "messages",
    "Successful": "successful",
    "With error": "with_error",
    "Submitted": "submitted_at",
    "Next look": "next_look",
    "Stuck since": "stuck_since",
    "Ended": "ended_at",
    "Reason": "reason",
    "Hint": "hint",
}
MESSAGES: Columns[FeedMessage] = {
    "Message": "message_id",
    "Work": lambda message: message.work_id or None,
    "Order": "order_id",
    "SKU": "sku",
    "Result": lambda message: message.result or "none yet",
    "Code": "code",
}
EMPTY = (
    "There is no such feed. Cancellations, refunds, untracked or many despatch notes, and the stock of many "
    "SKUs travel in feeds."
)


@click.group(cls=Noun)
def command() -> None:
    """Feeds: documents that Amazon works through in its own time."""


@command.command("list")
@click.option("--account", metavar="NAME", help="Only of this account.")
@click.option(
    "--type", "feed_type", metavar="TYPE", help="Only of this type, such as POST_ORDER_FULFILLMENT_DATA."
)
@limit(100)
@click.pass_obj
def list_(caller: Caller, account: str | None, feed_type: str | None, limit: int) -> None:
    """List the feeds, the newest first."""
    request = ListFeeds(account=account, feed_type=feed_type, limit=limit)
    print_rows(caller, caller.ask(request, FeedList).rows, COLUMNS, EMPTY)


@command.command()
@click.argument("feed", metavar="NUMBER|ID")
@limit(1000)
@click.pass_obj
def show(caller: Caller, feed: str, limit: int) -> None:
    """Show one feed and what came of its messages, those that did not succeed first."""
    shown = caller.ask(ShowFeed(feed=feed, limit=limit), FeedShown)
    if caller.json:
        print_json(flat(shown.row) | {"results": [flat(each) for each in shown.results]})
    else:
        print_facts(_facts(shown.row))
        if shown.results:
            note("\nMessages")
            print_table(shown.results, MESSAGES)


@command.command()
@click.argument("feed", metavar="NUMBER|ID")
@yes
@command_id
@click.pass_obj
def abandon(caller: Caller, feed: str, yes: bool, command_id: str) -> None:
    """Give up a feed that is stuck, so that what waits behind it goes on; shows first what it means.

    What it carries is in doubt from then on: parcels and cancellations are looked for in their orders, and
    sent again where Amazon does not show them; a refund is not paid again before it is known what came of it;
    of stock the present values are sent another way.
    """
    if not yes:
        import uuid  # here, as only writing needs it

        look = caller.ask(AbandonFeed(command_id=uuid.uuid4().hex, feed=feed), FeedAbandoned)
        confirm(f"{look.message} Go on?", yes=False)
    done = caller.ask(AbandonFeed(command_id=command_id, feed=feed, confirmed=True), FeedAbandoned)
    if caller.json:
        print_json(flat(done.row) | {"in_doubt": done.in_doubt})
    else:
        note(done.message)


def _facts(row: FeedRow) -> dict[str, object]:
    return {
        "Feed": row.number,
        "Account": row.account,
        "Type": row.feed_type,
        "Amazon's id": row.feed_id,
        "State": row.state,
        "At Amazon": row.amazon_status,
        "Messages": row.messages,
        "Successful": row.successful,
        "With error": row.with_error,
        "With warning": row.with_warning,
        "Made": row.created_at,
        "Submitted": row.submitted_at,
        "Next look": row.next_look,
        "Stuck since": row.stuck_since,
        "Ended": row.ended_at,
        "Reason": row.reason,
        "Hint": row.hint,
    }
