"""Secrets and buyers are in no log, event, audit text or reply, nor in clear on disk."""

from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace
from structlog.testing import capture_logs

from channel_protocol.accounts import ListAccounts
from channel_protocol.actors import GetStatus, ListActors
from channel_protocol.audit import ListAudit
from channel_protocol.base import Message, Request
from channel_protocol.channels import ListChannels, ShowChannel
from channel_protocol.codec import encode
from channel_protocol.orders import ListOrders, ListQuarantine, OrderPersonal, RevealOrder, ShowOrder
from channel_protocol.session import TOPICS, Subscribe
from channeld.sandbox import Line, Market
from tests.support.daemon import Daemon, new_id, running_daemon
from tests.support.fake_clock import FakeClock

BUYER = {
    "name": "Canaria Vogel",
    "email": "canary-4711@marketplace.amazon.co.uk",
    "phone": "+44 7700 900471",
    "line1": "17 Canary Wharf Lane",
    "postal_code": "CN4 7RY",
    "company": "Canary Fittings Ltd",
    "po_number": "CANARY-PO-4711",
}
GIFT = "Happy birthday, dear canary"


def all_files(folder: Path) -> bytes:
    """The database and what belongs to it."""
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


async def said(daemon: Daemon, requests: Iterable[Request]) -> bytes:
    """Everything that the daemon answers, and what it tells somebody who watches everything."""
    replies: list[Message] = [await daemon.client.request(request) for request in requests]
    await daemon.client.request(Subscribe(topics=TOPICS))
    waiting = set(TOPICS)
    async for event in daemon.client.events():
        replies.append(event)
        waiting.discard(event.topic)
        if not waiting:
            break
    return b"".join(encode(reply) for reply in replies)


async def test_canaries_are_nowhere_but_in_the_answer_to_reveal(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    spec = market.options.accounts[0]
    async with running_daemon(tmp_path, market, clock) as daemon:
        with capture_logs() as logs:
            await daemon.open_shop()
            placed = [
                market.place_order(lines=[Line(sku="MUG", gift_message=GIFT, gift=True)]) for _ in "123"
            ]
            placed = [market.record(replace(o, buyer=replace(o.buyer, **BUYER)), delay=0) for o in placed]
            poison, order = placed[0].order_id, placed[1].order_id
            market.faults.plan("poison", None, detail="amount_garbage", order_id=poison)
            await daemon.pass_time(minutes=12)
            market.act(order, "request_cancel")
            market.faults.plan("truncated", 4)
            market.faults.plan("error_500", 4)
            await daemon.pass_time(minutes=12)
            reveal = RevealOrder(command_id=new_id(), order_id=order)
            shown = (await daemon.ask(reveal, OrderPersonal)).fields
            assert set(BUYER.values()) | {GIFT} <= set(shown.values())
            market.revoke(spec.seller_id)
            await daemon.pass_time(minutes=65)
            requests = (
                GetStatus(), ListAccounts(), ListActors(), ListAudit(), ListChannels(), ListOrders(),
                ListQuarantine(), ShowChannel(channel="uk"), ShowOrder(order_id=order),
            )  # fmt: skip
            answers = await said(daemon, requests)
            on_disk = all_files(tmp_path)
    tokens = {request.headers.get("x-amz-access-token", "") for request in daemon.wire.requests} - {""}
    assert tokens
    canaries = {*BUYER.values(), GIFT, spec.client_secret, spec.refresh_token, *tokens}
    assert poison.encode() in answers
    assert order.encode() in on_disk, "the write-ahead log was looked at as well"
    for canary in canaries:
        assert canary not in repr(logs)
        assert canary.encode() not in answers
        assert canary.encode() not in on_disk
    after = all_files(tmp_path)
    assert not [canary for canary in canaries if canary.encode() in after]
