"""What a page wants of the daemon: a message that goes up to the app, which alone has the connection."""

from collections.abc import Callable

from channel_protocol.base import Reply, Request
from textual.message import Message

__all__ = ["Asked"]

Answered = Callable[[Reply | None], None]


class Asked(Message):
    """Send this request. A write request gets its `command_id` from the app."""

    def __init__(self, request: Request, then: Answered | None = None) -> None:
        super().__init__()
        self.request = request
        self.then = then
        """Takes the reply, or None when there is none; without it the reply is told in a toast."""
