"""Properties of the socket, to be tried with as many examples as there is time for."""

from hypothesis import HealthCheck, given, seed, settings

from channel_protocol.base import Request
from tests.fuzz.lines import lines
from tests.fuzz.requests import request_of
from tests.fuzz.socket_rules import answer_to, check_answer
from tests.fuzz.wild_daemon import WildDaemon

__all__ = ["AS_FAST", "try_lines", "try_requests"]

AS_FAST = settings(
    deadline=None,
    max_examples=12,
    database=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example),
)
STILL_THERE = {"type": "account.list"}


def try_requests(daemon: WildDaemon, kind: type[Request], how: settings = AS_FAST, number: int = 0) -> None:
    """Requests of one kind with any values: answered, or refused with what is wrong."""
    with daemon.client() as client:

        @seed(number)
        @how
        @given(request_of(kind))
        def fuzz(fields: dict[str, object]) -> None:
            answer_to(client, fields)

        fuzz()


def try_lines(daemon: WildDaemon, how: settings = AS_FAST, number: int = 0) -> None:
    """Any lines: each is answered, and the connection goes on."""
    with daemon.client() as client:

        @seed(number)
        @how
        @given(lines())
        def fuzz(line: bytes) -> None:
            check_answer(client.ask(line), line)
            answer_to(client, STILL_THERE)

        fuzz()
