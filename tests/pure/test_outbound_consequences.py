"""What a change of settings does to what is sent to Amazon is said before, with numbers."""

import pytest

from channeld.domain.settings_move import Facts
from tests.support.consequences import ON, said
from tests.support.domain_orders import HOUR

WAITING = Facts(queued=3)
DRY = {"dry_run": "on"}
NOTES = {"despatch_notes": "on"}


def test_the_end_of_a_dry_run_sends_what_is_queued() -> None:
    assert said(ON | DRY, ON, WAITING)["dry_run"] == "!What is queued is sent now: 3 pieces of outbound work."
    assert "nothing waits" in said(ON | DRY, ON)["dry_run"]
    assert "The channel is off" in said(DRY, {}, WAITING)["dry_run"]


def test_a_dry_run_says_what_it_holds() -> None:
    assert "It holds 3 pieces of outbound work" in said(ON, ON | DRY, WAITING)["dry_run"]
    assert said(ON, ON | DRY)["dry_run"].startswith("This channel sends nothing"), "others may"
    assert "holds" not in said(ON, ON | DRY)["dry_run"]


@pytest.mark.parametrize("key", ["despatch_notes", "order_cancellations", "order_refunds"])
def test_a_switch_counts_for_what_is_done_afterwards(key: str) -> None:
    on, off = said(ON, ON | {key: "on"})[key], said(ON | {key: "on"}, ON)[key]
    assert "from now on" in on
    assert "from now on" in off
    assert "not" in off or "stay" in off


def test_switching_off_leaves_what_is_queued() -> None:
    assert "sent all the same: 3 pieces" in said(ON | NOTES, ON, WAITING)["despatch_notes"]


def test_a_switch_without_effect_in_a_dry_run_says_so() -> None:
    assert "Dry run is on" in said(ON | DRY, ON | DRY | NOTES)["despatch_notes"]


def test_enabling_sends_what_was_held_and_disabling_holds_it() -> None:
    assert "!What is queued is sent now: 3 pieces" in said({}, ON, WAITING, read=HOUR)["enabled"]
    assert "sent now" not in said(DRY, ON | DRY, WAITING, read=HOUR)["enabled"]
    assert "kept and not sent: 1 piece of" in said(ON, {}, Facts(queued=1), read=HOUR)["enabled"]


def test_ending_a_dry_run_along_with_enabling_is_said_once() -> None:
    texts = said(DRY, ON, WAITING, read=HOUR)
    assert "sent now" in texts["dry_run"]
    assert "sent now" not in texts["enabled"]
