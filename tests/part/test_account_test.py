"""The Test of an account or a channel: every step with its own verdict (semantics A4)."""

from collections.abc import Callable
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from channeld.account_test.check import Check
from channeld.account_test.run import AccountTest
from channeld.store import accounts
from tests.support.amazon_api import Rig, refusal
from tests.support.book_shop import Shop, open_shop
from tests.support.domain_orders import DAY, MINUTE, NOW, order

UK, DE = "A1F83G8C2ARO7P", "A1PA6795UKMFR9"
ADDRESS = {"recipient.deliveryAddress.postalCode": "CANARY-POST"}


class Amazon:
    """Answers of an account that is all right, until a test changes one."""

    def __init__(self) -> None:
        self.skew = 0.0
        self.marketplaces = {UK: True, DE: True}
        self.suspended: set[str] = set()
        self.replaced: dict[str, httpx.Response] = {}
        self.paths: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.paths.append(path)
        last = path.rsplit("/", 1)[1]
        if last in self.replaced:
            return self.replaced[last]
        date = format_datetime(NOW + self.skew * MINUTE / 60)
        return httpx.Response(200, json=self._answer(last), headers={"date": date})

    def _answer(self, last: str) -> dict[str, Any]:
        if last == "token":
            return {"access_token": "Atza|CANARY", "expires_in": 3600}
        if last == "orders":
            return {"orders": [], "lastUpdatedBefore": "2026-11-22T08:58:00Z"}
        return {"payload": [self._row(id_, takes_part) for id_, takes_part in self.marketplaces.items()]}

    def _row(self, id_: str, takes_part: bool) -> dict[str, Any]:
        flags = {"isParticipating": takes_part, "hasSuspendedListings": id_ in self.suspended}
        return {"marketplace": {"id": id_}, "participation": flags}


async def of_account(shop: Shop, amazon: Amazon) -> dict[int, Check]:
    return await _run(shop, amazon, channel=False)


async def of_channel(shop: Shop, amazon: Amazon) -> dict[int, Check]:
    return await _run(shop, amazon, channel=True)


async def _run(shop: Shop, amazon: Amazon, *, channel: bool) -> dict[int, Check]:
    """The steps by number. Nothing in the book changes, and nothing secret is in any of them."""
    rig = Rig(shop.clock, amazon)
    test = AccountTest(shop.store, rig.partner, rig.tokens, shop.clock)
    before = await shop.texts()
    if channel:
        checks = await test.of_channel(await shop.channel())
    else:
        account = await shop.store.read(lambda c: accounts.get(c, shop.account_id))
        assert account is not None
        checks = await test.of_account(account)
    await rig.http.aclose()
    assert await shop.texts() == before
    assert "CANARY" not in repr(checks)
    steps = [check.step for check in checks]
    assert steps == ([1, 2, 3, 4, 5, 6, 7] if channel else [1, 2, 6, 7])
    return {check.step: check for check in checks}


async def test_an_account_that_is_all_right(tmp_path: Path) -> None:
    amazon = Amazon()
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        checks = await of_account(shop, amazon)
        assert {check.verdict for check in checks.values()} == {"ok"}
        assert len(amazon.paths) == 2, "no order search for an account"


async def test_a_channel_runs_all_steps_and_the_seller_id_is_not_checked_yet(tmp_path: Path) -> None:
    amazon = Amazon()
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply(order(personal=ADDRESS))
        checks = await of_channel(shop, amazon)
        assert {step for step, check in checks.items() if check.verdict != "ok"} == {3}
        assert (checks[3].verdict, "not yet checked" in checks[3].message) == ("unknown", True)


async def test_refused_credentials_end_it(tmp_path: Path) -> None:
    amazon = Amazon()
    amazon.replaced["token"] = httpx.Response(400, json={"error": "invalid_grant"})
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        for checks in (await of_account(shop, amazon), await of_channel(shop, amazon)):
            assert (checks[1].verdict, checks[2].verdict, checks[6].verdict) == (
                "failed",
                "unknown",
                "unknown",
            )
            assert "refresh token" in checks[1].hint
            assert checks[7].verdict == "ok"


