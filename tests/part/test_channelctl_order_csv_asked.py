"""`channelctl order cancel|refund --from`: the money of a whole file is asked about once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from channel_protocol.base import Refused, Request
from channel_protocol.order_answers import (
    OrderRefunded,
    RefundOrder,
)
from tests.part.test_channelctl_order_csv import ONE, REFUNDS, TWO, load
from tests.part.test_channelctl_process import converse
from tests.support.ctl import Ctl
from tests.support.ctl_answers import Office
from tests.support.fake_daemon import FakeDaemon, Line


@pytest.fixture
def office(daemon: FakeDaemon) -> Office:
    return Office(daemon)


@pytest.fixture
def ctl(daemon: FakeDaemon, office: Office) -> Ctl:
    assert office
    return Ctl(daemon.path)


def test_the_money_of_the_whole_file_is_asked_about_once(
    tmp_path: Path, daemon: FakeDaemon, office: Office
) -> None:
    office.refused[TWO] = Refused(code="over", message="More than was charged.")
    file = tmp_path / "refunds.csv"
    file.write_text(REFUNDS)
    said = converse(daemon.path, f"order refund --from {file}", {"[y/N]: ": "y"})
    assert "Refund 2 of 3 rows: buyers get back 24.00 EUR. Go on?" in said
    assert "3 rows: 2 queued, 1 refused." in said
    assert [getattr(each, "preview", None) for each in daemon.requests] == [True] * 3 + [False] * 2
    assert len(office.done) == 2


def test_sums_are_by_currency(daemon: FakeDaemon, office: Office, ctl: Ctl) -> None:
    def answer(request: Request) -> Iterator[Line]:
        for reply in office.answer(request):
            assert isinstance(reply, OrderRefunded)
            office.currency = "JPY" if office.currency == "EUR" else "EUR"
            yield reply

    daemon.script(RefundOrder, answer)
    result = ctl("order", "refund", "--from", "-", typed=REFUNDS)
    assert "24.00 EUR and 1200 JPY" in result.stderr


def test_what_is_cancelled_here_only_gives_nothing_back(office: Office, ctl: Ctl) -> None:
    office.here_only = {TWO}
    text = f"order_id,reason\n{ONE},NoInventory\n{TWO},NoInventory\n"
    asked = ctl("order", "cancel", "--from", "-", typed=text).stderr
    assert "Cancel 2 of 2 rows: buyers get back 24.00 EUR. 1 row cancelled here only; " in asked
    office.here_only = {ONE, TWO}
    asked = ctl("order", "cancel", "--from", "-", typed=text).stderr
    assert "rows: cancelled here only; Amazon is not told and no money goes back. Go on?" in asked
    assert [row["here_only"] for row in load(ctl, "cancel", text, "--yes")] == [True, True]


def test_where_nobody_can_agree_the_file_is_shown_and_nothing_is_done(
    daemon: FakeDaemon, office: Office, ctl: Ctl
) -> None:
    result = ctl("order", "refund", "--from", "-", typed=REFUNDS)
    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert result.stdout.count("12.00 EUR") == 3
    assert office.done == {}


def test_a_no_keeps_everything(tmp_path: Path, daemon: FakeDaemon, office: Office) -> None:
    file = tmp_path / "refunds.csv"
    file.write_text(REFUNDS)
    assert "Nothing was changed." in converse(daemon.path, f"order refund --from {file}", {"[y/N]: ": "n"})
    assert office.done == {}


def test_what_an_earlier_load_has_done_is_not_asked_about_again(
    daemon: FakeDaemon, office: Office, ctl: Ctl
) -> None:
    first = load(ctl, "refund", REFUNDS, "--yes")
    asked = len(daemon.requests)
    assert load(ctl, "refund", REFUNDS) == first, "without a question, as there is nothing to agree to"
    assert all(getattr(each, "preview", None) for each in daemon.requests[asked:])
    assert len(office.done) == 3


def test_while_refunds_are_off_nothing_is_asked_for_and_a_later_load_does_it(
    daemon: FakeDaemon, office: Office, ctl: Ctl
) -> None:
    office.refunds_off = True
    rows = load(ctl, "refund", REFUNDS, code=1)
    assert {(row["outcome"], row["code"], row["amount"]) for row in rows} == {("not sent", "not_sent", None)}
    assert "load the row again" in rows[0]["hint"]
    assert office.done == {}
    office.refunds_off = False
    load(ctl, "refund", REFUNDS, "--yes")
    assert len(office.done) == 3
