"""Make channels what a file says, all of them or none (semantics A1, D9, I14, I15)."""

from collections.abc import Iterator, Mapping
from hashlib import blake2s

import msgspec

from channeld.commands.asking import Asked, check
from channeld.commands.channel_plan import ChannelPlan, plan_change
from channeld.commands.channels import add_channel, change_channel
from channeld.commands.collected import Collected
from channeld.commands.file_channel import FileChannel, known_problems, new_problems
from channeld.commands.locations import add_location
from channeld.commands.mappings import check_kind, forget_mapping, mapping_problems, put_mapping
from channeld.domain.consequences import Consequence
from channeld.domain.mapping import KINDS
from channeld.errors import Problem
from channeld.store import channels, locations, mappings
from channeld.store.channels import Channel
from channeld.store.mappings import MappingKind
from channeld.store.unit import Unit

__all__ = ["Applied", "ChannelFile", "Difference", "OnlyLooked", "Outcome", "apply_file"]

MARK_SIZE = 8
"""Bytes."""


class OnlyLooked(Exception):
    """Ends a unit of work that was carried out to see what it comes to, so that nothing of it is stored."""

    def __init__(self, applied: "Applied") -> None:
        super().__init__()
        self.applied = applied


class ChannelFile(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says."""

    locations: tuple[str, ...] = ()
    channels: tuple[FileChannel, ...] = ()


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A value before and after; None for a word that is not mapped."""

    key: str
    old: str | None
    new: str | None


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one channel."""

    channel: str
    added: bool
    changes: tuple[Difference, ...]
    consequences: tuple[Consequence, ...] = ()
    plan: ChannelPlan | None = None
    """Of its settings; None when there was none to be made."""


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """What a file came to."""

    locations: tuple[str, ...]
    """Those that were added."""
    channels: tuple[Outcome, ...]
    """Those that were added or changed."""

    @property
    def mark(self) -> str:
        """Stands for what is changed; not for its consequences, whose sentences tell the time."""
        what = self.locations, [(each.channel, each.added, each.changes) for each in self.channels]
        return blake2s(msgspec.json.encode(what), digest_size=MARK_SIZE).hexdigest()


def apply_file(unit: Unit, asked: Asked, file: ChannelFile) -> Applied:
    """Carry everything out. Raises `InvalidRequest` with every problem; the unit must store nothing then."""
    problems = Collected()
    added = _add_locations(unit, asked, file.locations, problems)
    outcomes = [_apply(unit, asked, each, problems) for each in _once(file.channels, problems)]
    check(problems.found, "The file")
    return Applied(locations=added, channels=tuple(each for each in outcomes if each.added or each.changes))


def _add_locations(unit: Unit, asked: Asked, names: tuple[str, ...], problems: Collected) -> tuple[str, ...]:
    own = {place.name for place in locations.all_locations(unit.connection) if place.kind == "own"}
    added: list[str] = []
    for position, name in enumerate(names):
        if name.strip() not in own:
            with problems.under(f"locations[{position}]", own="location"):
                added.append(add_location(unit, asked, name).name)
    return tuple(added)


def _once(wanted: tuple[FileChannel, ...], problems: Collected) -> Iterator[FileChannel]:
    seen: set[str] = set()
    for each in wanted:
        if each.channel in seen:
            problems.add(Problem(key=each.channel, message="is in the file twice"))
        else:
            seen.add(each.channel)
            yield each


def _apply(unit: Unit, asked: Asked, wanted: FileChannel, problems: Collected) -> Outcome:
    known = channels.by_name(unit.connection, wanted.channel)
    if known:
        problems.add(*known_problems(unit.connection, known, wanted))
    channel = known or _add(unit, asked, wanted, problems)
    changes: list[Difference] = []
    plan: ChannelPlan | None = None
    if channel:
        with problems.under(wanted.channel, own="channel"):
            plan = _change(unit, asked, channel, wanted.settings)
            changes += (Difference(key=each.key, old=each.old, new=each.new) for each in plan.changes)
    for kind in map(check_kind, KINDS):
        changes += _map(unit, asked, channel, wanted, kind, problems)
    return Outcome(
        channel=wanted.channel,
        added=channel is not known,
        changes=tuple(changes),
        consequences=plan.consequences if plan else (),
        plan=plan,
    )


def _add(unit: Unit, asked: Asked, wanted: FileChannel, problems: Collected) -> Channel | None:
    """None when it cannot be; then what is wrong with the rest of it is found out here as well."""
    if wanted.account and wanted.marketplace:
        with problems.under(wanted.channel, own="channel"):
            return add_channel(unit, asked, wanted.channel, wanted.account, wanted.marketplace)
    problems.add(*new_problems(unit.connection, wanted))
    return None


def _change(unit: Unit, asked: Asked, channel: Channel, values: Mapping[str, str]) -> ChannelPlan:
    plan = plan_change(unit.connection, asked.now, channel.name, values)
    if plan.changes:
        change_channel(unit, asked, channel.name, values)
    return plan


def _map(
    unit: Unit,
    asked: Asked,
    channel: Channel | None,
    wanted: FileChannel,
    kind: MappingKind,
    problems: Collected,
) -> Iterator[Difference]:
    """Words that are another's, new, or no longer there."""
    given = wanted.mapping(kind)
    if given is None:
        return
    targets = _targets(wanted.channel, kind, given, problems)
    before = mappings.of_channel(unit.connection, kind, channel.id) if channel else {}
    for word in sorted(before.keys() | targets.keys()):
        old, new = before.get(word), targets.get(word)
        if channel is None or old == new:
            continue
        if new is None:
            forget_mapping(unit, asked, kind, channel.name, word)
        else:
            put_mapping(unit, asked, kind, channel.name, word, new)
        yield Difference(key=f"{kind}.{word}", old=old, new=new)


def _targets(
    channel: str, kind: MappingKind, given: Mapping[str, str], problems: Collected
) -> dict[str, str]:
    """Word as it is kept → one's own. Words that are the same but for how they are typed are a problem."""
    targets: dict[str, str] = {}
    for tag, target in given.items():
        key = f"{channel}.{kind}.{tag}"
        word, found = mapping_problems(kind, tag, target)
        if word in targets:
            found.append(Problem(key="tag", message="is in the file twice, typed in another way"))
        problems.add(*(Problem(key=key, message=f"{each.key} {each.message}") for each in found))
        if not found:
            targets[word] = target.strip()
    return targets