@pytest.mark.parametrize("path", ["token", "marketplaceParticipations", "orders"])
async def test_being_throttled_is_no_failure(path: str, tmp_path: Path) -> None:
    amazon = Amazon()
    amazon.replaced[path] = refusal(429, "QuotaExceeded")
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply(order(personal=ADDRESS))
        checks = await _while_time_passes(shop, lambda: of_channel(shop, amazon))
        assert "failed" not in {check.verdict for check in checks.values()}
        step = {"token": 1, "marketplaceParticipations": 2, "orders": 4}[path]
        assert (checks[step].verdict, checks[step].message.split(":")[0]) == ("unknown", "throttled")


async def _while_time_passes(shop: Shop, test: Callable[[], Any]) -> dict[int, Check]:
    """Repeats in place take a while."""
    results: list[dict[int, Check]] = []

    async def run() -> None:
        results.append(await test())

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(run)
        await shop.clock.advance(30)
    return results[0]


async def test_a_missing_role_is_named_at_its_step(tmp_path: Path) -> None:
    amazon = Amazon()
    amazon.replaced["orders"] = refusal(403, "Unauthorized")
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        checks = await of_channel(shop, amazon)
        assert (checks[2].verdict, checks[4].verdict) == ("ok", "failed")
        assert "roles" in checks[4].hint


async def test_a_marketplace_where_the_seller_does_not_take_part(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        for marketplaces in ({UK: False}, {DE: True}):
            amazon = Amazon()
            amazon.marketplaces = marketplaces
            for checks in (await of_account(shop, amazon), await of_channel(shop, amazon)):
                assert checks[2].verdict == "failed"
                assert "Amazon.co.uk" in checks[2].message


async def test_suspended_listings_are_a_warning(tmp_path: Path) -> None:
    amazon = Amazon()
    amazon.suspended = {UK}
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        assert (await of_account(shop, amazon))[2].verdict == "warning"


@pytest.mark.parametrize(("seconds", "verdict"), [(59, "ok"), (-59, "ok"), (61, "failed"), (-3600, "failed")])
async def test_clocks_that_differ_by_a_minute(seconds: float, verdict: str, tmp_path: Path) -> None:
    amazon = Amazon()
    amazon.skew = seconds
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        assert (await of_account(shop, amazon))[6].verdict == verdict


@pytest.mark.parametrize(
    ("days", "verdict", "says"),
    [
        (0, "ok", "180 days"),
        (149, "ok", "31 days"),
        (150, "warning", "30 days"),
        (200, "warning", "20 days ago"),
    ],
)
async def test_the_client_secret_s_age(days: int, verdict: str, says: str, tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        shop.clock.jump(days * DAY.total_seconds())
        check = (await of_account(shop, Amazon()))[7]
        assert (check.verdict, says in check.message) == (verdict, True)


async def test_orders_without_an_address_point_to_the_restricted_role(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        assert (await of_channel(shop, Amazon()))[5].verdict == "unknown"
        await shop.apply(order("PENDING", order_id="pending"), order("SHIPPED", order_id="elsewhere"))
        assert (await of_channel(shop, Amazon()))[5].verdict == "unknown", "these carry none"
        await shop.apply(order())
        assert (await of_channel(shop, Amazon()))[5].verdict == "warning"
        await shop.apply(order(order_id="with", personal=ADDRESS))
        assert (await of_channel(shop, Amazon()))[5].verdict == "ok"


async def test_orders_past_their_retention_do_not_count(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply(order(updated_at=NOW - 40 * DAY, purchased_at=NOW - 40 * DAY, personal=ADDRESS))
        assert (await of_channel(shop, Amazon()))[5].verdict == "unknown"
