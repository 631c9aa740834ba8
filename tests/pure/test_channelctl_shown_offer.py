"""What a person is told of one seller SKU's stock on the command line."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from channel_protocol.offers import OfferRow
from channelctl.shown_offer import COLUMNS, print_offer
from tests.support.fake_clock import START
from tests.support.monitor_offers import explained, offer

BEFORE = START - timedelta(minutes=1)


@pytest.mark.parametrize(
    ("shown_by", "shown_at", "is_before"),
    [("read", BEFORE, True), ("read", START, False), ("report", BEFORE, True), ("report", START, False)],
)
def test_what_was_shown_before_the_last_message_says_so(
    capsys: pytest.CaptureFixture[str], shown_by: str, shown_at: object, is_before: bool
) -> None:
    row: OfferRow = replace(offer(1), shown_by=shown_by, shown_at=shown_at)
    (whole,) = explained(row).offers

    print_offer(whole)

    out = capsys.readouterr().out
    assert (", before the last message" in out) is is_before
    assert ("in the report of" in out) is (shown_by == "report")
    column = COLUMNS["Shown"]
    assert not isinstance(column, str)
    assert column(row) == ("9 (before)" if is_before else 9)
