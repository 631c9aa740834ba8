"""Errors of the runtime. Each says what happened and what to do next; none holds personal data.

RuntimeRefusal           what was asked of an actor or of the bus cannot be done now
├── MailboxFull          it has too many requests it has not taken yet
├── UnknownActor         there is no such actor
├── UnknownTopic         there is no such topic
├── ActorHalted          it waits for a person, so it cannot be restarted
└── StillStopping        it was told to stop and has not yet
"""

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["ActorHalted", "MailboxFull", "RuntimeRefusal", "StillStopping", "UnknownActor", "UnknownTopic"]


class RuntimeRefusal(Exception):
    """What was asked cannot be done now. `code`, `message` and `hint` are for people and programs."""

    code = "refused"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class MailboxFull(RuntimeRefusal):
    """Nothing was put into the mailbox."""

    code = "mailbox_full"

    def __init__(self, owner: str, waiting: int) -> None:
        super().__init__(
            f"{owner} has {waiting} requests that it has not taken yet.",
            "Try again later; `channelctl status` shows what it waits for.",
        )


class UnknownActor(RuntimeRefusal):
    code = "unknown_actor"

    def __init__(self, id_: str, known: Iterable[str]) -> None:
        super().__init__(
            f"There is no actor {id_!r}.", nearest(id_, known) or "`channelctl actor list` shows all."
        )


class UnknownTopic(RuntimeRefusal):
    code = "unknown_topic"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        known = sorted(known)
        hint = nearest(name, known) or f"The topics are {', '.join(known)}."
        super().__init__(f"There is no topic {name!r}.", hint)


class ActorHalted(RuntimeRefusal):
    code = "actor_halted"

    def __init__(self, id_: str) -> None:
        super().__init__(f"{id_} is halted.", f"Start it again with `channelctl actor resume {id_}`.")


class StillStopping(RuntimeRefusal):
    """It was told to stop; what was asked for happens by itself as soon as it has."""

    code = "actor_still_stopping"

    def __init__(self, id_: str, seconds: float) -> None:
        super().__init__(
            f"{id_} was told to stop and has not stopped within {seconds:g} s.",
            "What you asked for happens as soon as it has. If it stays so, restart channeld.",
        )


def nearest(word: str, known: Iterable[str]) -> str:
    """A question that names the known word most like this one; empty when none is like it."""
    close = get_close_matches(word, list(known), n=1)
    return f"Did you mean {close[0]!r}?" if close else ""
