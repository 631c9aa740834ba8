"""Messages as bytes: their length, then MessagePack."""

import msgspec

from channeld.listing_reader.messages import Answer, Question

__all__ = ["LENGTH", "decode_answer", "decode_question", "frame"]

LENGTH = 4
"""Bytes before each message that say how many there are in it."""

_encode = msgspec.msgpack.Encoder().encode
decode_question = msgspec.msgpack.Decoder[Question](Question).decode
decode_answer = msgspec.msgpack.Decoder[Answer](Answer).decode


def frame(message: Question | Answer) -> bytes:
    """A message as it is sent."""
    content = _encode(message)
    return len(content).to_bytes(LENGTH, "big") + content
