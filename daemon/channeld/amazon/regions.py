"""Where Amazon is reached (Amazon's reference, section 2.1)."""

from channeld.domain.marketplaces import Region

__all__ = ["ENDPOINTS", "SANDBOX_ENDPOINTS", "TOKEN_ENDPOINT"]

ENDPOINTS: dict[Region, str] = {
    "na": "https://sellingpartnerapi-na.amazon.com",
    "eu": "https://sellingpartnerapi-eu.amazon.com",
    "fe": "https://sellingpartnerapi-fe.amazon.com",
}
SANDBOX_ENDPOINTS: dict[Region, str] = {
    region: url.replace("https://", "https://sandbox.") for region, url in ENDPOINTS.items()
}
TOKEN_ENDPOINT = "https://api.amazon.com/auth/o2/token"  # noqa: S105 an address, not a secret
