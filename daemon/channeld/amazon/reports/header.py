"""Where the columns of a report stand: by their names, and only then by their places."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from channeld.amazon.reports.header_names import LAST_COUNTS, LAYOUT, LISTING_NAMES, ORDER_NAMES
from channeld.amazon.reports.types import ReportType

__all__ = ["find_places"]

_Synonyms = Mapping[str, tuple[str, ...]]

_LAYOUT_WIDTHS = range(len(LAYOUT), 48)
_KNOWN: Mapping[str, _Synonyms] = {
    "listings": LISTING_NAMES,
    "orders": ORDER_NAMES,
    "other": {"seller-sku": LISTING_NAMES["seller-sku"]},
}
_SHORTEST_SKELETON = 3


def find_places(names: Sequence[str], kind: ReportType) -> tuple[dict[str, int], dict[str, int]]:
    """Amazon's English names → places, from 0: of the columns known by name, and of those known by place."""
    named = _by_name(names, _KNOWN[kind.contents])
    return named, _by_place(names, named) if kind.has_layout else {}


def _by_name(names: Sequence[str], known: _Synonyms) -> dict[str, int]:
    """Whole names go before damaged ones, earlier synonyms before later ones."""
    whole: dict[str, int] = {}
    damaged: dict[str, int] = {}
    for place, name in enumerate(names):
        if name in LAST_COUNTS:
            whole[_plain(name)] = place
        whole.setdefault(_plain(name), place)
        damaged.setdefault(_skeleton(name), place)
    found: dict[str, int] = {}
    for column, synonyms in known.items():
        places = [whole[plain] for plain in map(_plain, synonyms) if plain in whole]
        places += [damaged[bones] for bones in map(_skeleton, synonyms) if bones and bones in damaged]
        if places:
            found[column] = places[0]
    return found


def _by_place(names: Sequence[str], named: Mapping[str, int]) -> dict[str, int]:
    """What the layout has beyond that, if nothing that is known by name stands elsewhere in it."""
    places = {column: place for place, column in enumerate(LAYOUT)}
    is_laid_out = all(places.get(column, place) == place for column, place in named.items())
    if len(names) not in _LAYOUT_WIDTHS or not is_laid_out or _is_number(names[places["price"]]):
        return {}
    return {column: places[column] for column in LISTING_NAMES if column in places and column not in named}


def _plain(name: str) -> str:
    """Without case, accents, blanks and signs."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in decomposed if sign.isalnum() or sign == "\ufffd")


def _skeleton(name: str) -> str:
    """What is left of a name whose letters beyond ASCII were damaged; empty if that is too little to tell."""
    bones = re.sub("[^a-z0-9]", "", name.casefold())
    return bones if len(bones) >= _SHORTEST_SKELETON else ""


def _is_number(text: str) -> bool:
    """A line of values where the header should be."""
    return bool(re.fullmatch(r"[0-9.,]+", text))
