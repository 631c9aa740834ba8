"""Actors, budgets and status on the wire."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec.structs import replace

from channel_protocol.actors import ActorRow, BudgetRow, StatusRow
from channeld.amazon.budgets import BudgetState
from channeld.concerns.order_rate import CEILING
from channeld.runtime.status import ActorStatus
from channeld.store.channels import Channel
from channeld.store.names import Names
from channeld.store.order_counts import ChannelCounts

__all__ = ["actor_row", "attention", "budget_row", "status_rows"]


def actor_row(status: ActorStatus) -> ActorRow:
    """One actor."""
    return ActorRow(
        version=status.version,
        actor=status.id,
        account=status.account,
        channel=status.channel,
        concern=status.concern,
        state=status.state,
        since=status.since,
        waits_for=status.waits_for,
        until=status.until,
        reason=status.reason,
        hint=status.hint,
        restarts=status.restarts,
        mailbox=status.mailbox,
    )


def budget_row(state: BudgetState, known: Names, now: datetime) -> BudgetRow:
    """One bucket as it is now."""
    return BudgetRow(
        version=int(now.timestamp() * 1_000_000),
        account=known.account(state.account_id),
        operation=state.operation,
        tokens=round(state.tokens, 3),
        rate=state.rate,
        burst=state.burst,
        waiting=state.waiting,
        full_at=state.full_at,
        throttled=state.throttled,
    )


def status_rows(
    channels: Iterable[Channel],
    statuses: Iterable[ActorStatus],
    known: Names,
    inventory_dates: Mapping[str, datetime | None],
) -> list[StatusRow]:
    """Every concern of every channel, those of its account among them, then the daemon's own.

    `inventory_dates`: by channel, when Amazon accepted its newest quantity.
    """
    by_account: dict[str, list[ActorStatus]] = {}
    by_channel: dict[str, list[ActorStatus]] = {}
    rest: list[ActorStatus] = []
    for status in statuses:
        if status.channel:
            by_channel.setdefault(status.channel, []).append(status)
        elif status.account:
            by_account.setdefault(status.account, []).append(status)
        else:
            rest.append(status)
    rows = [
        replace(row, inventory_sync_date=inventory_dates.get(channel.name))
        for channel in channels
        for row in _of_channel(channel, known, by_account, by_channel)
    ]
    return [*rows, *(_row(status, None, "") for status in rest)]


def attention(
    channels: Iterable[Channel],
    statuses: Iterable[ActorStatus],
    counts: Mapping[int, ChannelCounts],
    busy: Mapping[str, int],
    lost: Mapping[str, int],
) -> tuple[str, ...]:
    """What a person should look at, each with what to do.

    `busy`: accounts near their budget's ceiling; `lost`: accounts with damaged orders of no known channel.
    """
    found = [_alarm(status) for status in statuses if status.state in ("failing", "halted") and status.reason]
    troubled = [
        f"{c.name}: {c.trouble} {c.trouble_hint}".strip() for c in channels if c.trouble and c.enabled
    ]
    damaged = [(c.name, counts[c.id].quarantined) for c in channels if c.id in counts]
    told = [_damaged(name, orders) for name, orders in (*damaged, *lost.items()) if orders]
    return (*found, *troubled, *told, *(_busy(*account) for account in busy.items()))


def _busy(account: str, orders: int) -> str:
    return (
        f"{account} had {orders:,} order updates in the last hour; its budget carries about {CEILING:,}."
        " Orders come in later when there are more; ask Amazon for a higher rate of searchOrders."
    )


def _damaged(name: str, orders: int) -> str:
    what = "1 order that cannot" if orders == 1 else f"{orders} orders that cannot"
    return f"{name} has {what} be read. `channelctl order list --quarantined` names the field."


def _alarm(status: ActorStatus) -> str:
    since = f"{status.since:%Y-%m-%d %H:%M} UTC"
    return f"{status.id} is {status.state} since {since}: {status.reason} {status.hint}".strip()


def _of_channel(
    channel: Channel,
    known: Names,
    by_account: Mapping[str, list[ActorStatus]],
    by_channel: Mapping[str, list[ActorStatus]],
) -> list[StatusRow]:
    account = known.account(channel.account_id)
    if not channel.enabled:
        return [_without_actors(channel, account, "disabled", f"channelctl channel enable {channel.name}")]
    actors = [*by_account.get(account, ()), *by_channel.get(channel.name, ())]
    if not actors:
        return [_without_actors(channel, account, "starting", "")]
    return [_row(status, channel, account) for status in actors]


def _row(status: ActorStatus, channel: Channel | None, account: str) -> StatusRow:
    troubled = channel is not None and bool(channel.trouble) and status.concern == "order_download"
    return StatusRow(
        version=status.version,
        channel=channel.name if channel else status.channel,
        account=account or status.account,
        concern=status.concern,
        state="failing" if troubled else status.state,
        since=channel.trouble_since if troubled and channel else status.since,
        waits_for=status.waits_for,
        until=status.until,
        reason=channel.trouble if troubled and channel else status.reason,
        hint=channel.trouble_hint if troubled and channel else status.hint,
        order_sync_date=channel.order_sync_date if channel else None,
    )


def _without_actors(channel: Channel, account: str, state: str, hint: str) -> StatusRow:
    return StatusRow(
        channel=channel.name,
        account=account,
        concern="",
        state=state,
        since=None,
        waits_for="",
        until=None,
        reason="",
        hint=hint,
        order_sync_date=channel.order_sync_date,
    )
