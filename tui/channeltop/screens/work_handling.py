"""What a person can do about a piece of work, alike on every page that shows it."""

from collections.abc import Iterable
from typing import Any

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen

from channel_protocol.base import Request
from channel_protocol.errors import ClientError, RequestRefused
from channel_protocol.work import DismissWork, RetryWork, WorkRow
from channeltop.asked import Asked, OrderOpened, Raised
from channeltop.replies import failed
from channeltop.screens.entry import Entry, EntryField
from channeltop.screens.question import Question
from channeltop.screens.work_texts import dismissal, payment, repeated
from channeltop.work import ENDED, KINDS

__all__ = ["HANDLING_KEYS", "Handling"]

HANDLING_KEYS: Iterable[BindingType] = (
    Binding("r", "retry", "Retry", tooltip="try it again now; for a refund it asks first"),
    Binding(
        "c",
        "carrier",
        "Carrier",
        show=False,
        tooltip="retry a despatch note with another carrier or number",
    ),
    Binding("x", "dismiss_work", "Dismiss", tooltip="nothing more is done about it; asks first"),
    Binding("t", "order", "Order", tooltip="open the order that it belongs to"),
)
IN_DOUBT = "in_doubt"
"""What the daemon refuses with when a repeat may do it twice."""


class Handling:
    """Of one page: asks what has to be asked, and sends one request for one row."""

    def __init__(self, page: Screen[Any]) -> None:
        self._page = page

    def order(self, row: WorkRow) -> None:
        """Open its order."""
        self._page.post_message(OrderOpened(row.order_id, row.channel))

    def retry(self, row: WorkRow) -> None:
        """Try it now. What pays money is asked about first."""
        request = RetryWork(command_id="", work_ids=(row.work_id,))
        if self._has_ended(row):
            return
        if row.kind == "refund" and row.state == "needs_attention":
            self._ask(f"Retry the refund of {row.order_id}?", payment(row), "retries it", request, row)
        else:
            self._send(request, row)

    def dismiss(self, row: WorkRow) -> None:
        """End it, after a question."""
        if not self._has_ended(row):
            kind = KINDS.get(row.kind, row.kind)
            request = DismissWork(command_id="", work_ids=(row.work_id,))
            self._ask(f"Dismiss the {kind} of {row.order_id}?", dismissal(row), "dismisses it", request, row)

    def carrier(self, row: WorkRow) -> None:
        """Retry a despatch note with what is typed."""
        if row.kind != "despatch":
            self._page.notify("Only a despatch note has a carrier.", severity="warning")
        elif not self._has_ended(row):
            self._page.post_message(Raised(_carrier_form(row)))

    def _has_ended(self, row: WorkRow) -> bool:
        if row.state in ENDED:
            self._page.notify(f"It is {row.says} already: there is nothing to do about it.", markup=False)
        return row.state in ENDED

    def _ask(self, title: str, body: Content, agree: str, request: Request, row: WorkRow) -> None:
        def answered(agreed: bool | None) -> None:
            if agreed:
                self._send(request, row)

        self._page.post_message(Raised(Question(title, body, agree), answered))

    def _send(self, request: Request, row: WorkRow) -> None:
        self._page.post_message(Asked(request, failed=lambda error: self._refused(error, request, row)))

    def _refused(self, error: ClientError, request: Request, row: WorkRow) -> None:
        if isinstance(error, RequestRefused) and error.code == IN_DOUBT and isinstance(request, RetryWork):
            forced = RetryWork(command_id="", work_ids=request.work_ids, force=True)
            body = repeated(row, error.message, error.hint)
            self._ask("Its outcome is not known", body, "repeats it all the same", forced, row)
        else:
            self._page.notify(failed(error, request), severity="error", markup=False)


def _carrier_form(row: WorkRow) -> Entry:
    return Entry(
        f"Retry the despatch note of {row.order_id}",
        Content("What is left empty stays as it was."),
        [
            EntryField(key="carrier", label="Carrier"),
            EntryField(key="service", label="Service"),
            EntryField(key="tracking", label="Tracking number"),
        ],
        lambda texts: RetryWork(
            command_id="",
            work_ids=(row.work_id,),
            carrier=texts["carrier"] or None,
            service=texts["service"] or None,
            tracking=texts["tracking"] or None,
        ),
        saves_on="ctrl+s",
    )
