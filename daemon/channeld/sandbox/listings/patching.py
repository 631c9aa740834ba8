"""What operations of a patch make of attributes (JSON Patch as Amazon has it, with `merge`).

Only whole attributes can be named. `merge` goes by selectors: it changes the given fields of the one value
that has the same ones, and leaves its other fields and all other values alone.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

import msgspec

from channeld.sandbox.listings.attributes import OFFERS, STOCK, Attributes, Values

__all__ = ["Malformed", "Patch", "name_of", "patched", "selectors"]

PATH = re.compile(r"/attributes/([a-z][a-z0-9_]*)")
SELECTORS = {
    STOCK: ("fulfillment_channel_code",),
    OFFERS: ("marketplace_id", "currency", "audience"),
}
OTHER_SELECTORS = ("marketplace_id", "language_tag")


class Malformed(Exception):
    """What cannot be read as a write to a listing; the message says why."""


class Patch(msgspec.Struct, frozen=True, kw_only=True):
    op: Literal["add", "replace", "merge", "delete"]
    path: str
    value: list[dict[str, Any]] | None = None


def name_of(patch: Patch) -> str:
    """The attribute that the operation is about. Malformed for another path, or without a value."""
    found = PATH.fullmatch(patch.path)
    if found is None:
        raise Malformed("path has to name a top-level attribute, as in /attributes/item_name.")
    if patch.value is None and patch.op != "delete":
        raise Malformed(f"value is required for {patch.op}.")
    return found[1]


def selectors(name: str) -> tuple[str, ...]:
    """The fields by which a value of that attribute is found; these must all be there in a merge."""
    return SELECTORS.get(name, ())


def patched(attributes: Attributes, patches: Iterable[Patch]) -> dict[str, Values]:
    """The attributes after these operations in their order; one without values is not there any more."""
    after = dict(attributes)
    for patch in patches:
        name = name_of(patch)
        after[name] = _OPERATIONS[patch.op](name, after.get(name, ()), patch.value)
    return {name: values for name, values in after.items() if values}


def _set(_name: str, _before: Values, given: Values | None) -> Values:
    return given or ()


def _merge(name: str, before: Values, given: Values | None) -> Values:
    merged = list(before)
    for change in given or ():
        place = next((at for at, each in enumerate(merged) if _same(name, each, change)), None)
        if place is None:
            merged.append(change)
        else:
            merged[place] = {**merged[place], **change}
    return merged


def _delete(name: str, before: Values, given: Values | None) -> Values:
    """Without a value all of it."""
    return [each for each in before if given and not any(_same(name, each, gone) for gone in given)]


def _same(name: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one.get(field) == other.get(field) for field in SELECTORS.get(name, OTHER_SELECTORS))


_OPERATIONS: Mapping[str, Callable[[str, Values, Values | None], Values]] = {
    "add": _set,
    "replace": _set,
    "merge": _merge,
    "delete": _delete,
}
