"""Whatever order snapshots and deltas come in, the model ends with the daemon's rows."""

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from channel_protocol.session import Hello
from channeltop.events import Connected, DeltaArrived, Event, Lost, SnapshotArrived
from channeltop.fold import KEPT, SLACK, fold, fold_all, gaps
from channeltop.model import Model
from tests.support.fake_clock import START
from tests.support.monitor_rows import actor, entry, order
from tests.support.monitor_work import work

UP = Connected(hello=Hello(protocol=1, daemon="0.1.0", boot_id="boot 1", may_write=True))


def snapshot(*versions: tuple[int, int], chunk: int = 0, last: bool = True) -> SnapshotArrived:
    rows = [order(n, version=version) for n, version in versions]
    return SnapshotArrived(topic="orders", chunk=chunk, last=last, rows=rows)


def delta(number: int, *versions: tuple[int, int], gone: Sequence[int] = ()) -> DeltaArrived:
    rows = [order(n, version=version) for n, version in versions]
    return DeltaArrived(topic="orders", number=number, rows=rows, gone=tuple(order(n).key for n in gone))


def folded(*events: Event) -> Model:
    return fold_all(Model(), (UP, *events))


def versions(model: Model) -> dict[str, int]:
    return {key: row.version for key, row in model.orders.items()}


def expected(*pairs: tuple[int, int]) -> dict[str, int]:
    return {order(n).key: version for n, version in pairs}


def test_a_snapshot_is_what_there_is() -> None:
    assert versions(folded(snapshot((1, 1), (2, 5)))) == expected((1, 1), (2, 5))


def test_a_delta_changes_adds_and_removes_rows() -> None:
    model = folded(snapshot((1, 1), (2, 1)), delta(1, (1, 2), (3, 1), gone=[2]))
    assert versions(model) == expected((1, 2), (3, 1))


def test_the_greater_version_is_the_newer_row() -> None:
    assert versions(folded(snapshot((1, 7)), delta(1, (1, 6)))) == expected((1, 7))


def test_a_chunked_snapshot_replaces_the_rows_when_it_is_complete() -> None:
    model = folded(snapshot((1, 1)), snapshot((2, 1), last=False))
    assert versions(model) == expected((1, 1))
    assert versions(fold(model, snapshot((3, 1), chunk=1))) == expected((2, 1), (3, 1))


def test_a_missing_number_is_a_gap_until_a_fresh_snapshot() -> None:
    before = folded(snapshot((1, 1)), delta(1, (1, 2)))
    after = fold(before, delta(3, (1, 4)))
    assert gaps(before, after) == ("orders",)
    assert gaps(after, fold(after, delta(4, (1, 5)))) == (), "it is asked for once"
    assert not fold(after, snapshot((1, 5))).topics["orders"].gap


def test_a_gap_that_opens_again_behind_a_snapshot_is_asked_for_again() -> None:
    before = folded(snapshot((1, 1)), delta(2, (1, 3)))
    after = fold_all(before, [snapshot((1, 3)), delta(2, (1, 5))])
    assert gaps(before, after) == ("orders",)


def test_a_missing_chunk_is_a_gap() -> None:
    before = folded(snapshot((1, 1), last=False))
    assert gaps(before, fold(before, snapshot((3, 1), chunk=2))) == ("orders",)


def test_a_repeated_delta_changes_nothing() -> None:
    model = folded(snapshot((1, 1)), delta(1, (1, 2)), delta(2, gone=[1]))
    assert fold(model, delta(1, (1, 2))) == model


def test_what_was_known_stays_readable_while_the_daemon_is_away() -> None:
    lost = Lost(why="gone", at=START, retry_at=START + timedelta(seconds=1))
    model = fold(folded(snapshot((1, 1))), lost)
    assert (versions(model), model.link.up, model.link.why) == (expected((1, 1)), False, "gone")


def test_the_age_of_the_data_counts_from_the_first_failure() -> None:
    events = [
        Lost(why="gone", at=START + timedelta(seconds=n), retry_at=START + timedelta(seconds=n + 1))
        for n in range(3)
    ]
    assert folded(*events).link.lost_at == START


