"""What of outbound work a person should look at, each with the command to type or the words to quote."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from channeld.book.ledger.holding import is_foreign
from channeld.commands.outbound import pieces_text
from channeld.commands.work import Adopted
from channeld.store import feeds, ledger_lists
from channeld.store.channels import Channel
from channeld.store.names import Names
from channeld.store.orders_to_send import count_late

__all__ = ["work_attention"]


def work_attention(
    connection: Connection,
    channels: Iterable[Channel],
    known: Names,
    instance: str,
    now: datetime,
    *,
    untold_skus: int = 0,
) -> tuple[str, ...]:
    """Empty when all is well. It empties itself of nothing that a person has to decide.

    `untold_skus`: seller SKUs whose stock Amazon was not told of yet; whoever asks has counted them.
    """
    late, enabled = count_late(connection, now), [channel for channel in channels if channel.enabled]
    return (
        *_foreign(connection, instance, untold_skus),
        *(_undecided(known.channel(id_), n) for id_, n in ledger_lists.attention(connection).items()),
        *(f"{known.account(f.account_id)}: {f.reason} {f.hint}".strip() for f in feeds.stuck(connection)),
        *(_late(channel.name, late[channel.id]) for channel in enabled if channel.id in late),
    )


def _foreign(connection: Connection, instance: str, untold_skus: int) -> Iterable[str]:
    if is_foreign(connection, instance):
        found = Adopted(foreign=True, held=len(ledger_lists.open_ids(connection)), skus=untold_skus)
        pieces = pieces_text(found.held)
        stock = f", and the stock of {found.stock_text}" if found.skus else ""
        yield (
            f"This database is another installation's: nothing is sent to Amazon, {pieces} of work"
            f" held{stock}. When the other one does not run any more, `channelctl work adopt` takes it over."
        )


def _undecided(channel: str, pieces: int) -> str:
    what = (
        "1 piece of outbound work that needs"
        if pieces == 1
        else f"{pieces:,} pieces of outbound work that need"
    )
    return f"{channel} has {what} a person. `channelctl work list --attention --channel {channel}` says why."


def _late(channel: str, orders: int) -> str:
    what = "1 order" if orders == 1 else f"{orders:,} orders"
    return (
        f"{channel} has {what} past the ship-by time and not processed."
        f" `channelctl order due --channel {channel}` lists what is due."
    )
