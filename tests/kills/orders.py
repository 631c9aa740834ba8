"""Orders come in, in shops that open one by one, while buyers go on ordering and changing their minds."""

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta

import anyio

from channel_protocol.accounts import AddAccount
from channel_protocol.base import WriteRequest
from channel_protocol.channels import AddChannel, ChannelList, EnableChannel, ListChannels, SetChannel
from channel_protocol.client import Client
from channel_protocol.orders import ListOrders, OrderList, RecoverOrder, SyncOrders
from channeld.sandbox import AccountSpec, demo_accounts
from tests.kills import order_book
from tests.kills.book import cursors, exposed, going_on
from tests.kills.moments import Kind
from tests.kills.order_book import compared, known_ids
from tests.kills.pages import Page, Query, asked_again, page_of, wrong_pages
from tests.kills.people import Errands, attached
from tests.kills.scenario import Finding, Life, Stage
from tests.kills.truth import Order, orders_of, personal_values

__all__ = ["Orders"]

LOOK_BACK_DAYS = "8"
"""The market's orders are of the last seven."""
PAUSE = 0.2
ONLY_OLDER_THAN = timedelta(seconds=125)
"""Amazon's searches leave out what is younger than two minutes."""
SECRETS = ("Atza|", "Atzr|")
SHOPS = tuple((spec, country) for spec in demo_accounts() for country in spec.countries)


