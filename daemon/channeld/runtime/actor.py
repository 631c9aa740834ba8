"""What an actor sees of the runtime: its context, and how it says that only a person can help."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime

from channeld.runtime.clock import Clock
from channeld.runtime.mailbox import Mail, Mailbox

__all__ = ["ActorContext", "Halt"]


class Halt(Exception):
    """Raised by an actor that only a person can help: credentials, a role, configuration, a foreign host.

    It is not started again until it is resumed or gets new settings. With `whole_group` all actors of its
    group are halted too, as for an account whose credentials were refused, and one message tells of it.
    """

    def __init__(self, reason: str, hint: str, *, whole_group: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint
        self.whole_group = whole_group


def _ignore_wait(what: str, until: datetime | None) -> None:
    pass


def _ignore_turn() -> None:
    pass


class ActorContext:
    """Handed to an actor when it starts. What it publishes is for people; it steers nothing.

    `on_wait` hears what the actor waits for now (an empty text: for nothing), `on_done` of every turn done.
    """

    def __init__(
        self,
        id: str,  # noqa: A002 (the word of the child spec)
        clock: Clock,
        mailbox: Mailbox,
        *,
        on_wait: Callable[[str, datetime | None], None] = _ignore_wait,
        on_done: Callable[[], None] = _ignore_turn,
    ) -> None:
        self.id = id
        self.clock = clock
        self.mailbox = mailbox
        self._on_wait = on_wait
        self._on_done = on_done
        self._waits: list[_Wait] = []

    @contextmanager
    def waits(self, what: str, until: datetime | None = None) -> Generator[None]:
        """Publish what the block waits for and until when. Of several, the one that began last is shown."""
        wait = _Wait(what, until)
        self._waits.append(wait)
        self._show()
        try:
            yield
        finally:
            self._waits.remove(wait)
            self._show()

    async def receive(self, what: str, until: datetime | None = None) -> Mail:
        """Wait for mail, at most until then, and show it as waiting for `what`."""
        with self.waits(what, until):
            return await self.mailbox.wait(self.clock, until)

    def done(self) -> None:
        """A turn is done. After a crash this says that the actor has recovered, and resets its back-off."""
        self._on_done()

    def _show(self) -> None:
        last = self._waits[-1] if self._waits else _Wait("", None)
        self._on_wait(last.what, last.until)


class _Wait:
    """One open wait, equal only to itself."""

    def __init__(self, what: str, until: datetime | None) -> None:
        self.what = what
        self.until = until
