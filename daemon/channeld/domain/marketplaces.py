"""Amazon's marketplaces as data (Amazon's reference, sections 2.1 and 2.2; semantics A3).

Currency, language and time zone are what a person sees before Amazon has told otherwise; the ids, codes
and regions are Amazon's own.
"""

from typing import Literal

import msgspec

__all__ = ["BY_CODE", "BY_ID", "MARKETPLACES", "REGIONS", "Marketplace", "Region", "find_marketplace"]

Region = Literal["na", "eu", "fe"]
TaxStyle = Literal["included", "added"]

REGIONS: tuple[Region, ...] = ("na", "eu", "fe")


class Marketplace(msgspec.Struct, frozen=True):
    """One marketplace: where it is reached, what it counts in, and how prices treat tax."""

    id: str
    code: str
    name: str
    region: Region
    currency: str
    tax: TaxStyle
    """`included`: prices contain tax (UK, EU, JP, AU …); `added`: tax comes on top (US, CA …)."""
    zone: str
    vcs: bool = False
    """Whether Amazon's VAT Calculation Service exists there."""


_ROWS: tuple[Marketplace, ...] = (
    Marketplace("A2EUQ1WTGCTBG2", "CA", "Amazon.ca", "na", "CAD", "added", "America/Toronto"),
    Marketplace("ATVPDKIKX0DER", "US", "Amazon.com", "na", "USD", "added", "America/Los_Angeles"),
    Marketplace("A1AM78C64UM0Y8", "MX", "Amazon.com.mx", "na", "MXN", "included", "America/Mexico_City"),
    Marketplace("A2Q3Y263D00KWC", "BR", "Amazon.com.br", "na", "BRL", "included", "America/Sao_Paulo"),
    Marketplace("A28R8C7NBKEWEA", "IE", "Amazon.ie", "eu", "EUR", "included", "Europe/Dublin", True),
    Marketplace("A1RKKUPIHCS9HS", "ES", "Amazon.es", "eu", "EUR", "included", "Europe/Madrid", True),
    Marketplace("A1F83G8C2ARO7P", "UK", "Amazon.co.uk", "eu", "GBP", "included", "Europe/London", True),
    Marketplace("A13V1IB3VIYZZH", "FR", "Amazon.fr", "eu", "EUR", "included", "Europe/Paris", True),
    Marketplace("AMEN7PMS3EDWL", "BE", "Amazon.com.be", "eu", "EUR", "included", "Europe/Brussels", True),
    Marketplace("A1805IZSGTT6HS", "NL", "Amazon.nl", "eu", "EUR", "included", "Europe/Amsterdam", True),
    Marketplace("A1PA6795UKMFR9", "DE", "Amazon.de", "eu", "EUR", "included", "Europe/Berlin", True),
    Marketplace("APJ6JRA9NG5V4", "IT", "Amazon.it", "eu", "EUR", "included", "Europe/Rome", True),
    Marketplace("A2NODRKZP88ZB9", "SE", "Amazon.se", "eu", "SEK", "included", "Europe/Stockholm", True),
    Marketplace("AE08WJ6YKNBMC", "ZA", "Amazon.co.za", "eu", "ZAR", "included", "Africa/Johannesburg"),
    Marketplace("A1C3SOZRARQ6R3", "PL", "Amazon.pl", "eu", "PLN", "included", "Europe/Warsaw", True),
    Marketplace("ARBP9OOSHTCHU", "EG", "Amazon.eg", "eu", "EGP", "included", "Africa/Cairo"),
    Marketplace("A33AVAJ2PDY3EV", "TR", "Amazon.com.tr", "eu", "TRY", "included", "Europe/Istanbul"),
    Marketplace("A17E79C6D8DWNP", "SA", "Amazon.sa", "eu", "SAR", "included", "Asia/Riyadh"),
    Marketplace("A2VIGQ35RCS4UG", "AE", "Amazon.ae", "eu", "AED", "included", "Asia/Dubai"),
    Marketplace("A21TJRUUN4KGV", "IN", "Amazon.in", "eu", "INR", "included", "Asia/Kolkata"),
    Marketplace("A19VAU5U5O7RUS", "SG", "Amazon.sg", "fe", "SGD", "included", "Asia/Singapore"),
    Marketplace("A39IBJ37TRP1C6", "AU", "Amazon.com.au", "fe", "AUD", "included", "Australia/Sydney"),
    Marketplace("A1VC38T7YXB528", "JP", "Amazon.co.jp", "fe", "JPY", "included", "Asia/Tokyo"),
)

MARKETPLACES = tuple(sorted(_ROWS, key=lambda row: row.code))
BY_ID = {row.id: row for row in MARKETPLACES}
BY_CODE = {row.code: row for row in MARKETPLACES} | {"GB": next(r for r in _ROWS if r.code == "UK")}


def find_marketplace(text: str) -> Marketplace | None:
    """By country code (either case; GB is UK) or by Amazon's id."""
    given = text.strip().upper()
    return BY_CODE.get(given) or BY_ID.get(given)
