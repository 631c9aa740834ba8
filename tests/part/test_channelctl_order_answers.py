"""`channelctl order process`, `cancel` and `refund`, an order at a time."""

import msgspec
import pytest

from channel_protocol.base import Problem, Refused, Request
from channel_protocol.order_answers import (
    CancelOrder,
    LineUnits,
    OrderCancelled,
    OrderProcessed,
    ProcessOrder,
    RefundOrder,
    RefundPart,
)
from tests.part.test_channelctl_process import converse
from tests.support.ctl import Ctl
from tests.support.ctl_answers import ID, LINE, NOON, Office, work_row
from tests.support.fake_daemon import FakeDaemon


@pytest.fixture
def office(daemon: FakeDaemon) -> Office:
    return Office(daemon)


@pytest.fixture
def ctl(daemon: FakeDaemon, office: Office) -> Ctl:
    assert office
    return Ctl(daemon.path)


def only(daemon: FakeDaemon) -> Request:
    (request,) = daemon.requests
    return request


def test_process_says_everything_that_was_typed(daemon: FakeDaemon, ctl: Ctl) -> None:
    result = ctl(
        *("order", "process", ID, "--carrier", "DHL", "--service", "Paket", "--tracking", "00123"),
        *("--lines", "MUG=2,CUP,RED=1", "--line", "BOWL=3", "--channel", "uk", "--force"),
        *("--shipped-at", "2026-03-01T13:00:00+01:00"),
    )
    assert result.exit_code == 0
    assert "The note is queued." in result.stdout
    assert "BOWL" in result.stdout, "what is in the parcel"
    assert "17" in result.stdout
    asked = only(daemon)
    assert isinstance(asked, ProcessOrder)
    assert msgspec.structs.replace(asked, command_id="", id=0) == ProcessOrder(
        command_id="",
        order_id=ID,
        channel="uk",
        carrier="DHL",
        service="Paket",
        tracking="00123",
        lines=tuple(
            LineUnits(line=line, quantity=units) for line, units in (("MUG", 2), ("CUP,RED", 1), ("BOWL", 3))
        ),
        shipped_at=NOON,
        force=True,
    )


@pytest.mark.parametrize(
    ("outcome", "code"), [("queued", 0), ("not required", 0), ("rejected", 1)], ids=lambda each: str(each)
)
def test_process_fails_only_when_amazon_is_not_told_although_it_should_be(
    daemon: FakeDaemon, ctl: Ctl, outcome: str, code: int
) -> None:
    processed = OrderProcessed(
        order_id=ID, channel="uk", parcel=(), outcome=outcome, message="So it is.", left=0
    )
    daemon.on(ProcessOrder, processed)
    assert ctl("order", "process", ID).exit_code == code


def test_a_note_that_is_held_says_why(daemon: FakeDaemon, ctl: Ctl) -> None:
    row = work_row(held="dry run")
    processed = OrderProcessed(
        order_id=ID, channel="uk", parcel=(), outcome="queued", message="Queued.", row=row, left=2
    )
    daemon.on(ProcessOrder, processed)
    text = ctl("order", "process", ID).stdout
    assert "held: dry run" in text
    assert "Still to be sent: 2" in text
    assert ctl.json("order", "process", ID)["row"]["held"] == "dry run"


def test_an_unmapped_service_is_said_at_once_with_what_to_type(daemon: FakeDaemon, ctl: Ctl) -> None:
    problem = Problem(key="service", message="is not mapped")
    hint = 'channelctl mapping despatch set uk "Post" "DHL / Paket"'
    daemon.on(ProcessOrder, Refused(code="invalid", message="No carrier.", hint=hint, problems=(problem,)))
    result = ctl("order", "process", ID, "--service", "Post")
    assert result.exit_code == 1
    assert "service: is not mapped" in result.stderr
    assert hint in result.stderr


