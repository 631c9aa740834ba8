"""`channelctl order process|cancel|refund --from FILE`: every row is answered, and nothing is done twice."""

import csv
import io
import json
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from channel_protocol.base import Problem, Refused, Request
from channel_protocol.order_answers import (
    CancelOrder,
    LineUnits,
    ProcessOrder,
    RefundOrder,
    RefundPart,
)
from tests.part.test_channelctl_process import start
from tests.support.ctl import Ctl
from tests.support.ctl_answers import Office
from tests.support.fake_daemon import HANG_UP, FakeDaemon, Line

ONE, TWO, THREE = (f"203-0000000-000000{number}" for number in (1, 2, 3))
REFUNDS = f"order_id,line,quantity,component,amount\n{ONE},MUG,1,,\n{TWO},,,,\n{THREE},CUP,,Principal,10.00\n"


@pytest.fixture
def office(daemon: FakeDaemon) -> Office:
    return Office(daemon)


@pytest.fixture
def ctl(daemon: FakeDaemon, office: Office) -> Ctl:
    assert office
    return Ctl(daemon.path)


def load(ctl: Ctl, verb: str, text: str, *more: str, code: int = 0) -> list[dict[str, Any]]:
    """The result rows."""
    result = ctl("order", verb, "--from", "-", "--json", *more, typed=text)
    assert result.exit_code == code, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def outcomes(rows: list[dict[str, Any]]) -> list[tuple[int, str]]:
    return [(row["row"], row["outcome"]) for row in rows]


def test_every_column_of_process_is_what_the_option_is(daemon: FakeDaemon, ctl: Ctl) -> None:
    text = (
        "order_id,channel,carrier,service,tracking,line,quantity,shipped_at,ref\n"
        f"{ONE},uk,DHL,Paket,00123,MUG,2,2026-03-01T13:00:00+01:00,first\n"
        f"{TWO},,,Express,,,,,\n"
    )
    assert outcomes(load(ctl, "process", text)) == [(2, "queued"), (3, "queued")]
    first, second = daemon.requests
    assert isinstance(first, ProcessOrder)
    assert isinstance(second, ProcessOrder)
    assert (first.order_id, first.channel, first.carrier, first.service) == (ONE, "uk", "DHL", "Paket")
    assert (first.tracking, first.lines) == ("00123", (LineUnits(line="MUG", quantity=2),))
    assert first.shipped_at == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert (second.order_id, second.channel, second.carrier, second.service) == (TWO, None, None, "Express")
    assert (second.tracking, second.lines, second.shipped_at) == ("", (), None)
    assert {each.command_id.partition("-")[0] for each in (first, second)} == {"process"}


def test_every_column_of_cancel_and_refund_is_what_the_option_is(daemon: FakeDaemon, ctl: Ctl) -> None:
    load(ctl, "cancel", f"order_id,reason,line,quantity\n{ONE},NoInventory,MUG,2\n", "--yes")
    text = f"order_id,reason,line,component,amount,again\n{ONE},Other,MUG,Shipping,2.05,yes\n"
    load(ctl, "refund", text, "--yes")
    cancel, refund = daemon.requests
    assert isinstance(cancel, CancelOrder)
    assert (cancel.reason, cancel.lines) == ("NoInventory", (LineUnits(line="MUG", quantity=2),))
    assert isinstance(refund, RefundOrder)
    assert (refund.reason, refund.again) == ("Other", True)
    assert refund.parts == (RefundPart(line="MUG", amounts={"Shipping": "2.05"}),)


def test_a_result_has_stable_fields(ctl: Ctl) -> None:
    (row,) = load(ctl, "refund", f"order_id\n{ONE}\n", "--yes")
    assert row == {
        "row": 2,
        "order_id": ONE,
        "channel": "uk",
        "outcome": "queued",
        "message": "The refund is queued.",
        "hint": "",
        "code": "",
        "amount": 1200,
        "currency": "EUR",
        "here_only": False,
    }


@pytest.mark.parametrize("verb", ["process", "cancel", "refund"])
def test_a_file_that_is_loaded_twice_does_nothing_twice(ctl: Ctl, office: Office, verb: str) -> None:
    text = f"order_id,reason\n{ONE},NoInventory\n{TWO},NoInventory\n"
    text = text.replace(",reason", "").replace(",NoInventory", "") if verb == "process" else text
    more = [] if verb == "process" else ["--yes"]
    first = load(ctl, verb, text, *more)
    office.refused = {each: Refused(code="refunded", message="It was already.") for each in (ONE, TWO)}
    assert load(ctl, verb, text, *more) == first
    assert len(office.done) == 2


