"""Town, region and country of a delivery: readable in Amazon's JSON of an order, shown with the rest."""

from typing import Any, cast

import msgspec

__all__ = ["delivery_place"]

AT = "recipient.deliveryAddress"
NAMES = ("city", "districtOrCounty", "municipality", "stateOrRegion", "countryCode")
_decoder = msgspec.json.Decoder(dict[str, Any])


def delivery_place(payload: bytes | None) -> dict[str, str]:
    """By their paths, as personal fields are named; empty where Amazon shows no address."""
    found: object = _decoder.decode(payload) if payload else {}
    for name in AT.split("."):
        found = cast("dict[str, object]", found).get(name) if isinstance(found, dict) else None
    address = cast("dict[str, object]", found) if isinstance(found, dict) else {}
    return {f"{AT}.{name}": text for name in NAMES if isinstance(text := address.get(name), str) and text}
