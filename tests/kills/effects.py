"""Orders are answered while daemons die: despatched, cancelled and refunded once each, as the ledger says.

Nobody else touches these orders, so whatever happened to them at Amazon is ours. The clock has to be hurried,
as feeds and finances take hours. Some feeds are stuck for two hours; people give some of these up, and Amazon
works through them all the same.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import anyio
import msgspec

from channel_protocol.accounts import AddAccount
from channel_protocol.base import WriteRequest
from channel_protocol.channels import AddChannel, EnableChannel, SetChannel
from channel_protocol.client import Client
from channel_protocol.feeds import AbandonFeed, FeedList, FeedRow, ListFeeds
from channel_protocol.order_answers import CancelOrder, ProcessOrder, RefundOrder, RefundPart
from channel_protocol.orders import ListOrders, OrderList, OrderShown, ShowOrder
from channel_protocol.work import ListWork, WorkList
from channeld.sandbox import demo_accounts
from tests.kills.book import exists
from tests.kills.moments import Kind
from tests.kills.people import Errands, attached
from tests.kills.scenario import Finding, Life, Stage
from tests.kills.truth import Order, orders_of, refunds_of

__all__ = ["Effects"]

ACCOUNT, CHANNEL, COUNTRY = "eu", "gb", "GB"
SETTINGS = {
    "order_look_back_days": "8",
    "despatch_notes": "on",
    "order_cancellations": "on",
    "order_refunds": "on",
}
PAUSE = 0.1
ORDERS_PER_TURN = 2
REFUNDED = "0.50"
ABANDONED_SHARE = 0.6
"""Of the feeds that people see to be stuck."""
DEEDS = (ProcessOrder, CancelOrder, RefundOrder)


class Work(NamedTuple):
    """A row of the ledger."""

    id: int
    kind: str
    order_id: str
    state: str
    effect: Mapping[str, Any]
    reason: str


class Effects:
    """Each note, cancellation and refund happens once at Amazon, or needs a person's attention."""

    kinds = (
        Kind("started", 1, 2.0, 4),
        Kind("commanded", 6, 0.02, 8),
        Kind("commanded AbandonFeed", 1, 0.03, 6),
        Kind("asked confirmShipment", 2, 0.0, 4),
        Kind("answered confirmShipment", 2, 0.0, 10),
        Kind("delivered confirmShipment", 2, 0.03, 10),
        Kind("asked feeds", 1, 0.0, 4),
        Kind("answered feeds", 1, 0.0, 8),
        Kind("delivered feeds", 1, 0.03, 8),
        Kind("delivered createFeedDocument", 1, 0.03, 3),
        Kind("delivered getFeed", 2, 0.03, 5),
        Kind("delivered getFeedDocument", 1, 0.05, 3),
        Kind("delivered listTransactions", 2, 0.03, 5),
    )

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._errands = Errands()
        self._answered: set[str] = set()
        self._thought_over: set[int] = set()
        """Numbers of stuck feeds about which people have decided."""
        self._ended: Mapping[int, str] = {}

    async def live(self, life: Life) -> None:
        """Open the shop in the first life, then answer one order after the other."""
        if life.number == 0:
            self._open_shop()
        async with attached(life.socket) as client:
            while True:
                await self._errands.run(client, life)
                await self._answer_some(client)
                self._give_some_up(await _feeds(client))
                await anyio.sleep(PAUSE)

    def look(self, book: sqlite3.Connection) -> list[str]:
        """What was confirmed or rejected stays so."""
        if not exists(book, "work"):
            return []
        before, self._ended = (
            self._ended,
            {work.id: work.state for work in _ledger(book) if work.state == "confirmed"},
        )
        return [
            f"work {id_} is not {state} any more" for id_, state in before.items() if id_ not in self._ended
        ]

    async def finish(self, life: Life) -> None:
        """Until nothing is to come by itself, and Amazon has worked through what was given up."""
        async with attached(life.socket) as client:
            while True:
                await self._errands.run(client, life)
                feeds = await _feeds(client)
                work = await client.request(ListWork(open=True), WorkList)
                if not work.rows and not any(feed.state == "abandoned" for feed in feeds):
                    return
                self._give_some_up(feeds)
                await anyio.sleep(PAUSE)

    async def judge(self, book: sqlite3.Connection) -> Finding:
        """Compare the ledger with Amazon."""
        spec = demo_accounts()[0]
        orders = await orders_of(self._stage.amazon, spec)
        ledger = _ledger(book)
        refunded = {work.order_id for work in ledger if work.kind == "refund"}
        paid = await refunds_of(self._stage.amazon, spec, refunded)
        done = [request for request in self._errands.done if isinstance(request, DEEDS)]
        wrong = [
            *(what for work in ledger for what in _wrong(work, orders[work.order_id], paid)),
            *_strangers(ledger, orders.values()),
            *_not_once(done, ledger),
        ]
        figures: dict[str, object] = {
            "commands": len(done),
            "refused": len(self._errands.refused),
            "abandoned": sum(isinstance(request, AbandonFeed) for request in self._errands.done),
            "work": dict(sorted(Counter(f"{work.kind} {work.state}" for work in ledger).items())),
            "feeds": dict(book.execute("SELECT state, count(*) FROM feeds GROUP BY state").fetchall()),
        }
        return Finding(figures=figures, wrong=wrong)

    def _open_shop(self) -> None:
        spec, endpoint = demo_accounts()[0], self._stage.endpoint
        self._errands.add(
            AddAccount(
                command_id="",
                account=ACCOUNT,
                region=spec.region.lower(),
                seller_id=spec.seller_id,
                client_id=spec.client_id,
                client_secret=spec.client_secret,
                refresh_token=spec.refresh_token,
                endpoint=endpoint,
                auth_endpoint=f"{endpoint}/auth/o2/token",
            ),
            AddChannel(command_id="", channel=CHANNEL, account=ACCOUNT, marketplace=COUNTRY),
            SetChannel(command_id="", channel=CHANNEL, values=SETTINGS),
            EnableChannel(command_id="", channel=CHANNEL),
        )

    async def _answer_some(self, client: Client) -> None:
        """Orders that nobody has answered yet, as many of those to be sent as of those to be refunded."""
        rows = (await client.request(ListOrders(limit=1000), OrderList)).rows
        fresh = [
            row
            for row in rows
            if row.order_id not in self._answered
            and row.fulfilled_by == "MERCHANT"
            and row.status in ("UNSHIPPED", "SHIPPED")
        ]
        self._stage.people.shuffle(fresh)
        to_send = [row.order_id for row in fresh if row.status == "UNSHIPPED"][:ORDERS_PER_TURN]
        sent = [row.order_id for row in fresh if row.status == "SHIPPED"][:ORDERS_PER_TURN]
        deeds = [self._deed(order_id) for order_id in to_send]
        for order_id in sent:
            shown = await client.request(ShowOrder(order_id=order_id), OrderShown)
            deeds.append(_refund(order_id, shown.items[0].order_item_id))
        self._answered.update(to_send, sent)
        self._errands.add(*deeds)

    def _give_some_up(self, feeds: Iterable[FeedRow]) -> None:
        """Some of those that are stuck and of which Amazon can be asked later what came of them."""
        for feed in feeds:
            if (
                feed.stuck_since is None
                or not feed.feed_id
                or feed.ended_at
                or feed.number in self._thought_over
            ):
                continue
            self._thought_over.add(feed.number)
            if self._stage.people.random() < ABANDONED_SHARE:
                self._errands.add(AbandonFeed(command_id="", feed=str(feed.number), confirmed=True))

    def _deed(self, order_id: str) -> WriteRequest:
        chance = self._stage.people.random()
        if chance < 0.2:
            return CancelOrder(command_id="", order_id=order_id, reason="NoInventory")
        tracking = f"T{order_id[-7:]}GB" if chance < 0.8 else ""
        return ProcessOrder(command_id="", order_id=order_id, carrier="Royal Mail", tracking=tracking)


