"""The first signal asks, the second and the deadline end, also when the loop is held up."""

import signal
import subprocess
import sys
import threading

import anyio
import anyio.to_thread
import pytest

from channeld.runtime.signals import stop_signals

NEVER_YIELDS = """
import anyio
from channeld.runtime.signals import stop_signals

async def main():
    with stop_signals(0.05):
        print("ready", flush=True)
        while True:
            pass

anyio.run(main)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_the_first_signal_asks_and_the_second_ends(
    number: signal.Signals, capfd: pytest.CaptureFixture[str]
) -> None:
    before, left = signal.getsignal(number), list[int]()
    with stop_signals(60, left.append) as asked:
        signal.raise_signal(number)
        await asked.wait()
        assert left == []
        signal.raise_signal(number)
        assert left == [128 + number]
    assert signal.getsignal(number) is before
    assert capfd.readouterr().err == "channeld: second signal, leaving at once\n"
    assert not [
        thread
        for thread in threading.enumerate()
        if isinstance(thread, threading.Timer) and not thread.finished.is_set()
    ]


def test_an_actor_that_never_yields_cannot_keep_the_process() -> None:
    with subprocess.Popen(  # noqa: S603 (our own interpreter and program)
        [sys.executable, "-c", NEVER_YIELDS], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 128 + signal.SIGTERM
        assert process.stderr.read() == "channeld: not stopped within 0.05 s, leaving at once\n"


async def test_outside_the_main_thread_it_does_nothing() -> None:
    before = signal.getsignal(signal.SIGTERM)

    async def enter() -> None:
        with stop_signals(1):
            assert signal.getsignal(signal.SIGTERM) is before

    await anyio.to_thread.run_sync(anyio.run, enter)
