"""The simulated market: accounts with their order books, and everything a test can make happen in it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from msgspec.structs import replace

from channeld.runtime.clock import Clock
from channeld.sandbox import changes
from channeld.sandbox.account import Account
from channeld.sandbox.buyers import ORDER_PREFIX, numbered, ordinary_buyer
from channeld.sandbox.faults import Faults
from channeld.sandbox.feeds.documents import Documents
from channeld.sandbox.feeds.lanes import Lanes
from channeld.sandbox.growth import Growth
from channeld.sandbox.listings.shops import Shops
from channeld.sandbox.listings.submissions import Submissions
from channeld.sandbox.options import SandboxOptions
from channeld.sandbox.orders import Line, Order, Status
from channeld.sandbox.refunds import Refund
from channeld.sandbox.reports.desk import Desk
from channeld.sandbox.tokens import Lwa
from channeld.sandbox.truth import Truth

__all__ = ["Market"]


class Market:
    """What exists and happens. All instants are the clock's; nothing happens by itself without `live`."""

    def __init__(self, clock: Clock, options: SandboxOptions | None = None) -> None:
        self.clock = clock
        self.options = options or SandboxOptions()
        self.truth = Truth()
        self.faults = Faults(self.options.faults, self.random("faults"))
        self.accounts: Mapping[str, Account] = {
            spec.seller_id: Account(spec, number, self.options.rates, clock.monotonic())
            for number, spec in enumerate(self.options.accounts)
        }
        self.lwa = Lwa(self.accounts.values(), self.options.token_seconds, self.random("tokens"))
        self.poison_random = self.random("poison")
        self.request_ids = self.random("requests")
        self.documents = Documents(self.random("documents"), self.options.document_seconds)
        self.lanes = Lanes(self)
        self.listings = Shops(self)
        self.submissions = Submissions(self)
        self.reports = Desk(self)
        self._growth = Growth(self)
        self._growth.populate()

    def random(self, purpose: str) -> Random:
        """The generator of that purpose; the same for the same seed."""
        return Random(f"{self.options.seed}/{purpose}")  # noqa: S311 - reproducible, not secret

    async def live(self) -> None:
        """Let buyers order and orders change, for ever; returns at once when no orders are due."""
        await self._growth.live()

    def orders(self, seller_id: str | None = None) -> dict[str, Order]:
        """The orders of an account (of all accounts) as they truly are, by id."""
        self.settle()
        accounts = self.accounts.values() if seller_id is None else (self.accounts[seller_id],)
        return {order_id: order for account in accounts for order_id, order in account.book.orders.items()}

    def order(self, order_id: str) -> Order:
        """That order as it truly is. KeyError when there is none."""
        self.settle()
        for account in self.accounts.values():
            if order_id in account.book.orders:
                return account.book.orders[order_id]
        raise KeyError(order_id)

    def place_order(
        self,
        seller_id: str | None = None,
        *,
        country: str | None = None,
        status: Status = "UNSHIPPED",
        lines: Sequence[Line] = (),
        at: datetime | None = None,
        **details: Any,
    ) -> Order:
        """An ordinary order, now or at an earlier instant; `details` are further fields of `Order`."""
        self.settle()
        account = self.accounts[seller_id or next(iter(self.accounts))]
        country = country or account.spec.countries[0]
        stamp = self.stamp(at)
        number = account.next_number()
        order = Order(
            order_id=f"{ORDER_PREFIX.get(country, '408')}-{number}-{number}",
            seller_id=account.spec.seller_id,
            country=country,
            created=stamp,
            updated=stamp,
            status="UNSHIPPED",
            lines=tuple(lines) or (Line(sku="SKU-1"),),
            buyer=ordinary_buyer(country),
        )
        order = changes.with_status(numbered(replace(order, **details)), status, stamp)
        self.record(order, delay=0 if at else None)
        return order

    def change(self, order_id: str, status: Status, *, silent: bool = False) -> Order:
        """The order takes that status; `silent` leaves its lastUpdatedTime, as has been seen at Amazon."""
        order = self.order(order_id)
        after = changes.with_status(order, status, self.stamp(None, order))
        return self.record(replace(after, updated=order.updated) if silent else after)

    def act(self, order_id: str, action: str) -> Order:
        """Something of `changes.ACTIONS` happens to the order: ship, deliver, request_cancel and so on."""
        order = self.order(order_id)
        return self.record(changes.ACTIONS[action](order, self.stamp(None, order)))

    def edit(self, order_id: str, **fields: Any) -> Order:
        """Any other change of the order's facts; it counts as an update."""
        order = self.order(order_id)
        return self.record(replace(order, **({"updated": self.stamp(None, order)} | fields)))

    def settle(self) -> None:
        """Let feeds, writes to listings and reports do what is due by now; whatever happens does so first."""
        self.lanes.settle(self.clock.now())
        self.submissions.settle(self.clock.now())
        self.reports.settle(self.clock.now())

    def refunds(self, order_id: str) -> list[Refund]:
        """What has really been paid back for that order, as it truly is."""
        account = self.accounts[self.order(order_id).seller_id]
        return account.refunds.of_order(order_id)

    def refund(self, order: Order, items: Mapping[str, Mapping[str, int]], at: datetime) -> Refund:
        """Give money back, in minor units by order item and component, whoever asks; nothing is checked."""
        account = self.accounts[order.seller_id]
        number = f"{account.number}{len(account.refunds.all) + 1:012d}"
        made = Refund(refund_id=number, order_id=order.order_id, country=order.country, at=at, items=items)
        account.refunds.add(made)
        return made

    def record(self, order: Order, *, delay: float | None = None, at: datetime | None = None) -> Order:
        """Put the order into its book as it is now; it shows after the delay (the options' own if None).

        `at` is the instant of a change that is recorded later than it happened.
        """
        seconds = self.options.change_delay if delay is None else delay
        shown_from = (at or self.clock.now()) + timedelta(seconds=seconds)
        self.accounts[order.seller_id].book.put(order, shown_from=shown_from)
        return order

    def revoke(self, seller_id: str) -> None:
        """The seller withdraws the authorization: invalid_grant, and its tokens end."""
        self.accounts[seller_id].revoked = True

    def rotate_secret(self, seller_id: str) -> str:
        """A new client secret; the old one is refused with invalid_client, tokens live on."""
        account = self.accounts[seller_id]
        account.client_secret += "-rotated"
        return account.client_secret

    def suspend(self, seller_id: str, *countries: str) -> None:
        """The seller does not participate there any more (everywhere, if none is named)."""
        account = self.accounts[seller_id]
        account.suspended |= set(countries or account.spec.countries)

    def grant(self, operation: str, rate: float, seller_id: str | None = None) -> None:
        """Amazon grants another rate, and announces it with the next answers."""
        for account in self.accounts.values() if seller_id is None else (self.accounts[seller_id],):
            account.buckets[operation].grant(rate, self.clock.monotonic())

    def stamp(self, at: datetime | None = None, order: Order | None = None) -> datetime:
        """The instant as Amazon records it: whole milliseconds, whole seconds for some orders."""
        at = at or self.clock.now()
        whole = order is not None and order.whole_seconds
        return at.replace(microsecond=0 if whole else at.microsecond // 1000 * 1000)
