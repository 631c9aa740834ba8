"""What pages want: messages that go up to the app, which alone has the connection and the screens."""

from collections.abc import Callable
from typing import Any

from textual.message import Message
from textual.screen import Screen

from channel_protocol.base import Reply, Request
from channel_protocol.errors import ClientError

__all__ = ["Asked", "OrderOpened", "Raised"]

Answered = Callable[[Reply | None], None]
Refused = Callable[[ClientError], None]


class Asked(Message):
    """Send this request. A write request gets its `command_id` from the app."""

    def __init__(self, request: Request, then: Answered | None = None, failed: Refused | None = None) -> None:
        super().__init__()
        self.request = request
        self.then = then
        """Takes the reply, or None when there is none; without it the reply is told in a toast."""
        self.failed = failed
        """Takes the error instead of that; without it the error is told in a toast."""


class OrderOpened(Message):
    """Show this order's detail."""

    def __init__(self, order_id: str, channel: str) -> None:
        super().__init__()
        self.order_id = order_id
        self.channel = channel


class Raised(Message):
    """Put this screen on top."""

    def __init__(self, screen: Screen[Any], then: Callable[[Any], None] | None = None) -> None:
        super().__init__()
        self.screen = screen
        self.then = then
        """Takes what the screen is dismissed with."""
