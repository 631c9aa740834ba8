"""What the audit trail says of outbound work. The despatch texts are the specification's, word for word (C1).

Our own begin with the feature's name, so that nobody takes them for those five (semantics C7).
"""

from collections.abc import Mapping

__all__ = ["NOT_REQUIRED", "TEXTS"]

NOT_REQUIRED = ("despatch.not_required", "No Despatch required")

TEXTS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "despatch": {
        "submitted": ("despatch.submitted", "Order Despatch Submitted"),
        "confirmed": ("despatch.confirmed", "Order Successfully Despatched"),
        "failed": ("despatch.failed", "Order Despatch Failed"),
        "lost": ("despatch.failed", "Order Despatch Failed"),
        "rejected": ("despatch.rejected", "Despatch Rejected"),
        "retried": ("despatch.retried", "Despatch note is tried again"),
        "dismissed": ("despatch.dismissed", "Despatch note dismissed: nothing more is sent"),
    },
    "cancellation": {
        "submitted": ("cancellation.submitted", "Cancellation submitted"),
        "confirmed": ("cancellation.confirmed", "Cancellation confirmed: Amazon shows it as cancelled"),
        "failed": ("cancellation.failed", "Cancellation failed"),
        "lost": ("cancellation.failed", "Cancellation failed"),
        "rejected": ("cancellation.rejected", "Cancellation rejected: the channel is removed or disabled"),
        "retried": ("cancellation.retried", "Cancellation is tried again"),
        "dismissed": ("cancellation.dismissed", "Cancellation dismissed: nothing more is sent"),
    },
    "refund": {
        "submitted": ("refund.submitted", "Refund submitted"),
        "confirmed": ("refund.confirmed", "Refund confirmed"),
        "failed": ("refund.failed", "Refund failed"),
        "lost": ("refund.in_doubt", "Refund in doubt: it is not repeated until that is settled"),
        "rejected": ("refund.rejected", "Refund rejected: the channel is removed or disabled"),
        "retried": ("refund.retried", "Refund is tried again"),
        "dismissed": ("refund.dismissed", "Refund dismissed: nothing more is sent"),
    },
}
"""Kind → what happened → code and text. The reason stands beside the text, in the entry's details."""
