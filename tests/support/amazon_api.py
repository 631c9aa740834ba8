"""One account, a partner over a pretended Amazon, and a store for budgets in memory."""

from collections.abc import Callable
from random import Random
from typing import Any

import anyio
import httpx

from channeld.amazon.access import AccountAccess, Secret
from channeld.amazon.auth import Tokens
from channeld.amazon.budgets import Budgets, Priority, SavedBudget
from channeld.amazon.errors import AmazonError
from channeld.amazon.operations import Call, Operation
from channeld.amazon.send import Answer, SellingPartner
from channeld.amazon.transport import make_client
from tests.support.fake_clock import FakeClock

SECRETS = {"secret": "CANARY-CLIENT-SECRET", "refresh": "Atzr|CANARY-REFRESH", "access": "Atza|CANARY-ACCESS"}

ACCESS = AccountAccess(
    account_id=1,
    name="eu-main",
    region="eu",
    seller_id="A1SELLERTEST",
    client_id="amzn1.application-oa2-client.test",
    endpoint="https://api.test",
    auth_endpoint="https://auth.test/auth/o2/token",
    client_secret=Secret(SECRETS["secret"]),
    refresh_token=Secret(SECRETS["refresh"]),
)

Handler = Callable[[httpx.Request], httpx.Response]


def operation(name: str = "thing", rate: float = 1.0, burst: int = 5, **more: Any) -> Operation[bytes]:
    """An operation that answers with the bytes of its body."""
    fields: dict[str, Any] = {"method": "GET", "path": f"/{name}", "repeat_safe": True, "read": bytes}
    return Operation(name=name, rate=rate, burst=burst, **(fields | more))


def seeded(seed: int) -> Random:
    """The same numbers at each run."""
    return Random(seed)  # noqa: S311 for jitter, not for keys


class MemoryBudgets:
    """Keeps what is saved; `broken` makes it fail."""

    def __init__(self) -> None:
        self.saved: dict[tuple[int, str], SavedBudget] = {}
        self.broken = False

    async def load(self, account_id: int, operation: str) -> SavedBudget | None:
        return self.saved.get((account_id, operation))

    async def save(self, account_id: int, operation: str, budget: SavedBudget) -> None:
        if self.broken:
            raise OSError("disk full")
        self.saved[account_id, operation] = budget


class Amazon:
    """Answers with what a test puts into `answers`, the last one for ever; counts what it was asked.

    An answer is a response, an exception to raise, or a function of the request.
    """

    def __init__(self, *answers: httpx.Response | Exception | Handler) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.exchanges = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "auth.test":
            self.exchanges += 1
            token = f"{SECRETS['access']}-{self.exchanges}"
            return httpx.Response(200, json={"access_token": token, "expires_in": 3600})
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)
        return answer(request)


class Rig:
    """A partner with everything it needs."""

    def __init__(self, clock: FakeClock, amazon: Handler, store: MemoryBudgets | None = None) -> None:
        self.clock = clock
        self.http = make_client(httpx.MockTransport(amazon))
        self.store = store or MemoryBudgets()
        self.tokens = Tokens(self.http, clock, seeded(1))
        self.budgets = Budgets(clock, self.store, seeded(2))
        self.partner = SellingPartner(self.http, clock, self.tokens, self.budgets, seeded(3))


def refusal(status: int, code: str, **headers: str) -> httpx.Response:
    """Amazon's shape of an error, with texts that must not be repeated."""
    error = {"code": code, "message": "CANARY-MESSAGE about somebody", "details": "CANARY-DETAILS"}
    return httpx.Response(status, json={"errors": [error]}, headers={"x-amzn-RequestId": "req-1"} | headers)


FINE = httpx.Response(
    200,
    content=b"fine",
    headers={
        "x-amzn-RequestId": "req-9",
        "x-amzn-RateLimit-Limit": "0.5",
        "date": "Sun, 22 Nov 2026 09:00:30 GMT",
    },
)
THING = operation(rate=10.0, burst=20)


async def send(rig: Rig, call: Call[Any] | None = None, within: float = 60, **more: Any) -> Answer[Any]:
    """Send, let that much time pass, and give the answer or raise."""
    outcome: list[Answer[Any] | AmazonError] = []

    async def ask() -> None:
        try:
            wanted = call or Call(operation=THING)
            outcome.append(await rig.partner.send(ACCESS, wanted, priority=Priority.PERSON, **more))
        except AmazonError as error:
            outcome.append(error)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ask)
        await rig.clock.advance(within)
        assert outcome, "it still waits"
    if isinstance(outcome[0], AmazonError):
        raise outcome[0]
    return outcome[0]
