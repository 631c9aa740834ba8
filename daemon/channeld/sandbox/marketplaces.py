"""Amazon's marketplaces as the sandbox knows them (identifiers and regions: Amazon's marketplace list)."""

from typing import Literal

import msgspec

__all__ = ["BY_COUNTRY", "BY_ID", "MARKETPLACES", "Marketplace", "Region"]

Region = Literal["NA", "EU", "FE"]


class Marketplace(msgspec.Struct, frozen=True):
    """One marketplace; `country` is the ISO code, `tax_rate` in hundredths of a percent."""

    country: str
    id: str
    region: Region
    domain: str
    currency: str
    language: str
    tax_rate: int
    tax_inclusive: bool = True
    """Prices on the site contain the tax (VAT, GST); else tax comes on top."""

    @property
    def name(self) -> str:
        """As in orders and participations, e.g. `Amazon.co.uk`."""
        return f"Amazon.{self.domain}"

    @property
    def digits(self) -> int:
        """Decimal places of the currency."""
        return 0 if self.currency == "JPY" else 2


MARKETPLACES = (
    Marketplace("CA", "A2EUQ1WTGCTBG2", "NA", "ca", "CAD", "en_CA", 1300, tax_inclusive=False),
    Marketplace("US", "ATVPDKIKX0DER", "NA", "com", "USD", "en_US", 825, tax_inclusive=False),
    Marketplace("MX", "A1AM78C64UM0Y8", "NA", "com.mx", "MXN", "es_MX", 1600),
    Marketplace("BR", "A2Q3Y263D00KWC", "NA", "com.br", "BRL", "pt_BR", 1700),
    Marketplace("IE", "A28R8C7NBKEWEA", "EU", "ie", "EUR", "en_IE", 2300),
    Marketplace("ES", "A1RKKUPIHCS9HS", "EU", "es", "EUR", "es_ES", 2100),
    Marketplace("GB", "A1F83G8C2ARO7P", "EU", "co.uk", "GBP", "en_GB", 2000),
    Marketplace("FR", "A13V1IB3VIYZZH", "EU", "fr", "EUR", "fr_FR", 2000),
    Marketplace("BE", "AMEN7PMS3EDWL", "EU", "com.be", "EUR", "fr_BE", 2100),
    Marketplace("NL", "A1805IZSGTT6HS", "EU", "nl", "EUR", "nl_NL", 2100),
    Marketplace("DE", "A1PA6795UKMFR9", "EU", "de", "EUR", "de_DE", 1900),
    Marketplace("IT", "APJ6JRA9NG5V4", "EU", "it", "EUR", "it_IT", 2200),
    Marketplace("SE", "A2NODRKZP88ZB9", "EU", "se", "SEK", "sv_SE", 2500),
    Marketplace("ZA", "AE08WJ6YKNBMC", "EU", "co.za", "ZAR", "en_ZA", 1500),
    Marketplace("PL", "A1C3SOZRARQ6R3", "EU", "pl", "PLN", "pl_PL", 2300),
    Marketplace("EG", "ARBP9OOSHTCHU", "EU", "eg", "EGP", "ar_AE", 1400),
    Marketplace("TR", "A33AVAJ2PDY3EV", "EU", "com.tr", "TRY", "tr_TR", 2000),
    Marketplace("SA", "A17E79C6D8DWNP", "EU", "sa", "SAR", "ar_AE", 1500),
    Marketplace("AE", "A2VIGQ35RCS4UG", "EU", "ae", "AED", "en_AE", 500),
    Marketplace("IN", "A21TJRUUN4KGV", "EU", "in", "INR", "en_IN", 1800),
    Marketplace("SG", "A19VAU5U5O7RUS", "FE", "sg", "SGD", "en_SG", 900),
    Marketplace("AU", "A39IBJ37TRP1C6", "FE", "com.au", "AUD", "en_AU", 1000),
    Marketplace("JP", "A1VC38T7YXB528", "FE", "co.jp", "JPY", "ja_JP", 1000),
)
BY_COUNTRY = {marketplace.country: marketplace for marketplace in MARKETPLACES}
BY_ID = {marketplace.id: marketplace for marketplace in MARKETPLACES}
