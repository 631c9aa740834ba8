"""Settings as people type them (semantics A2, B1, B2, B7, C4–C6, D9)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.domain.channel_settings import DEFAULTS, ChannelSettings, change
from channeld.domain.marketplaces import BY_CODE
from channeld.domain.setting_kinds import read_names, write_names
from channeld.domain.settings import ACCOUNT_SETTINGS, CHANNEL_SETTINGS, Setting, read_values
from channeld.errors import Problem

LOCATIONS = ("Default", "Hall 2")


def changed(
    given_texts: dict[str, str], stored: dict[str, str] | None = None, code: str = "UK"
) -> tuple[dict[str, str], list[Problem]]:
    return change(stored or {}, given_texts, marketplace=BY_CODE[code], locations=LOCATIONS)


def accepted(given_texts: dict[str, str], stored: dict[str, str] | None = None) -> dict[str, str]:
    after, problems = changed(given_texts, stored)
    assert problems == []
    return after


def test_defaults_of_a_new_channel() -> None:
    new = ChannelSettings.of({})
    assert not (new.enabled or new.vcs_enabled or new.use_channel_tax or new.ignore_facilitator_tax)
    assert not new.fba_enabled
    assert not (new.despatch_notes or new.order_cancellations or new.order_refunds or new.dry_run)
    assert (new.order_look_back_days, new.order_received_offset_minutes) == (7, 0)
    assert (new.order_location, new.not_disclosed_email, new.tax_rate) == ("Default", "", "0")


@pytest.mark.parametrize("setting", [*CHANNEL_SETTINGS, *ACCOUNT_SETTINGS], ids=lambda setting: setting.key)
def test_every_default_is_a_value_that_may_be_typed(setting: Setting) -> None:
    assert not setting.default or setting.read(setting.default) == setting.default
    assert setting.label and setting.allowed and setting.meaning.endswith(".")


@pytest.mark.parametrize(
    ("key", "typed", "stored"),
    [
        ("enabled", " Yes ", "on"),
        ("enabled", "0", "off"),
        ("tax_rate", "7.70", "7.7"),
        ("tax_rate", "100", "100"),
        ("not_disclosed_email", "shop@example.org", "shop@example.org"),
        ("order_look_back_days", "030", "30"),
        ("order_received_offset", "+1.0", "1"),
        ("order_received_offset", "−5.75", "-5.75"),
        ("order_received_offset", "-0.0", "0"),
        ("order_location", " Hall 2 ", "Hall 2"),
        ("inventory_locations", " Hall 2,Default, Hall 2,", "Default,Hall 2"),
        ("inventory_locations", '"A, B",Hall "2"', '"A, B","Hall ""2"""'),
        ("max_listed", "", ""),
        ("max_listed", "007", "7"),
        ("stock_percentage", "33.30", "33.3"),
        ("stock_percentage", " ", ""),
        ("end_when", "0", "0"),
        ("default_latency", "", ""),
    ],
)
def test_what_is_typed_becomes_one_form(key: str, typed: str, stored: str) -> None:
    assert read_values(CHANNEL_SETTINGS, {key: typed}) == ({key: stored}, [])


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("enabled", "perhaps"),
        ("tax_rate", "101"),
        ("tax_rate", "-1"),
        ("tax_rate", "7,7"),
        ("tax_rate", "1e1"),
        ("tax_rate", "NaN"),
        ("tax_rate", "٢٠"),
        ("order_look_back_days", "٢٠"),
        ("not_disclosed_email", "NOT DISCLOSED BY AMAZON"),
        ("order_look_back_days", "31"),
        ("order_look_back_days", "7.5"),
        ("order_received_offset", "14.25"),
        ("order_received_offset", "-14.25"),
        ("order_received_offset", "1.1"),
        ("order_location", "x" * 201),
        ("order_location", "two\nlines"),
        ("inventory_locations", '"Hall 2'),
        ("inventory_locations", '"A" B,C'),
        ("inventory_locations", "two\nlines"),
        ("max_listed", "-1"),
        ("max_listed", "0"),
        ("max_listed", "1.5"),
        ("stock_percentage", "100.01"),
        ("stock_percentage", "0"),
        ("stock_percentage", "0.0"),
        ("stock_percentage", "1.0000001"),
        ("end_when", "-1"),
        ("default_latency", "31"),
        ("default_latency", "0"),
        ("default_latency", "2.5"),
    ],
)
def test_what_is_out_of_range_is_refused_by_its_name(key: str, typed: str) -> None:
    values, [problem] = read_values(CHANNEL_SETTINGS, {key: typed})
    assert values == {}
    assert problem.key == key


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("seller_id", "a1b2c3d4e5f6g7"),
        ("seller_id", "A1B2C3D4"),
        ("seller_id", ""),
        ("client_id", " "),
        ("endpoint", "http://amazon.example"),
        ("endpoint", "ftp://127.0.0.1"),
        ("endpoint", "https://user:word@amazon.example"),
        ("endpoint", "https://amazon.example/?a=b"),
        ("endpoint", "https://ama\nzon.example"),
        ("endpoint", "https://amazon.example:port"),
        ("endpoint", "amazon.example"),
        ("endpoint", "https://999.1.1.1"),
        ("endpoint", "https://amazon..example"),
        ("endpoint", "https://amazon%.example"),
        ("endpoint", "https://[::1%25eth0]"),
        ("endpoint", f"https://{'x' * 64}.example"),
        ("order_poll_seconds", "59"),
        ("order_poll_seconds", "3601"),
    ],
)
def test_what_an_account_cannot_have_is_refused(key: str, typed: str) -> None:
    _, [problem] = read_values(ACCOUNT_SETTINGS, {key: typed})
    assert problem.key == key


