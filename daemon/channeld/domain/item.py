"""An item of the seller's own: what it may be, and what a change makes of it.

A barcode is a product code or a shop's own. Digits alone, 8 to 14 of them, are taken for a product code and
must have a check digit that fits (or be an ISBN-10): with a slip of the pen the wrong item is suggested.
Anything else is somebody's own code and is kept as it is, up to 64 characters without blanks.
"""

from collections.abc import Mapping, Sequence

import msgspec

from channeld.domain.barcode import is_gtin, is_isbn10, same_barcode
from channeld.errors import Problem

__all__ = ["NO_ITEM", "Item", "Part", "Wish", "changed", "differences", "folded_name"]

NO_ITEM = "-"
"""Where listings are linked: to no item. So none can have it for its SKU."""
LONGEST_SKU = 255
LONGEST_TITLE = 500
LONGEST_BARCODE = 64
LONGEST_NAME = 100
LONGEST_VALUE = 10_000
LONGEST_PROPERTIES = 100_000
"""Characters of all properties together: an item must fit into one message, many times over."""
MOST_BARCODES = 50
MOST_PROPERTIES = 200
MOST_COMPONENTS = 200
HIGHEST_QUANTITY = 100_000
SHOWN = 60
"""Characters of a value in the audit trail."""
INVISIBLE = "\ufeff\u200b\u200e\u200f\u2060"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A component of a kit, and how many of it one kit takes."""

    sku: str
    quantity: int


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One item."""

    sku: str
    title: str = ""
    barcodes: tuple[str, ...] = ()
    properties: Mapping[str, str] = {}
    components: tuple[Part, ...] = ()
    """None: it is no kit."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What an item is to be; None leaves a field as it is."""

    sku: str
    title: str | None = None
    barcodes: tuple[str, ...] | None = None
    properties: Mapping[str, str] = {}
    """Only those that are named; an empty value removes one."""
    components: tuple[Part, ...] | None = None


def changed(before: Item | None, wish: Wish) -> Item | list[Problem]:
    """The item as it is to be, or everything that is wrong with that.

    Whether components exist, and whether kits go round in a circle, only the book knows.
    """
    before = before or Item(sku=wish.sku)
    after = Item(
        sku=wish.sku,
        title=before.title if wish.title is None else " ".join(_bare(wish.title).split()),
        barcodes=before.barcodes if wish.barcodes is None else _once(wish.barcodes),
        properties=_merged(before.properties, wish.properties),
        components=before.components
        if wish.components is None
        else tuple(sorted(wish.components, key=lambda part: part.sku)),
    )
    problems = [*_sku_problems(wish.sku), *_value_problems(wish), *_problems(after)]
    return problems or after


def differences(before: Item | None, after: Item) -> list[str]:
    """What is another one, old and new, for the audit trail; everything that is there for a new item."""
    before = before or Item(sku=after.sku)
    fields = (
        ("title", before.title, after.title),
        ("barcodes", " ".join(before.barcodes), " ".join(after.barcodes)),
        ("components", _listed(before.components), _listed(after.components)),
        *(
            (name, before.properties.get(name, ""), after.properties.get(name, ""))
            for name in sorted({**before.properties, **after.properties})
        ),
    )
    return [f"{name}: {_shown(old)} → {_shown(new)}" for name, old, new in fields if old != new]


def folded_name(name: str) -> str:
    """Equal for names of properties that are the same but for capitals."""
    return name.casefold()


def _once(barcodes: Sequence[str]) -> tuple[str, ...]:
    """Two spellings of one code are one; the first one stays."""
    kept: dict[str, str] = {}
    for each in barcodes:
        kept.setdefault(same_barcode(each), each)
    return tuple(sorted(kept.values()))


