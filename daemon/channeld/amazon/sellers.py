"""In which marketplaces a seller takes part (Amazon's reference, section 2.2)."""

import msgspec

from channeld.domain.marketplaces import BY_ID

__all__ = ["Participation", "read_participations"]


class Participation(msgspec.Struct, frozen=True, kw_only=True):
    """One marketplace of the account that we know."""

    marketplace_id: str
    is_participating: bool
    has_suspended_listings: bool
    """The seller's listings there are inactive."""
    currency: str = ""
    """The marketplace's default currency; empty if Amazon did not say."""


class _Marketplace(msgspec.Struct, rename="camel"):
    id: str
    default_currency_code: str | None = None


class _Flags(msgspec.Struct, rename="camel"):
    is_participating: bool
    has_suspended_listings: bool | None = None


class _Row(msgspec.Struct):
    marketplace: _Marketplace
    participation: _Flags


class _Answer(msgspec.Struct):
    payload: list[_Row]


_DECODER = msgspec.json.Decoder(_Answer, strict=False)


def read_participations(body: bytes) -> tuple[Participation, ...]:
    """The answer of getMarketplaceParticipations. Raises `ValueError`.

    Ids that are no marketplace of ours (the list also has those of multi-channel fulfilment) are left out.
    """
    return tuple(
        Participation(
            marketplace_id=row.marketplace.id,
            is_participating=row.participation.is_participating,
            has_suspended_listings=bool(row.participation.has_suspended_listings),
            currency=row.marketplace.default_currency_code or "",
        )
        for row in _DECODER.decode(body).payload
        if row.marketplace.id in BY_ID
    )
