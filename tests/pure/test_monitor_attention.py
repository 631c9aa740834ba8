"""What needs a person is said, with what to do, and nothing else is."""

from datetime import timedelta

from msgspec.structs import replace

from channel_protocol.codec import AnyRow
from channeltop.attention import Notice, attention
from channeltop.events import SnapshotArrived
from channeltop.fold import fold
from channeltop.model import Model
from tests.support.fake_clock import START
from tests.support.monitor_prices import priced
from tests.support.monitor_rows import account, actor, channel, quarantined


def notices(**topics: list[AnyRow]) -> tuple[Notice, ...]:
    known = Model()
    for topic, rows in topics.items():
        known = fold(known, SnapshotArrived(topic=topic, chunk=0, last=True, rows=rows))
    return attention(known, START)


def test_nothing_is_said_while_all_is_well() -> None:
    assert notices(accounts=[account()], channels=[channel()], actors=[actor()]) == ()


def test_a_halted_actor_is_said_with_its_reason_and_hint() -> None:
    since = START - timedelta(minutes=5)
    (notice,) = notices(
        actors=[actor("uk/despatch", state="halted", since=since, reason="the role is gone", hint="renew it")]
    )
    assert (notice.tone, notice.what) == ("bad", "uk/despatch halted for 5 min: the role is gone")
    assert notice.do == "renew it"


def test_a_halted_account_is_said_once_and_not_for_each_actor() -> None:
    refused = "credentials refused"
    (notice,) = notices(
        accounts=[account(state="halted", reason=refused, hint="channelctl account set eu --secrets")],
        actors=[actor(f"eu/{n}", state="halted", reason=refused) for n in range(5)],
    )
    assert notice.what == "account eu is halted: credentials refused"


def test_actors_with_the_same_trouble_share_a_notice() -> None:
    (notice,) = notices(actors=[actor(f"eu/{n}", state="failing", reason="503") for n in range(4)])
    assert (notice.tone, notice.what) == ("warn", "eu/0 and 3 more failing for 0 s: 503")


def test_quarantined_orders_and_unmapped_words_are_said_for_their_channel() -> None:
    said = notices(channels=[channel(quarantined=1, unmapped_payment=2)])
    assert [notice.what for notice in said] == [
        "uk-main: 1 order could not be applied",
        "uk-main: 2 orders with a payment word that is not mapped",
    ]


def test_an_unmapped_word_is_led_to_the_page_that_maps_it() -> None:
    (notice,) = notices(channels=[channel(unmapped_payment=2)])
    assert notice.do.startswith("6 maps it")


def test_orders_of_no_known_channel_are_said_for_their_account_until_they_are_dismissed() -> None:
    lost = replace(quarantined(), channel="")
    (notice,) = notices(quarantine=[lost])
    assert notice.what == "account eu: 1 order of an unknown channel could not be applied"
    assert notices(quarantine=[replace(lost, dismissed_at=START)]) == ()


def test_a_client_secret_is_announced_before_amazon_ends_it() -> None:
    old = replace(account(), secret_set_at=START - timedelta(days=170))
    young = replace(account("na"), secret_set_at=START - timedelta(days=100))
    (notice,) = notices(accounts=[old, young])
    assert notice.what == "account eu: its client secret is 170 d old"


def test_prices_that_wait_for_approval_or_are_not_taken_are_said_with_the_keys_to_them() -> None:
    held, failing = notices(channels=[channel()], price_sync=[priced(held=1, failing=1200, waiting=4)])
    assert (held.tone, held.what) == ("warn", "uk-main: 1 price to be approved")
    assert held.do == "9, then p lists the channel's prices, f chooses those: a approves, x drops"
    assert (failing.tone, failing.what) == ("warn", "uk-main: 1,200 prices that Amazon does not take")
    assert failing.do == "9, then p lists the channel's prices, f chooses those in error: enter says why"


def test_prices_that_merely_wait_or_of_a_channel_that_is_switched_off_need_nobody() -> None:
    assert notices(channels=[channel()], price_sync=[priced(waiting=4)]) == ()
    assert notices(channels=[channel(enabled=False)], price_sync=[priced(held=1, failing=1)]) == ()
    assert notices(price_sync=[priced(held=1)]) == ()


def test_what_stands_still_comes_before_what_is_tried_again() -> None:
    said = notices(
        actors=[actor("a/x", state="failing", reason="503"), actor("b/x", state="halted", reason="role")]
    )
    assert [notice.tone for notice in said] == ["bad", "warn"]
