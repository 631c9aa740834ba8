"""The few things that are looked up in a listing's attributes; the rest of them is kept as it came."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

__all__ = ["Entry", "Values", "first_text", "image_urls", "read_attributes", "read_entries"]

_LONGEST_TEXT = 20_000
_LONGEST_URL = 2_000
_MOST_IMAGES = 20
_IMAGES = ("main_product_image_locator", *(f"other_product_image_locator_{number}" for number in range(1, 9)))


class _Value(msgspec.Struct):
    marketplace_id: str | None = None
    value: str | int | float | None = None
    media_location: str | None = None


Values = Mapping[str, Sequence[_Value]]
Entry = dict[str, msgspec.Raw]
"""An entry of an attribute with its parts as they came, byte for byte."""

_ATTRIBUTES = msgspec.json.Decoder(dict[str, msgspec.Raw])
_VALUES = msgspec.json.Decoder(list[_Value], strict=False)
_ENTRIES = msgspec.json.Decoder(list[Entry])


def read_attributes(attributes: bytes, names: Iterable[str] = (*_IMAGES, "product_description")) -> Values:
    """The values of those attributes; one that is not as documented counts as not there."""
    try:
        found = _ATTRIBUTES.decode(attributes) if attributes else {}
    except (ValueError, RecursionError):
        return {}
    return {name: _values(found[name]) for name in names if name in found}


def read_entries(attributes: bytes, name: str) -> list[Entry] | None:
    """All entries of that attribute; none if the listing has no such attribute.

    None if that cannot be told: no attributes were shown, or they are not as documented.
    """
    try:
        # Parts that are taken as they came are not looked into, and may be sent again.
        found = _ATTRIBUTES.decode(attributes.decode())
        return _ENTRIES.decode(found[name]) if name in found else []
    except (ValueError, RecursionError):
        return None


def first_text(values: Values, name: str, marketplace_id: str) -> str:
    """The attribute's text for that marketplace, or else for none in particular."""
    texts = (str(each.value) for each in _of(values, name, marketplace_id) if each.value is not None)
    return next(texts, "")[:_LONGEST_TEXT]


def image_urls(values: Values, main: str | None, marketplace_id: str) -> tuple[str, ...]:
    """Where the images are, without repeats: the main one, then those of the attributes in their order."""
    located = (each.media_location for name in _IMAGES for each in _of(values, name, marketplace_id))
    usable = (url for url in (main, *located) if url and _is_shown(url))
    return tuple(dict.fromkeys(usable))[:_MOST_IMAGES]


def _values(raw: msgspec.Raw) -> Sequence[_Value]:
    try:
        return _VALUES.decode(raw)
    except (ValueError, RecursionError):
        return ()


def _of(values: Values, name: str, marketplace_id: str) -> Iterator[_Value]:
    given = values.get(name, ())
    return (each for each in given if not marketplace_id or each.marketplace_id in (None, marketplace_id))


def _is_shown(url: str) -> bool:
    return len(url) <= _LONGEST_URL and url.startswith(("https://", "http://")) and url.isprintable()
