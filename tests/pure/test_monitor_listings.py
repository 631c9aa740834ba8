"""Listings are asked for some at a time, one request at a time, and what is old is asked for again."""

from channel_protocol.listings import ListingList, ListingRow, ListListings
from channeltop.filter import parsed
from channeltop.listings import LARGEST, MOST, PAGE, VIEWS, batch, query
from channeltop.paging import Loading
from tests.support.monitor_listings import listing

UK = query("uk", VIEWS[0], parsed(""))
DE = query("de", VIEWS[0], parsed(""))


def fresh() -> Loading[ListListings, ListingRow]:
    return Loading(batch, largest=LARGEST, most=MOST)


def page(start: int, count: int = PAGE, *, more: bool = True) -> ListingList:
    return ListingList(rows=tuple(listing(n, channel="uk") for n in range(start, start + count)), more=more)


def test_words_are_found_and_fields_may_be_begun() -> None:
    found = query("uk", VIEWS[0], parsed("Blue mug link:un presence:mis"))
    assert (found.find, found.link, found.presence) == ("blue mug", "unlinked", "missing")


def test_a_view_is_a_part_of_the_query() -> None:
    assert [query("uk", view, parsed("")).link for view in VIEWS[1:4]] == ["unlinked", "suggested", "linked"]


def test_the_next_page_is_asked_for_when_the_end_is_looked_at_and_never_twice() -> None:
    loading = fresh()
    assert loading.next(UK, at_end=False) == UK
    assert loading.next(UK, at_end=True) is None, "one is under way"
    loading.came(page(0))
    assert loading.next(UK, at_end=False) is None
    second = loading.next(UK, at_end=True)
    assert second is not None
    assert second.after == loading.rows[-1].key
    loading.came(page(PAGE, more=False))
    assert len(loading.rows) == 2 * PAGE
    assert loading.next(UK, at_end=True) is None


def test_an_answer_to_another_question_is_not_shown() -> None:
    loading = fresh()
    loading.next(UK, at_end=False)
    assert loading.next(DE, at_end=False) is None
    loading.came(page(0))
    assert (loading.rows, loading.is_here) == ((), False)
    assert loading.next(DE, at_end=False) == DE


def test_what_is_refused_is_not_asked_for_again_until_something_changes() -> None:
    loading = fresh()
    loading.next(UK, at_end=False)
    loading.came(None)
    assert loading.next(UK, at_end=False) is None
    loading.renew()
    assert loading.next(UK, at_end=False) == UK


def test_what_is_old_is_asked_for_again_as_much_of_it_as_is_here_and_shown_until_then() -> None:
    loading = fresh()
    for start in (0, PAGE):
        loading.next(UK, at_end=True)
        loading.came(page(start))
    loading.renew()
    again = loading.next(UK, at_end=False)
    assert again is not None
    assert (again.after, again.limit) == ("", 2 * PAGE)
    assert len(loading.rows) == 2 * PAGE


def test_never_more_are_kept_than_a_person_looks_through() -> None:
    loading = fresh()
    start = 0
    while loading.next(UK, at_end=True):
        loading.came(page(start))
        start += PAGE
    assert len(loading.rows) == MOST
