"""What a message says of the handling time (semantics D6, D7, X2, X8)."""

import pytest

from channeld.domain.stock.latency import DROP, KEEP, LatencyRule, LeadTime, lead_time, refused, set_to

OFF = LatencyRule()
BY_PRODUCT = LatencyRule(by_product=True)
UK = "uk-main"


def test_without_a_setting_what_amazon_has_is_left_alone() -> None:
    assert lead_time(OFF, UK, {"Despatch Time": "3"}).lead_time == KEEP


def test_the_default_goes_with_every_quantity() -> None:
    assert lead_time(LatencyRule(default_days=7), UK, {}).lead_time == set_to(7)


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({"AMAZON_uk-main": "2", "Despatch Time": "5"}, set_to(2)),
        ({"amazon_UK-Main": "2", "despatch time": "5"}, set_to(2)),
        ({" Amazon_uk-main ": "2"}, set_to(2)),
        ({"AMAZON_de-main": "2", "Despatch Time": "5"}, set_to(5)),
        ({" DESPATCH TIME ": " 30 "}, set_to(30)),
        ({"AMAZON_uk-main": "  ", "Despatch Time": "05"}, set_to(5)),
        ({"AMAZON_de-main": "2"}, DROP),
        ({"AMAZON_uk-main": ""}, DROP),
        ({}, DROP),
    ],
)
def test_the_channels_own_property_goes_before_the_one_for_all(
    properties: dict[str, str], said: LeadTime
) -> None:
    found = lead_time(BY_PRODUCT, UK, properties)

    assert (found.lead_time, found.issue) == (said, "")


@pytest.mark.parametrize("text", ["2.5", "0", "00", "31", "two", "-3", "+3", "1e1", "003", "٣", "3 days"])
def test_an_invalid_value_raises_an_issue_and_the_last_valid_one_stays(text: str) -> None:
    first = lead_time(BY_PRODUCT, UK, {"Despatch Time": "4"})
    broken = lead_time(BY_PRODUCT, UK, {"Despatch Time": text}, first.last_valid)
    again = lead_time(BY_PRODUCT, UK, {"Despatch Time": text}, broken.last_valid)

    assert broken.lead_time == again.lead_time == set_to(4)
    assert "Despatch Time" in again.issue


def test_an_invalid_value_of_the_channel_does_not_fall_through_to_the_one_for_all() -> None:
    found = lead_time(BY_PRODUCT, UK, {"AMAZON_uk-main": "two", "Despatch Time": "9"}, last_valid=4)

    assert (found.lead_time, found.property) == (set_to(4), "AMAZON_uk-main")


def test_an_invalid_value_before_any_valid_one_changes_no_promise() -> None:
    found = lead_time(BY_PRODUCT, UK, {"Despatch Time": "two"})

    assert found.lead_time == KEEP
    assert found.issue


def test_an_item_whose_value_was_taken_away_has_none_to_fall_back_on() -> None:
    unset = lead_time(BY_PRODUCT, UK, {}, last_valid=4)

    assert (unset.lead_time, unset.last_valid) == (DROP, None)


@pytest.mark.parametrize(
    ("rule", "keys"),
    [
        (OFF, []),
        (LatencyRule(default_days=1), []),
        (LatencyRule(default_days=30), []),
        (BY_PRODUCT, []),
        (LatencyRule(default_days=31), ["default_latency"]),
        (LatencyRule(default_days=-1), ["default_latency"]),
        (LatencyRule(default_days=3, by_product=True), ["product_latency"]),
    ],
)
def test_settings_that_cannot_be_are_refused(rule: LatencyRule, keys: list[str]) -> None:
    assert [problem.key for problem in refused(rule)] == keys