def test_a_new_boot_replaces_everything_even_with_smaller_versions() -> None:
    again = Connected(hello=Hello(protocol=1, daemon="0.1.0", boot_id="boot 2", may_write=True))
    model = folded(snapshot((1, 90), (2, 90)), delta(1, (3, 90)), again, snapshot((1, 1)), delta(1, (4, 1)))
    assert versions(model) == expected((1, 1), (4, 1))


def test_the_data_counts_as_fresh_when_every_topic_is_there() -> None:
    model = folded()
    for name in model.topics:
        assert not model.fresh
        model = fold(model, SnapshotArrived(topic=name, chunk=0, last=True, rows=()))
    assert model.fresh


def test_a_topic_of_a_newer_daemon_is_left_alone() -> None:
    model = folded()
    assert fold(model, SnapshotArrived(topic="listings", chunk=0, last=True, rows=())) == model


def test_only_the_newest_audit_entries_are_kept() -> None:
    newest = KEPT + SLACK
    rows = [entry(n) for n in range(newest)]
    model = folded(SnapshotArrived(topic="audit", chunk=0, last=True, rows=rows))
    model = fold(model, DeltaArrived(topic="audit", number=1, rows=[entry(newest)]))
    assert KEPT <= len(model.audit) < newest
    assert "0" not in model.audit
    assert str(newest) in model.audit


def test_work_that_has_ended_is_forgotten_in_time_and_open_work_never() -> None:
    count = KEPT + SLACK
    ended = [work(n, state="confirmed", ended_at=START) for n in range(2, count + 2)]
    model = folded(SnapshotArrived(topic="work", chunk=0, last=True, rows=[work(1), *ended]))
    assert len(model.work) == KEPT + 1
    assert "1" in model.work, "open work stays however old it is"
    assert "2" not in model.work


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("change"), st.integers(0, 5)),
        st.tuples(st.just("remove"), st.integers(0, 5)),
        st.tuples(st.just("lose"), st.integers(0, 5)),
        st.tuples(st.just("chunks"), st.integers(1, 4)),
        st.tuples(st.just("restart"), st.just(0)),
        st.tuples(st.just("fold"), st.just(0)),
    ),
    max_size=40,
)


class Daemon:
    """Publishes actors as the protocol says, and loses deltas when told."""

    def __init__(self) -> None:
        self.rows = {row.key: row for row in (actor(f"a/{n}") for n in range(3))}
        self.version = 1
        self.number = 0
        self.chunks = 1
        self.model = Model()
        self.sent: list[Event] = []
        self.connect()

    def send(self, event: Event) -> None:
        self.sent.append(event)

    def fold(self) -> None:
        """What a monitor does a few times a second, with whatever came since."""
        while self.sent:
            before, self.model = self.model, fold_all(self.model, self.sent)
            self.sent.clear()
            if gaps(before, self.model):
                self.snapshot()

    def connect(self) -> None:
        self.version = 1
        self.rows = {row.key: actor(row.actor, version=1) for row in self.rows.values()}
        self.send(UP)
        self.snapshot()

    def snapshot(self) -> None:
        self.number = 0
        rows = list(self.rows.values())
        for chunk in range(self.chunks):
            last = chunk == self.chunks - 1
            part = rows[chunk :: self.chunks]
            self.send(SnapshotArrived(topic="actors", chunk=chunk, last=last, rows=part))

    def step(self, kind: str, n: int) -> None:
        if kind == "restart":
            self.connect()
        elif kind == "fold":
            self.fold()
        elif kind == "chunks":
            self.chunks = n
            self.snapshot()
        else:
            self.change(kind, f"a/{n}")

    def change(self, kind: str, key: str) -> None:
        self.version += 1
        self.number += 1
        if kind == "remove":
            self.rows.pop(key, None)
            self.send(DeltaArrived(topic="actors", number=self.number, gone=(key,)))
            return
        self.rows[key] = actor(key, version=self.version)
        if kind == "change":
            self.send(DeltaArrived(topic="actors", number=self.number, rows=[self.rows[key]]))


@given(STEPS)
def test_any_interleaving_converges_to_the_rows_of_the_daemon(steps: list[tuple[str, int]]) -> None:
    daemon = Daemon()
    for kind, n in steps:
        daemon.step(kind, n)
    daemon.change("change", "a/0")
    daemon.fold()
    assert daemon.model.actors == daemon.rows
