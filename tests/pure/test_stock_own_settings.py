"""Settings of single listings: what is typed, what is refused, and what an import means by 0."""

from decimal import Decimal

import pytest

from channeld.domain.stock.limits import Limits
from channeld.domain.stock.own_settings import NOTHING_SET, OwnSettings, read_own

SET = OwnSettings(limits=Limits(end_when=5, percentage=Decimal("33.3"), max_listed=3), ignore_sync=True)


def read(
    typed: dict[str, str],
    before: OwnSettings = NOTHING_SET,
    *,
    by_amazon: bool = False,
    imported: bool = False,
) -> OwnSettings:
    after, problems = read_own(before, typed, by_amazon=by_amazon, imported=imported)
    assert problems == []
    return after


def test_what_is_typed_is_set_and_shown_as_it_is_typed() -> None:
    typed = {"end_when": " 5", "stock_percentage": "33.3", "max_listed": "3", "ignore_sync": "yes"}
    assert read(typed) == SET
    assert SET.texts == {
        "end_when": "5", "stock_percentage": "33.3", "max_listed": "3", "ignore_sync": "on",
    }  # fmt: skip
    assert read(SET.texts) == SET
    assert NOTHING_SET.texts == dict.fromkeys(SET.texts, "")


def test_what_is_not_typed_stays_and_an_empty_text_clears() -> None:
    assert read({}, SET) == SET
    assert read({"end_when": "0"}, SET).limits.end_when == 0, "the channel's own is not what counts then"
    assert read(dict.fromkeys(SET.texts, ""), SET) == NOTHING_SET


@pytest.mark.parametrize(
    ("key", "text", "says"),
    [
        ("end_when", "-1", "whole number of at least 0"),
        ("end_when", "2.5", "whole number of at least 0"),
        ("end_when", "ten", "whole number of at least 0"),
        ("stock_percentage", "0", "empty clears it, and the channel's own counts"),
        ("stock_percentage", "100.1", "above 0 and up to 100"),
        ("stock_percentage", "1.0000001", "at most 6 decimals"),
        ("max_listed", "0", "at least 1; empty clears it, and the channel's own counts"),
        ("max_listed", "1e3", "at least 1"),
        ("ignore_sync", "maybe", "must be on or off"),
        ("max_list", "3", "is not a setting of a listing"),
    ],
)
def test_what_cannot_be_is_refused_and_named(key: str, text: str, says: str) -> None:
    after, (problem,) = read_own(SET, {key: text}, by_amazon=False)
    assert (problem.key, after) == (key, SET)
    assert says in problem.message


def test_all_problems_are_told_at_once() -> None:
    typed = {"end_when": "-1", "stock_percentage": "x", "max_listed": "0", "ignore_sync": "?", "sku_": "1"}
    assert {each.key for each in read_own(NOTHING_SET, typed, by_amazon=False)[1]} == set(typed)


def test_a_number_of_0_in_an_import_is_not_set() -> None:
    zeros = {"end_when": "0", "stock_percentage": "0.0", "max_listed": "0", "ignore_sync": "False"}
    assert read(zeros, SET, imported=True) == OwnSettings(ignore_sync=False)
    assert read_own(SET, {"max_listed": "-1"}, by_amazon=False, imported=True)[1]


def test_a_0_that_counts_is_written_as_a_word_in_an_import() -> None:
    assert read({"end_when": "Zero"}, SET, imported=True).limits.end_when == 0
    assert read({"end_when": "zero"}, SET).limits.end_when == 0
    _, (problem,) = read_own(SET, {"max_listed": "zero"}, by_amazon=False, imported=True)
    assert problem.key == "max_listed"


def test_ignore_sync_stays_on_for_what_amazon_fulfils() -> None:
    _, (problem,) = read_own(NOTHING_SET, {"ignore_sync": "off"}, by_amazon=True)
    assert (problem.key, problem.message[:8]) == ("ignore_sync", "stays on")
    assert read({"ignore_sync": ""}, SET, by_amazon=True).ignore_sync is None
    assert read({"ignore_sync": "on"}, by_amazon=True).ignore_sync is True
    off = OwnSettings(ignore_sync=False)
    assert read({"ignore_sync": "off"}, off, by_amazon=True) == off, "so it was before Amazon fulfilled it"
