"""`channelctl work` and `feed`, and what `order show` and `mapping despatch` have of outbound work."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from channel_protocol import orders
from channel_protocol.audit import AuditList, ListAudit
from channel_protocol.base import Refused, Request
from channel_protocol.feeds import (
    AbandonFeed,
    FeedAbandoned,
    FeedList,
    FeedMessage,
    FeedRow,
    FeedShown,
    ListFeeds,
    ShowFeed,
)
from channel_protocol.mappings import ListMappings, MappingChanged, MappingList, MappingRow, SetMapping
from channel_protocol.work import (
    AdoptWork,
    DismissWork,
    ListWork,
    RetryWork,
    ShowWork,
    WorkAdopted,
    WorkChanged,
    WorkFeed,
    WorkLine,
    WorkList,
    WorkShown,
)
from tests.part.test_channelctl_order import SHOWN
from tests.part.test_channelctl_process import converse
from tests.support.ctl import Ctl
from tests.support.ctl_answers import ENTRY, ID, NOON, work_row
from tests.support.fake_daemon import FakeDaemon

REFUND = work_row(
    18,
    kind="refund",
    state="needs_attention",
    says="ERROR",
    summary="MUG-BLUE: Principal 10.00",
    amount=1000,
    currency="EUR",
    attempts=5,
    attempts_allowed=5,
    reason="Amazon refused it",
    hint="See Seller Central.",
)
HELD = work_row(held="dry run", next_at=NOON)
SHOWN_WORK = WorkShown(
    row=REFUND,
    lines=(WorkLine(order_item_id="item-1", sku="MUG-BLUE", components={"Principal": 1000}),),
    facts={"Reason told to Amazon": "CustomerReturn"},
    feeds=(WorkFeed(number=3, feed_id="F-3", message_id=1, result="error", code="25013"),),
    request="<OrderAdjustment>\n</OrderAdjustment>",
    audit=(ENTRY,),
)
FEED = FeedRow(
    number=3,
    account="eu",
    feed_type="POST_PAYMENT_ADJUSTMENT_DATA",
    feed_id="F-3",
    state="done",
    amazon_status="DONE",
    messages=2,
    successful=1,
    with_error=1,
    with_warning=0,
    created_at=NOON,
    submitted_at=NOON,
    next_look=None,
    stuck_since=None,
    ended_at=NOON,
    reason="",
    hint="",
)


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[FakeDaemon]:
    with FakeDaemon(tmp_path / "channeld.sock") as daemon:
        daemon.on(ListWork, WorkList(rows=(REFUND, HELD), attention=1))
        daemon.script(ShowWork, _show)
        daemon.on(RetryWork, WorkChanged(rows=(HELD,)))
        daemon.on(DismissWork, WorkChanged(rows=(work_row(state="dismissed", says="dismissed"),)))
        daemon.script(AdoptWork, _adopt)
        daemon.on(ListFeeds, FeedList(rows=(FEED,)))
        daemon.script(AbandonFeed, _abandon)
        daemon.on(orders.ShowOrder, SHOWN)
        yield daemon


def _show(request: Request) -> list[WorkShown]:
    assert isinstance(request, ShowWork)
    return (
        [msgspec.structs.replace(SHOWN_WORK, row=work_row(request.work_id))]
        if request.work_id != 18
        else [SHOWN_WORK]
    )


def _adopt(request: Request) -> list[WorkAdopted]:
    assert isinstance(request, AdoptWork)
    message = "12 are sent now." if request.confirmed else "12 pieces of work would be sent."
    return [WorkAdopted(done=request.confirmed, message=message, held=12)]


def _abandon(request: Request) -> list[FeedAbandoned]:
    assert isinstance(request, AbandonFeed)
    message = "2 messages in doubt." if request.confirmed else "2 messages would be in doubt."
    row = msgspec.structs.replace(FEED, state="abandoned") if request.confirmed else FEED
    return [FeedAbandoned(done=request.confirmed, row=row, message=message, in_doubt=2)]


def last(daemon: FakeDaemon) -> Request:
    return daemon.requests[-1]


def test_list_says_what_needs_attention_what_is_held_and_why(daemon: FakeDaemon, ctl: Ctl) -> None:
    text = ctl("work", "list").stdout
    for words in (
        "ERROR",
        "10.00 EUR",
        "5 of 5",
        "Amazon refused it",
        "held: dry run",
        "1 piece needs attention",
    ):
        assert words in text
    assert text.index("ERROR") < text.index("held"), "in the daemon's order"


def test_list_passes_every_filter_on(daemon: FakeDaemon, ctl: Ctl) -> None:
    words = [
        "--kind",
        "refund",
        "--channel",
        "uk",
        "--state",
        "unknown",
        "--attention",
        "--open",
        "--limit=7",
    ]
    assert ctl("work", "list", "--order", ID, *words).exit_code == 0
    assert last(daemon) == ListWork(
        id=1, kind="refund", channel="uk", order_id=ID, state="unknown", attention=True, open=True, limit=7
    )


def test_list_for_programs_is_an_array_of_flat_rows(ctl: Ctl) -> None:
    first, second = ctl.json("work", "list")
    assert (first["work_id"], first["amount"], first["currency"], first["state"]) == (
        *(18, 1000, "EUR"),
        "needs_attention",
    )
    assert second["next_at"] == "2026-03-01T12:00:00Z"
    assert not any(isinstance(value, (list, dict)) for value in first.values())


def test_an_empty_list_says_how_work_begins(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(ListWork, WorkList(rows=(), attention=0))
    assert "order process" in ctl("work", "list").stdout


def test_show_has_what_amazon_is_told_its_feeds_and_its_history(ctl: Ctl) -> None:
    text = ctl("work", "show", "18").stdout
    for words in ("CustomerReturn", "<OrderAdjustment>", "25013", "Principal 10.00", "Order Despatch Failed"):
        assert words in text
    assert "unknown carrier (attempt 1)" in text
    document = ctl.json("work", "show", "18")
    assert document["lines"][0]["components"] == {"Principal": 1000}
    assert document["feeds"][0]["code"] == "25013"
    assert document["audit"][0]["reason"] == "unknown carrier (attempt 1)"
    assert document["request"].startswith("<OrderAdjustment>")


def test_retry_takes_several_and_what_is_to_be_another(daemon: FakeDaemon, ctl: Ctl) -> None:
    words = ["--carrier", "DHL", "--service", "Paket", "--tracking", "00123", "--force", "--yes"]
    assert "held: dry run" in ctl("work", "retry", "17", "18", *words).stdout
    asked = last(daemon)
    assert isinstance(asked, RetryWork)
    assert (asked.work_ids, asked.carrier, asked.service) == ((17, 18), "DHL", "Paket")
    assert (asked.tracking, asked.force) == ("00123", True)


def test_retry_of_a_refund_in_doubt_is_explained(daemon: FakeDaemon, ctl: Ctl) -> None:
    hint = "`channelctl work retry 18 --force` pays it again."
    daemon.on(RetryWork, Refused(code="in_doubt", message="The outcome of 18 is not known.", hint=hint))
    result = ctl("work", "retry", "18", "--yes")
    assert result.exit_code == 1
    for words in ("not known", hint):
        assert words in result.stderr


def retries(daemon: FakeDaemon) -> list[Request]:
    return [each for each in daemon.requests if isinstance(each, RetryWork)]


def test_retry_of_a_refund_shows_the_amount_and_needs_a_yes(daemon: FakeDaemon, ctl: Ctl) -> None:
    result = ctl("work", "retry", "17", "18")
    assert result.exit_code == 2
    assert "10.00 EUR" in result.stdout
    assert "give back 10.00 EUR" in result.stderr
    assert "--yes" in result.stderr
    assert retries(daemon) == []
    assert ctl("work", "retry", "17", "18", "--yes").exit_code == 0
    assert len(retries(daemon)) == 1


def test_retry_of_a_refund_at_a_terminal(daemon: FakeDaemon) -> None:
    assert "Nothing was changed." in converse(daemon.path, "work retry 18", {"[y/N]: ": "n"})
    assert retries(daemon) == []
    said = converse(daemon.path, "work retry 18 --force", {"[y/N]: ": "y"})
    assert "may be paid twice" in said
    assert len(retries(daemon)) == 1


def test_retry_of_what_pays_nothing_is_not_asked_about(daemon: FakeDaemon, ctl: Ctl) -> None:
    assert ctl("work", "retry", "17").exit_code == 0
    assert len(retries(daemon)) == 1


def test_dismiss_shows_what_it_is_and_needs_a_yes(daemon: FakeDaemon, ctl: Ctl) -> None:
    result = ctl("work", "dismiss", "17", "18")
    assert result.exit_code == 2
    assert "Amazon refused it" in result.stdout
    assert "--yes" in result.stderr
    assert not [each for each in daemon.requests if isinstance(each, DismissWork)]


def test_dismiss_with_yes_does_it_at_once(daemon: FakeDaemon, ctl: Ctl) -> None:
    (row,) = ctl.json("work", "dismiss", "17", "18", "--yes")
    assert row["state"] == "dismissed"
    (asked,) = daemon.requests
    assert isinstance(asked, DismissWork)
    assert asked.work_ids == (17, 18)


def test_adopt_says_what_would_be_sent_before_it_is(daemon: FakeDaemon, ctl: Ctl) -> None:
    result = ctl("work", "adopt")
    assert result.exit_code == 2
    assert "12 pieces of work would be sent." in result.stderr
    assert [getattr(each, "confirmed", None) for each in daemon.requests] == [False]


def test_adopt_asks_nothing_where_there_is_nothing_to_take_over(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(AdoptWork, WorkAdopted(done=False, foreign=False, message="It is its own.", held=0))
    result = ctl("work", "adopt")
    assert (result.exit_code, result.stdout) == (0, "It is its own.\n")
    assert len(daemon.requests) == 1


def test_adopt_at_a_terminal(daemon: FakeDaemon) -> None:
    assert "12 are sent now." in converse(daemon.path, "work adopt", {"[y/N]: ": "y"})
    look, deed = daemon.requests
    assert isinstance(look, AdoptWork)
    assert isinstance(deed, AdoptWork)
    assert (look.confirmed, deed.confirmed) == (False, True)
    assert look.command_id != deed.command_id


def test_adopt_with_yes_for_programs(ctl: Ctl) -> None:
    assert ctl.json("work", "adopt", "--yes") == {
        "done": True,
        "foreign": True,
        "message": "12 are sent now.",
        "held": 12,
        "skus": 0,
    }


@pytest.mark.parametrize("words", ["show 0", "show x", "retry", "dismiss -1 --yes", f"show {2**63}"])
def test_what_is_no_number_of_work_is_wrong_usage(daemon: FakeDaemon, ctl: Ctl, words: str) -> None:
    assert ctl("work", *words.split()).exit_code == 2
    assert daemon.requests == []


def test_feeds_are_listed_and_shown_with_what_came_of_each_message(daemon: FakeDaemon, ctl: Ctl) -> None:
    assert "F-3" in ctl("feed", "list", "--account", "eu", "--type", FEED.feed_type).stdout
    assert last(daemon) == ListFeeds(id=1, account="eu", feed_type=FEED.feed_type, limit=100)
    message = FeedMessage(message_id=1, work_id=18, order_id=ID, result="error", code="25013")
    daemon.on(ShowFeed, FeedShown(row=FEED, results=(message,)))
    assert "25013" in ctl("feed", "show", "F-3").stdout
    document = ctl.json("feed", "show", "3")
    assert (document["number"], document["results"][0]["work_id"]) == (3, 18)
    assert last(daemon) == ShowFeed(id=1, feed="3", limit=1000)
    assert ctl.json("feed", "list")[0]["with_error"] == 1


def test_no_feed_says_what_feeds_are_for(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(ListFeeds, FeedList(rows=()))
    assert "Cancellations" in ctl("feed", "list").stdout


def test_an_order_shows_its_notes_refunds_and_why_something_failed(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(orders.ShowOrder, msgspec.structs.replace(SHOWN, audit=(ENTRY,)))
    text = ctl("order", "show", ID).stdout
    for words in ("Despatch notes", "held: dry run", "Refunds", "10.00 EUR", "unknown carrier (attempt 1)"):
        assert words in text
    assert "Cancellations" not in text, "it has none"
    assert last(daemon) == ListWork(id=2, order_id=ID, channel="uk", limit=1000)
    document = ctl.json("order", "show", ID)
    assert [each["work_id"] for each in document["work"]] == [18, 17]


def test_the_audit_trail_has_the_reason(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(ListAudit, AuditList(rows=(ENTRY,)))
    assert "unknown carrier (attempt 1)" in ctl("audit", "list").stdout
    assert ctl.json("audit", "list")[0]["reason"] == "unknown carrier (attempt 1)"


def test_services_are_mapped_to_amazons_carriers(daemon: FakeDaemon, ctl: Ctl) -> None:
    row = MappingRow(kind="despatch", channel="uk", tag="POST", target="DHL / Paket", orders=0, unmapped=0)
    daemon.on(SetMapping, MappingChanged(row=row, note="Amazon will be told Other."))
    said = ctl("mapping", "despatch", "set", "uk", "Post", "DHL / Paket").stdout
    assert "POST is now DHL / Paket. Parcels processed from now on follow it." in said
    assert "Amazon will be told Other." in said
    asked = last(daemon)
    assert isinstance(asked, SetMapping)
    assert (asked.kind, asked.tag, asked.target) == ("despatch", "Post", "DHL / Paket")
    daemon.on(ListMappings, MappingList(rows=(row,)))
    assert "DHL / Paket" in ctl("mapping", "despatch", "list").stdout
    assert last(daemon) == ListMappings(id=1, kind="despatch", limit=1000)
    daemon.on(ListMappings, MappingList(rows=()))
    assert "mapping despatch set" in ctl("mapping", "despatch", "list").stdout


def test_the_words_of_payment_are_mapped_as_before(daemon: FakeDaemon, ctl: Ctl) -> None:
    row = MappingRow(kind="payment", channel="uk", tag="COD", target=None, orders=4, unmapped=4)
    daemon.on(ListMappings, MappingList(rows=(row,)))
    text = ctl("mapping", "payment", "list", "--channel", "uk").stdout
    assert "(not mapped)" in text
    assert "Stored with the default" in text
    assert last(daemon) == ListMappings(id=1, kind="payment", channel="uk", limit=1000)


def test_a_feed_is_given_up_after_a_look_at_what_that_means(daemon: FakeDaemon, ctl: Ctl) -> None:
    result = ctl("feed", "abandon", "3")
    assert result.exit_code == 2, "nobody is there to answer"
    assert "2 messages would be in doubt." in result.stderr
    assert "2 messages in doubt." in converse(daemon.path, "feed abandon 3", {"[y/N]: ": "y"})
    asked = [each for each in daemon.requests if isinstance(each, AbandonFeed)]
    assert [(each.feed, each.confirmed) for each in asked] == [("3", False), ("3", False), ("3", True)]
    assert len({each.command_id for each in asked}) == 3


def test_a_feed_is_given_up_by_programs(daemon: FakeDaemon, ctl: Ctl) -> None:
    document = ctl.json("feed", "abandon", "F-3", "--yes", "--command-id", "give-it-up")
    assert (document["number"], document["state"], document["in_doubt"]) == (3, "abandoned", 2)
    assert last(daemon) == AbandonFeed(id=1, command_id="give-it-up", feed="F-3", confirmed=True)
