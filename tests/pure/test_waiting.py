"""How long actors wait: until something is due, and never turning or sleeping for good."""

from datetime import datetime, timedelta

import pytest

from channeld.concerns.waiting import bounded
from tests.support.domain_orders import DAY, HOUR, MINUTE, NOW

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("due", "until"),
    [
        (NOW + MINUTE, NOW + MINUTE),
        (None, NOW + 6 * HOUR),
        (NOW + DAY, NOW + 6 * HOUR),
        (NOW, NOW + SECOND),
        (NOW - DAY, NOW + SECOND),
    ],
)
def test_an_actor_looks_again_when_it_is_time(due: datetime | None, until: datetime) -> None:
    assert bounded(due, NOW) == until
