"""Who may ask, and how often: user-agent, access token, budget, in this order."""

from starlette.requests import Request

from channeld.sandbox.account import Account
from channeld.sandbox.market import Market
from channeld.sandbox.refusal import Refusal, denied, throttled
from channeld.sandbox.rules import check_user_agent

__all__ = ["admit"]


def admit(market: Market, operation: str, request: Request, account: Account | None) -> Account:
    """The account that asks, one token poorer. Refusal 400, 401, 403 or 429.

    `account` is the holder of the request's access token, if it is valid.
    """
    check_user_agent(request.headers.get("user-agent"))
    if not request.headers.get("x-amz-access-token", "").startswith("Atza|"):
        raise Refusal(401, "Unauthorized", "Access to requested resource is denied.", "No access token.")
    if account is None:
        raise denied("The access token you provided has expired or was revoked.")
    seller_id = account.spec.seller_id
    if market.faults.fires("throttle_burst", seller_id=seller_id, operation=operation):
        raise throttled()
    if not account.buckets[operation].take(market.clock.monotonic()):
        market.truth.over_budget[seller_id, operation] += 1
        raise throttled()
    return account
