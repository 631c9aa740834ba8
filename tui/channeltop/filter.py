"""The filter box: words anywhere in a row, and `field:value` for one field.

`uk-main refund` keeps rows with both words; `channel:uk order:204` looks into those two fields. Case does not
matter, and a part of a word is enough.
"""

from collections.abc import Callable, Mapping

import msgspec

__all__ = ["FIELDS", "Filter", "parsed"]

FIELDS: Mapping[str, str] = {
    "account": "account",
    "by": "by",
    "channel": "channel",
    "code": "code",
    "email": "email_state",
    "flag": "flags",
    "held": "held",
    "is": "standing",
    "kind": "kind",
    "link": "link",
    "note": "note",
    "order": "order_id",
    "presence": "presence",
    "reason": "reason",
    "risk": "risk",
    "state": "state",
    "status": "status",
    "type": "feed_type report_type",
}
"""What may stand before the colon, and the row's attributes that it looks into."""


class Filter(msgspec.Struct, frozen=True):
    """What a row must have; an empty one keeps everything."""

    words: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    """Attributes, with blanks between them, and value."""

    def __bool__(self) -> bool:
        return bool(self.words or self.fields)

    def keeps(self, row: object, text: Callable[[], str]) -> bool:
        """Whether the row has all of it; `text` is everything of the row that words are looked for in."""
        if any(value not in _field(row, names) for names, value in self.fields):
            return False
        if not self.words:
            return True
        haystack = text().casefold()
        return all(word in haystack for word in self.words)


def _field(row: object, names: str) -> str:
    return " ".join(str(getattr(row, name, "")) for name in names.split()).casefold()


def parsed(typed: str) -> Filter:
    """The filter that was typed. An unknown field is taken as a word, colon and all."""
    words: list[str] = []
    fields: list[tuple[str, str]] = []
    for term in typed.casefold().split():
        name, colon, value = term.partition(":")
        if colon and name in FIELDS:
            fields.append((FIELDS[name], value))
        else:
            words.append(term)
    return Filter(tuple(words), tuple(fields))
