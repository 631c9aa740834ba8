"""What every message on the wire is made of."""

import msgspec


class Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """Anything that crosses the socket; the field `type` says which."""


_encoder = msgspec.json.Encoder()


def encode(message: Message) -> bytes:
    """One line, with its newline."""
    return _encoder.encode(message) + b"\n"


class Request(Message, frozen=True, kw_only=True):
    """Something a client asks for. Reading changes nothing."""

    id: int = 0
    """Chosen by the client and repeated in the reply; several requests may be under way at once."""


class WriteRequest(Request, frozen=True, kw_only=True):
    """Something a client wants changed. It is committed before it is answered."""

    command_id: str
    """Made by the client, unique for ever. A repeat returns the first answer and changes nothing."""


class Reply(Message, frozen=True, kw_only=True):
    """The answer to the request with the same `id`."""

    id: int = 0


class Row(Message, frozen=True, kw_only=True):
    """One line of a list and of a topic: flat, with a version that only grows.

    The row with the greater version is the newer one, whether it came in a snapshot or in a delta.
    """

    version: int = 0


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong with a request; all of them are reported together."""

    key: str
    """The field or setting."""
    message: str
    nearest: str | None = None
    """The known key that looks most like an unknown one."""


class Refused(Reply, frozen=True, kw_only=True, tag="refused"):
    """The request was not carried out, and nothing of it was done."""

    code: str
    """Stable and short, such as `unknown_channel`, `not_permitted` or `still_waiting`."""
    message: str
    """What happened."""
    hint: str = ""
    """What to do next."""
    problems: tuple[Problem, ...] = ()
