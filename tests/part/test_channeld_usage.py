"""Options of `channeld` that make no sense are wrong usage."""

import pytest
from click.testing import CliRunner

from channeld.cli import main


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
    ],
)
def test_a_number_that_is_none_is_wrong_usage(words: str) -> None:
    result = CliRunner().invoke(main, words.split())
    assert result.exit_code == 2
    assert "Usage:" in result.stderr
