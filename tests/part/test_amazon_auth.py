"""Access tokens: one exchange for all, early renewal, and what each refusal means (reference 3.1)."""

from typing import Any

import anyio
import httpx
import msgspec
import pytest

from channeld.amazon.access import Secret
from channeld.amazon.auth import Tokens
from channeld.amazon.errors import AmazonError, AmazonUnavailable, CredentialsRefused, UnreadableAnswer
from channeld.amazon.transport import make_client
from tests.support.amazon_api import ACCESS, SECRETS, seeded
from tests.support.fake_clock import FakeClock


def _tokens(clock: FakeClock, handler: Any) -> Tokens:
    return Tokens(make_client(httpx.MockTransport(handler)), clock, seeded(1))


class _Auth:
    """A token endpoint that counts; `answer` replaces its success."""

    def __init__(self, life: object = 3600) -> None:
        self.forms: list[str] = []
        self.answer: httpx.Response | None = None
        self.life = life
        self.gate: anyio.Event | None = None

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.forms.append(request.content.decode())
        if self.gate:
            await self.gate.wait()
        if self.answer:
            return httpx.Response(self.answer.status_code, content=self.answer.content)
        token = {"access_token": f"Atza|{len(self.forms)}", "expires_in": self.life, "token_type": "bearer"}
        return httpx.Response(200, json=token)


async def test_the_refresh_token_grant_is_sent_as_a_form(clock: FakeClock) -> None:
    auth = _Auth()
    token = await _tokens(clock, auth).get(ACCESS)
    assert token.reveal() == "Atza|1"
    assert "grant_type=refresh_token" in auth.forms[0]
    assert "client_secret=CANARY-CLIENT-SECRET" in auth.forms[0]


async def test_a_token_is_kept_until_a_minute_before_its_end(clock: FakeClock) -> None:
    auth = _Auth()
    tokens = _tokens(clock, auth)
    await tokens.get(ACCESS)
    await clock.advance(3539)
    await tokens.get(ACCESS)
    assert len(auth.forms) == 1
    await clock.advance(2)
    await tokens.get(ACCESS)
    assert len(auth.forms) == 2


@pytest.mark.parametrize("jump", [4000.0, -10.0])
async def test_a_wall_clock_that_jumps_makes_a_new_token(clock: FakeClock, jump: float) -> None:
    auth = _Auth()
    tokens = _tokens(clock, auth)
    await tokens.get(ACCESS)
    clock.jump(jump)
    await tokens.get(ACCESS)
    assert len(auth.forms) == 2


async def test_any_number_of_waiters_make_one_exchange(clock: FakeClock) -> None:
    auth = _Auth()
    auth.gate = anyio.Event()
    tokens, got = _tokens(clock, auth), list[str]()

    async def ask() -> None:
        got.append((await tokens.get(ACCESS)).reveal())

    async with anyio.create_task_group() as tasks:
        for _ in range(20):
            tasks.start_soon(ask)
        await anyio.wait_all_tasks_blocked()
        auth.gate.set()
    assert got == ["Atza|1"] * 20
    assert len(auth.forms) == 1


async def test_a_refusal_is_told_to_all_waiters_after_one_exchange(clock: FakeClock) -> None:
    auth = _Auth()
    auth.gate = anyio.Event()
    auth.answer = httpx.Response(400, json={"error": "invalid_grant"})
    tokens, refused = _tokens(clock, auth), list[bool]()

    async def ask() -> None:
        with pytest.raises(CredentialsRefused):
            await tokens.get(ACCESS)
        refused.append(True)

    async with anyio.create_task_group() as tasks:
        for _ in range(5):
            tasks.start_soon(ask)
        await anyio.wait_all_tasks_blocked()
        auth.gate.set()
    assert (len(refused), len(auth.forms)) == (5, 1)
    auth.answer = None
    assert (await tokens.get(ACCESS)).reveal() == "Atza|2"


async def test_a_cancelled_waiter_does_not_take_the_others_with_it(clock: FakeClock) -> None:
    auth = _Auth()
    auth.gate = anyio.Event()
    tokens, got = _tokens(clock, auth), list[str]()

    async def ask(scope: anyio.CancelScope) -> None:
        with scope:
            got.append((await tokens.get(ACCESS)).reveal())

    first = anyio.CancelScope()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ask, first)
        await anyio.wait_all_tasks_blocked()
        for _ in range(3):
            tasks.start_soon(ask, anyio.CancelScope())
        await anyio.wait_all_tasks_blocked()
        first.cancel()
        await anyio.wait_all_tasks_blocked()
        auth.gate.set()
    assert len(got) == 3
    assert len(set(got)) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"client_secret": Secret("other")},
        {"refresh_token": Secret("other")},
        {"client_id": "other"},
        {"auth_endpoint": "https://auth.test/other"},
        {"endpoint": "https://elsewhere.test"},
    ],
)
async def test_new_credentials_make_a_new_token(clock: FakeClock, changed: dict[str, Any]) -> None:
    auth = _Auth()
    tokens = _tokens(clock, auth)
    await tokens.get(ACCESS)
    await tokens.get(msgspec.structs.replace(ACCESS, **changed))
    assert len(auth.forms) == 2


