"""Money is looked at before it leaves: a preview, a question, and only then the deed."""

import uuid
from collections.abc import Callable
from typing import TypeVar

import msgspec

from channel_protocol.order_answers import CancelOrder, OrderCancelled, OrderRefunded, RefundOrder
from channelctl.asking import confirm
from channelctl.output import note
from channelctl.shared import Caller

__all__ = ["done_if_agreed", "not_sent", "preview_of"]

Priced = CancelOrder | RefundOrder
R = TypeVar("R", OrderCancelled, OrderRefunded)


def preview_of(request: Priced) -> Priced:
    """The same, changing nothing. It has an id of its own each time, as the money of a preview grows old."""
    return msgspec.structs.replace(
        request, preview=True, command_id=uuid.uuid4().hex, deed_id=request.command_id
    )


def not_sent(answer: OrderCancelled | OrderRefunded) -> bool:
    """Whether a refund gives nothing back; a cancellation that Amazon is not told of is one all the same."""
    return isinstance(answer, OrderRefunded) and answer.outcome == "not sent"


def done_if_agreed(
    caller: Caller,
    request: Priced,
    kind: type[R],
    show: Callable[[R], None],
    question: Callable[[R], str],
    *,
    yes: bool,
) -> R:
    """Show what it would do, ask, and do it; with `yes` at once. Raises `ClientError`."""
    if not yes:
        seen = caller.ask(preview_of(request), kind)
        if seen.done or not_sent(seen):  # by an earlier command with this id, or never
            return seen
        if not caller.json:
            show(seen)
            note(seen.message)
        confirm(question(seen), yes=False)
        request = msgspec.structs.replace(request, amount_seen=seen.amount)
    return caller.ask(request, kind)
