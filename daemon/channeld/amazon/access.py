"""What is needed to speak for one seller account."""

import msgspec

from channeld.amazon.secret import Secret
from channeld.domain.marketplaces import Region

__all__ = ["AccountAccess", "Secret"]


class AccountAccess(msgspec.Struct, frozen=True, kw_only=True):
    """One account's addresses and credentials (Amazon's reference, section 3.1).

    Two that are equal have the same credentials; a token made for one serves the other.
    """

    account_id: int
    name: str
    region: Region
    seller_id: str
    client_id: str
    endpoint: str
    """Base URL of the region's host."""
    auth_endpoint: str
    """Whole URL of the token endpoint."""
    client_secret: Secret
    refresh_token: Secret

    def __repr__(self) -> str:
        return f"AccountAccess({self.name!r}, …)"
