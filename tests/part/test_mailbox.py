"""A mailbox is bounded, merges wake-ups, refuses verbs when full, and never makes the putter wait."""

from datetime import timedelta

import anyio
import pytest

from channeld.runtime.errors import MailboxFull
from channeld.runtime.mailbox import Mail, Mailbox
from tests.support.fake_clock import FakeClock


def test_a_second_wake_up_adds_nothing() -> None:
    mailbox = Mailbox("eu/stock")
    mailbox.wake()
    mailbox.wake()
    assert mailbox.depth == 1
    assert mailbox.take() == Mail(woken=True)
    assert mailbox.depth == 0


def test_a_full_mailbox_refuses_with_a_hint_and_keeps_what_it_has() -> None:
    mailbox = Mailbox("eu/stock", capacity=2)
    mailbox.put("first")
    mailbox.put("second")
    with pytest.raises(MailboxFull) as refusal:
        mailbox.put("third")
    assert refusal.value.code == "mailbox_full"
    assert "eu/stock" in refusal.value.message
    assert refusal.value.hint
    mailbox.wake()
    assert mailbox.take() == Mail(woken=True, verbs=("first", "second"))


async def test_mail_that_is_there_is_taken_without_waiting(clock: FakeClock) -> None:
    mailbox = Mailbox("eu/stock")
    mailbox.put("sync")
    assert await mailbox.wait(clock) == Mail(verbs=("sync",))


async def test_a_wait_ends_with_the_message_or_with_its_instant(clock: FakeClock) -> None:
    mailbox = Mailbox("eu/stock")
    taken: list[tuple[float, Mail]] = []

    async def take_twice() -> None:
        for _ in range(2):
            mail = await mailbox.wait(clock, clock.now() + timedelta(seconds=1000))
            taken.append((clock.monotonic(), mail))

    async with anyio.create_task_group() as group:
        group.start_soon(take_twice)
        await clock.advance(900)
        mailbox.wake()
        await clock.advance(999)
        assert taken == [(900, Mail(woken=True))]
        await clock.advance(1)
    assert taken[1] == (1900, Mail())
    assert taken[1][1].timed_out


async def test_an_instant_in_the_past_is_a_look_not_a_wait(clock: FakeClock) -> None:
    assert (await Mailbox("eu/stock").wait(clock, clock.now() - timedelta(days=1))).timed_out


async def test_a_machine_that_slept_oversleeps_by_minutes_not_hours(clock: FakeClock) -> None:
    mailbox = Mailbox("eu/stock")
    until = clock.now() + timedelta(hours=8)
    async with anyio.create_task_group() as group:
        group.start_soon(mailbox.wait, clock, until)
        await clock.advance(1)
        clock.jump(8 * 3600)
        await clock.advance(300)


async def test_a_clock_that_is_set_back_makes_no_wait_longer(clock: FakeClock) -> None:
    mailbox = Mailbox("eu/stock")
    until = clock.now() + timedelta(minutes=3)
    async with anyio.create_task_group() as group:
        group.start_soon(mailbox.wait, clock, until)
        await clock.advance(60)
        clock.jump(-3600)
        await clock.advance(120)


async def test_a_cancelled_wait_loses_no_mail(clock: FakeClock) -> None:
    mailbox = Mailbox("eu/stock")
    received: list[Mail] = []

    async def receive() -> None:
        received.append(await mailbox.wait(clock))

    async with anyio.create_task_group() as group:
        group.start_soon(receive)
        await clock.settle()
        mailbox.put("sync")
        group.cancel_scope.cancel()
    assert [*received, mailbox.take()].count(Mail(verbs=("sync",))) == 1