async def _feeds(client: Client) -> tuple[FeedRow, ...]:
    return (await client.request(ListFeeds(limit=1000), FeedList)).rows


def _refund(order_id: str, line: str) -> RefundOrder:
    part = RefundPart(line=line, amounts={"Principal": REFUNDED})
    return RefundOrder(command_id="", order_id=order_id, parts=(part,))


def _ledger(book: sqlite3.Connection) -> list[Work]:
    rows = book.execute("SELECT id, kind, order_id, state, effect, reason FROM work ORDER BY id")
    return [
        Work(id_, kind, order_id, state, msgspec.json.decode(effect), reason)
        for id_, kind, order_id, state, effect, reason in rows
    ]


def _wrong(work: Work, order: Order, paid: Mapping[str, int]) -> Iterator[str]:
    """It happened exactly once if it is confirmed, and not at all if not."""
    match work.kind:
        case "despatch":
            ours = [each for each in order.get("packages", ()) if each["packageReferenceId"] == str(work.id)]
            happened = len(ours)
            if any(_told(package) != work.effect.get("tracking", "") for package in ours):
                yield f"package {work.id} shows another tracking number"
        case "cancellation":
            happened = int(order["fulfillment"]["fulfillmentStatus"] == "CANCELLED")
        case _:
            happened = paid[work.order_id]
    if work.state not in ("confirmed", "needs_attention"):
        yield f"{work.kind} {work.id} is {work.state} at the end: {work.reason}"
    if happened != (work.state == "confirmed"):
        yield f"{work.kind} {work.id} is {work.state} ({work.reason}) and happened {happened} times"


def _told(package: Mapping[str, Any]) -> str:
    return str(package.get("trackingNumber", ""))


def _strangers(ledger: Sequence[Work], orders: Iterable[Order]) -> Iterator[str]:
    """Packages with a number of the kind that is ours, and that is not in the ledger."""
    known = {str(work.id) for work in ledger}
    first = min(known, default="0")
    for order in orders:
        for package in order.get("packages", ()):
            reference = package["packageReferenceId"]
            if len(reference) == len(first) and reference not in known:
                yield f"package {reference} of {order['orderId']} is none of ours"


def _not_once(done: Sequence[WriteRequest], ledger: Sequence[Work]) -> Iterator[str]:
    """Every command that was answered has left one piece of work, however often it was sent."""
    asked = Counter(request.order_id for request in done if isinstance(request, DEEDS))
    found = Counter(work.order_id for work in ledger)
    for order_id in asked.keys() | found.keys():
        if asked[order_id] != found[order_id]:
            yield f"{asked[order_id]} commands for {order_id} have left {found[order_id]} pieces of work"
