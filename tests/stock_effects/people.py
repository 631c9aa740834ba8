"""What people ask of the daemon, with command ids that stay, and what others do at Amazon meanwhile."""

import uuid
from collections import Counter
from datetime import datetime, timedelta

from channel_protocol.base import WriteRequest
from channel_protocol.channels import SetChannel
from channel_protocol.errors import ClientError, RequestRefused
from channel_protocol.listings import LinkListings, LinkWanted
from channel_protocol.offers import ListingSettings, PushStock, SetListings
from channel_protocol.stock import SaveStock, StockLevel
from channeld.sandbox import Line, Market
from tests.effects.mortal import MortalClock
from tests.stock_effects.expected import Shop
from tests.stock_effects.plan import AT_AMAZON, CHANNELS, COMPONENTS, SKUS, Deed, Plan
from tests.stock_effects.shop import HERE, SELLER
from tests.support.daemon import Daemon

__all__ = ["KNOWN_BY", "People"]

KNOWN_BY = timedelta(hours=3)
"""An order is in the book, and what it makes of stock is told, by then, whatever goes wrong."""


class People:
    """Do what the plan says, one after the other, over as many lives as it takes."""

    def __init__(self, plan: Plan) -> None:
        self.shop = Shop()
        self.most: list[tuple[datetime, dict[str, int | None]]] = []
        """From when on how much could be told at most, as orders come in late; None: nothing."""
        self.refused: list[str] = []
        self.closed_last: set[str] = set()
        """What was offered when it was closed."""
        self._plan = plan
        self._next = 0
        self._begun = -1
        self._sold: dict[str, list[tuple[datetime, int]]] = {sku: [] for sku in SKUS}
        self._orders: dict[str, list[tuple[str, str, int]]] = {sku: [] for sku in SKUS}

    async def act(self, daemon: Daemon, clock: MortalClock) -> None:
        """From where the last life ended; what nobody knows an answer of is asked again."""
        self._note(clock.now())
        while self._next < len(self._plan.deeds) and not clock.is_dead:
            deed = self._plan.deeds[self._next]
            if self._begun < self._next:
                await (clock.pass_by if deed.pause > 1000 else clock.advance)(deed.pause)
                if clock.is_dead:
                    return
                self._begun = self._next
                if self._is_in_vain(deed, daemon.market):
                    self._next += 1
                    continue
                self.shop.do(deed)
                if deed.kind in AT_AMAZON:
                    self._act_at_amazon(deed, daemon.market)
                self._note(clock.now())
            if deed.kind not in AT_AMAZON:
                await self._ask(daemon, _request(deed, uuid.UUID(int=self._next + 1).hex))
            if not clock.is_dead:
                self._next += 1

    def _note(self, now: datetime) -> None:
        late = Counter(
            {sku: sum(units for at, units in self._sold[sku] if at > now - KNOWN_BY) for sku in SKUS}
        )
        known = self.shop.ordered - late
        self.most.append((now, {sku: self.shop.quantity(sku, known) for sku in SKUS}))

    def _is_in_vain(self, deed: Deed, market: Market) -> bool:
        """Nobody buys what is not offered, cancels what was not ordered, or unlinks what is on order."""
        sku = SKUS[deed.sku]
        match deed.kind:
            case "order":
                return sku not in self.shop.linked or not self._offered(deed, market) or not deed.number
            case "cancel":
                return not self._orders[sku]
            case "close":
                return not self._offered(deed, market)
            case "link":
                return bool(self._orders[sku])
            case _:
                return False

    async def _ask(self, daemon: Daemon, request: WriteRequest) -> None:
        try:
            await daemon.client.request(request)
        except RequestRefused as refusal:
            self.refused.append(f"{request.command_id}: {refusal.code}: {refusal}")
        except ClientError:
            if not getattr(daemon.clock, "is_dead", False):
                raise

    def _offered(self, deed: Deed, market: Market) -> int:
        country = list(CHANNELS.values())[deed.channel]
        return market.listings.get(SKUS[deed.sku], SELLER, country).quantity or 0

    def _act_at_amazon(self, deed: Deed, market: Market) -> None:
        """Amazon does not forget it when the daemon dies."""
        sku, now = SKUS[deed.sku], market.clock.now()
        match deed.kind:
            case "order":
                self._order(deed, market)
            case "cancel":
                order_id, country, units = self._orders[sku].pop()
                market.change(order_id, "CANCELLED")
                self.shop.ordered[sku] -= units
                left = market.listings.get(sku, SELLER, country).quantity or 0
                market.listings.stock(SELLER, sku, now, quantity=left + units)
            case "close":
                self.closed_last.add(sku)
                market.listings.stock(SELLER, sku, now, quantity=0)
            case _:
                market.listings.stock(SELLER, sku, now, quantity=deed.number)

    def _order(self, deed: Deed, market: Market) -> None:
        sku, country = SKUS[deed.sku], list(CHANNELS.values())[deed.channel]
        units = min(deed.number, self._offered(deed, market))
        order = market.place_order(SELLER, country=country, lines=[Line(sku=sku, quantity=units)])
        market.listings.sold(order)
        self._sold[sku].append((market.clock.now(), units))
        self._orders[sku].append((order.order_id, country, units))
        self.shop.ordered[sku] += units


def _request(deed: Deed, command_id: str) -> WriteRequest:
    sku, channel = SKUS[deed.sku], list(CHANNELS)[deed.channel]
    number, said = deed.number, f"{deed.number or ''}"
    match deed.kind:
        case "count":
            rows = tuple(StockLevel(sku=part, location=HERE, units=number) for part in COMPONENTS[sku])
            return SaveStock(command_id=command_id, mode="set", rows=rows)
        case "own_max_listed":
            listing = ListingSettings(sku=sku, values={"max_listed": said})
            return SetListings(command_id=command_id, channel=channel, listings=(listing,))
        case "link":
            wanted = LinkWanted(channel=channel, sku=sku, item=sku if number % 2 else "")
            return LinkListings(command_id=command_id, rows=(wanted,))
        case "push":
            return PushStock(command_id=command_id, skus=(sku,))
        case _:
            return SetChannel(command_id=command_id, channel=channel, values=_values(deed, said))


def _values(deed: Deed, said: str) -> dict[str, str]:
    is_on = "on" if deed.number % 2 else "off"
    match deed.kind:
        case "latency":
            by_product = deed.number > 30
            return {
                "default_latency": "" if by_product else said,
                "product_latency": "on" if by_product else "off",
            }
        case "update":
            return {"update_inventory": is_on}
        case "dry_run":
            return {"dry_run": is_on}
        case "end_when":
            return {"end_when": f"{deed.number}"}
        case _:
            return {deed.kind: said}
