"""Pieces of a report to rows: any ends of lines, charset and cut gives the same; a cut report is told."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.amazon.reports.splitting import MOST_BAD_ROWS, Ended, RowSplitter
from channeld.domain.listing.reported import BadRow

HEADER = b"seller-sku\tprice\tquantity"


def split(
    content: bytes, charset: str = "", cuts: tuple[int, ...] = (), *, keeps_text: bool = True
) -> tuple[list[bytes], Ended, list[BadRow], RowSplitter]:
    """All rows, what it came to, and its bad rows."""
    splitter = RowSplitter(charset, keeps_text=keeps_text)
    places = sorted({0, len(content), *(cut for cut in cuts if cut < len(content))})
    rows = [row for start, end in pairwise(places) for row in splitter.feed(content[start:end])]
    ended = splitter.finish()
    return [*rows, *ended.rest], ended, splitter.take_bad_rows(), splitter


def told(content: bytes, charset: str = "") -> tuple[list[bytes], int, str]:
    rows, ended, _, splitter = split(content, charset)
    assert ended.rows == len(rows) and (splitter.header or not rows)
    return rows, ended.bad, ended.truncated


ROWS = [b"A\t1\t2", b"B\t3\t"]


@pytest.mark.parametrize(
    "content",
    [
        HEADER + b"\nA\t1\t2\nB\t3\t\n",
        HEADER + b"\r\nA\t1\t2\r\nB\t3\t\r\n",
        HEADER + b"\rA\t1\t2\rB\t3\t\r",
        HEADER + b"\r\nA\t1\t2\nB\t3\t\n",
        HEADER + b"\nA\t1\t2\nB\t3\t",
        b"\xef\xbb\xbf" + HEADER + b"\nA\t1\t2\nB\t3\t\n",
        b"\n\r\n  \n" + HEADER + b"\n\n\nA\t1\t2\n \t\t\n\nB\t3\t\n\n\n",
        HEADER + b"\nA\t1\t2\t\nB\t3\t\t\n",
    ],
    ids=["LF", "CRLF", "CR", "mixed", "no last end", "mark", "blank lines", "one tab more below"],
)
def test_lines_are_rows_whatever_ends_them(content: bytes) -> None:
    rows, bad, truncated = told(content)
    assert [row.rstrip(b"\t") for row in rows] == [row.rstrip(b"\t") for row in ROWS]
    assert (bad, truncated) == (0, "")


def test_a_header_with_a_tab_too_many_is_that_of_the_lines_below() -> None:
    assert told(HEADER + b"\t\nA\t1\t2\nB\t3\t\t\n") == ([b"A\t1\t2", b"B\t3\t\t"], 0, "")


def test_a_cr_within_a_line_of_a_file_that_ends_them_otherwise_is_part_of_a_value() -> None:
    assert told(HEADER + b"\nA\rB\t1\t2\n")[0] == [b"A\rB\t1\t2"]


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("announced", ["utf-16", "cp1252", ""])
def test_utf_16_with_a_mark_is_made_utf_8(charset: str, announced: str) -> None:
    mark = "" if charset == "utf-16" else "\ufeff"
    content = f"{mark}seller-sku\tprice\tquantity\nऊ\t1\tĊ\n".encode(charset)
    rows, _, _, splitter = split(content, announced)
    assert rows == ["ऊ\t1\tĊ".encode()] and splitter.charset == "utf-8"
    assert splitter.header == HEADER


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_told_by_its_first_letter(charset: str) -> None:
    content = "seller-sku\tprice\tquantity\nऊ\t1\tĊ\n".encode(charset)
    assert told(content, "utf-16")[0] == ["ऊ\t1\tĊ".encode()]


def test_second_bytes_of_japanese_letters_are_neither_tabs_nor_ends() -> None:
    letters = "ソ表能ポ十貼暴予鎚犾ﾀ"
    row = f"{letters}\t1\t2".encode("cp932")
    assert told(HEADER + b"\n" + row + b"\n", "cp932") == ([row], 0, "")


def test_quotes_mean_nothing() -> None:
    assert told(HEADER + b'\n"A\t1"\t2\n"B""\t3\t4\n')[0] == [b'"A\t1"\t2', b'"B""\t3\t4']


def test_lines_of_other_widths_are_kept_with_their_number_reason_and_text() -> None:
    content = HEADER + "\nA\t1\t2\n\nGröße\t1\nC\t1\t2\t3\t4\nD\t1\t2\n".encode("cp1252")
    rows, ended, bad, _ = split(content, "cp1252")
    assert rows == [b"A\t1\t2", b"D\t1\t2"]
    assert (ended.rows, ended.bad, ended.truncated) == (2, 2, "")
    assert bad == [
        BadRow(line=4, reason="it has 2 columns, the header 3", text="Größe\t1"),
        BadRow(line=5, reason="it has 5 columns, the header 3", text="C\t1\t2\t3\t4"),
    ]


def test_no_text_is_kept_of_what_may_be_personal() -> None:
    _, _, (bad,), _ = split(HEADER + b"\nCANARY\t1\nA\t1\t2\n", keeps_text=False)
    assert bad == BadRow(line=2, reason="it has 2 columns, the header 3")


def test_bad_rows_are_all_counted_and_not_all_kept() -> None:
    _, ended, bad, _ = split(HEADER + b"\n" + b"x\n" * (MOST_BAD_ROWS + 500))
    assert ended.bad == MOST_BAD_ROWS + 500 and len(bad) == MOST_BAD_ROWS


def test_bad_rows_can_be_taken_as_they_come() -> None:
    splitter = RowSplitter("", keeps_text=True)
    splitter.feed(HEADER + b"\nx\ny\n")
    assert [bad.line for bad in splitter.take_bad_rows()] == [2, 3]
    splitter.feed(b"z\n")
    assert [bad.line for bad in splitter.take_bad_rows()] == [4]


@pytest.mark.parametrize("cuts", [(), tuple(range(0, 3 * 2**20, 100_000))], ids=["at once", "in pieces"])
def test_a_line_without_end_is_bad_and_takes_no_memory(cuts: tuple[int, ...]) -> None:
    long = b"x" * (2 * 2**20) + b"\t1\t2\n"
    rows, ended, (bad,), _ = split(HEADER + b"\n" + long + b"A\t1\t2\n", cuts=cuts)
    assert rows == [b"A\t1\t2"] and ended.bad == 1
    assert bad == BadRow(line=2, reason="it is longer than 1 MiB", text="x" * 500)


@pytest.mark.parametrize(
    ("content", "rows", "truncated"),
    [
        (b"", [], "empty"),
        (b"\xef\xbb\xbf\r\n", [], "empty"),
        (HEADER + b"\r\n", [], ""),
        (HEADER, [], ""),
        (HEADER + b"\nA\t1\t2\nB\t3", [b"A\t1\t2"], "short last line"),
        (HEADER + b"\nA\t1\t2\nB", [b"A\t1\t2"], "short last line"),
        (HEADER + b"\nA\t1\t2\n", [b"A\t1\t2"], ""),
        (HEADER + b"\nA\t1\t2\n  ", [b"A\t1\t2"], ""),
    ],
    ids=[
        "nothing",
        "only a mark",
        "only a header",
        "header without end",
        "cut",
        "cut early",
        "whole",
        "blank",
    ],
)
def test_a_cut_report_is_told_from_a_whole_one(content: bytes, rows: list[bytes], truncated: str) -> None:
    assert told(content) == (rows, 0, truncated)


REPORTISH = st.lists(
    st.sampled_from(
        [HEADER, b"A\t1\t2", b"\t", b"\n", b"\r", b"\r\n", b"x", b"\xef\xbb\xbf", b"\xff\xfe", b"\0"]
    ),
    max_size=30,
).map(b"".join)
CHARSETS = st.sampled_from(["", "utf-8", "cp1252", "cp932", "utf-16", "utf-16-le", "gb18030"])


@settings(deadline=None)
@given(REPORTISH | st.binary(max_size=200), CHARSETS, st.lists(st.integers(0, 300)).map(tuple))
def test_where_a_report_is_cut_into_pieces_changes_nothing(
    content: bytes, charset: str, cuts: tuple[int, ...]
) -> None:
    rows, ended, bad, splitter = split(content, charset)
    again, ended_again, bad_again, splitter_again = split(content, charset, cuts)
    assert (rows, bad) == (again, bad_again)
    assert (ended.rows, ended.bad, ended.truncated) == (
        ended_again.rows,
        ended_again.bad,
        ended_again.truncated,
    )
    assert (splitter.header, splitter.charset) == (splitter_again.header, splitter_again.charset)
    assert ended.bad == len(bad) and ended.rows == len(rows)
