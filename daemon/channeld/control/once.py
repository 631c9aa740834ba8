"""Every command is carried out once: a repeated `command_id` gets the first answer (design, section 4)."""

import re
from collections.abc import Callable
from typing import TypeVar

import msgspec
from sqlalchemy import Connection

from channel_protocol.base import Reply, WriteRequest
from channel_protocol.order_answers import CancelOrder, OrderRefunded, ProcessOrder, RefundOrder
from channeld.commands.asking import Asked
from channeld.errors import InvalidRequest, Problem
from channeld.store import commands
from channeld.store.cipher import Cipher
from channeld.store.commands import Answered
from channeld.store.unit import Unit

__all__ = ["check_command_id", "first_answer", "once", "remember"]

R = TypeVar("R", bound=Reply)
_ID = re.compile(r"[A-Za-z0-9._:-]{8,64}")


def check_command_id(command_id: str) -> None:
    """Raises `InvalidRequest`."""
    if not _ID.fullmatch(command_id):
        message = "must be 8 to 64 letters, digits and . _ : -, new for every command"
        problem = Problem(key="command_id", message=message)
        raise InvalidRequest("invalid", "The request has no usable command_id.", "Make a UUID.", [problem])


def once(unit: Unit, asked: Asked, request: WriteRequest, act: Callable[[], R], kind: type[R]) -> R:
    """Do it and remember the answer in the same unit of work, or give the answer of the first time.

    What did nothing is not remembered: when its reason is gone, the same may be asked for again.
    """
    earlier = first_answer(unit.connection, asked.cipher, request, kind)
    if earlier is not None:
        return earlier
    reply = act()
    if not _did_nothing(reply):
        remember(unit, asked, request, reply)
    return reply


def remember(unit: Unit, asked: Asked, request: WriteRequest, reply: Reply) -> None:
    """Keep the answer for a repeat. Raises `InvalidRequest("taken")` when there is one already."""
    commands.remember(
        unit,
        asked.cipher,
        Answered(
            command_id=request.command_id,
            at=asked.now,
            request_type=_type_of(request),
            fingerprint=_fingerprint(request, asked.cipher),
            answer=msgspec.json.encode(reply),
        ),
    )


def first_answer(connection: Connection, cipher: Cipher, request: WriteRequest, kind: type[R]) -> R | None:
    """What was answered before. Raises `InvalidRequest` when the id was used for something else."""
    earlier = commands.answered(connection, cipher, request.command_id)
    if earlier is None:
        return None
    if _is_another(earlier, request, cipher):
        problem = Problem(key="command_id", message="was used for another request")
        raise InvalidRequest(
            "command_id_reused", "That command was another one.", "Make a new id.", [problem]
        )
    return msgspec.json.decode(earlier.answer, type=kind)


def _is_another(earlier: Answered, request: WriteRequest, cipher: Cipher) -> bool:
    """After the key was replaced nobody knows any more what exactly was asked for, only of which type."""
    if earlier.request_type != _type_of(request):
        return True
    return bool(earlier.fingerprint) and earlier.fingerprint != _fingerprint(request, cipher)


def _did_nothing(reply: Reply) -> bool:
    """A refund that is not sent is neither queued nor kept here, unlike a cancellation or a parcel."""
    return isinstance(reply, OrderRefunded) and reply.outcome == "not sent"


def _type_of(request: WriteRequest) -> str:
    return str(request.__struct_config__.tag)


def _fingerprint(request: WriteRequest, cipher: Cipher) -> bytes:
    """Of everything that was asked for; keyed, since it may hold a secret.

    An amount that was seen before is only a safeguard: the same wish without it is the same. Answers to
    orders come from files that people write anew: with other capitals a row is the same, and so is its
    `command_id`.
    """
    blank = {"amount_seen": None} if "amount_seen" in request.__struct_fields__ else {}
    wish = msgspec.json.encode(msgspec.structs.replace(request, id=0, command_id="", **blank))
    is_answer = isinstance(request, (ProcessOrder, CancelOrder, RefundOrder))
    return cipher.digest(wish.decode().casefold().encode() if is_answer else wish)
