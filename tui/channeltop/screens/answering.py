"""Answer an order: a form, a preview, a question, the deed; one at a time."""

from collections.abc import Callable

from msgspec.structs import replace
from textual.content import Content

from channel_protocol.base import Reply
from channel_protocol.order_answers import (
    CancelOrder,
    OrderCancelled,
    OrderProcessed,
    OrderRefunded,
    RefundOrder,
)
from channel_protocol.orders import OrderRow
from channeltop.asked import Asked, Raised
from channeltop.format import amount
from channeltop.replies import told
from channeltop.screens.answer_forms import cancel_form, process_form, refund_form
from channeltop.screens.answer_texts import cancel_preview, refund_preview
from channeltop.screens.entry import Entry
from channeltop.screens.page import Page
from channeltop.screens.question import Question

__all__ = ["Answering"]


class Answering:
    """Of one page. What was previewed and what is done is one request, but for `preview`."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def process(self, row: OrderRow) -> None:
        """Say that a parcel has left."""

        def done(reply: Reply | None) -> None:
            if isinstance(reply, OrderProcessed):
                self._tell(reply)

        self._page.post_message(Raised(process_form(row), done))

    def cancel(self, row: OrderRow) -> None:
        """Cancel it, after a look at what that does."""
        form = cancel_form(row)

        def seen(reply: Reply | None) -> None:
            if isinstance(reply, OrderCancelled):
                self._ask(f"Cancel {row.order_id}?", cancel_preview(reply), "cancels it", form, reply.amount)

        self._page.post_message(Raised(form, seen))

    def refund(self, row: OrderRow) -> None:
        """Give money back, after a look at the amounts."""
        form = refund_form(row)

        def seen(reply: Reply | None) -> None:
            if isinstance(reply, OrderRefunded) and reply.outcome == "not sent":
                self._page.notify(told(reply, self._page.now), severity="warning", markup=False)
            elif isinstance(reply, OrderRefunded):
                title = f"Refund {amount(reply.amount, reply.currency)} of {row.order_id}?"
                self._ask(title, refund_preview(reply), "refunds it", form, reply.amount)

        self._page.post_message(Raised(form, seen))

    def _ask(self, title: str, body: Content, agree: str, form: Entry, seen: int | None) -> None:
        request = form.sent
        if not isinstance(request, (CancelOrder, RefundOrder)):
            return
        deed = replace(request, preview=False, amount_seen=seen)
        self._page.post_message(Raised(Question(title, body, agree), self._doing(deed)))

    def _doing(self, deed: CancelOrder | RefundOrder) -> Callable[[bool | None], None]:
        def answered(agreed: bool | None) -> None:
            if agreed:
                self._page.post_message(Asked(deed, self._done))

        return answered

    def _done(self, reply: Reply | None) -> None:
        if reply is not None:
            self._tell(reply)

    def _tell(self, reply: Reply) -> None:
        self._page.notify(told(reply, self._page.now), markup=False)
