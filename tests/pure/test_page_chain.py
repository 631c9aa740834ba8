"""A search whose pages lead back to one another is noticed."""

from datetime import timedelta
from itertools import pairwise

from channeld.concerns.page_chain import PageChain
from tests.support.fake_clock import START


def test_a_chain_that_goes_on_leads_nowhere_back() -> None:
    chain = PageChain()
    tokens = ["", *(f"page {number}" for number in range(2, 500))]
    assert not any(chain.leads_back(START, sent, following) for sent, following in pairwise(tokens))


def test_a_page_that_leads_to_itself_or_to_an_earlier_one() -> None:
    for circle in (["", "a", "a"], ["", "a", "b", "a"], ["", "a", "b", "c", "b"]):
        chain = PageChain()
        told = [chain.leads_back(START, *pair) for pair in pairwise(circle)]
        assert told == [False] * (len(told) - 1) + [True]


def test_another_search_may_have_the_same_tokens() -> None:
    chain = PageChain()
    assert not chain.leads_back(START, "", "a")
    assert not chain.leads_back(START + timedelta(hours=1), "", "a")
