"""Rows of a CSV file: whatever a spreadsheet makes of a table, the same requests come out of it."""

import csv
import io
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from channel_protocol.errors import ClientError
from channel_protocol.order_answers import RefundOrder
from channelctl.order_csv.cells import Cells, trimmed
from channelctl.order_csv.columns import PROCESS, REFUND
from channelctl.order_csv.requests import VERBS, Command, commands
from channelctl.order_csv.results import Result
from channelctl.order_csv.table import DELIMITERS, read_table

NAMES = [column.name for column in REFUND]
BLANKS = st.sampled_from(["", " ", "\t", "\u00a0", "\ufeff", " \u200b "])
PLAIN = st.text(st.characters(exclude_categories=("C", "Z")), max_size=12).map(trimmed)
"""What a cell may mean, as it is after trimming."""
CELL = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
ROWS = st.lists(st.lists(PLAIN, min_size=len(NAMES), max_size=len(NAMES)).filter(any), min_size=1, max_size=5)


def text_of(rows: list[list[str]], delimiter: str = ",", ending: str = "\r\n") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator=ending).writerows(rows)
    return stream.getvalue()


def settled(cell: str) -> bool:
    """Nothing more would be taken from it."""
    return trimmed(cell) == cell


@given(
    rows=ROWS,
    order=st.permutations(range(len(NAMES))),
    delimiter=st.sampled_from(DELIMITERS),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
    blank=BLANKS,
)
def test_a_table_comes_back_as_it_was_written(
    rows: list[list[str]], order: list[int], delimiter: str, ending: str, blank: str
) -> None:
    rows = [[cell if settled(cell) else "" for cell in row] for row in rows]
    written = [[f"{blank}{row[column]}{blank}" for column in order] for row in [NAMES, *rows]]
    read = read_table(text_of(written, delimiter, ending), REFUND)
    wanted = [(number, dict(zip(NAMES, row, strict=True))) for number, row in enumerate(rows, 2) if any(row)]
    assert [(row.number, row.cells, row.problem) for row in read] == [(*each, "") for each in wanted]


@given(text=CELL | st.lists(st.lists(CELL, max_size=4), max_size=4).map(text_of))
def test_any_text_is_read_or_refused_with_words(text: str) -> None:
    for start in ("", "order_id,line,quantity\n"):
        try:
            rows = read_table(start + text, PROCESS)
        except ClientError as refused:
            assert refused.code == "invalid"
            assert refused.hint
        else:
            assert all(answered(each) for each in commands(VERBS["process"], rows))


def answered(command: Command) -> bool:
    """It is a request that can be sent, or an answer."""
    if isinstance(command.request, Result):
        return bool(command.request.message)
    return bool(msgspec.json.encode(command.request)) and len(command.request.command_id) <= 64


@given(cell=CELL)
def test_trimming_twice_is_trimming_once_but_for_a_text_in_a_text(cell: str) -> None:
    once = trimmed(cell)
    assert once == once.strip()
    if not once.startswith(("'", "=")):
        assert trimmed(once) == once


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (" MUG ", "MUG"),
        ("'=MUG", "=MUG"),
        ("'+44", "+44"),
        ("O'Neill", "O'Neill"),
        ("'MUG", "'MUG"),
        ('="00123"', "00123"),
        ('=" 00123 "', "00123"),
        ("-5", "-5"),
        ("\u00a0\ufeff7\u200b", "7"),
    ],
)
def test_what_a_spreadsheet_puts_around_a_value_is_taken_away(cell: str, text: str) -> None:
    assert trimmed(cell) == text


@given(
    minor=st.integers(1, 10**9),
    zeros=st.integers(0, 3),
    leading=st.integers(0, 3),
    quantity=st.integers(1, 999),
)
def test_an_amount_and_a_quantity_mean_the_same_however_they_are_written(
    minor: int, zeros: int, leading: int, quantity: int
) -> None:
    amount = f"{Decimal(minor).scaleb(-2):f}"
    plain = Cells({"amount": amount, "quantity": str(quantity)})
    padded = Cells(
        {"amount": "0" * leading + amount + "0" * zeros, "quantity": "0" * leading + str(quantity)}
    )
    assert plain.amount() == padded.amount(), "the requests are the same as well"
    assert plain.quantity() == padded.quantity() == quantity
    assert Decimal(plain.amount()) == Decimal(minor).scaleb(-2)
    assert plain.meaning == padded.meaning


REFUNDS = st.fixed_dictionaries(
    {
        "order_id": st.sampled_from(["1", "2"]),
        "line": st.sampled_from(["", "A", "B"]),
        "again": st.sampled_from(["yes", "no"]),
        "reason": st.sampled_from(["Other", "CustomerReturn"]),
        "ref": st.sampled_from(["", "a"]),
    }
)


@given(first=REFUNDS, second=REFUNDS)
def test_rows_are_one_command_if_and_only_if_they_mean_the_same(
    first: dict[str, str], second: dict[str, str]
) -> None:
    names = list(first)
    written = [names, *([each[name] for name in names] for each in (first, second))]
    rows = read_table(text_of(written), REFUND)
    one, two = commands(VERBS["refund"], rows)
    assert isinstance(one.request, RefundOrder)
    assert (isinstance(two.request, Result) and two.request.outcome == "same") == (first == second)


def test_the_id_of_a_row_stays_what_it_was_in_an_earlier_version() -> None:
    text = text_of([["order_id", "line", "component", "amount"], ["203-1", "MUG", "Tax", "2.50"]])
    (command,) = commands(VERBS["refund"], read_table(text, REFUND))
    assert isinstance(command.request, RefundOrder)
    assert command.request.command_id == "refund-b322dca4fac6b70ca81c07dd6e65a8e5d339950301a93c94"


SPELT = {
    "process": (
        "channel,carrier,service,tracking",
        "uk,Royal Mail,Tracked 24,AB12",
        "UK,royal mail,TRACKED 24,ab12",
    ),
    "cancel": ("channel,reason", "uk,NoInventory", "Uk,noinventory"),
    "refund": (
        "channel,reason,line,component,amount",
        "uk,Other,MUG,Principal,2",
        "UK,other,MUG,principal,2.00",
    ),
}


@pytest.mark.parametrize("verb", SPELT)
def test_a_row_in_other_capitals_is_the_same_command_and_is_sent_as_it_was_written(verb: str) -> None:
    columns, *spellings = SPELT[verb]
    ids: set[str] = set()
    for spelling in spellings:
        text = f"order_id,{columns}\n203-1,{spelling}\n"
        (command,) = commands(VERBS[verb], read_table(text, VERBS[verb].columns))
        assert not isinstance(command.request, Result)
        ids.add(command.request.command_id)
        assert spelling.split(",")[1] in msgspec.json.encode(command.request).decode()
    assert len(ids) == 1


def test_skus_that_differ_in_capitals_are_different_lines() -> None:
    text = text_of([["order_id", "line"], ["203-1", "MUG"], ["203-1", "mug"]])
    found = commands(VERBS["refund"], read_table(text, REFUND))
    assert not any(isinstance(each.request, Result) for each in found)


def test_the_same_row_for_another_verb_is_another_command() -> None:
    text = text_of([["order_id", "reason"], ["203-1", "Other"]])
    ids: set[str] = set()
    for name in ("cancel", "refund"):
        (command,) = commands(VERBS[name], read_table(text, VERBS[name].columns))
        assert not isinstance(command.request, Result)
        ids.add(command.request.command_id)
    assert len(ids) == 2
