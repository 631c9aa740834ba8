"""A list that does not end is not taken for a whole one."""

import pytest

from channeld.amazon.errors import UnreadableAnswer
from channeld.concerns.page_tokens import PageTokens


def test_a_list_may_have_so_many_pages() -> None:
    tokens = PageTokens("getFeeds", 3)
    assert [tokens.follow("b"), tokens.follow("c")] == ["b", "c"]
    with pytest.raises(UnreadableAnswer, match="more than 3 pages"):
        tokens.follow("d")


def test_no_page_comes_twice() -> None:
    tokens = PageTokens("getFeeds", 9)
    tokens.follow("b")
    tokens.follow("c")
    with pytest.raises(UnreadableAnswer, match="second time"):
        tokens.follow("b")