@pytest.mark.parametrize(
    ("key", "typed", "stored"),
    [
        ("seller_id", " A1B2C3D4E5F6G7 ", "A1B2C3D4E5F6G7"),
        ("endpoint", "https://sellingpartnerapi-eu.amazon.com/", "https://sellingpartnerapi-eu.amazon.com"),
        ("endpoint", "http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("auth_endpoint", "http://[::1]:8080/auth/o2/token", "http://[::1]:8080/auth/o2/token"),
        ("endpoint", "http://localhost:8080", "http://localhost:8080"),
        ("endpoint", "", ""),
        ("order_poll_seconds", "", "180"),
    ],
)
def test_what_an_account_may_have(key: str, typed: str, stored: str) -> None:
    assert read_values(ACCOUNT_SETTINGS, {key: typed}) == ({key: stored}, [])


def test_all_problems_are_told_at_once_and_nothing_is_half_applied() -> None:
    stored = {"tax_rate": "20"}
    given_texts = {"enabled": "on", "tax_rate": "120", "fba_enable": "on", "order_location": "Moon"}
    after, problems = changed(given_texts, stored)
    assert after == stored
    assert {problem.key for problem in problems} == {"tax_rate", "fba_enable", "order_location"}
    assert {problem.nearest for problem in problems} == {None, "fba_enabled"}


def test_nonsense_has_no_nearest_key() -> None:
    _, [problem] = changed({"qqqq": "1"})
    assert problem.nearest is None


def test_empty_text_goes_back_to_the_default() -> None:
    assert accepted({"tax_rate": "", "not_disclosed_email": " "}, {"tax_rate": "20"}) == {}


def test_vcs_switches_channel_tax_on_and_off_with_itself() -> None:
    on = accepted({"vcs_enabled": "on"})
    assert on == {"vcs_enabled": "on", "use_channel_tax": "on"}
    assert accepted({"vcs_enabled": "off"}, on) == {}


def test_channel_tax_may_be_off_while_vcs_is_on_and_stays_so() -> None:
    off = accepted({"vcs_enabled": "on", "use_channel_tax": "off"})
    assert off == {"vcs_enabled": "on"}
    assert accepted({"vcs_enabled": "on", "tax_rate": "20"}, off) == {"vcs_enabled": "on", "tax_rate": "20"}


def test_channel_tax_needs_vcs() -> None:
    for stored in ({}, {"vcs_enabled": "on", "use_channel_tax": "on"}):
        _, [problem] = changed({"vcs_enabled": "off", "use_channel_tax": "on"}, stored)
        assert problem.key == "use_channel_tax"


def test_vcs_is_refused_where_it_does_not_exist() -> None:
    after, [problem] = changed({"vcs_enabled": "on"}, code="US")
    assert (after, problem.key) == ({}, "vcs_enabled")
    assert "Amazon.com" in problem.message


def test_facilitator_tax_is_ignored_only_without_vcs() -> None:
    ignoring = {"ignore_facilitator_tax": "on"}
    uk = BY_CODE["UK"]
    assert ChannelSettings.of(ignoring).tax_policy(uk).ignore_facilitator
    assert not ChannelSettings.of(ignoring | {"vcs_enabled": "on"}).tax_policy(uk).ignore_facilitator


def test_channel_tax_counts_only_with_vcs() -> None:
    uk = BY_CODE["UK"]
    assert not ChannelSettings.of({"use_channel_tax": "on"}).tax_policy(uk).use_channel_tax
    assert ChannelSettings.of({"use_channel_tax": "on", "vcs_enabled": "on"}).tax_policy(uk).use_channel_tax


def test_policy_takes_the_marketplaces_style() -> None:
    assert ChannelSettings.of({}).tax_policy(BY_CODE["US"]).style == "added"
    assert ChannelSettings.of({}).tax_policy(BY_CODE["JP"]).style == "included"


def test_stock_is_offered_from_locations_of_ones_own_only() -> None:
    stored = accepted({"inventory_locations": "Hall 2,Default"})
    assert ChannelSettings.of(stored).inventory_locations == ("Default", "Hall 2")
    after, [problem] = changed({"inventory_locations": "FBA UK,Default,Attic"})
    assert (after, problem.key) == ({}, "inventory_locations")
    assert problem.message.startswith("Attic, FBA UK: no location of your own")
    assert "`channelctl location add Attic`" in problem.message


def test_the_two_latencies_exclude_each_other_whichever_comes_first() -> None:
    for first, second in (("3", "on"), ("", "on")):
        _, problems = changed({"product_latency": second}, {"default_latency": first})
        assert [each.key for each in problems] == (["product_latency"] if first else [])
    assert changed({"default_latency": "3"}, {"product_latency": "on"})[1]
    assert not changed({"default_latency": "3", "product_latency": "off"}, {"product_latency": "on"})[1]


@given(st.lists(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=8)))
def test_names_are_read_as_they_are_written(names: list[str]) -> None:
    assert read_names(write_names(names)) == tuple(sorted(set(names)))


def test_settings_of_a_newer_version_are_left_alone() -> None:
    assert accepted({"tax_rate": "20"}, {"future": "x"}) == {"tax_rate": "20", "future": "x"}
    assert ChannelSettings.of({"future": "x"}) == ChannelSettings.of({})


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from((*DEFAULTS, "x")), st.text(max_size=12), max_size=5))
def test_a_change_is_whole_or_not_at_all(given_texts: dict[str, str]) -> None:
    stored = {"tax_rate": "20"}
    after, problems = changed(given_texts, stored)
    assert not problems or after == stored
    ChannelSettings.of(after)
    assert changed(after, after) == (after, [])


@pytest.mark.parametrize("key", ["despatch_notes", "order_cancellations", "order_refunds", "dry_run"])
def test_each_switch_of_outbound_work_is_its_own(key: str) -> None:
    on = ChannelSettings.of(accepted({key: "yes"}))
    others = {"despatch_notes", "order_cancellations", "order_refunds", "dry_run"} - {key}
    assert getattr(on, key) is True
    assert not any(getattr(on, other) for other in others)
