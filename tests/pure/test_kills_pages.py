"""The rule by which a kill run tells that a page was read twice for nothing finds what it should."""

from tests.kills.pages import Page, Query, asked_again, page_of, wrong_pages

SEARCH = "/orders/2026-01-01/orders?marketplaceIds=A&lastUpdatedAfter=2026-11-22T09%3A00%3A00Z"
QUERY: Query = frozenset({("marketplaceIds", "A"), ("lastUpdatedAfter", "2026-11-22T09:00:00Z")})


def asked(life: int, token: str = "", *, whole: bool = True) -> Page:
    suffix = f"&paginationToken={token}" if token else ""
    return page_of(SEARCH + suffix, life, whole)


def test_a_search_is_known_by_all_parameters_but_the_token() -> None:
    assert asked(0, "two") == Page(QUERY, "two", 0, whole=True)
    assert asked(0).token == ""


def test_going_on_with_the_page_that_was_lost_is_right() -> None:
    pages = [asked(0), asked(0, "two"), asked(0, "three"), asked(1, "three"), asked(1, "four")]
    assert wrong_pages(pages, [{QUERY: "three"}]) == []
    assert asked_again(pages) == 1


def test_a_page_that_was_stored_is_not_asked_for_again() -> None:
    pages = [asked(0), asked(0, "two"), asked(1, "two")]
    assert wrong_pages(pages, [{QUERY: "three"}]) == ["life 1 asked for a page that life 0 had stored"]
    assert wrong_pages([asked(0), asked(1)], [{QUERY: "two"}]) != []


def test_an_answer_that_cannot_be_used_is_no_page() -> None:
    pages = [asked(0), asked(0, "two", whole=False), asked(0, "two")]
    assert wrong_pages(pages, [{QUERY: "three"}]) == []
    assert asked_again(pages) == 0


def test_within_a_life_no_page_is_asked_for_twice() -> None:
    assert wrong_pages([asked(0), asked(0)], [{}]) == ["life 0 asked twice for one page"]


def test_a_life_loses_one_page_of_an_account_at_most() -> None:
    pages = [asked(0), asked(0, "two"), asked(1), asked(1, "two")]
    assert wrong_pages(pages, [{}]) == ["life 0 lost 2 pages"]
    assert wrong_pages(pages, [{}], accounts=2) == []
