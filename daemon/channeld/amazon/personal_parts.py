"""Which parts of an order are personal.

Amazon's list (its reference, section 4.3) and more, to be safe: in a part that is about a person everything
is personal but what is named as public, so that a field Amazon adds tomorrow is sealed from the first day.
City, region and country stay readable.
"""

import msgspec

__all__ = ["PERSONAL", "Part"]


class Part(msgspec.Struct, frozen=True):
    """One object of an order. With `personal` only those fields are; without, all but `public`."""

    at: tuple[str, ...]
    """Names on the way to it; `*` for each element of a list."""
    public: frozenset[str]
    personal: frozenset[str]

    def seals(self, name: str) -> bool:
        return name in self.personal if self.personal else name not in self.public


def _part(at: str, *, public: str = "", personal: str = "") -> Part:
    way = tuple(at.replace("[]", ".*").split("."))
    return Part(way, frozenset(public.split()), frozenset(personal.split()))


_PLACE = "city districtOrCounty stateOrRegion municipality countryCode addressType"

PERSONAL: tuple[Part, ...] = (
    _part("buyer"),
    _part("recipient", public="deliveryAddress deliveryPreference"),
    _part("recipient.deliveryAddress", public=f"{_PLACE} extendedFields"),
    _part("recipient.deliveryAddress.extendedFields"),
    _part("recipient.deliveryPreference"),
    _part("packages[].shipFromAddress", public=_PLACE),
    _part("tax.taxRegistrations[]", public="entityType taxRegistrationType taxRegistrationAddress"),
    _part("tax.taxRegistrations[].taxRegistrationAddress", public=_PLACE),
    _part("payment.paymentExecutions[]", personal="authorizationCode acquirerId"),
    _part("orderItems[].product.customization"),
    _part("orderItems[].fulfillment.packing.giftOption", personal="giftMessage"),
)
