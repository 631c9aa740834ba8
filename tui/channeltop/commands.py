"""The ids of commands: what is asked for twice before it is answered is one command, and done once."""

from collections.abc import Callable
from uuid import uuid4

from msgspec.structs import replace

from channel_protocol.base import Request, WriteRequest, encode

__all__ = ["Commands", "new_command_id"]


def new_command_id() -> str:
    """An id that no other command has."""
    return uuid4().hex


class Commands:
    """Gives each write request its id. The id of one whose answer was lost is used again for the same one."""

    def __init__(self, new_id: Callable[[], str] = new_command_id) -> None:
        self._new_id = new_id
        self._unanswered: dict[bytes, str] = {}
        """What was asked, without an id → its id."""

    def identified(self, request: Request) -> Request:
        """The request with its id; one that only reads needs none."""
        if not isinstance(request, WriteRequest):
            return request
        asked = encode(request)
        command_id = self._unanswered.get(asked) or self._new_id()
        self._unanswered[asked] = command_id
        return replace(request, command_id=command_id)

    def answered(self, request: Request) -> None:
        """The daemon answered, also by refusing: asked for again, it is another command."""
        if isinstance(request, WriteRequest):
            self._unanswered.pop(encode(request), None)
