"""`channelctl order`."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from channel_protocol import orders, work
from channel_protocol.audit import AuditRow
from channel_protocol.base import Refused
from tests.support.ctl import Ctl
from tests.support.fake_daemon import FakeDaemon

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ID = "203-1234567-1234567"
ORDER = orders.OrderRow(
    order_id=ID,
    channel="uk",
    account="eu",
    status="UNSHIPPED",
    state="open",
    fulfilled_by="MERCHANT",
    location="Default",
    purchased_at=NOON,
    received="2026-03-01 13:00",
    updated_at=NOON,
    ship_by=NOON,
    deliver_by=None,
    currency="GBP",
    total=1234,
    tax=206,
    units=2,
    lines=1,
    payment_method="Card",
    shipping_service="Standard",
    email_state="disclosed",
)
LINE = orders.OrderLine(
    order_item_id="1",
    sku="MUG-BLUE",
    asin="B000000001",
    title="A blue mug",
    quantity=2,
    fulfilled=0,
    unfulfilled=2,
    linked=True,
    net=1028,
    tax=206,
    gross=1234,
    amazon_tax=206,
    tax_rate="0.2004",
    facilitator=False,
    components={"ITEM": 1234},
)
ENTRY = AuditRow(
    entry=7,
    at=NOON,
    account="eu",
    channel="uk",
    order_id=ID,
    code="order.stored",
    text="Stored",
    by="channeld",
)
SHOWN = orders.OrderShown(
    row=ORDER,
    items=(LINE,),
    explanation=("12.34 for the mugs.",),
    facts={"Programs": "none"},
    audit=(ENTRY,),
)
PERSONAL = orders.OrderPersonal(order_id=ID, channel="uk", removed_at=None, fields={"name": "Ada Buyer"})


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[FakeDaemon]:
    with FakeDaemon(tmp_path / "channeld.sock") as daemon:
        daemon.on(orders.ListOrders, orders.OrderList(rows=(ORDER,)))
        daemon.on(orders.ShowOrder, SHOWN)
        daemon.on(work.ListWork, work.WorkList(rows=(), attention=0))
        daemon.on(orders.RevealOrder, PERSONAL)
        daemon.on(orders.SyncOrders, orders.OrdersSynced(complete=True, applied=5))
        yield daemon


def kinds(daemon: FakeDaemon) -> list[str]:
    return [type(request).__name__ for request in daemon.requests]


def test_list_shows_money_with_its_currency(daemon: FakeDaemon, ctl: Ctl) -> None:
    text = ctl("order", "list", "--channel", "uk", "--state", "open").stdout
    assert ID in text
    assert "12.34 GBP" in text
    assert daemon.requests == [orders.ListOrders(id=1, channel="uk", state="open", limit=100)]


def test_list_for_programs_keeps_minor_units_and_utc(ctl: Ctl) -> None:
    (row,) = ctl.json("order", "list")
    assert (row["total"], row["currency"], row["purchased_at"]) == (1234, "GBP", "2026-03-01T12:00:00Z")
    assert not any(isinstance(value, (list, dict)) for value in row.values())


QUARANTINED = orders.QuarantineRow(
    order_id=ID,
    channel="uk",
    account="eu",
    reason="no currency",
    hint="Wait.",
    since=NOON,
    attempts=3,
    next_attempt=NOON,
    dismissed_at=NOON,
)


def test_a_dismissed_order_is_told_to_be_tried_again_all_the_same(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(orders.DismissOrder, orders.OrderDismissed(row=QUARANTINED))
    assert "tried again by itself all the same" in ctl("order", "dismiss", ID).stdout
    assert ctl.json("order", "dismiss", ID, "--account", "eu")["dismissed_at"] == "2026-03-01T12:00:00Z"
    asked = daemon.requests[-1]
    assert isinstance(asked, orders.DismissOrder)
    assert (asked.order_id, asked.account) == (ID, "eu")


def test_quarantined_orders_have_their_reason(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(orders.ListQuarantine, orders.QuarantineList(rows=(QUARANTINED,)))
    assert "no currency" in ctl("order", "list", "--quarantined").stdout
    assert ctl.json("order", "list", "--quarantined")[0]["attempts"] == 3


def test_show_explains_the_total_and_reveals_nothing_unasked(daemon: FakeDaemon, ctl: Ctl) -> None:
    text = ctl("order", "show", ID).stdout
    for words in ("MUG-BLUE", "10.28 GBP", "12.34 for the mugs.", "Programs", "Stored"):
        assert words in text
    assert "RevealOrder" not in kinds(daemon)


def test_show_personal_asks_for_it_by_itself(daemon: FakeDaemon, ctl: Ctl) -> None:
    assert "Ada Buyer" in ctl("order", "show", ID, "--personal").stdout
    assert kinds(daemon).count("RevealOrder") == 1


def test_show_for_programs_has_the_parts_as_arrays(ctl: Ctl) -> None:
    document = ctl.json("order", "show", ID, "--personal")
    assert document["order_id"] == ID
    assert document["items"][0]["components"] == {"ITEM": 1234}
    assert document["audit"][0]["code"] == "order.stored"
    assert document["personal"] == {"removed_at": None, "fields": {"name": "Ada Buyer"}}


def test_a_buyers_words_do_not_steer_the_terminal(daemon: FakeDaemon, ctl: Ctl) -> None:
    hostile = orders.OrderPersonal(
        order_id=ID, channel="uk", removed_at=None, fields={"name": "\x1b[2JAda\x9b1m"}
    )
    daemon.on(orders.RevealOrder, hostile)
    text = ctl("order", "show", ID, "--personal").stdout
    assert "Ada" in text
    assert not {"\x1b", "\x9b"} & set(text)


def test_show_says_that_personal_data_was_removed(daemon: FakeDaemon, ctl: Ctl) -> None:
    gone = orders.OrderPersonal(order_id=ID, channel="uk", removed_at=NOON, fields={})
    daemon.on(orders.RevealOrder, gone)
    assert "Removed for good" in ctl("order", "show", ID, "--personal").stdout


def test_sync_waits_as_long_as_it_is_told(daemon: FakeDaemon, ctl: Ctl) -> None:
    assert "5 orders" in ctl("order", "sync", "uk", "--wait", "60").stdout
    (request,) = daemon.requests
    assert isinstance(request, orders.SyncOrders)
    assert (request.channel, request.wait) == ("uk", 60)


def test_sync_says_what_it_waits_for(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(orders.SyncOrders, orders.OrdersSynced(complete=False, applied=0, waits_for="a token"))
    assert "waits for a token" in ctl("order", "sync").stdout


def test_still_waiting_is_1(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(orders.SyncOrders, Refused(code="still_waiting", message="The search goes on."))
    assert ctl("order", "sync", "--wait", "1").exit_code == 1


def rewind(request: object) -> list[orders.OrdersRewound]:
    assert isinstance(request, orders.RewindOrders)
    message = "Orders are read again." if request.confirmed else "About 40 orders would be read again."
    return [orders.OrdersRewound(done=request.confirmed, message=message)]


def test_sync_from_a_date_shows_what_would_be_read_and_changes_nothing_unasked(
    daemon: FakeDaemon, ctl: Ctl
) -> None:
    daemon.script(orders.RewindOrders, rewind)
    result = ctl("order", "sync", "uk", "--from", "2026-02-01T00:00:00Z")
    assert result.exit_code == 2
    assert "About 40 orders" in result.stderr
    assert "--yes" in result.stderr
    assert [getattr(request, "confirmed", None) for request in daemon.requests] == [False]


def test_sync_from_a_date_with_yes_rewinds_and_then_searches(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.script(orders.RewindOrders, rewind)
    document = ctl.json("order", "sync", "uk", "--from", "2026-02-01T00:00:00+01:00", "--yes")
    assert document["rewound"] == "Orders are read again."
    first, second = daemon.requests
    assert isinstance(first, orders.RewindOrders)
    assert first.to == datetime(2026, 1, 31, 23, 0, tzinfo=UTC)
    assert isinstance(second, orders.SyncOrders)
    assert first.command_id != second.command_id


@pytest.mark.parametrize(
    ("outcome", "code"), [("inserted", 0), ("unchanged", 0), ("", 0), ("quarantined", 1), ("skipped", 1)]
)
def test_recover_succeeds_only_if_the_order_is_stored(
    daemon: FakeDaemon, ctl: Ctl, outcome: str, code: int
) -> None:
    daemon.on(orders.RecoverOrder, orders.OrderRecovered(complete=bool(outcome), outcome=outcome, row=None))
    assert ctl("order", "recover", ID).exit_code == code
    result = ctl("order", "recover", ID, "--json")
    assert f'"outcome": "{outcome}"' in result.stdout
    assert f'"order_id": "{ID}"' in result.stdout
