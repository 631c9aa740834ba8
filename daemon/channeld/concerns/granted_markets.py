"""One marketplace that Amazon refuses must not stop an account's stock in the others."""

from collections.abc import Mapping
from datetime import datetime

from channeld.amazon.errors import AccessDenied
from channeld.book.offering.who_sends import sending_channels
from channeld.concerns.kit import Kit
from channeld.store.channels import Channel

__all__ = ["GrantedMarkets"]


class GrantedMarkets:
    """Which channels of an account one of its actors leaves out for now."""

    def __init__(self, kit: Kit, account_id: int, concern: str) -> None:
        self._kit = kit
        self._account_id = account_id
        self._concern = concern

    @property
    def left_out(self) -> set[int]:
        return self._kit.refused_markets.aside(self._concern, self._kit.clock.now())

    @property
    def next_try(self) -> datetime | None:
        """When one of them is tried again."""
        return self._kit.refused_markets.next_try(self._concern, self._kit.clock.now())

    async def begin(self) -> None:
        """All are tried, as the actor has just been started."""
        self._kit.refused_markets.forget(self._concern, await self._sending())

    async def go_on_without(self, channel_id: int, error: AccessDenied) -> bool:
        """Leave it out for a while. False when that leaves none that sends: only a person can help then."""
        self._kit.refused_markets.note(self._concern, channel_id, error, self._kit.clock.now())
        sending = await self._sending()
        if not self.left_out.issuperset(sending):
            return True
        self._kit.refused_markets.forget(self._concern, sending)  # the halt says it
        return False

    async def _sending(self) -> Mapping[int, Channel]:
        return await self._kit.store.read(lambda c: sending_channels(c, self._account_id))
