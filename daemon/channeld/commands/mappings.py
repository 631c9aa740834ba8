"""Payment and shipping mapping inbound, and shipping outbound: `despatch` (semantics I14, I15)."""

from typing import cast

from channeld.amazon.assumptions import CARRIER_CODES
from channeld.commands.asking import Asked, check, find_channel
from channeld.domain import mapping
from channeld.domain.carriers import other_text, parse_carrier
from channeld.domain.mapping import KINDS
from channeld.domain.setting_kinds import free_text
from channeld.domain.settings import nearest
from channeld.errors import InvalidRequest, Problem
from channeld.store import audit, mappings
from channeld.store.channels import Channel
from channeld.store.mappings import MappingKind
from channeld.store.unit import Unit

__all__ = ["check_kind", "forget_mapping", "mapping_note", "mapping_problems", "put_mapping"]


def check_kind(kind: str) -> MappingKind:
    """One of the kinds of mapping. Raises `InvalidRequest`."""
    if kind not in KINDS:
        message = f"must be {' or '.join(KINDS)}"
        check([Problem(key="kind", message=message, nearest=nearest(kind, KINDS))], "The mapping")
    return cast("MappingKind", kind)


def mapping_problems(kind: MappingKind, tag: str, target: str) -> tuple[str, list[Problem]]:
    """The word as it is kept, and what is wrong with it and with what it is mapped to."""
    problems: list[Problem] = []
    for key, text in (("tag", tag), ("target", target)):
        try:
            free_text(text)
            if kind == "despatch" and key == "target":
                parse_carrier(text, CARRIER_CODES)
        except ValueError as error:
            problems.append(Problem(key=key, message=str(error)))
    word = mapping.word(kind, tag)
    if not (word or problems):
        problems.append(Problem(key="tag", message="must name a payment method"))
    return word, problems


def mapping_note(kind: str, target: str) -> str:
    """What a person should know of a target that is kept as it was typed; empty when there is nothing."""
    return other_text(target, CARRIER_CODES) if kind == "despatch" else ""


def put_mapping(
    unit: Unit, asked: Asked, kind: str, channel_name: str, tag: str, target: str
) -> tuple[Channel, str]:
    """Map a word; orders downloaded afterwards follow it. Returns the channel and the word as it is kept."""
    checked = check_kind(kind)
    channel = find_channel(unit.connection, channel_name)
    word, problems = mapping_problems(checked, tag, target)
    check(problems, "The mapping")
    before = mappings.of_channel(unit.connection, checked, channel.id).get(word)
    mappings.put(unit, checked, channel.id, word, target.strip())
    text = f"{kind.capitalize()} mapping: {word} → {target.strip()}{f', before {before}' if before else ''}"
    audit.add(unit, asked.entry("mapping.set", text, account_id=channel.account_id, channel_id=channel.id))
    return channel, word


def forget_mapping(unit: Unit, asked: Asked, kind: str, channel_name: str, tag: str) -> str:
    """Raises `InvalidRequest("unknown_mapping")`. Returns the word as it was kept."""
    checked = check_kind(kind)
    channel = find_channel(unit.connection, channel_name)
    word = mapping.word(checked, tag)
    if not mappings.forget(unit, checked, channel.id, word):
        known = mappings.of_channel(unit.connection, checked, channel.id)
        close = nearest(word, known)
        hint = f"Did you mean {close}?" if close else f"See `channelctl mapping {kind} list`."
        raise InvalidRequest(
            "unknown_mapping", f"Channel {channel_name} has no {kind} mapping of that word.", hint
        )
    text = f"{kind.capitalize()} mapping of {word} removed"
    audit.add(
        unit, asked.entry("mapping.removed", text, account_id=channel.account_id, channel_id=channel.id)
    )
    return word
