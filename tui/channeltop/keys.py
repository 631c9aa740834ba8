"""Keys as people read them, taken from the bindings themselves. Pure."""

from collections.abc import Iterable, Sequence
from typing import cast

import msgspec
from textual.binding import Binding, BindingType

__all__ = ["SIGNS", "Key", "keys_of"]

SIGNS = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "escape": "esc",
    "slash": "/",
    "question_mark": "?",
    "backspace": "⌫",
    "ctrl+s": "^s",
}
"""How keys are written that have a name of their own."""


class Key(msgspec.Struct, frozen=True):
    """One or more keys with one meaning."""

    names: tuple[str, ...]
    meaning: str

    @property
    def text(self) -> str:
        return " ".join(self.names)


def keys_of(owner: type) -> Sequence[Key]:
    """The keys that a class itself binds, in its order; those that mean the same are one."""
    declared = cast("Iterable[BindingType]", vars(owner).get("BINDINGS", ()))
    found: dict[str, tuple[str, ...]] = {}
    for binding in Binding.make_bindings(declared):
        meaning = binding.tooltip or binding.description
        names = found.get(meaning, ())
        name = SIGNS.get(binding.key, binding.key)
        found[meaning] = names if name in names else (*names, name)
    return [Key(names, meaning) for meaning, names in found.items()]
