"""What is different between a channel's settings before and after a change."""

from collections.abc import Collection, Mapping
from hashlib import blake2s

import msgspec

from channeld.domain.channel_settings import DEFAULTS
from channeld.domain.settings import CHANNEL_SETTINGS

__all__ = ["Change", "differences", "settings_mark"]

MARK_SIZE = 6
"""Bytes."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One setting that gets another value."""

    key: str
    label: str
    old: str
    new: str
    implied: bool
    """It was not asked for, and comes along with one that was."""


def differences(
    before: Mapping[str, str], after: Mapping[str, str], asked: Collection[str]
) -> tuple[Change, ...]:
    """What is different, in the order of the specification, defaults counted in. `asked`: the keys given."""
    old, new = {**DEFAULTS, **before}, {**DEFAULTS, **after}
    return tuple(
        Change(
            key=setting.key,
            label=setting.label,
            old=old[setting.key],
            new=new[setting.key],
            implied=setting.key not in asked,
        )
        for setting in CHANNEL_SETTINGS
        if old[setting.key] != new[setting.key]
    )


def settings_mark(stored: Mapping[str, str]) -> str:
    """Stands for these settings: another one as soon as a value is another."""
    values = {**DEFAULTS, **stored}
    return blake2s(msgspec.json.encode(sorted(values.items())), digest_size=MARK_SIZE).hexdigest()