class Orders:
    """Each order of Amazon's in the book once, whatever happens to the daemon."""

    kinds = (
        Kind("started", 1, 2.0, 4),
        Kind("asked token", 1, 0.0, 1),
        Kind("answered token", 1, 0.0, 1),
        Kind("commanded", 4, 0.02, 4),
        Kind("asked searchOrders", 5, 0.0, 3),
        Kind("answered searchOrders", 5, 0.0, 5),
        Kind("delivered searchOrders", 5, 0.08, 14),
        Kind("asked getOrder", 2, 0.0, 2),
        Kind("answered getOrder", 2, 0.0, 2),
        Kind("delivered getOrder", 2, 0.03, 4),
    )

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._errands = Errands()
        self._opened = 0
        self._left: list[Mapping[Query, str]] = []
        self._seen: list[tuple[Mapping[str, int], Collection[str]]] = []

    async def live(self, life: Life) -> None:
        """Open the shops that are due, then have searches made and single orders read."""
        self._open_shops(len(SHOPS) * (life.number + 1) // max(1, self._stage.plan.kills // 2) + 1)
        async with attached(life.socket) as client:
            while True:
                await self._errands.run(client, life)
                await self._ask_for_something(client)
                await anyio.sleep(PAUSE)

    def look(self, book: sqlite3.Connection) -> list[str]:
        """The cursor never goes back, and each stored order is stored once, with lines and audit entry."""
        tokens, now = going_on(book), cursors(book)
        before: Mapping[str, int] = self._seen[-1][0] if self._seen else {}
        self._left.append(tokens)
        self._seen.append((now, known_ids(book)))
        back = [name for name, at in before.items() if now.get(name, 0) < at]
        return [*(f"the cursor of {name} went back" for name in back), *order_book.inconsistent(book)]

    async def finish(self, life: Life) -> None:
        """Everything that Amazon's searches showed when this began has come in."""
        self._open_shops(len(SHOPS))
        async with attached(life.socket) as client:
            await self._errands.run(client, life)
            until = datetime.now(UTC) - ONLY_OLDER_THAN
            while not await _read_until(client, until):
                self._errands.add(SyncOrders(command_id=""))
                await self._errands.run(client, life)
                await anyio.sleep(PAUSE)

    async def judge(self, book: sqlite3.Connection) -> Finding:
        """Compare the book with Amazon's, and what was asked with what had to be."""
        orders: dict[str, Order] = {}
        for spec in demo_accounts():
            orders |= await orders_of(self._stage.amazon, spec)
        comparison = compared(book, orders.values(), self._country_channels())
        pages = self._pages()
        figures: dict[str, object] = {
            "orders_of_amazon": len(orders),
            "orders_compared": comparison.compared,
            "orders_changed_too_late_to_compare": comparison.too_late,
            "orders_stored": order_book.count(book, "orders"),
            "left_alone": order_book.count(book, "left_alone"),
            "audit_entries": order_book.count(book, "audit"),
            "pages": len({(page.query, page.token) for page in pages}),
            "pages_asked_again": asked_again(pages),
            "commands": len(self._errands.done),
        }
        wrong = [
            *comparison.wrong,
            *self._skipped(orders),
            *wrong_pages(pages, self._left, accounts=len(demo_accounts())),
            *self._errands.refused,
            *self._commands_twice(book),
            *self._seen_in_clear(orders.values()),
        ]
        return Finding(figures=figures, wrong=wrong)

    def _open_shops(self, count: int) -> None:
        for spec, country in SHOPS[self._opened : count]:
            account, channel = spec.region.lower(), country.lower()
            if country == spec.countries[0]:
                self._errands.add(self._account(account, spec))
            self._errands.add(*_channel(account, channel, country))
        self._opened = max(self._opened, min(count, len(SHOPS)))

    def _account(self, account: str, spec: AccountSpec) -> AddAccount:
        endpoint = self._stage.endpoint
        return AddAccount(
            command_id="",
            account=account,
            region=account,
            seller_id=spec.seller_id,
            client_id=spec.client_id,
            client_secret=spec.client_secret,
            refresh_token=spec.refresh_token,
            endpoint=endpoint,
            auth_endpoint=f"{endpoint}/auth/o2/token",
        )

    async def _ask_for_something(self, client: Client) -> None:
        self._errands.add(SyncOrders(command_id=""))
        rows = (await client.request(ListOrders(limit=20), OrderList)).rows
        if rows:
            order_id = self._stage.people.choice(rows).order_id
            self._errands.add(RecoverOrder(command_id="", order_id=order_id, wait=0))

    def _country_channels(self) -> dict[str, str]:
        return {country: country.lower() for _, country in SHOPS}

    def _pages(self) -> list[Page]:
        exchanges = [e for e in self._stage.relay.exchanges if e.operation == "searchOrders"]
        return [page_of(e.target, e.life, e.whole) for e in exchanges]

    def _skipped(self, orders: Mapping[str, Order]) -> list[str]:
        """Orders that were missing although a cursor had passed their last change."""
        ours = [order_book.facts(order, self._country_channels()) for order in orders.values()]
        return [
            f"life {life} had passed the last change of {order.order_id} and did not have it"
            for life, (at, known) in enumerate(self._seen)
            for order in ours
            if order.updated <= at.get(order.channel, 0) and order.order_id not in known
        ]

    def _commands_twice(self, book: sqlite3.Connection) -> list[str]:
        """Each command that was answered has left what it leaves once, however often it was sent."""
        wrong: list[str] = []
        for kind, code in ((RecoverOrder, "order.recover"), (AddChannel, "channel.added")):
            sent = sum(isinstance(request, kind) for request in self._errands.done)
            (found,) = book.execute("SELECT count(*) FROM audit WHERE code = ?", (code,)).fetchone()
            wrong += [f"{sent} commands left {found} entries {code}"] if sent != found else []
        return wrong

    def _seen_in_clear(self, orders: Iterable[Order]) -> list[str]:
        folder = self._stage.folder / "daemon"
        secrets = [*SECRETS, *(spec.client_secret for spec in demo_accounts())]
        values = [value.encode() for value in (*personal_values(orders), *secrets)]
        return exposed((path for path in folder.iterdir() if path.is_file()), values)


def _channel(account: str, channel: str, country: str) -> tuple[WriteRequest, ...]:
    return (
        AddChannel(command_id="", channel=channel, account=account, marketplace=country),
        SetChannel(command_id="", channel=channel, values={"order_look_back_days": LOOK_BACK_DAYS}),
        EnableChannel(command_id="", channel=channel),
    )


async def _read_until(client: Client, until: datetime) -> bool:
    rows = (await client.request(ListChannels(), ChannelList)).rows
    return all(row.order_cursor is not None and row.order_cursor >= until for row in rows)
