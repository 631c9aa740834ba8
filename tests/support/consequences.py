"""What is said of a change of a channel's settings."""

from collections.abc import Mapping
from datetime import timedelta

from channeld.domain.channel_change import differences
from channeld.domain.channel_settings import ChannelSettings
from channeld.domain.consequences import consequences
from channeld.domain.marketplaces import BY_CODE
from channeld.domain.settings_move import Facts, Move
from tests.support.domain_orders import NOW

ON = {"enabled": "on"}


def said(
    before: Mapping[str, str],
    after: Mapping[str, str],
    facts: Facts = Facts(),  # noqa: B008 (frozen)
    *,
    code: str = "UK",
    read: timedelta | None = None,
    implied: frozenset[str] = frozenset(),
    is_troubled: bool = False,
) -> dict[str, str]:
    """All that is said, by key; warnings begin with `!`. `read`: how long ago the channel was read up to."""
    new = ChannelSettings.of(after)
    cursor = NOW - read if read is not None else None
    look_back = timedelta(days=new.order_look_back_days)
    move = Move(
        keys=frozenset(change.key for change in differences(before, after, ())),
        implied=implied,
        before=ChannelSettings.of(before),
        after=new,
        marketplace=BY_CODE[code],
        now=NOW,
        cursor_before=cursor,
        cursor_after=cursor or (NOW - look_back if new.enabled else None),
        is_troubled=is_troubled,
    )
    texts: dict[str, str] = {}
    for each in consequences(move, facts):
        text = f"{'!' if each.warning else ''}{each.text}"
        texts[each.key] = f"{texts[each.key]} {text}" if each.key in texts else text
    return texts
