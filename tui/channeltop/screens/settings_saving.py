"""Saving a channel's settings: looked at, confirmed by a person, done. One change at a time.

Every confirmation is one command, which the daemon carries out once; what was confirmed is done only while
the settings are still those that were looked at.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import msgspec
from textual.screen import Screen

from channel_protocol.base import Reply, Request
from channel_protocol.channels import ChannelChanged, ChannelPreviewed, PreviewChannel, SetChannel
from channel_protocol.errors import ClientError
from channeltop.asked import Asked, Raised
from channeltop.screens.question import Question
from channeltop.screens.settings_texts import preview

__all__ = ["Saving", "Wanted"]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a person wants changed."""

    channel: str
    values: Mapping[str, str]
    seen: Mapping[str, str]
    """Key → the value it had when the person looked."""


class Saving:
    """`begin` is the way in; the three functions are the ways out."""

    def __init__(
        self,
        page: Screen[Any],
        *,
        done: Callable[[Wanted, ChannelPreviewed, ChannelChanged], None],
        needless: Callable[[Wanted], None],
        failed: Callable[[Wanted, Request, ClientError], None],
    ) -> None:
        self._page = page
        self._done = done
        self._needless = needless
        self._failed = failed
        self._wanted: Wanted | None = None

    @property
    def is_under_way(self) -> bool:
        return self._wanted is not None

    def begin(self, wanted: Wanted) -> None:
        """Look at the change first; nothing happens while another one is under way."""
        if self._wanted is not None:
            return
        self._wanted = wanted
        request = PreviewChannel(channel=wanted.channel, values=dict(wanted.values))
        self._ask(request, lambda reply: self._previewed(wanted, reply), wanted)

    def _ask(self, request: Request, then: Callable[[Reply | None], None], wanted: Wanted) -> None:
        def fail(error: ClientError) -> None:
            self._wanted = None
            self._failed(wanted, request, error)

        self._page.post_message(Asked(request, then, fail))

    def _previewed(self, wanted: Wanted, reply: Reply | None) -> None:
        if not isinstance(reply, ChannelPreviewed) or not self._page.is_current:
            self._wanted = None
        elif reply.changes:
            question = Question(f"Save {reply.channel}?", preview(reply, _stale(wanted, reply)), "saves")
            self._page.post_message(Raised(question, lambda yes: self._answered(wanted, reply, yes)))
        else:
            self._wanted = None
            self._needless(wanted)

    def _answered(self, wanted: Wanted, seen: ChannelPreviewed, agreed: bool | None) -> None:
        if not agreed:
            self._wanted = None
            return
        request = SetChannel(
            command_id="",
            channel=wanted.channel,
            values=dict(wanted.values),
            settings_mark=seen.settings_mark,
        )
        self._ask(request, lambda reply: self._saved(wanted, seen, reply), wanted)

    def _saved(self, wanted: Wanted, seen: ChannelPreviewed, reply: Reply | None) -> None:
        self._wanted = None
        if isinstance(reply, ChannelChanged):
            self._done(wanted, seen, reply)


def _stale(wanted: Wanted, seen: ChannelPreviewed) -> Collection[str]:
    return [change.key for change in seen.changes if wanted.seen.get(change.key, change.old) != change.old]
