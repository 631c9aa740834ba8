"""Write requests and their answers: a repeated `command_id` gets the first answer (design: outbound work)."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, delete, insert, select

from channeld.store import tables
from channeld.store.cipher import Cipher
from channeld.store.refusals import taken
from channeld.store.rows import first_as
from channeld.store.sealed import ANSWERS
from channeld.store.unit import Unit

__all__ = ["Answered", "answered", "forget", "remember"]

_commands = tables.commands


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """A request that was answered before."""

    command_id: str
    at: datetime
    request_type: str
    fingerprint: bytes
    """Keyed, of the request without its id: the same id with another request is a mistake. Empty: unknown,
    since the key was replaced."""
    answer: bytes
    """The reply as JSON; may hold personal data."""
    sealed: bool = False
    """Whether it could hold personal data, and is stored encrypted."""

    def __repr__(self) -> str:
        return f"Answered(command_id={self.command_id!r}, request_type={self.request_type!r}, …)"


def answered(connection: Connection, cipher: Cipher, command_id: str) -> Answered | None:
    """The first answer to that id; None when it is new."""
    found = first_as(connection, Answered, select(_commands).where(_commands.c.command_id == command_id))
    if found is None or not found.sealed:
        return found
    return msgspec.structs.replace(found, answer=cipher.open(found.answer, _context(command_id)))


def remember(unit: Unit, cipher: Cipher, answer: Answered) -> None:
    """Store an answer in the unit that did the work. Raises `InvalidRequest("taken")` for a known id."""
    values = msgspec.structs.asdict(answer)
    if answer.sealed:
        values["answer"] = cipher.seal(answer.answer, _context(answer.command_id))
    with taken("That command was answered already.", "Ask again with the same id for its answer."):
        unit.connection.execute(insert(_commands).values(values))


def forget(unit: Unit, before: datetime) -> int:
    """Remove answers older than that (kept for 90 days); how many."""
    return unit.connection.execute(delete(_commands).where(_commands.c.at < before)).rowcount


def _context(command_id: str) -> str:
    return ANSWERS.context(command_id)
