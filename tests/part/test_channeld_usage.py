"""Options of `channeld`: what makes no sense is wrong usage, and what does is heeded."""

import pytest
from click.testing import CliRunner

from channeld.cli import main
from channeld.sandbox import SandboxOptions


@pytest.mark.parametrize(
    "words",
    [
        "demo --seconds nan",
        "demo --seconds inf",
        "demo --seconds 0",
        "sandbox --speed nan",
        "sandbox --speed inf",
        "sandbox --speed 0",
        "sandbox --orders-per-hour nan",
        "sandbox --orders-per-hour inf",
        "sandbox --rate getOrder=nan",
        "sandbox --rate getOrder=inf",
        "sandbox --faults latency=nan",
        "sandbox --listings 1000001",
    ],
)
def test_a_number_that_is_none_is_wrong_usage(words: str) -> None:
    result = CliRunner().invoke(main, words.split())
    assert result.exit_code == 2
    assert "Usage:" in result.stderr


def test_the_sandbox_has_as_many_listings_as_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[SandboxOptions] = []

    async def run(port: int, options: SandboxOptions) -> int:
        asked.append(options)
        return 0

    monkeypatch.setattr("channeld.demo.run_sandbox", run)
    for words in ("sandbox --listings 500000", "sandbox"):
        assert CliRunner().invoke(main, words.split()).exit_code == 0
    assert [options.listings for options in asked] == [500_000, 200]
