"""The mapping lists: what waits for a person stands first, and a list's name says how much."""

from channel_protocol.locations import LocationRow
from channeltop.mapping import Lists, headline, in_order, origin, own_words
from channeltop.screens.mapping_texts import described_location, described_word
from tests.support.monitor_rows import word


def test_what_is_not_mapped_stands_first_with_the_most_orders_on_top() -> None:
    rows = (
        word("COD", target="Cash", orders=900),
        word("A", target=None, orders=2, unmapped=2),
        word("B", target=None, orders=9, unmapped=9),
        word("CARD", target="Card", orders=5, unmapped=5),
    )
    assert [row.tag for row in in_order(rows)] == ["B", "A", "CARD", "COD"]


def test_a_list_says_how_many_words_it_has_and_how_many_wait() -> None:
    lists = Lists(
        payment=(word("A", target=None), word("B")),
        shipping=(),
        locations=(LocationRow(location="Default", kind="own"),),
    )
    assert headline(lists, "payment") == "Payment 2 ▲1"
    assert headline(lists, "shipping") == "Shipping 0"
    assert headline(lists, "locations") == "Locations 1"


def test_a_list_that_has_not_come_yet_promises_nothing() -> None:
    assert headline(Lists(), "payment") == "Payment"


def test_a_word_is_of_orders_or_typed_beforehand() -> None:
    assert [origin(word("A", orders=1)), origin(word("B", orders=0))] == ["orders", "typed"]


def test_own_words_are_offered_once_each() -> None:
    rows = (
        word("A", target="Card"),
        word("B", target="Card"),
        word("C", target=None),
        word("D", target="Bank"),
    )
    assert own_words(rows) == ("Bank", "Card")


def test_orders_that_were_stored_before_a_word_was_mapped_are_said_to_keep_the_default() -> None:
    said = described_word(word("INVOICE", target="Bank", orders=203, unmapped=12)).plain
    assert "12 orders stored with the default before it was mapped, and they keep it." in said
    said = described_word(word("INVOICE", target=None, orders=203, unmapped=12)).plain
    assert "enter maps it" in said


def test_a_location_says_whose_orders_it_gets_and_where_that_is_changed() -> None:
    said = described_location(
        LocationRow(location="Leeds", kind="own", channels="uk", orders=4409, open_orders=37)
    ).plain
    assert "4,409 orders, 37 of them open" in said
    assert "New orders of uk are saved here; a channel's location is one of its settings (5)." in said
