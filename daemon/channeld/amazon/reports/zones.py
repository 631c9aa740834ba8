"""What the abbreviations of time zones stand for in reports.

They are not unique, and no library knows which one Amazon means: what differs by marketplace is told by it.
"""

import re
from collections.abc import Mapping
from datetime import timedelta

from channeld.domain.marketplaces import Marketplace

__all__ = ["zones_of"]

_HOURS: Mapping[str, float] = {
    "GMT": 0,
    "UTC": 0,
    "Z": 0,
    "WET": 0,
    "WEST": 1,
    "BST": 1,
    "CET": 1,
    "MET": 1,
    "MEZ": 1,
    "CEST": 2,
    "MEST": 2,
    "MESZ": 2,
    "EET": 2,
    "SAST": 2,
    "EEST": 3,
    "TRT": 3,
    "SGT": 8,
    "AWST": 8,
    "JST": 9,
    "ACST": 9.5,
    "ACDT": 10.5,
    "AEST": 10,
    "AEDT": 11,
    "BRST": -2,
    "BRT": -3,
    "EDT": -4,
    "EST": -5,
    "CDT": -5,
    "MDT": -6,
    "MST": -7,
    "PDT": -7,
    "PST": -8,
}
_THERE: Mapping[str, Mapping[str, float]] = {
    "IN": {"IST": 5.5},
    "IE": {"IST": 1},
    "SA": {"AST": 3},
    "AE": {"GST": 4},
    "US": {"CST": -6},
    "CA": {"CST": -6, "AST": -4, "ADT": -3},
    "MX": {"CST": -6},
}
"""India and Ireland both say IST, Arabia and the Atlantic both say AST, China says CST."""
_OFFSET = re.compile(r"(?:GMT|UTC)?([+-])([0-9]{2}):?([0-9]{2})")


class _Zones(dict[str, timedelta | None]):
    """Abbreviation or offset → how far ahead of UTC; None for what is not known."""

    def __missing__(self, name: str) -> timedelta | None:
        given = _OFFSET.fullmatch(name.upper())
        if not given:
            return super().get(name.upper())
        ahead = timedelta(hours=int(given[2]), minutes=int(given[3]))
        if ahead >= timedelta(hours=24):
            return None
        return ahead if given[1] == "+" else -ahead


def zones_of(marketplace: Marketplace) -> Mapping[str, timedelta | None]:
    """How far ahead of UTC zones are, by what that marketplace's reports call them; any name can be asked."""
    hours = {**_HOURS, **_THERE.get(marketplace.code, {})}
    return _Zones({name: timedelta(hours=ahead) for name, ahead in hours.items()})
