"""Words of the channel and one's own (semantics I14, I15), and the table of marketplaces (semantics A3)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.domain.mapping import look_up, payment_tag, shipping_tag
from channeld.domain.marketplaces import MARKETPLACES, find_marketplace


def test_methods_are_trimmed_case_blind_and_joined_in_a_fixed_order() -> None:
    assert payment_tag(["Other", " giftcard ", "OTHER", ""]) == "GIFTCARD+OTHER"
    assert payment_tag([]) == ""
    assert shipping_tag(" Next_Day ") == "NEXT_DAY"


@settings(max_examples=50, deadline=None)
@given(st.permutations(["CARD", "GiftCard", "Points", "card"]))
def test_order_of_methods_does_not_matter(methods: list[str]) -> None:
    assert payment_tag(methods) == "CARD+GIFTCARD+POINTS"


@pytest.mark.parametrize(
    ("tag", "found"),
    [("CARD", ("Terminal", True)), ("CASH", ("Default", False)), ("", ("Default", True))],
)
def test_unmapped_word_becomes_the_default_and_is_counted(tag: str, found: tuple[str, bool]) -> None:
    assert look_up(tag, {"CARD": "Terminal"}) == found


@pytest.mark.parametrize(
    ("code", "marketplace_id"),
    [("NL", "A1805IZSGTT6HS"), ("SE", "A2NODRKZP88ZB9"), ("PL", "A1C3SOZRARQ6R3"), ("gb", "A1F83G8C2ARO7P")],
)
def test_ids_that_peers_have_swapped(code: str, marketplace_id: str) -> None:
    found = find_marketplace(code)
    assert found is not None
    assert found.id == marketplace_id
    assert find_marketplace(marketplace_id) is found


def test_every_marketplace_is_known_once() -> None:
    assert len(MARKETPLACES) == 23
    assert len({row.id for row in MARKETPLACES}) == len({row.code for row in MARKETPLACES}) == 23
    assert {row.code for row in MARKETPLACES if row.tax == "added"} == {"CA", "US"}