def _merged(before: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """A property keeps the capitals that its name was first given."""
    names = {folded_name(name): name for name in before}
    merged = dict(before)
    for name, value in given.items():
        known = names.setdefault(folded_name(name), name)
        merged[known] = _bare(value.replace("\r\n", "\n").replace("\r", "\n"))
    return {name: merged[name] for name in sorted(merged) if merged[name]}


def _bare(text: str) -> str:
    """Without blanks and what cannot be seen around it, as a cell of a table is read."""
    while (bare := text.strip().strip(INVISIBLE)) != text:
        text = bare
    return text


def _sku_problems(sku: str) -> list[Problem]:
    if sku == NO_ITEM:
        return [
            Problem(
                key="sku", message=f"must not be {NO_ITEM}, which means no item where listings are linked"
            )
        ]
    if 1 <= len(sku) <= LONGEST_SKU and sku.isprintable() and sku == sku.strip():
        return []
    message = f"must be 1 to {LONGEST_SKU} characters that can be seen, with no blank at its ends"
    return [Problem(key="sku", message=message)]


def _value_problems(wish: Wish) -> list[Problem]:
    """Of what is only wrong in how it is asked for."""
    names = [folded_name(name) for name in wish.properties]
    twice = [
        Problem(key=f"properties.{name[:LONGEST_NAME]}", message="is there twice, but for capitals")
        for name in wish.properties
        if names.count(folded_name(name)) > 1
    ]
    skus = [part.sku for part in wish.components or ()]
    return twice + [
        Problem(key="components", message=f"has {sku} twice")
        for sku in sorted(set(skus))
        if skus.count(sku) > 1
    ]


def _problems(item: Item) -> list[Problem]:
    found: list[Problem] = []
    if len(item.title) > LONGEST_TITLE or not _is_text(item.title):
        message = f"must be at most {LONGEST_TITLE} characters of text"
        found.append(Problem(key="title", message=message))
    found += _too_many("barcodes", len(item.barcodes), MOST_BARCODES)
    found += [
        Problem(key="barcodes", message=f"{why}: {each[:LONGEST_BARCODE]}")
        for each in item.barcodes[:MOST_BARCODES]
        if (why := _barcode_fault(each))
    ]
    found += _too_many("properties", len(item.properties), MOST_PROPERTIES)
    if sum(len(name) + len(value) for name, value in item.properties.items()) > LONGEST_PROPERTIES:
        message = f"must not have more than {LONGEST_PROPERTIES:,} characters together"
        found.append(Problem(key="properties", message=message))
    for name, value in list(item.properties.items())[:MOST_PROPERTIES]:
        found += _property_problems(name, value)
    found += _too_many("components", len(item.components), MOST_COMPONENTS)
    for part in item.components[:MOST_COMPONENTS]:
        found += _part_problems(item, part)
    return found


def _too_many(key: str, count: int, most: int) -> list[Problem]:
    return (
        [Problem(key=key, message=f"must not be more than {most}, but are {count}")] if count > most else []
    )


def _barcode_fault(barcode: str) -> str:
    if not (1 <= len(barcode) <= LONGEST_BARCODE and barcode.isprintable()) or " " in barcode:
        return f"must be 1 to {LONGEST_BARCODE} characters without blanks"
    looks_like_a_code = barcode.isascii() and barcode.isdigit() and 8 <= len(barcode) <= 14
    if looks_like_a_code and not (is_gtin(barcode) or is_isbn10(barcode)):
        return "is no product code, as its last digit or its length is wrong (are leading zeros lost?)"
    return ""


def _property_problems(name: str, value: str) -> list[Problem]:
    found: list[Problem] = []
    key = f"properties.{name[:LONGEST_NAME]}"
    is_plain = 1 <= len(name) <= LONGEST_NAME and name.isprintable() and name == name.strip()
    if not is_plain or "=" in name:
        message = f"must have a name of 1 to {LONGEST_NAME} characters that can be seen, without ="
        found.append(Problem(key=key, message=message))
    if len(value) > LONGEST_VALUE or not _is_text(value):
        message = f"must be at most {LONGEST_VALUE:,} characters of text"
        found.append(Problem(key=key, message=message))
    return found


def _is_text(value: str) -> bool:
    """Without the characters that steer a terminal; lines and tabs are well."""
    return not any((each < " " and each not in "\n\t") or "\x7f" <= each < "\xa0" for each in value)


def _part_problems(item: Item, part: Part) -> list[Problem]:
    if _sku_problems(part.sku):
        return [Problem(key="components", message="has one without a usable SKU")]
    if part.sku == item.sku:
        return [Problem(key="components", message="must not have the item itself")]
    if not 1 <= part.quantity <= HIGHEST_QUANTITY:
        message = f"must have from 1 to {HIGHEST_QUANTITY:,} of {part.sku[:LONGEST_SKU]}"
        return [Problem(key="components", message=message)]
    return []


def _listed(components: Sequence[Part]) -> str:
    return ", ".join(f"{part.quantity} × {part.sku}" for part in components)


def _shown(value: str) -> str:
    line = " ".join(value.split())
    return f"{line[:SHOWN]}…" if len(line) > SHOWN else line or "empty"
