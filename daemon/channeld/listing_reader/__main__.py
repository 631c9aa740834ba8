"""The process that reads one report: questions on its input, answers on its output, and it ends with them."""

import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from channeld.listing_reader.frames import LENGTH, decode_question, frame
from channeld.listing_reader.messages import Answer, Failed, Question
from channeld.listing_reader.reading import Reading


def main(questions: BinaryIO, answers: BinaryIO) -> None:
    """Until there are no more questions, as when the daemon has died."""
    reading = Reading()
    while len(head := questions.read(LENGTH)) == LENGTH:
        question = decode_question(questions.read(int.from_bytes(head, "big")))
        answers.write(frame(_answer(reading, question)))
        answers.flush()
        reading.read_ahead()


def _answer(reading: Reading, question: Question) -> Answer:
    """A mistake of ours is told by class and place: its text may hold what is in the report."""
    try:
        return reading.answer(question)
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
        return Failed(code="reader_failed", message=f"{type(error).__name__} at {where}", hint="")


def _give_way() -> None:
    """When memory runs out this process goes, not the daemon."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")


if __name__ == "__main__":
    _give_way()
    main(sys.stdin.buffer, sys.stdout.buffer)
