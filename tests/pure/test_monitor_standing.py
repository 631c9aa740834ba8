"""Channels and actors become one row for every concern of every channel."""

from channel_protocol.codec import AnyRow
from channeltop.events import SnapshotArrived
from channeltop.fold import fold
from channeltop.model import Model
from channeltop.standing import standings
from tests.support.monitor_rows import actor, channel


def model(**topics: list[AnyRow]) -> Model:
    known = Model()
    for topic, rows in topics.items():
        known = fold(known, SnapshotArrived(topic=topic, chunk=0, last=True, rows=rows))
    return known


def listed(known: Model) -> list[tuple[str, str, str]]:
    return [(row.channel, row.concern, row.state) for row in standings(known)]


def test_an_actor_of_the_account_appears_with_each_of_its_channels() -> None:
    known = model(
        channels=[channel("uk"), channel("de")],
        actors=[actor("eu/order_download"), actor("uk/order_intake", channel="uk", state="running")],
    )
    assert listed(known) == [
        ("de", "order_download", "waiting"),
        ("uk", "order_download", "waiting"),
        ("uk", "order_intake", "running"),
    ]


def test_a_disabled_channel_is_shown_with_how_to_enable_it() -> None:
    known = model(channels=[channel("uk", enabled=False)], actors=[actor()])
    (row,) = standings(known)
    assert (row.state, row.actor, row.hint) == ("disabled", "", "channelctl channel enable uk")


def test_actors_without_a_channel_are_shown_last() -> None:
    known = model(
        channels=[channel("uk")],
        actors=[actor("daemon/retention", account=""), actor("na/order_download", account="na"), actor()],
    )
    assert [row.account for row in standings(known)] == ["eu", "daemon", "na"]


def test_two_accounts_do_not_share_actors() -> None:
    known = model(
        channels=[channel("uk"), channel("us", account="na")],
        actors=[actor(), actor("na/order_download", account="na", state="failing")],
    )
    assert listed(known) == [("uk", "order_download", "waiting"), ("us", "order_download", "failing")]
