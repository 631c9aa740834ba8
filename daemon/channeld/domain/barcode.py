"""Product codes: GTINs (EAN, UPC, JAN, ISBN), however many leading zeros they are written with."""

__all__ = ["is_gtin", "is_isbn10", "product_code", "same_barcode", "spellings"]

LENGTHS = (8, 12, 13, 14)
"""Digits of a GTIN."""
ASIN_TYPES = ("1", "ASIN")
"""How Amazon's reports and calls name a product id that is an ASIN: that is no barcode."""


def is_gtin(text: str) -> bool:
    """8, 12, 13 or 14 digits of which the last one fits."""
    if not (text.isascii() and text.isdigit() and len(text) in LENGTHS) or not text.strip("0"):
        return False
    weighted = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(text[:-1])))
    return (weighted + int(text[-1])) % 10 == 0


def is_isbn10(text: str) -> bool:
    """Ten digits, the last one perhaps an X, of which the last one fits."""
    text = text.upper()
    if len(text) != 10 or not (text.isascii() and text[:9].isdigit() and text[9] in "0123456789X"):
        return False
    values = [10 if digit == "X" else int(digit) for digit in text]
    return sum(value * (10 - place) for place, value in enumerate(values)) % 11 == 0


def product_code(product_id: str, kind: str) -> str:
    """The barcode that Amazon shows as a product id; empty for an ASIN and for what is none."""
    text = product_id.strip().replace("-", "")
    if kind.strip().upper() in ASIN_TYPES or not (is_gtin(text) or is_isbn10(text)):
        return ""
    return text.upper()


def same_barcode(text: str) -> str:
    """Equal for two spellings of one code: leading zeros do not count, an ISBN-10 is its ISBN-13."""
    if is_isbn10(text):
        return _isbn13(text)
    return text.lstrip("0") if is_gtin(text) else text


def spellings(text: str) -> tuple[str, ...]:
    """Every way to write the code that an item may have it in."""
    same = same_barcode(text)
    if not (is_gtin(text) or is_isbn10(text)):
        return (text,)
    padded = [same.zfill(length) for length in LENGTHS if len(same) <= length]
    return tuple(dict.fromkeys((text, *padded, *_isbn10(same))))


def _isbn13(isbn10: str) -> str:
    start = f"978{isbn10[:9]}"
    weighted = sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(start))
    return f"{start}{-weighted % 10}"


def _isbn10(isbn13: str) -> tuple[str, ...]:
    if len(isbn13) != 13 or not isbn13.startswith("978"):
        return ()
    start = isbn13[3:12]
    value = -sum(int(digit) * (10 - place) for place, digit in enumerate(start)) % 11
    return (f"{start}{'X' if value == 10 else value}",)
