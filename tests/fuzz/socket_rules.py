"""What the daemon's answers keep to, whatever it is sent."""

from itertools import count
from typing import Any

from channel_protocol.codec import decode_message, messages, tag_of
from tests.fuzz.requests import CANARY, as_line
from tests.fuzz.wild_daemon import PlainClient

__all__ = ["answer_to", "check_answer"]

_ids = count(1)
_REPLIES = {tag_of(kind) for kind in messages()}


def answer_to(client: PlainClient, fields: dict[str, Any]) -> dict[str, Any]:
    """Ask, and check the answer. The id is ours, so that the answer can be told from others."""
    id_ = next(_ids)
    answer = client.ask(as_line({**fields, "id": id_}))
    check_answer(answer, fields)
    assert answer["id"] == id_
    return answer


def check_answer(answer: dict[str, Any], to: object) -> None:
    """An answer of the protocol; a refusal says what is wrong and what to do, and none is a bug."""
    assert answer["type"] in _REPLIES
    decode_message(as_line(answer))
    assert CANARY not in repr(answer), to
    if answer["type"] == "refused":
        assert answer["code"] not in ("", "internal"), (answer, to)
        assert answer["message"], (answer, to)
        assert answer["hint"], (answer, to)
        assert "Traceback" not in answer["message"]
        assert all(problem["key"] or to for problem in answer["problems"])
