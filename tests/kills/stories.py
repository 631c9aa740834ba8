"""Stories in which a daemon may die anywhere: searches, commands, single orders, retention, a back-fill."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from channel_protocol.accounts import AddAccount, SetAccount
from channel_protocol.base import WriteRequest
from channel_protocol.channels import AddChannel, DisableChannel, EnableChannel, SetChannel
from channel_protocol.mappings import SetMapping
from channel_protocol.orders import RecoverOrder, SyncOrders
from channeld.sandbox import Market, SandboxOptions
from tests.support.crashes import Story
from tests.support.daemon import Daemon
from tests.support.daemon_wire import ENDPOINT
from tests.support.fake_clock import START, FakeClock

__all__ = ["STORIES", "BackFill", "Commands", "Retention", "Search", "SingleOrders"]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class _Told:
    """What most stories have in common."""

    def market(self, clock: FakeClock) -> Market:
        return Market(clock)

    async def before(self, daemon: Daemon) -> None:
        """Nothing has been done."""

    def meanwhile(self, market: Market, clock: FakeClock) -> None:
        """No time passes."""

    async def do(self, daemon: Daemon, *requests: WriteRequest) -> None:
        """One after the other, a second apart."""
        for request in requests:
            await daemon.client.request(request)
            await daemon.pass_time(seconds=1)


class Search(_Told):
    """A first search of two pages, and the one after it, which finds what has changed."""

    name = "search"

    def market(self, clock: FakeClock) -> Market:
        market = Market(clock)
        _fill(market, 120, START - 2 * HOUR, timedelta(seconds=1))
        return market

    async def before(self, daemon: Daemon) -> None:
        await daemon.add_account()
        await daemon.add_channel(enable=False)

    async def tell(self, daemon: Daemon) -> None:
        await self.do(daemon, EnableChannel(command_id="search-on", channel="uk"))
        for order_id, order in sorted(daemon.market.orders().items())[:3]:
            if order.status != "CANCELLED":
                daemon.market.change(order_id, "CANCELLED")
        await daemon.pass_time(minutes=7)


class Commands(_Told):
    """A shop is set up by hand. An answer that is lost is asked for again."""

    name = "commands"

    def market(self, clock: FakeClock) -> Market:
        market = Market(clock)
        _fill(market, 3, START - 2 * HOUR, timedelta(seconds=1))
        return market

    async def tell(self, daemon: Daemon) -> None:
        await self.do(daemon, *self._by_hand(daemon.market))
        await daemon.pass_time(minutes=4)

    def _by_hand(self, market: Market) -> Sequence[WriteRequest]:
        spec = market.options.accounts[0]
        return (
            AddAccount(
                command_id="command-1",
                account="eu",
                region="eu",
                seller_id=spec.seller_id,
                client_id=spec.client_id,
                client_secret=spec.client_secret,
                refresh_token=spec.refresh_token,
                endpoint=ENDPOINT,
                auth_endpoint=f"{ENDPOINT}/auth/o2/token",
            ),
            SetAccount(command_id="command-2", account="eu", values={"order_poll_seconds": "120"}),
            AddChannel(command_id="command-3", channel="uk", account="eu", marketplace="GB"),
            AddChannel(command_id="command-4", channel="de", account="eu", marketplace="DE"),
            SetChannel(command_id="command-5", channel="uk", values={"order_look_back_days": "1"}),
            SetMapping(
                command_id="command-6", kind="shipping", channel="uk", tag="STANDARD", target="Second class"
            ),
            EnableChannel(command_id="command-7", channel="uk"),
            EnableChannel(command_id="command-8", channel="de"),
            DisableChannel(command_id="command-9", channel="de"),
            SyncOrders(command_id="command-10"),
        )


class SingleOrders(_Told):
    """Orders read by their id: parked, damaged, without an address, and one that a person wants."""

    name = "single orders"

    def market(self, clock: FakeClock) -> Market:
        market = Market(clock)
        parked, damaged, _, _ = _fill(market, 4, START - HOUR / 6, timedelta(seconds=1))
        market.change(parked, "PENDING")
        market.faults.plan("poison", None, detail="items_null", order_id=damaged)
        market.place_order(at=START - 20 * DAY)
        return market

    async def before(self, daemon: Daemon) -> None:
        await daemon.open_shop(poll_seconds=3600)

    async def tell(self, daemon: Daemon) -> None:
        market = daemon.market
        oldest = min(market.orders().values(), key=lambda order: order.created).order_id
        parked = next(
            id_ for id_, order in market.orders().items() if order.status in ("PENDING", "CANCELLED")
        )
        await self.do(daemon, RecoverOrder(command_id="recover-1", order_id=oldest, wait=0))
        market.change(parked, "CANCELLED", silent=True)
        await daemon.pass_time(minutes=20)
        market.faults.clear()
        await daemon.pass_time(minutes=90)


class Retention(_Told):
    """Personal data of some orders goes on its day; that of others stays."""

    name = "retention"

    def market(self, clock: FakeClock) -> Market:
        market = Market(clock)
        for minutes in range(5):
            market.place_order(status="SHIPPED", at=START - 20 * HOUR + timedelta(minutes=minutes))
        _fill(market, 2, START - HOUR, timedelta(seconds=1))
        damaged = market.place_order(at=START - 2 * HOUR).order_id
        market.faults.plan("poison", None, detail="items_null", order_id=damaged)
        return market

    async def before(self, daemon: Daemon) -> None:
        await daemon.open_shop(poll_seconds=3600)

    def meanwhile(self, market: Market, clock: FakeClock) -> None:
        clock.jump((40 * DAY).total_seconds())

    async def tell(self, daemon: Daemon) -> None:
        await daemon.pass_time(minutes=15)


class BackFill(_Told):
    """A month of a busy shop is read, in slices, while orders go on coming in."""

    name = "back-fill"

    def __init__(self, orders: int = 1_000) -> None:
        self._orders = orders

    def market(self, clock: FakeClock) -> Market:
        market = Market(clock, SandboxOptions(rates={"searchOrders": 1.0}))
        _fill(market, self._orders, START - 29 * DAY, 28 * DAY / self._orders)
        return market

    async def before(self, daemon: Daemon) -> None:
        await daemon.add_account()
        await daemon.add_channel(enable=False, order_look_back_days="30")

    async def tell(self, daemon: Daemon) -> None:
        await self.do(daemon, EnableChannel(command_id="back-fill-on", channel="uk"))
        await daemon.pass_time(minutes=8)


STORIES: Sequence[Story] = (Search(), Commands(), SingleOrders(), Retention(), BackFill())


def _fill(market: Market, count: int, since: datetime, apart: timedelta) -> list[str]:
    """So many orders, some of which are not paid yet."""
    return [
        market.place_order(at=since + n * apart, status="PENDING" if n % 10 == 9 else "UNSHIPPED").order_id
        for n in range(count)
    ]
