"""What is not verified about Amazon, in one place.

Each value here is an inference or a matter on which sources disagree. When a live account shows otherwise,
this is the file to change.
"""

from typing import Final

__all__ = [
    "BREAKDOWN_MISSING_MEANS_ITEM",
    "DEEMED_RESELLER_SCHEMES",
    "DEFAULT_TOKEN_LIFE",
    "DISCOUNTS_ARE_MAGNITUDES",
    "SKEW_LIMIT",
    "TOKEN_REFUSALS",
    "TRANSIT_JITTER",
    "is_page_token_refused",
]

TRANSIT_JITTER: Final = 0.25
"""Seconds by which two requests may arrive closer together than they left."""

SKEW_LIMIT: Final = 60.0
"""Seconds between our clock and Amazon's `Date` header from which on times cannot be trusted."""

DEFAULT_TOKEN_LIFE: Final = 3600
"""Seconds an access token lives when the answer does not say; every published answer says one hour."""

TOKEN_REFUSALS: Final = (401, 403)
"""A token that expired or was replaced is told by either status; some operations document only 403. After
one refresh the same status means a missing role, a wrong region or a revoked authorization."""

DISCOUNTS_ARE_MAGNITUDES: Final = True
"""Whether DISCOUNT amounts come as `-1.00` or as `1.00` is not written down. Both mean one pound off, so the
sign is dropped."""

BREAKDOWN_MISSING_MEANS_ITEM: Final = True
"""A line with a total and no breakdowns is taken to be the price of the goods alone."""

DEEMED_RESELLER_SCHEMES: Final = frozenset({"IOSS", "UOSS"})
"""Reporting schemes under which Amazon collects and remits the tax of the line."""


def is_page_token_refused(status: int, sent_page_token: bool) -> bool:
    """Whether an answer means that this page token cannot be used any more.

    Amazon's text for it is not stable. The other parameters are those of a page that was answered, so a 400
    to a request with a token is about the token: it is older than 24 hours, or something in the request
    changed.
    """
    return status == 400 and sent_page_token
