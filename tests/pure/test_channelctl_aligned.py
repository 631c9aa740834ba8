"""Columns on a terminal stand below each other, whatever is in them."""

import pytest

from channelctl.aligned import aligned, width


@pytest.mark.parametrize(
    ("text", "cells"), [("", 0), ("mug", 3), ("Größe", 5), ("青いマグ", 8), ("e\u0301", 1), ("☕️", 2)]
)
def test_a_text_is_as_wide_as_a_terminal_shows_it(text: str, cells: int) -> None:
    assert width(text) == cells


def test_columns_begin_in_the_same_cell_and_numbers_end_in_it() -> None:
    lines = aligned([["青い", "5", "x"], ["mug", "123", "y"]], ["Title", "Units", "Z"], [False, True, False])
    assert lines == [
        "Title  Units  Z",
        "-----  -----  -",
        "青い       5  x",
        "mug      123  y",
    ]


def test_a_cell_of_several_lines_pushes_the_next_row_down() -> None:
    assert aligned([["a", "one\ntwo"], ["b", "three"]]) == ["a  one", "   two", "b  three"]


def test_nothing_to_show_is_no_line() -> None:
    assert aligned([], ["Title"]) == []
    assert aligned([["", ""]]) == [""]
