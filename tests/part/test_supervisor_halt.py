"""What only a person can change halts an actor, or its group with one message, until it is resumed."""

from collections.abc import Awaitable, Callable

import anyio
import pytest

from channeld.runtime.actor import ActorContext, Halt
from channeld.runtime.child import ChildSpec, Halted
from channeld.runtime.errors import ActorHalted
from channeld.runtime.status import ActorStatus
from channeld.runtime.supervisor import Supervisor
from tests.support.fake_clock import START, FakeClock


def ignore(status: ActorStatus, notable: bool) -> None:
    pass


async def forever(context: ActorContext) -> None:
    await anyio.sleep_forever()


class Account:
    """Actors that halt the whole account as soon as its credentials are refused."""

    def __init__(self) -> None:
        self.refused = True
        self.started: list[str] = []

    async def run(self, context: ActorContext) -> None:
        self.started.append(context.id)
        await context.receive("work")
        if self.refused:
            raise Halt("Amazon refused the credentials.", "Enter new ones.", whole_group=True)
        await anyio.sleep_forever()

    def spec(self, concern: str, account: str = "eu") -> ChildSpec:
        return ChildSpec(id=f"{account}/{concern}", run=self.run, group=account, account=account)


@pytest.fixture
async def supervisor(clock: FakeClock) -> object:
    async with Supervisor(clock, ignore) as running:
        yield running


def states(supervisor: Supervisor) -> dict[str, tuple[str, str, str]]:
    return {s.id: (s.state, s.reason, s.waits_for) for s in supervisor.statuses()}


LEADER = ("halted", "Amazon refused the credentials.", "")
FOLLOWER = ("halted", "", "eu")
WAITING = ("waiting", "", "work")


async def halted_account(supervisor: Supervisor, clock: FakeClock) -> Account:
    account = Account()
    for concern in ("orders", "stock", "price"):
        supervisor.add(account.spec(concern))
    supervisor.add(account.spec("stock", account="uk"))
    await clock.settle()
    supervisor.wake("eu/stock")
    supervisor.wake("eu/price")
    await clock.settle()
    return account


async def test_a_halted_actor_stays_so_until_it_is_resumed(supervisor: Supervisor, clock: FakeClock) -> None:
    lives = 0

    async def halt_once(context: ActorContext) -> None:
        nonlocal lives
        lives += 1
        if lives == 1:
            raise Halt("The role is missing.", "Ask for it.")
        await anyio.sleep_forever()

    supervisor.add(ChildSpec(id="eu/refund", run=halt_once))
    await clock.advance(100_000)
    status = supervisor.status("eu/refund")
    assert (status.state, status.reason, status.hint) == (
        "halted",
        "The role is missing.",
        "Ask for it.",
    )
    assert (status.since, status.by, lives) == (START, "", 1)
    with pytest.raises(ActorHalted):
        await supervisor.restart("eu/refund")
    assert supervisor.resume("eu/refund") == ["eu/refund"]
    await clock.settle()
    assert (supervisor.status("eu/refund").state, lives) == ("running", 2)
    assert supervisor.resume("eu/refund") == []


async def test_a_group_is_halted_with_one_message(supervisor: Supervisor, clock: FakeClock) -> None:
    await halted_account(supervisor, clock)
    shown = states(supervisor)
    assert shown["uk/stock"] == WAITING
    assert sorted(shown[f"eu/{concern}"] for concern in ("orders", "stock", "price")) == [
        FOLLOWER,
        FOLLOWER,
        LEADER,
    ]


@pytest.mark.parametrize("concern", ["orders", "stock", "price"])
async def test_resuming_any_resumes_the_group(supervisor: Supervisor, clock: FakeClock, concern: str) -> None:
    account = await halted_account(supervisor, clock)
    account.refused = False
    assert supervisor.resume(f"eu/{concern}") == ["eu/orders", "eu/stock", "eu/price"]
    await clock.settle()
    assert set(states(supervisor).values()) == {WAITING}


async def test_who_comes_into_a_halted_group_waits_with_it(supervisor: Supervisor, clock: FakeClock) -> None:
    account = await halted_account(supervisor, clock)
    supervisor.add(account.spec("refund"))
    await clock.settle()
    assert states(supervisor)["eu/refund"] == FOLLOWER
    assert "eu/refund" not in account.started
    supervisor.resume("eu/orders")
    await clock.settle()
    assert "eu/refund" in account.started


async def leave(supervisor: Supervisor, id_: str) -> None:
    await supervisor.remove(id_)


async def be_halted(supervisor: Supervisor, id_: str) -> None:
    await supervisor.halt(id_, "Stock-taking.", by="olaf")


@pytest.mark.parametrize("go", [leave, be_halted])
async def test_the_message_of_a_group_stays_when_its_bearer_goes(
    supervisor: Supervisor, clock: FakeClock, go: Callable[[Supervisor, str], Awaitable[None]]
) -> None:
    await halted_account(supervisor, clock)
    leader = next(id_ for id_, shown in states(supervisor).items() if shown == LEADER)
    await go(supervisor, leader)
    rest = [shown for id_, shown in states(supervisor).items() if id_.startswith("eu/") and id_ != leader]
    assert sorted(rest) == [FOLLOWER, LEADER]


async def test_one_that_a_person_halted_is_not_resumed_with_its_group(
    supervisor: Supervisor, clock: FakeClock
) -> None:
    account = Account()
    for concern in ("orders", "stock"):
        supervisor.add(account.spec(concern))
    await clock.settle()
    await supervisor.halt("eu/orders", "Stock-taking.", by="olaf")
    supervisor.wake("eu/stock")
    await clock.settle()
    assert supervisor.resume("eu/stock") == ["eu/stock"]
    status = supervisor.status("eu/orders")
    assert (status.state, status.reason, status.by) == ("halted", "Stock-taking.", "olaf")


async def test_an_actor_can_begin_halted(supervisor: Supervisor, clock: FakeClock) -> None:
    supervisor.add(ChildSpec(id="eu/stock", run=forever), Halted(reason="Stock-taking.", by="olaf"))
    await clock.settle()
    assert states(supervisor) == {"eu/stock": ("halted", "Stock-taking.", "")}
    supervisor.resume("eu/stock")
    await clock.settle()
    assert supervisor.status("eu/stock").state == "running"


async def test_new_settings_start_what_had_halted_by_itself(supervisor: Supervisor, clock: FakeClock) -> None:
    account = await halted_account(supervisor, clock)
    leader = next(id_ for id_, shown in states(supervisor).items() if shown == LEADER)
    follower = next(id_ for id_, shown in states(supervisor).items() if shown == FOLLOWER)
    await supervisor.replace(account.spec(follower.removeprefix("eu/")))
    assert states(supervisor)[follower] == FOLLOWER
    await supervisor.replace(account.spec(leader.removeprefix("eu/")))
    await clock.settle()
    assert set(states(supervisor).values()) == {WAITING}
    await supervisor.halt(follower, "Stock-taking.", by="olaf")
    await supervisor.replace(account.spec(follower.removeprefix("eu/")))
    await clock.settle()
    assert supervisor.status(follower).state == "halted"
