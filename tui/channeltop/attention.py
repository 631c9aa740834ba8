"""What a person should look at, and what to do: worked out from the model."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from channel_protocol.accounts import AccountRow
from channel_protocol.actors import ActorRow
from channel_protocol.channels import ChannelRow
from channel_protocol.orders import QuarantineRow
from channeltop.format import age, things
from channeltop.listing_attention import listing_attention
from channeltop.model import Model
from channeltop.notice import Notice
from channeltop.pages import key_of
from channeltop.price_attention import price_attention
from channeltop.stock_attention import stock_attention
from channeltop.work_attention import work_attention

__all__ = ["Notice", "attention"]

SECRET_LIFE = timedelta(days=180)
SECRET_NOTICE = timedelta(days=14)


def attention(model: Model, now: datetime) -> tuple[Notice, ...]:
    """All notices: what stands still first, then what fails, then what waits for a decision."""
    notices = [
        *_halted_accounts(model.accounts.values()),
        *_actors(model, "halted", now),
        *_actors(model, "failing", now),
        *(notice for channel in model.channels.values() for notice in _channel(channel)),
        *_of_no_channel(model.quarantine.values()),
        *work_attention(model, now),
        *listing_attention(model, now),
        *stock_attention(model, now),
        *price_attention(model),
        *_old_secrets(model.accounts.values(), now),
    ]
    return tuple(sorted(notices, key=lambda notice: notice.tone))


def _halted_accounts(accounts: Iterable[AccountRow]) -> Iterator[Notice]:
    for row in accounts:
        if row.state == "halted":
            yield Notice(
                tone="bad",
                what=f"account {row.account} is halted: {row.reason}",
                do=row.hint or f"channelctl account test {row.account}",
            )


def _actors(model: Model, state: str, now: datetime) -> Iterator[Notice]:
    """One notice for all actors with the same trouble, except what the account's notice says already."""
    said = {row.reason for row in model.accounts.values() if row.state == "halted"}
    alike: defaultdict[tuple[str, str], list[ActorRow]] = defaultdict(list)
    for row in model.actors.values():
        if row.state == state and not (state == "halted" and row.reason in said):
            alike[row.reason, row.hint].append(row)
    for (reason, hint), rows in alike.items():
        first = min(rows, key=lambda row: row.since)
        more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
        what = f"{first.actor}{more} {state} for {age(first.since, now)}"
        yield Notice(
            tone="bad" if state == "halted" else "warn",
            what=f"{what}: {reason}" if reason else what,
            do=hint or ("e resumes it" if state == "halted" else "it is tried again by itself; r tries now"),
        )


def _channel(row: ChannelRow) -> Iterator[Notice]:
    if row.trouble and row.enabled:
        yield Notice(tone="bad", what=f"{row.channel}: {row.trouble}", do=row.trouble_hint)
    if row.quarantined:
        yield Notice(
            tone="warn",
            what=f"{row.channel}: {things(row.quarantined, 'order')} could not be applied",
            do=f"{key_of('quarantine')} shows why; they are tried again by themselves",
        )
    for kind, unmapped in (("payment", row.unmapped_payment), ("shipping", row.unmapped_shipping)):
        if unmapped:
            yield Notice(
                tone="warn",
                what=f"{row.channel}: {things(unmapped, 'order')} with a {kind} word that is not mapped",
                do=f"{key_of('mapping')} maps it; orders downloaded from then on follow it",
            )


def _of_no_channel(quarantined: Iterable[QuarantineRow]) -> Iterator[Notice]:
    """Orders so damaged that not even their channel is known, and which no channel counts."""
    lost = Counter(row.account for row in quarantined if not (row.channel or row.dismissed_at))
    for account, orders in lost.items():
        yield Notice(
            tone="warn",
            what=f"account {account}: {things(orders, 'order')} of an unknown channel could not be applied",
            do=f"{key_of('quarantine')} shows why",
        )


def _old_secrets(accounts: Iterable[AccountRow], now: datetime) -> Iterator[Notice]:
    for row in accounts:
        if row.secret_set_at and row.secret_set_at + SECRET_LIFE - SECRET_NOTICE <= now:
            yield Notice(
                tone="warn",
                what=f"account {row.account}: its client secret is {age(row.secret_set_at, now)} old",
                do=f"rotate it at Amazon, then channelctl account set {row.account} --secrets",
            )