@pytest.mark.parametrize("typed", ["", "MUG", "MUG=", "MUG=0", "MUG=-1", "MUG=1.5", "MUG=1,CUP", "=1"])
def test_units_that_are_none_are_wrong_usage(daemon: FakeDaemon, ctl: Ctl, typed: str) -> None:
    result = ctl("order", "process", ID, "--line", typed)
    assert result.exit_code == 2
    assert "MUG-BLUE=2" in result.stderr
    assert daemon.requests == []


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("MUG", RefundPart(line="MUG")),
        ("MUG=2", RefundPart(line="MUG", quantity=2)),
        ("A:B/C", RefundPart(line="A:B/C")),
        ("A=B=2", RefundPart(line="A=B", quantity=2)),
        (
            "MUG:Principal=10.00,Shipping=2.5",
            RefundPart(line="MUG", amounts={"Principal": "10.00", "Shipping": "2.5"}),
        ),
    ],
)
def test_refund_takes_all_of_a_line_or_units_or_amounts(
    daemon: FakeDaemon, ctl: Ctl, typed: str, part: RefundPart
) -> None:
    assert ctl("order", "refund", ID, "--line", typed, "--yes").exit_code == 0
    asked = only(daemon)
    assert isinstance(asked, RefundOrder)
    assert asked.parts == (part,)
    assert asked.reason == "CustomerReturn"


@pytest.mark.parametrize(
    "typed",
    [
        *("", "MUG=", "MUG=two", "MUG=0", "MUG=1,5:Tax=1", "A:B=1:Shipping=2", ":Tax=1", "MUG:Tax=-1"),
        *(
            "MUG:Principal=10,00",
            "MUG:Principal=1.000,50",
            "MUG:Principal=",
            "MUG:Tax=1,Tax=2",
            "MUG:Tax=1 EUR",
        ),
    ],
)
def test_a_refund_that_could_be_misread_is_not_sent(daemon: FakeDaemon, ctl: Ctl, typed: str) -> None:
    assert ctl("order", "refund", ID, "--line", typed, "--yes").exit_code == 2
    assert daemon.requests == []


def test_cancel_needs_a_reason(daemon: FakeDaemon, ctl: Ctl) -> None:
    result = ctl("order", "cancel", ID, "--yes")
    assert result.exit_code == 2
    assert "NoInventory" in result.stderr
    assert daemon.requests == []


MONEY = {
    "cancel": (("order", "cancel", ID, "--reason", "NoInventory"), ("24.00 EUR", "item-1", "MUG-BLUE")),
    "refund": (
        ("order", "refund", ID),
        ("MUG-BLUE", "Principal 10.00, Tax 2.00", "12.00 EUR", "41.00 EUR", "5.00 EUR", "adjustment"),
    ),
}


@pytest.mark.parametrize(("words", "shown"), MONEY.values(), ids=MONEY)
def test_where_nobody_can_agree_the_money_is_shown_and_nothing_is_done(
    daemon: FakeDaemon, ctl: Ctl, words: tuple[str, ...], shown: tuple[str, ...]
) -> None:
    result = ctl(*words)
    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert not [each for each in shown if each not in result.stdout]
    asked = only(daemon)
    assert isinstance(asked, (CancelOrder, RefundOrder))
    assert asked.preview
    assert asked.command_id != asked.deed_id


@pytest.mark.parametrize(("words", "shown"), MONEY.values(), ids=MONEY)
def test_with_yes_it_is_done_and_a_repeat_gets_the_first_answer(
    ctl: Ctl, office: Office, words: tuple[str, ...], shown: tuple[str, ...]
) -> None:
    for _ in range(2):
        result = ctl(*words, "--yes", "--command-id", "once-and-for-all")
        assert result.exit_code == 0
        assert "queued" in result.stdout
        assert not [each for each in shown if each not in result.stdout]
        office.refused[ID] = Refused(code="again", message="The same was refunded already.")
    assert list(office.done) == ["once-and-for-all"]


@pytest.mark.parametrize("words", [each[0] for each in MONEY.values()], ids=MONEY)
def test_what_an_earlier_command_with_this_id_has_done_is_not_asked_about_again(
    daemon: FakeDaemon, ctl: Ctl, words: tuple[str, ...]
) -> None:
    ctl(*words, "--yes", "--command-id", "once-and-for-all")
    result = ctl(*words, "--command-id", "once-and-for-all")
    assert result.exit_code == 0
    assert [getattr(request, "preview", None) for request in daemon.requests] == [False, True]


@pytest.mark.parametrize("words", [each[0] for each in MONEY.values()], ids=MONEY)
def test_for_programs_the_answer_is_one_flat_document_in_minor_units(
    ctl: Ctl, words: tuple[str, ...]
) -> None:
    document = ctl.json(*words, "--yes")
    assert document["done"] is True
    assert document["outcome"] == "queued"
    assert document["currency"] == "EUR"
    assert document["amount"] in (1200, 2400)


