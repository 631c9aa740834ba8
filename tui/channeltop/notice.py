"""One thing that needs a person."""

from typing import Literal

import msgspec

__all__ = ["Notice"]


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What it is and what to do."""

    tone: Literal["bad", "warn"]
    what: str
    do: str
