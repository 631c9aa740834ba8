"""The form of a channel's settings as a value: what the daemon has, what was typed, what is wrong with it.

Nothing is checked here: what is wrong is what the daemon said. All functions are pure.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from channel_protocol.base import Problem
from channel_protocol.channels import SettingChange, SettingRow
from channeltop.tone import Tone

__all__ = [
    "Field",
    "Form",
    "changed_by_others",
    "discarded",
    "fields",
    "refreshed",
    "refused",
    "saved",
    "typed",
]

Texts = Mapping[str, str]
NOTHING: Texts = {}


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """One channel's settings while somebody looks at them."""

    settings: tuple[SettingRow, ...]
    """As the daemon has them."""
    typed: Texts = msgspec.field(default_factory=lambda: NOTHING)
    """Key → text, only where it is another one than the daemon's."""
    errors: Texts = msgspec.field(default_factory=lambda: NOTHING)
    """Key → what the daemon said is wrong with what was typed."""
    meanwhile: Texts = msgspec.field(default_factory=lambda: NOTHING)
    """Key → the value of before, where somebody else changed what is being edited here."""

    @property
    def is_changed(self) -> bool:
        return bool(self.typed)


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """How one setting is shown."""

    setting: SettingRow
    text: str
    changed: bool
    note: str
    """Beside it: its value before, or its default."""
    below: str = ""
    """What is wrong, or what happened meanwhile."""
    tone: Tone = ""
    """Of `below`."""


def typed(form: Form, key: str, text: str) -> Form:
    """Somebody typed this; what was wrong with the text before is no longer said."""
    stored = next((row.value for row in form.settings if row.key == key), text)
    if form.typed.get(key, stored) == text:
        return form
    kept = _without(form.typed, key)
    return replace(
        form,
        typed=kept if text == stored else {**kept, key: text},
        errors=_without(form.errors, key),
        meanwhile=_without(form.meanwhile, key) if text == stored else form.meanwhile,
    )


def refused(form: Form, problems: Iterable[Problem]) -> tuple[Form, tuple[str, ...]]:
    """The daemon named these problems. Also those that belong to no field, as sentences."""
    known = {row.key for row in form.settings}
    errors: dict[str, str] = {}
    others: list[str] = []
    for problem in problems:
        if problem.key in known:
            before = errors.get(problem.key)
            errors[problem.key] = f"{before}; {problem.message}" if before else problem.message
        else:
            others.append(f"{problem.key}: {problem.message}")
    return replace(form, errors=errors), tuple(others)


def refreshed(form: Form, settings: Sequence[SettingRow]) -> Form:
    """The daemon has these now. What was typed stays, unless it is what the daemon has."""
    before = {row.key: row.value for row in form.settings}
    now = {row.key: row.value for row in settings}
    kept = {key: text for key, text in form.typed.items() if now.get(key, text) != text}
    return Form(
        settings=tuple(settings),
        typed=kept,
        errors={
            key: text for key, text in form.errors.items() if key in kept or now.get(key) == before.get(key)
        },
        meanwhile={
            key: form.meanwhile.get(key, before[key])
            for key in kept
            if key in before and (key in form.meanwhile or now.get(key) != before[key])
        },
    )


def changed_by_others(form: Form, settings: Sequence[SettingRow]) -> tuple[SettingChange, ...]:
    """What is different in the daemon from what the form was made of."""
    before = {row.key: row.value for row in form.settings}
    return tuple(
        SettingChange(key=row.key, label=row.label, old=before[row.key], new=row.value)
        for row in settings
        if row.key in before and before[row.key] != row.value
    )


def saved(form: Form, changes: Iterable[SettingChange], keys: Iterable[str]) -> Form:
    """These changes were made, and those keys are no longer only typed."""
    new = {change.key: change.new for change in changes}
    settings = [replace(row, value=new.get(row.key, row.value)) for row in form.settings]
    gone = set(keys)
    left = replace(form, typed={key: text for key, text in form.typed.items() if key not in gone})
    return refreshed(replace(left, settings=tuple(settings)), settings)


def discarded(form: Form) -> Form:
    """Nothing was typed."""
    return Form(settings=form.settings)


def fields(form: Form) -> tuple[Field, ...]:
    """Every setting, in the daemon's order."""
    return tuple(_field(form, row) for row in form.settings)


def _field(form: Form, row: SettingRow) -> Field:
    changed = row.key in form.typed
    error, before = form.errors.get(row.key, ""), form.meanwhile.get(row.key)
    others = f"Somebody else changed it from {_shown(before)} meanwhile." if before is not None else ""
    return Field(
        setting=row,
        text=form.typed.get(row.key, row.value),
        changed=changed,
        note=_note(row, changed=changed),
        below=f"{error}. {others}".strip(". ") + "." if error or others else "",
        tone="bad" if error else "warn" if others else "",
    )


def _note(row: SettingRow, *, changed: bool) -> str:
    if changed:
        return f"was {_shown(row.value)}"
    if row.value == row.default:
        return "default" if row.default else "not set"
    return f"default: {_shown(row.default)}"


def _shown(value: str) -> str:
    return value or "empty"


def _without(texts: Texts, key: str) -> Texts:
    return {name: text for name, text in texts.items() if name != key}