async def test_only_the_token_that_was_refused_is_forgotten(clock: FakeClock) -> None:
    auth = _Auth()
    tokens = _tokens(clock, auth)
    first = await tokens.get(ACCESS)
    tokens.invalidate(ACCESS.account_id, first)
    second = await tokens.get(ACCESS)
    tokens.invalidate(ACCESS.account_id, first)
    assert await tokens.get(ACCESS) == second
    assert len(auth.forms) == 2


_ECHO = "CANARY-DESCRIPTION"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("invalid_grant", "revoked or has expired"),
        ("invalid_client", "client secret is not accepted"),
        ("unauthorized_client", "client secret is not accepted"),
        ("access_denied", "does not let this app sign in"),
        ("invalid_scope", "does not let this app sign in"),
        ("invalid_request", "form of these credentials"),
        ("unsupported_grant_type", "form of these credentials"),
        ("something_new", "not known here"),
    ],
)
async def test_a_refusal_says_what_a_person_must_do(clock: FakeClock, code: str, words: str) -> None:
    auth = _Auth()
    body = {"error": code, "error_description": _ECHO, "request_id": "r"}
    auth.answer = httpx.Response(400, json=body)
    with pytest.raises(CredentialsRefused, match=words) as caught:
        await _tokens(clock, auth).get(ACCESS)
    error = caught.value
    assert (error.code, error.amazon_code, error.status) == ("credentials_refused", code, 400)
    assert error.hint
    assert _ECHO not in f"{error} {error.hint}"
    assert len(auth.forms) == 1


async def _fails(clock: FakeClock, handler: Any, kind: type[AmazonError]) -> AmazonError:
    """Ask, let the pauses pass, and return the error."""
    tokens, errors = _tokens(clock, handler), list[AmazonError]()

    async def ask() -> None:
        with pytest.raises(kind) as caught:
            await tokens.get(ACCESS)
        errors.append(caught.value)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ask)
        await clock.advance(10)
    return errors[0]


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500, text="<html>oops</html>"),
        httpx.Response(503),
        httpx.Response(429),
        httpx.Response(400, json={"error": "server_error"}),
        httpx.Response(400, json={"error": "temporarily_unavailable"}),
        httpx.Response(200, text="not json"),
        httpx.Response(200, json={"expires_in": 3600}),
        httpx.Response(200, json=[1]),
    ],
)
async def test_what_passes_is_tried_three_times(clock: FakeClock, answer: httpx.Response) -> None:
    auth = _Auth()
    auth.answer = answer
    await _fails(clock, auth, AmazonUnavailable)
    assert len(auth.forms) == 3


async def test_a_broken_network_is_tried_three_times(clock: FakeClock) -> None:
    calls: list[int] = []

    def broken(request: httpx.Request) -> httpx.Response:
        calls.append(1)
        raise httpx.ConnectError(SECRETS["refresh"])

    error = await _fails(clock, broken, AmazonUnavailable)
    assert len(calls) == 3
    assert "CANARY" not in str(error)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404, text="<html>not here</html>"),
        httpx.Response(302, headers={"location": "https://elsewhere.test"}),
        httpx.Response(200, json={"access_token": "", "expires_in": 3600}),
        httpx.Response(200, json={"access_token": "a b\r\nc", "expires_in": 3600}),
        httpx.Response(200, json={"access_token": "a", "expires_in": -5}),
    ],
)
async def test_what_is_not_from_amazon_is_told_so(clock: FakeClock, answer: httpx.Response) -> None:
    auth = _Auth()
    auth.answer = answer
    await _fails(clock, auth, UnreadableAnswer)


async def test_a_short_life_still_serves_several_requests(clock: FakeClock) -> None:
    auth = _Auth(life="40")
    tokens = _tokens(clock, auth)
    await tokens.get(ACCESS)
    await clock.advance(20)
    await tokens.get(ACCESS)
    assert len(auth.forms) == 1
