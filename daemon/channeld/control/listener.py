"""Takes connections at the control socket, and runs a session for each peer that may read."""

import socket

import anyio
import structlog
from anyio.abc import SocketAttribute, SocketListener, SocketStream, TaskGroup

from channel_protocol.base import Refused
from channel_protocol.codec import encode
from channeld.control.access import Access, SocketRules, access_of, peer_uid
from channeld.control.session import Desk, Session
from channeld.runtime.clock import Clock

__all__ = ["Listener"]

PAUSE = 1.0
"""Seconds until the next attempt when the system has no file descriptor left for a connection."""
STOP_WITHIN = 3.0
MOST_SESSIONS = 500
"""Half of the file descriptors that a process usually has: the others are for Amazon and the book."""
KEPT_FOR_WRITERS = 20
"""Of these places; so that readers, however many, never keep out who could put an end to it."""

log: structlog.types.FilteringBoundLogger = structlog.get_logger()


class Listener:
    """Serves all clients. One client never slows another, nor the daemon."""

    def __init__(self, desk: Desk, rules: SocketRules, clock: Clock) -> None:
        self._desk = desk
        self._rules = rules
        self._clock = clock
        self._sessions: set[Session] = set()
        self._reached: set[int] = set()
        """Limits that were reached and logged since there last was plenty of room."""
        self._accepting = anyio.CancelScope()
        self._ended = anyio.Event()
        self._all = anyio.CancelScope()

    @property
    def sessions(self) -> int:
        """Clients that are connected."""
        return len(self._sessions)

    async def run(self, listening: socket.socket) -> None:
        """Serve at a socket that listens (see `bind`) until `stop`. Closes it."""
        try:
            with self._all:
                async with anyio.create_task_group() as group:
                    with self._accepting:
                        async with await SocketListener.from_socket(listening) as listener:
                            await self._accept(listener, group)
        finally:
            self._ended.set()

    async def stop(self, seconds: float = STOP_WITHIN) -> None:
        """Take no more connections and requests, answer those under way within that time, and end."""
        self._accepting.cancel()
        for session in tuple(self._sessions):
            session.close()
        with self._clock.deadline(seconds):
            await self._ended.wait()
        self._all.cancel()

    async def _accept(self, listener: SocketListener, group: TaskGroup) -> None:
        failing = False
        while True:
            try:
                stream = await listener.accept()
            except anyio.BrokenResourceError as error:
                if not failing:
                    log.error("control socket takes no connections", reason=type(error.__cause__).__name__)
                failing = True
                await self._clock.sleep(PAUSE)
            else:
                failing = False
                group.start_soon(self._serve, stream)

    async def _serve(self, stream: SocketStream) -> None:
        async with stream:
            connection = stream.extra(SocketAttribute.raw_socket)
            access = access_of(peer_uid(connection), self._rules)
            if refusal := self._refusal(access):
                await _refuse(stream, refusal)
                return
            session = Session(stream, access, self._desk)
            self._sessions.add(session)
            try:
                await session.run()
            finally:
                self._sessions.discard(session)
                if len(self._sessions) < MOST_SESSIONS // 2:
                    self._reached.clear()

    def _refusal(self, access: Access) -> Refused | None:
        """Why a peer is not served."""
        if not access.may_read:
            return _NOT_PERMITTED
        most = MOST_SESSIONS if access.may_write else MOST_SESSIONS - KEPT_FOR_WRITERS
        if len(self._sessions) < most:
            return None
        self._log_reached(most)
        return _TOO_MANY

    def _log_reached(self, most: int) -> None:
        """Once for as long as clients crowd: one that comes and goes at the limit is not news again."""
        if most not in self._reached:
            self._reached.add(most)
            log.warning("too many clients are connected", sessions=len(self._sessions))


_NOT_PERMITTED = Refused(
    code="not_permitted",
    message="Only the daemon's user and root may use this socket.",
    hint="Run as the daemon's user, or set `group` in its settings file under [socket].",
)
_TOO_MANY = Refused(
    code="too_many_clients",
    message="So many clients are connected that the daemon takes no more.",
    hint="Close some, and look for a program that connects without end.",
)


async def _refuse(stream: SocketStream, refusal: Refused) -> None:
    try:
        await stream.send(encode(refusal))
    except anyio.BrokenResourceError:
        log.debug("client left")
