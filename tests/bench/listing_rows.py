"""Made-up listing reports of any size: `write_report(path, rows, round)`, the same for the same numbers."""

from collections.abc import Iterable
from pathlib import Path
from random import Random

__all__ = ["COLUMNS", "write_report"]

COLUMNS = (
    "item-name", "item-description", "listing-id", "seller-sku", "price", "quantity", "open-date",
    "image-url", "item-is-marketplace", "product-id-type", "zshop-shipping-fee", "item-note",
    "item-condition",
    "zshop-category1", "zshop-browse-path", "zshop-storefront-feature", "asin1", "asin2", "asin3",
    "will-ship-internationally", "expedited-shipping", "zshop-boldface", "product-id",
    "bid-for-featured-placement", "add-delete", "pending-quantity", "fulfillment-channel",
    "merchant-shipping-group", "status",
)  # fmt: skip
_WORDS = (
    "steel", "blue", "kettle", "mug", "lamp", "garden", "chair", "wooden", "small", "large", "set", "pack",
    "cotton", "shirt", "toy", "puzzle", "red", "green", "phone", "case", "glass", "bottle", "café", "naïve",
)  # fmt: skip
CHANGES = 10
"""Every so manieth row is another in the next round."""


def write_report(path: Path, rows: int, turn: int) -> None:
    """`turn`: 0 for the first report; each later one has another tenth of its rows changed."""
    rng = Random(1)  # noqa: S311 (not secret)
    with path.open("wb") as file:
        file.write(_line(COLUMNS))
        for number in range(rows):
            file.write(_line(_cells(rng, number, turn)))


def _cells(rng: Random, number: int, turn: int) -> list[str]:
    words = " ".join(rng.choices(_WORDS, k=8))
    pence = rng.randrange(100, 9_999) + (turn if number % CHANGES == turn % CHANGES else 0)
    is_amazons = number % 10 == 9
    asin = f"B0{number:08d}"
    return [
        words.title(), f"A {words} for the house, of good make", f"0{number:010d}XY", f"SKU-{number:07d}",
        f"{pence / 100:.2f}", "" if is_amazons else str(rng.randrange(100)),
        f"{1 + number % 28:02d}/0{1 + number % 9}/2024 10:{number % 60:02d}:40 BST",
        "", "y", "1", "", "", "11",
        "", "", "", asin, "", "", "", "", "", asin, "", "", "0", "AMAZON_EU" if is_amazons else "DEFAULT",
        "Default Template", "Inactive" if number % 7 == 0 else "Active",
    ]  # fmt: skip


def _line(cells: Iterable[str]) -> bytes:
    return ("\t".join(cells) + "\r\n").encode("cp1252")
