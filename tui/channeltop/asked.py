"""What pages want: messages that go up to the app, which alone has the connection and the screens."""

from collections.abc import Callable

from textual.message import Message

from channel_protocol.base import Reply, Request

__all__ = ["Asked", "OrderOpened"]

Answered = Callable[[Reply | None], None]


class Asked(Message):
    """Send this request. A write request gets its `command_id` from the app."""

    def __init__(self, request: Request, then: Answered | None = None) -> None:
        super().__init__()
        self.request = request
        self.then = then
        """Takes the reply, or None when there is none; without it the reply is told in a toast."""


class OrderOpened(Message):
    """Show this order's detail."""

    def __init__(self, order_id: str, channel: str) -> None:
        super().__init__()
        self.order_id = order_id
        self.channel = channel
