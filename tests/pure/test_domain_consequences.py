"""What a change of settings does is said before, with numbers, and nothing is said that is not so."""

from datetime import timedelta

import pytest

from channeld.domain.channel_change import settings_mark
from channeld.domain.settings_move import Facts
from tests.support.consequences import ON, said
from tests.support.domain_orders import DAY, HOUR, NOW


def test_the_first_enable_names_the_instant_from_which_orders_are_read() -> None:
    text = said({}, {"enabled": "on", "order_look_back_days": "3"})
    assert list(text) == ["enabled"]
    assert "since 2026-11-19 09:00 UTC" in text["enabled"]
    assert "3 days" in text["enabled"]


@pytest.mark.parametrize(("read", "warns"), [(HOUR, False), (24 * HOUR, False), (3 * DAY, True)])
def test_enabling_again_goes_on_from_the_cursor_and_warns_of_a_long_gap(read: timedelta, warns: bool) -> None:
    text = said({}, ON, read=read)["enabled"]
    assert f"since {NOW - read:%Y-%m-%d %H:%M} UTC" in text
    assert ("!Orders of the last 3.0 days" in text) is warns


def test_disabling_says_what_waits_meanwhile() -> None:
    text = said(ON, {}, Facts(parked=2, quarantined=1, emails_pending=3), read=HOUR)["enabled"]
    assert "2 parked orders, 1 quarantined order and 3 e-mail look-ups" in text
    assert "2026-11-22 08:00 UTC" in text
    assert "wait" not in said(ON, {}, read=HOUR)["enabled"]


def test_vcs_says_what_comes_along_and_that_it_enrols_nothing() -> None:
    both = {"vcs_enabled": "on", "use_channel_tax": "on"}
    text = said({}, both, Facts(orders=1), implied=frozenset(["use_channel_tax"]))
    assert "enrols nothing" in text["vcs_enabled"]
    assert "1 stored order keeps" in text["vcs_enabled"]
    assert "switched on along" in text["use_channel_tax"]
    assert "use_channel_tax" not in said({}, both), "nothing came along: both were asked for"


def test_vcs_ends_what_has_no_effect_beside_it() -> None:
    before = {"ignore_facilitator_tax": "on"}
    assert "no effect" in said(before, before | {"vcs_enabled": "on"})["ignore_facilitator_tax"]


def test_tax_settings_count_for_later_orders_and_stored_ones_keep_theirs() -> None:
    assert (
        "downloaded afterwards; 1,200 stored orders keep"
        in (said({}, {"tax_rate": "20"}, Facts(orders=1200))["tax_rate"])
    )
    assert "stored" not in said({}, {"tax_rate": "20"})["tax_rate"]


@pytest.mark.parametrize(
    ("before", "after", "code", "why"),
    [
        (
            {"vcs_enabled": "on", "use_channel_tax": "on"},
            {"tax_rate": "5"},
            "UK",
            "while Use Channel Tax is on",
        ),
        ({"vcs_enabled": "on"}, {"ignore_facilitator_tax": "on"}, "UK", "while VCS Enabled is on"),
        ({}, {"tax_rate": "5"}, "US", "Amazon.com"),
        ({}, {"vcs_enabled": "on"}, "UK", "split by the tax rate as before"),
    ],
)
def test_a_tax_setting_without_effect_says_why(
    before: dict[str, str], after: dict[str, str], code: str, why: str
) -> None:
    text = said(before, before | after, Facts(orders=5), code=code)
    assert why in " ".join(text.values())
    assert "downloaded afterwards" not in " ".join(text.values())


def test_an_alternate_address_counts_for_what_is_not_settled() -> None:
    text = said({}, {"not_disclosed_email": "shop@example.org"}, Facts(emails_pending=2))
    assert "shop@example.org" in text["not_disclosed_email"]
    assert "2 orders" in text["not_disclosed_email"]
    cleared = said({"not_disclosed_email": "shop@example.org"}, {})["not_disclosed_email"]
    assert "NOT DISCLOSED BY AMAZON" in cleared


def test_the_look_back_has_no_effect_once_orders_were_read() -> None:
    changed = {"order_look_back_days": "30"}
    assert "30 days" in said({}, changed)["order_look_back_days"]
    text = said(ON, ON | changed, read=HOUR)["order_look_back_days"]
    assert text.startswith("No effect")
    assert "2026-11-22 08:00 UTC" in text


@pytest.mark.parametrize(("offset", "shown"), [("-5.5", "-5.5 h"), ("1", "+1 h")])
def test_the_offset_is_for_later_orders(offset: str, shown: str) -> None:
    text = said({}, {"order_received_offset": offset}, Facts(orders=2))["order_received_offset"]
    assert shown in text
    assert "2 stored orders keep" in text


def test_open_orders_stay_where_they_are() -> None:
    text = said({}, {"order_location": "Leeds"}, Facts(open_elsewhere=4))["order_location"]
    assert "New orders are saved in Leeds" in text
    assert "4 open or parked orders" in text
    assert "stay" not in said({}, {"order_location": "Leeds"})["order_location"]


def test_fba_names_its_location_and_the_orders_that_were_only_counted() -> None:
    new = said({}, {"fba_enabled": "on"}, Facts(fba_location="FBA UK", fba_counted=7))["fba_enabled"]
    assert "FBA UK" in new
    assert "made now" in new
    assert "7 FBA orders" in new
    there = Facts(fba_location="FBA UK", fba_location_exists=True, fba_stored=1)
    assert "there already" in said({}, {"fba_enabled": "on"}, there)["fba_enabled"]
    assert "1 stored one in FBA UK still follows" in said({"fba_enabled": "on"}, {}, there)["fba_enabled"]


def test_a_channel_that_amazon_refused_is_asked_for_again() -> None:
    assert "asked again" in said(ON, ON | {"tax_rate": "1"}, is_troubled=True, read=HOUR)["enabled"]


def test_nothing_is_said_of_no_change() -> None:
    assert said(ON, ON, Facts(orders=9), is_troubled=True) == {}


def test_the_mark_is_the_settings_not_how_they_are_stored() -> None:
    assert settings_mark({"tax_rate": "0"}) == settings_mark({})
    assert settings_mark({"tax_rate": "5"}) != settings_mark({})
