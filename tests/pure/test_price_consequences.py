"""What switching Price Change does is said before, with numbers (semantics G1)."""

from channeld.domain.settings_move import Facts
from tests.support.consequences import ON, said
from tests.support.domain_orders import HOUR

PRICES = {"price_change": "on"}
DRY = {"dry_run": "on"}
WAITING = Facts(prices_pending=3, prices_waiting=4)


def test_on_sends_nothing_that_was_saved_before() -> None:
    text = said(ON, ON | PRICES, WAITING)["price_change"]
    assert "from now on" in text and "older ones only by" in text
    assert "Dry run is on" in said(ON | DRY, ON | DRY | PRICES)["price_change"]
    assert "The channel is off" in said({}, PRICES)["price_change"]


def test_off_drops_what_waits() -> None:
    assert "4 prices that wait are not sent" in said(ON | PRICES, ON, WAITING)["price_change"]
    assert "1 price that waits is not sent" in said(ON | PRICES, ON, Facts(prices_waiting=1))["price_change"]
    assert "that wait" not in said(ON | PRICES, ON)["price_change"]


def test_what_was_held_back_is_sent_when_nothing_holds_it_any_more() -> None:
    assert (
        "!Prices that wait are sent now: 3 prices."
        in said(ON | PRICES | DRY, ON | PRICES, WAITING)["dry_run"]
    )
    enabled = said(PRICES, ON | PRICES, WAITING, read=HOUR)["enabled"]
    assert "!Prices that wait are sent now: 3 prices." in enabled
    assert "Prices" not in said(ON | DRY, ON, WAITING)["dry_run"]
    assert "Prices" not in said(PRICES | DRY, ON | PRICES | DRY, WAITING, read=HOUR)["enabled"]
