"""Marketplaces, hosts, money and headers against Amazon's tables (reference 2.1–2.4; semantics A3)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channeld.amazon.instants import BadInstant, format_instant, parse_instant
from channeld.amazon.regions import ENDPOINTS, SANDBOX_ENDPOINTS, TOKEN_ENDPOINT
from channeld.amazon.user_agent import user_agent
from channeld.domain.marketplaces import BY_CODE, MARKETPLACES, REGIONS, find_marketplace
from channeld.domain.money import BadAmount, format_amount, parse_amount
from channeld.domain.setting_kinds import base_url, token_url


@pytest.mark.parametrize(
    ("code", "marketplace_id"),
    [("NL", "A1805IZSGTT6HS"), ("SE", "A2NODRKZP88ZB9"), ("PL", "A1C3SOZRARQ6R3"), ("GB", "A1F83G8C2ARO7P")],
)
def test_ids_that_others_have_swapped(code: str, marketplace_id: str) -> None:
    assert BY_CODE[code].id == marketplace_id
    assert find_marketplace(f" {marketplace_id.lower()} ") == BY_CODE[code]


def test_each_region_has_its_marketplaces_and_host() -> None:
    by_region = {region: {m.code for m in MARKETPLACES if m.region == region} for region in REGIONS}
    assert by_region == {
        "na": {"CA", "US", "MX", "BR"},
        "eu": {"IE", "ES", "UK", "FR", "BE", "NL", "DE", "IT"}
        | {"SE", "ZA", "PL", "EG", "TR", "SA", "AE", "IN"},
        "fe": {"SG", "AU", "JP"},
    }
    assert len({m.id for m in MARKETPLACES}) == len(MARKETPLACES) == 23
    for region in REGIONS:
        assert ENDPOINTS[region] == f"https://sellingpartnerapi-{region}.amazon.com"
        assert SANDBOX_ENDPOINTS[region] == f"https://sandbox.sellingpartnerapi-{region}.amazon.com"
        assert base_url(ENDPOINTS[region]) == ENDPOINTS[region]
    assert token_url(TOKEN_ENDPOINT) == TOKEN_ENDPOINT


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example",
        "http://127.0.0.1:8080",
        "http://127.8.9.1",
        "http://[::1]:1",
        "http://localhost/",
    ],
)
def test_endpoints_that_are_accepted(url: str) -> None:
    assert base_url(url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.example",
        "ftp://api.example",
        "http://api.example",
        "http://127.0.0.1.example",
        "http://10.0.0.1",
        "http://[::2]",
        "https://",
        "https://user:word@api.example",
        "https://api.example/path",
        "https://api.example?x=1",
        "https://api.example#x",
        "https://api .example",
        "https://api.example:port",
        "https://[::1",
        "https://api.exämple",
    ],
)
def test_endpoints_that_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="must"):
        base_url(url)


def test_a_token_endpoint_is_a_whole_url() -> None:
    whole = "http://127.0.0.1:1/auth/o2/token"
    assert token_url(whole) == whole
    with pytest.raises(ValueError, match="must"):
        token_url("https://auth.example")


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.34", "GBP", 1234),
        ("12.3", "GBP", 1230),
        ("12.", "GBP", 1200),
        ("-0.01", "EUR", -1),
        ("1,234.50", "USD", 123450),
        ("1,234,567", "JPY", 1234567),
        ("5980.00", "JPY", 5980),
        ("1.234", "KWD", 1234),
        ("1E+2", "GBP", 10000),
        (" 0 ", "GBP", 0),
    ],
)
def test_amounts(text: str, currency: str, minor: int) -> None:
    assert parse_amount(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("", "GBP"),
        ("12,34", "GBP"),
        ("1.234,50", "EUR"),
        ("0.5", "JPY"),
        ("1.001", "GBP"),
        ("£1", "GBP"),
        ("NaN", "GBP"),
        ("Infinity", "GBP"),
        ("1e99", "GBP"),
        ("1_000", "GBP"),
        ("--1", "GBP"),
    ],
)
def test_texts_that_are_no_amounts(text: str, currency: str) -> None:
    with pytest.raises(BadAmount) as caught:
        parse_amount(text, currency)
    assert not text.strip() or text not in str(caught.value)


@given(st.integers(-(10**12), 10**12), st.sampled_from(["GBP", "JPY", "KWD"]))
def test_amounts_come_back_from_what_people_read(minor: int, currency: str) -> None:
    assert parse_amount(format_amount(minor, currency).removesuffix(f" {currency}"), currency) == minor


def test_instants_are_written_in_utc_with_milliseconds() -> None:
    at = datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
    assert format_instant(at) == "2026-11-22T09:00:00.123Z"
    assert parse_instant(format_instant(at)) == datetime(2026, 11, 22, 9, 0, 0, 123000, tzinfo=UTC)
    with pytest.raises(ValueError, match="zone"):
        format_instant(at.replace(tzinfo=None))


@pytest.mark.parametrize("text", ["", "x", "2026-11-22", "2026-11-22T09:00:00", "9999-12-31T23:59:59-10:00"])
def test_texts_that_are_no_instants(text: str) -> None:
    with pytest.raises(BadInstant):
        parse_instant(text)


def test_the_user_agent_names_program_and_language() -> None:
    text = user_agent()
    assert text.startswith("channeld/")
    assert "(Language=Python/3." in text
    assert text.endswith(")")
    assert text.isascii()
    assert len(text) <= 500


@pytest.mark.parametrize("release", ["5;1)", "x" * 900, "ü\\"])
def test_an_odd_platform_cannot_break_the_user_agent(release: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.release", lambda: release)
    text = user_agent()
    assert len(text) <= 500
    assert text.isascii()
    inside = text.split("(", 1)[1].removesuffix(")")
    unescaped = inside.replace("\\\\", "").replace("\\;", "").replace("\\)", "")
    assert ")" not in unescaped
    assert unescaped.count(";") == 1
