"""Instants on disk: microseconds, exact, aware and UTC."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channeld.store.columns import from_micros, to_micros


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_survives_to_the_microsecond(instant: datetime) -> None:
    assert from_micros(to_micros(instant)) == instant


def test_an_instant_of_another_zone_is_the_same_instant() -> None:
    elsewhere = datetime(2026, 3, 30, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    assert from_micros(to_micros(elsewhere)) == elsewhere
    assert from_micros(to_micros(elsewhere)).utcoffset() == timedelta(0)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        to_micros(datetime(2026, 3, 30))  # noqa: DTZ001 (the mistake itself)
