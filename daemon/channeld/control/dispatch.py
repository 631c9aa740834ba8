"""From a request to its handler: the right to ask, a usable command id, sane limits."""

from channel_protocol.base import Reply, Request, WriteRequest
from channeld.control.access import Access
from channeld.control.context import Context
from channeld.control.once import check_command_id
from channeld.control.parts import Parts
from channeld.control.table import TABLE
from channeld.errors import InvalidRequest, NotPermitted, Problem

__all__ = ["Dispatcher"]

HIGHEST_LIMIT = 10_000


class Dispatcher:
    """Carries out requests."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._entries = {entry.request: entry for entry in TABLE}

    async def __call__(self, request: Request, access: Access) -> Reply:
        """Raises `ChanneldError`; nothing is half done then."""
        entry = self._entries[type(request)]
        if entry.right == "write" and not access.may_write:
            raise NotPermitted(
                "not_permitted",
                "You may look, but not change anything.",
                "Ask as the daemon's user, or set `group_may_write` in its settings file under [socket].",
            )
        if isinstance(request, WriteRequest):
            check_command_id(request.command_id)
        _check_limit(getattr(request, "limit", 1))
        return await entry.handler(request, Context(self._parts, access))


def _check_limit(limit: int) -> None:
    if not 1 <= limit <= HIGHEST_LIMIT:
        problem = Problem(key="limit", message=f"must be from 1 to {HIGHEST_LIMIT:,}")
        raise InvalidRequest("invalid", "The limit is out of range.", "Give another one.", [problem])
