"""The steps of the test (semantics A4), numbered as there."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from channeld.account_test.check import Check, failed_over, unknown
from channeld.amazon.access import AccountAccess
from channeld.amazon.assumptions import SKEW_LIMIT
from channeld.amazon.auth import Tokens
from channeld.amazon.budgets import Priority
from channeld.amazon.errors import AmazonError
from channeld.amazon.operations import GET_PARTICIPATIONS, Call
from channeld.amazon.orders import search_call, search_query
from channeld.amazon.sellers import Participation
from channeld.amazon.send import SellingPartner
from channeld.domain.marketplaces import Marketplace

__all__ = [
    "addresses",
    "clock_skew",
    "one_search",
    "participation",
    "secret_age",
    "seller_id",
    "token_exchange",
]

SECRET_LIFE = timedelta(days=180)
WARN_AHEAD = 30
"""Days."""


async def token_exchange(tokens: Tokens, access: AccountAccess) -> Check:
    """Step 1: the credentials are good for a token."""
    name = "Token exchange"
    try:
        tokens.invalidate(access.account_id)
        await tokens.get(access)
    except AmazonError as error:
        return failed_over(1, name, error)
    return Check(step=1, name=name, verdict="ok", message="Amazon accepts the credentials")


async def participation(
    partner: SellingPartner, access: AccountAccess, wanted: Collection[Marketplace], now: datetime
) -> tuple[Check, datetime | None]:
    """Step 2: the seller takes part in the marketplaces; also Amazon's clock, if it answered."""
    name = "Marketplace participation"
    try:
        call = Call(operation=GET_PARTICIPATIONS)
        answer = await partner.send(access, call, priority=Priority.PERSON, deadline=now)
    except AmazonError as error:
        return failed_over(2, name, error), None
    return _judge(name, answer.value, wanted), answer.server_date


def seller_id(access: AccountAccess) -> Check:
    """Step 3: only a listings call shows whether the seller id is right."""
    return unknown(3, "Seller id", f"{access.seller_id} is not yet checked: no listings call has been made")


async def one_search(
    partner: SellingPartner, access: AccountAccess, marketplace: Marketplace, now: datetime
) -> tuple[Check, datetime | None]:
    """Step 4: orders can be searched; only when a token is free, and for a single result."""
    name = "Order search"
    query = search_query([marketplace.id], now - timedelta(days=1), page_size=1)
    try:
        answer = await partner.send(access, search_call(query), priority=Priority.PERSON, deadline=now)
    except AmazonError as error:
        return failed_over(4, name, error), None
    return Check(step=4, name=name, verdict="ok", message="Orders can be searched"), answer.server_date


def addresses(with_address: int, looked_at: int) -> Check:
    """Step 5: whether the last orders carried addresses, which needs the restricted role."""
    name = "Buyers' addresses"
    if not looked_at:
        return unknown(5, name, "no order that should carry one has come in yet")
    if with_address:
        message = f"{with_address} of the last {looked_at} orders carry one"
        return Check(step=5, name=name, verdict="ok", message=message)
    return Check(
        step=5,
        name=name,
        verdict="warning",
        message=f"none of the last {looked_at} orders carries one",
        hint="The app may lack the role Direct-to-Consumer Delivery (Restricted): ask Amazon for it,"
        " authorise the app again, enter the new refresh token.",
    )


def clock_skew(dates: Sequence[datetime | None], now: datetime) -> Check:
    """Step 6: our clock against Amazon's."""
    name = "Clock"
    seen = [date for date in dates if date]
    if not seen:
        return unknown(6, name, "Amazon's clock was not seen")
    seconds = abs((seen[-1] - now).total_seconds())
    if seconds < SKEW_LIMIT:
        return Check(step=6, name=name, verdict="ok", message=f"{seconds:.0f} s apart from Amazon's")
    return Check(
        step=6,
        name=name,
        verdict="failed",
        message=f"{seconds:.0f} s apart from Amazon's",
        hint="Set the machine's clock, with NTP.",
    )


def secret_age(set_at: datetime | None, now: datetime) -> Check:
    """Step 7: days until the client secret must be rotated, counted from when it was entered here."""
    name = "Client secret"
    if set_at is None:
        return unknown(7, name, "nobody knows when it was entered")
    days = (set_at + SECRET_LIFE - now).days
    if days > WARN_AHEAD:
        return Check(step=7, name=name, verdict="ok", message=f"must be rotated within {days} days")
    message = (
        f"must be rotated within {days} days" if days >= 0 else f"should have been rotated {-days} days ago"
    )
    hint = "Rotate it in the developer console, then `channelctl account set NAME --secrets`."
    return Check(step=7, name=name, verdict="warning", message=message, hint=hint)


def _judge(name: str, found: Collection[Participation], wanted: Collection[Marketplace]) -> Check:
    by_id = {each.marketplace_id: each for each in found}
    missing = [m.name for m in wanted if m.id not in by_id or not by_id[m.id].is_participating]
    suspended = [m.name for m in wanted if m.id in by_id and by_id[m.id].has_suspended_listings]
    if missing:
        hint = "Open the marketplace in Seller Central, or remove the channel."
        message = f"the seller does not take part in {', '.join(missing)}"
        return Check(step=2, name=name, verdict="failed", message=message, hint=hint)
    if suspended:
        message = f"listings are suspended in {', '.join(suspended)}"
        return Check(step=2, name=name, verdict="warning", message=message, hint="See Seller Central.")
    number = sum(each.is_participating for each in found)
    return Check(step=2, name=name, verdict="ok", message=f"the seller takes part in {number} marketplaces")
