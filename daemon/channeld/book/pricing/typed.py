"""Prices and bounds as people type them."""

import re
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from channeld.amazon.listings.submitting import fits_a_path
from channeld.domain.marketplaces import Marketplace
from channeld.domain.price.guard import Bounds, read_price, refused_bounds
from channeld.domain.price.listing_price import ListingPrice
from channeld.errors import Problem

__all__ = ["Typed", "Wanted", "typed_price", "typed_row"]

NUMBER = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{0,20})?")


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is wanted of one listing, as it was typed."""

    sku: str
    price: str = ""
    """Empty: it stays as it is."""
    least: str | None = None
    """None: it stays as it is; empty: there is none."""
    most: str | None = None
    currency: str = ""
    """Empty: the marketplace's."""


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """What it comes to; with problems nothing of it counts."""

    minor: int | None = None
    bounds: Bounds = Bounds()
    problems: tuple[Problem, ...] = ()


def typed_price(text: str, currency: str, marketplace: Marketplace) -> int | list[Problem]:
    """Minor units, or everything for which it is refused."""
    if not NUMBER.fullmatch(text.strip()):
        return [Problem(key="price", message="must be a number such as 19.99, with a point")]
    return read_price(Decimal(text.strip()), currency or marketplace.currency, marketplace)


def typed_row(wanted: Wanted, before: ListingPrice, marketplace: Marketplace) -> Typed:
    """The price and the bounds that a row asks for."""
    problems: list[Problem] = []
    if not fits_a_path(wanted.sku):
        problems.append(Problem(key="sku", message="cannot be named in a request to Amazon"))
    if not wanted.price.strip() and wanted.least is None and wanted.most is None:
        problems.append(Problem(key="price", message="is missing"))
    minor = _read("price", wanted.price, wanted, marketplace, problems)
    least = _read("min_price", wanted.least, wanted, marketplace, problems)
    most = _read("max_price", wanted.most, wanted, marketplace, problems)
    bounds = Bounds(
        least=before.least if wanted.least is None else least,
        most=before.most if wanted.most is None else most,
    )
    problems += refused_bounds(bounds)
    return Typed(minor=minor, bounds=bounds, problems=_each_once(problems))


def _read(
    key: str, text: str | None, wanted: Wanted, marketplace: Marketplace, problems: list[Problem]
) -> int | None:
    """None for an empty one, and for one that is refused."""
    if text is None or not text.strip():
        return None
    found = typed_price(text, wanted.currency, marketplace)
    if isinstance(found, int):
        return found
    problems += (replace(problem, key=key) if problem.key == "price" else problem for problem in found)
    return None


def _each_once(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple({(each.key, each.message): each for each in problems}.values())