@pytest.mark.parametrize("words", [each[0] for each in MONEY.values()], ids=MONEY)
def test_at_a_terminal_a_person_sees_the_money_and_may_say_no(
    daemon: FakeDaemon, office: Office, words: tuple[str, ...]
) -> None:
    said = converse(daemon.path, " ".join(words), {"[y/N]: ": "n"})
    assert "EUR" in said
    assert "Nothing was changed." in said
    assert office.done == {}


@pytest.mark.parametrize("words", [each[0] for each in MONEY.values()], ids=MONEY)
def test_at_a_terminal_a_yes_does_it_under_an_id_of_its_own(
    daemon: FakeDaemon, office: Office, words: tuple[str, ...]
) -> None:
    assert "is queued." in converse(daemon.path, " ".join(words), {"[y/N]: ": "y"})
    look, deed = daemon.requests
    assert isinstance(look, (CancelOrder, RefundOrder))
    assert isinstance(deed, (CancelOrder, RefundOrder))
    assert (look.preview, deed.preview) == (True, False)
    assert look.command_id != deed.command_id
    assert look.deed_id == deed.command_id
    assert len(office.done) == 1


def test_money_that_amazon_does_not_show_is_not_made_up(daemon: FakeDaemon, ctl: Ctl) -> None:
    unknown = OrderCancelled(
        order_id=ID,
        channel="uk",
        done=True,
        outcome="queued",
        message="Queued.",
        lines=(),
        currency="",
        amount=None,
    )
    daemon.on(CancelOrder, unknown)
    text = ctl("order", "cancel", ID, "--reason", "NoInventory", "--yes").stdout
    assert "no reliable money" in text


def test_a_cancellation_that_amazon_is_not_told_of_gives_nothing_back(ctl: Ctl, office: Office) -> None:
    office.here_only = {ID}
    words = ("order", "cancel", ID, "--reason", "NoInventory")
    told = "Cancelled here only; Amazon is not told and no money goes back."
    for result in (ctl(*words), ctl(*words, "--yes")):
        assert told in result.stdout
        assert "gets back" not in result.stdout + result.stderr


@pytest.mark.parametrize(
    ("again", "currency", "shown"), [(False, "EUR", "12.00 EUR"), (True, "JPY", "1200 JPY")]
)
def test_again_and_currencies_without_decimals(
    daemon: FakeDaemon, ctl: Ctl, office: Office, again: bool, currency: str, shown: str
) -> None:
    office.currency = currency
    text = ctl("order", "refund", ID, "--yes", *(["--again"] if again else [])).stdout
    assert f"Total: {shown}." in text
    assert getattr(only(daemon), "again", None) is again


def test_a_refund_that_gives_nothing_back_is_not_asked_about_and_fails(
    daemon: FakeDaemon, ctl: Ctl, office: Office
) -> None:
    office.refunds_off = True
    assert ctl("order", "refund", ID).exit_code == 1
    assert getattr(only(daemon), "preview", None) is True
    assert ctl("order", "refund", ID, "--yes", "--json").exit_code == 1


@pytest.mark.parametrize("verb", ["process", "cancel", "refund"])
def test_an_order_or_a_file_must_be_named_and_not_both(daemon: FakeDaemon, ctl: Ctl, verb: str) -> None:
    assert "--from" in ctl("order", verb).stderr
    both = ctl("order", verb, ID, "--from", "-", "--channel", "uk")
    assert both.exit_code == 2
    assert "leave out ID, --channel" in both.stderr
    assert daemon.requests == []


def test_a_refund_by_cancellation_is_told_apart(daemon: FakeDaemon, ctl: Ctl, office: Office) -> None:
    lines = (LINE, msgspec.structs.replace(LINE, by_cancellation=True, sku="CUP"))
    answer = next(iter(office.answer(RefundOrder(command_id="seen-before", order_id=ID, preview=True))))
    daemon.on(RefundOrder, msgspec.structs.replace(answer, lines=lines))
    text = ctl("order", "refund", ID).stdout
    assert ["cancellation" in line for line in text.splitlines() if "CUP" in line] == [True]
    assert ["adjustment" in line for line in text.splitlines() if "MUG" in line] == [True]
