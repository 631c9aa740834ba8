"""What all reports have in common as text: charset, ends of lines, amounts."""

from collections.abc import Iterable

from channeld.sandbox.marketplaces import Marketplace

__all__ = ["amount", "charset", "line"]

JAPANESE, WESTERN = "Shift_JIS", "Cp1252"


def charset(country: str) -> str:
    """As the Content-Type of the document calls it. Letters that it lacks become question marks."""
    return JAPANESE if country == "JP" else WESTERN


def line(cells: Iterable[str], marketplace: Marketplace) -> str:
    """The cells with tabs between them; nothing is quoted, and the end differs by region."""
    return "\t".join(cells) + ("\n" if marketplace.region == "EU" else "\r\n")


def amount(minor: int | None, marketplace: Marketplace, *, separators: bool = False) -> str:
    """A price in plain digits, or with commas between the thousands; empty for None."""
    if minor is None:
        return ""
    whole, rest = divmod(minor, 10**marketplace.digits)
    units = f"{whole:,}" if separators else str(whole)
    return f"{units}.{rest:02d}" if marketplace.digits else units
