"""The process that reads one report: questions on its input, answers on its output, and it ends with them."""

import sys
from typing import BinaryIO

from channeld.listing_reader.frames import LENGTH, decode_question, frame
from channeld.listing_reader.reading import Reading


def main(questions: BinaryIO, answers: BinaryIO) -> None:
    """Until there are no more questions, as when the daemon has died."""
    reading = Reading()
    while len(head := questions.read(LENGTH)) == LENGTH:
        question = decode_question(questions.read(int.from_bytes(head, "big")))
        answers.write(frame(reading.answer(question)))
        answers.flush()
        reading.read_ahead()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
