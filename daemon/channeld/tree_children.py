"""What kinds of actors there are, and how one of them becomes a child spec of one account or channel."""

from collections.abc import Awaitable, Callable, Hashable, Iterable
from typing import Protocol

import msgspec

from channeld.concerns.kit import Kit
from channeld.runtime.actor import ActorContext
from channeld.runtime.child import ChildSpec
from channeld.store.channels import Channel
from channeld.tree_branches import Branch

__all__ = ["Actor", "Hearing", "OfAccount", "OfChannel", "OfDaemon", "Planned"]

Hearing = tuple[str, Hashable]
"""A kind of change and its key, as units of work note them."""


class Actor(Protocol):
    """What runs under a child spec."""

    async def run(self, context: ActorContext) -> None: ...


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """One actor that should run."""

    spec: ChildSpec
    settings: object
    """What it was started with; when that changes, it begins anew and a halt of its own is lifted."""
    serves: frozenset[int] = frozenset()
    """The channels it works for. When one leaves it begins anew, so that nothing more begins for that one."""
    account_id: int | None = None
    """The account it works for; None for the daemon's own."""
    hears: frozenset[Hearing] = frozenset()
    """Changes in the store after which it is woken, as there is something for it to do."""


class OfDaemon(msgspec.Struct, frozen=True):
    """An actor that there is once."""

    concern: str
    make: Callable[[Kit], Actor]

    def planned(self, kit: Kit) -> Planned:
        spec = ChildSpec(
            id=f"daemon/{self.concern}", concern=self.concern, run=_fresh(lambda: self.make(kit))
        )
        return Planned(spec=spec, settings=None)


class OfAccount(msgspec.Struct, frozen=True):
    """An actor that accounts have."""

    concern: str
    make: Callable[[Kit, Branch], Actor]
    hears: Callable[[Branch], Iterable[Hearing]]
    runs: Callable[[Branch], bool] = lambda branch: bool(branch.channels)
    outlives_channels: bool = False
    """It goes on when a channel leaves, as each time that it begins something it looks at who may."""

    def planned(self, branch: Branch, kit: Kit) -> Planned:
        name = branch.account.name
        spec = ChildSpec(
            id=f"{name}/{self.concern}",
            group=name,
            account=name,
            concern=self.concern,
            run=_fresh(lambda: self.make(kit, branch)),
        )
        served = () if self.outlives_channels else branch.channels
        return Planned(
            spec=spec,
            settings=_credentials(branch),
            serves=frozenset(channel.id for channel in served),
            account_id=branch.account.id,
            hears=frozenset(self.hears(branch)),
        )


class OfChannel(msgspec.Struct, frozen=True):
    """An actor that enabled channels have."""

    concern: str
    make: Callable[[Kit, Channel], Actor]
    hears: Callable[[Branch, Channel], Iterable[Hearing]]
    runs: Callable[[Branch, Channel], bool] = lambda branch, channel: True

    def planned(self, branch: Branch, channel: Channel, kit: Kit) -> Planned:
        name = branch.account.name
        spec = ChildSpec(
            id=f"{channel.name}/{self.concern}",
            group=name,
            account=name,
            channel=channel.name,
            concern=self.concern,
            run=_fresh(lambda: self.make(kit, channel)),
        )
        return Planned(
            spec=spec,
            settings=(_credentials(branch), channel.id),
            account_id=branch.account.id,
            hears=frozenset(self.hears(branch, channel)),
        )


def _fresh(make: Callable[[], Actor]) -> Callable[[ActorContext], Awaitable[None]]:
    """A new actor at every start: what a crashed one remembered is not trusted."""
    return lambda context: make().run(context)


def _credentials(branch: Branch) -> object:
    account = branch.account
    return (
        account.id, account.seller_id, account.client_id, account.endpoint, account.auth_endpoint,
        account.order_poll_seconds, branch.secrets_mark,
    )  # fmt: skip