SAME = {
    "the order of the columns": "line,order_id\nMUG,{}\n",
    "semicolons": "order_id;line\n{};MUG\n",
    "tabs, a mark and CRLF": "\ufefforder_id\tline\r\n{}\tMUG\r\n",
    "old line ends": "order_id,line\r{},MUG\r",
    "quotes and blanks": ' Order_ID , "LINE" \n "{}" , MUG \n'.replace(' "', '"').replace('" ', '"'),
    "a formula that keeps a text": 'order_id,line\n"=""{}""",MUG\n',
    "empty columns and lines": "\n,,\norder_id,line,amount,component,,\n,,,,,\n{},MUG,,,,\n\n",
    "capitals": "order_id,line,reason\n{},MUG,customerreturn\n",
    "what is the default": "order_id,line,reason,again\n{},MUG,CustomerReturn,No\n",
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_how_a_file_is_written_makes_no_other_command_of_a_row(ctl: Ctl, office: Office, text: str) -> None:
    load(ctl, "refund", f"order_id,line\n{ONE},MUG\n", "--yes")
    load(ctl, "refund", text.format(ONE), "--yes")
    assert len(office.done) == 1


def test_rows_that_are_alike_are_one_command_unless_their_refs_differ(daemon: FakeDaemon, ctl: Ctl) -> None:
    text = f"order_id,quantity,line,ref\n{ONE},1,MUG,\n{ONE},01,MUG,\n{ONE},1,MUG,b\n"
    rows = load(ctl, "refund", text, "--yes")
    assert outcomes(rows) == [(2, "queued"), (3, "same"), (4, "queued")]
    assert rows[1]["message"].startswith("Same as row 2")
    assert len({getattr(each, "command_id", None) for each in daemon.requests}) == len(daemon.requests) == 2


BAD = {
    "quantity is no number": ("order_id,line,quantity", "{},MUG,two", "quantity must"),
    "no units": ("order_id,line,quantity", "{},MUG,0", "quantity must"),
    "a unit and a half": ("order_id,line,quantity", "{},MUG,1.5", "quantity must"),
    "a quantity of nothing": ("order_id,line,quantity", "{},,1", "quantity needs a line"),
    "a decimal comma": ("order_id;line;component;amount", "{};MUG;Principal;10,00", "amount must"),
    "no amount": ("order_id,line,component,amount", "{},MUG,Principal,0.00", "amount must"),
    "less than nothing": ("order_id,line,component,amount", "{},MUG,Principal,-1", "amount must"),
    "an amount of what": ("order_id,line,component,amount", "{},MUG,,1.00", "amount needs a component"),
    "how much": ("order_id,line,component,amount", "{},MUG,Tax,", "component needs an amount"),
    "an amount of which line": ("order_id,line,component,amount", "{},,Tax,1.00", "amount needs a line"),
    "maybe": ("order_id,again", "{},perhaps", "again must be yes or no"),
    "too many cells": ("order_id,line", "{},MUG,2", "3 cells"),
    "too few cells": ("order_id,line,quantity", "{},MUG", "2 cells"),
    "no order": ("order_id,line", ",MUG", "order_id is missing"),
    "a number that a spreadsheet has shortened": ("order_id,line", "{},4.00638E+12", "line was shortened"),
}


@pytest.mark.parametrize(("header", "row", "why"), BAD.values(), ids=BAD)
def test_a_row_that_cannot_be_read_is_answered_and_the_others_are_done(
    daemon: FakeDaemon, ctl: Ctl, header: str, row: str, why: str
) -> None:
    good = next(each for each in header if each in ";,") * header.replace(";", ",").count(",")
    text = f"{header}\n{row.format(ONE)}\n{TWO}{good}\n"
    bad, done = load(ctl, "refund", text, "--yes", code=1)
    assert (bad["row"], bad["outcome"], bad["code"]) == (2, "refused", "invalid_row")
    assert why in bad["message"]
    assert (done["row"], done["outcome"], done["order_id"]) == (3, "queued", TWO)
    assert len(daemon.requests) == 1


def test_a_row_with_several_mistakes_names_all_and_repeats_no_cell(ctl: Ctl) -> None:
    text = "order_id,line,quantity,shipped_at\n,MUG,Ada Buyer,soon\n"
    (row,) = load(ctl, "process", text, code=1)
    assert [each in row["message"] for each in ("order_id", "quantity", "shipped_at", "Ada")] == [1, 1, 1, 0]


def test_what_the_daemon_refuses_is_told_with_every_problem_and_the_hint(ctl: Ctl, office: Office) -> None:
    problem = Problem(key="reason", message="is not one of Amazon's", nearest="NoInventory")
    office.refused[ONE] = Refused(code="invalid", message="No.", hint="Take another.", problems=(problem,))
    text = f"order_id,reason\n{ONE},noinventroy\n{TWO},NoInventory\n"
    refused, done = load(ctl, "cancel", text, "--yes", code=1)
    assert refused["message"] == "No. reason: is not one of Amazon's (did you mean NoInventory?)"
    assert (refused["code"], refused["hint"]) == ("invalid", "Take another.")
    assert done["outcome"] == "queued"


FILES = {
    "an unknown column": ("order_id,quantaty\n", "quantaty: is not a column (did you mean quantity?)"),
    "a missing column": ("line,quantity\n", "reason: is missing"),
    "a column twice": ("order_id,reason,Order ID\n", "order_id: is there twice"),
    "nothing": ("\n  \n", "is empty"),
    "a quotation mark that is not closed": (f'order_id,reason\n{ONE},a\n"{TWO},b\n', "Row 3"),
}


@pytest.mark.parametrize(("text", "why"), FILES.values(), ids=FILES)
def test_a_file_that_is_wrong_as_a_whole_is_refused_before_anything_is_done(
    daemon: FakeDaemon, ctl: Ctl, text: str, why: str
) -> None:
    result = ctl("order", "cancel", "--from", "-", "--yes", typed=text)
    assert result.exit_code == 1
    assert why in result.stderr
    assert daemon.requests == []


def test_a_file_without_rows_is_nothing_to_do(daemon: FakeDaemon, ctl: Ctl) -> None:
    result = ctl("order", "refund", "--from", "-", typed="order_id\n")
    assert result.exit_code == 0
    assert "nothing to do" in result.stdout
    assert daemon.requests == []


@pytest.mark.parametrize("raw", ["order_id\nМ".encode("utf-16"), b"order_id\n\xff\n"])
def test_a_file_in_another_encoding_is_wrong_usage(ctl: Ctl, tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "rows.csv").write_bytes(raw)
    result = ctl("order", "refund", "--from", str(tmp_path / "rows.csv"))
    assert result.exit_code == 2
    assert "UTF-8" in result.stderr


def test_a_file_that_is_not_there_is_wrong_usage(ctl: Ctl) -> None:
    assert ctl("order", "refund", "--from", "/nowhere/rows.csv").exit_code == 2


def test_nothing_is_read_beyond_a_sane_size(ctl: Ctl) -> None:
    result = ctl("order", "refund", "--from", "/dev/zero")
    assert result.exit_code == 2
    assert "MiB" in result.stderr


@pytest.mark.parametrize("as_json", [True, False])
def test_a_daemon_that_goes_in_the_middle_leaves_no_row_without_an_answer(
    daemon: FakeDaemon, office: Office, ctl: Ctl, as_json: bool
) -> None:
    def answer(request: Request) -> Iterator[Line]:
        if office.done:
            yield HANG_UP
        yield from office.answer(request)

    daemon.script(RefundOrder, answer)
    result = ctl("order", "refund", "--from", "-", "--yes", *(["--json"] if as_json else []), typed=REFUNDS)
    assert result.exit_code == 1
    for words in ("queued", "unknown", "not tried", "not sent", "done twice", ONE, TWO, THREE):
        assert words in result.stdout
    daemon.script(RefundOrder, office.answer)
    assert outcomes(load(ctl, "refund", REFUNDS, "--yes")) == [(2, "queued"), (3, "queued"), (4, "queued")]
    assert len(office.done) == 3


def test_without_a_daemon_it_ends_with_3(tmp_path: Path) -> None:
    result = Ctl(tmp_path / "absent.sock")("order", "refund", "--from", "-", "--yes", typed=REFUNDS)
    assert result.exit_code == 3


def test_people_get_a_table_and_the_counts(ctl: Ctl, office: Office) -> None:
    office.refused[TWO] = Refused(code="unknown_order", message="There is no such order.")
    result = ctl("order", "refund", "--from", "-", "--yes", typed=REFUNDS)
    assert result.exit_code == 1
    assert "There is no such order." in result.stdout
    assert "3 rows: 2 queued, 1 refused." in result.stdout


def test_hundreds_of_rows_are_all_answered_in_their_order(ctl: Ctl, office: Office) -> None:
    stream = io.StringIO()
    table = csv.writer(stream)
    table.writerows([["order_id", "tracking"], *([ONE, f"T{number}"] for number in range(500))])
    rows = load(ctl, "process", stream.getvalue())
    assert [row["row"] for row in rows] == list(range(2, 502))
    assert len(office.done) == 500


@pytest.mark.parametrize("verb", ["process", "cancel", "refund"])
def test_help_names_every_column(ctl: Ctl, verb: str) -> None:
    text = ctl("order", verb, "--help").stdout
    for name in ("order_id", "channel", "line", "quantity", "ref", "semicolon", "twice"):
        assert name in text


def test_ctrl_c_in_the_middle_leaves_no_row_without_an_answer(
    tmp_path: Path, daemon: FakeDaemon, office: Office
) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(f"order_id\n{ONE}\n{TWO}\n{THREE}\n")

    def answer(request: Request) -> Iterator[Line]:
        if office.done:
            ctl.send_signal(signal.SIGINT)
        else:
            yield from office.answer(request)

    daemon.script(ProcessOrder, answer)
    with start(daemon.path, f"order process --from {file}") as ctl:
        output, _ = ctl.communicate(timeout=60)
    assert ctl.returncode == 130
    assert "3 rows: 1 queued, 1 unknown, 1 not tried." in output
