"""How each concern of each channel stands: channels and actors joined into the overview's rows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import msgspec
from msgspec.structs import replace

from channel_protocol.actors import ActorRow
from channel_protocol.channels import ChannelRow
from channel_protocol.listings import DownloadRow
from channel_protocol.offers import StockSyncRow
from channeltop.model import Model
from channeltop.tone import Tone

__all__ = ["STATES", "Standing", "standings"]

STATES: Mapping[str, tuple[str, Tone]] = {
    "running": ("●", "good"),
    "waiting": ("◌", "accent"),
    "starting": ("○", "muted"),
    "failing": ("▲", "warn"),
    "halted": ("■", "bad"),
    "stopped": ("○", "muted"),
    "disabled": ("○", "muted"),
}
"""Each state's sign and tone; the sign and the word say it without colour, too."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One concern of one channel, of an account without channels, or of the daemon."""

    key: str
    channel: str
    account: str
    concern: str
    state: str
    since: datetime | None = None
    actor: str = ""
    """Empty for a channel that has none, as it is disabled."""
    waits_for: str = ""
    until: datetime | None = None
    reason: str = ""
    hint: str = ""
    restarts: int = 0
    row: ChannelRow | None = None
    """The channel itself, with its sync date and its counts."""
    download: DownloadRow | None = None
    """How the channel's listings come in."""
    stock: StockSyncRow | None = None
    """How far the channel's stock is told to Amazon."""

    @property
    def marketplace(self) -> str:
        return self.row.marketplace if self.row else ""


def standings(model: Model) -> tuple[Standing, ...]:
    """By account and channel; the actors of an account appear with each of its channels."""
    own: defaultdict[str, list[ActorRow]] = defaultdict(list)
    shared: defaultdict[str, list[ActorRow]] = defaultdict(list)
    for actor in model.actors.values():
        (own[actor.channel] if actor.channel else shared[actor.account]).append(actor)
    channels = sorted(model.channels.values(), key=lambda row: (row.account, row.channel))
    return (
        *(
            replace(
                each,
                download=model.listing_downloads.get(row.channel),
                stock=model.stock_sync.get(row.channel),
            )
            for row in channels
            for each in _of_channel(row, shared[row.account] + own[row.channel])
        ),
        *_without_channel(shared, {row.account for row in channels}),
    )


def _of_channel(row: ChannelRow, actors: Iterable[ActorRow]) -> Iterator[Standing]:
    found = False
    for actor in actors:
        # A channel that is switched off has no part in what its account does.
        if row.enabled or actor.channel:
            found = True
            yield _standing(actor, row.channel, row)
    if not found:
        yield Standing(
            key=f"{row.channel}/",
            channel=row.channel,
            account=row.account,
            concern="",
            state="stopped" if row.enabled else "disabled",
            hint="" if row.enabled else f"channelctl channel enable {row.channel}",
            row=row,
        )


def _without_channel(shared: dict[str, list[ActorRow]], served: set[str]) -> Iterator[Standing]:
    for account in sorted(shared):
        if account not in served:
            yield from (_standing(actor, "", None) for actor in shared[account])


def _standing(actor: ActorRow, channel: str, row: ChannelRow | None) -> Standing:
    """Its actor's standing; a channel that Amazon refuses to search alone has troubles of its own."""
    troubled = row is not None and bool(row.trouble) and actor.concern == "order_download"
    return Standing(
        key=f"{channel}/{actor.actor}",
        channel=channel,
        account=actor.account or "daemon",
        concern=actor.concern,
        state="failing" if troubled else actor.state,
        since=row.trouble_since if troubled and row else actor.since,
        actor=actor.actor,
        waits_for=actor.waits_for,
        until=actor.until,
        reason=row.trouble if troubled and row else actor.reason,
        hint=row.trouble_hint if troubled and row else actor.hint,
        restarts=actor.restarts,
        row=row,
    )
