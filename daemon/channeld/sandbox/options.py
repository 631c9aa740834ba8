"""What a sandbox is made of: accounts, seed, growth, granted rates, faults."""

from collections.abc import Iterable
from math import inf
from typing import Literal

import msgspec

from channeld.sandbox.faults import KNOWN
from channeld.sandbox.listings.invented import MOST
from channeld.sandbox.marketplaces import BY_COUNTRY, Region
from channeld.sandbox.money import Convention
from channeld.sandbox.throttle import PUBLISHED

__all__ = ["AccountSpec", "ReportColumns", "SandboxOptions", "demo_accounts", "parse_rates"]

ReportColumns = Literal["shipping_group", "price_limits", "payment_exclusion", "business"]


class AccountSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A seller account in one region with its private app's credentials."""

    seller_id: str
    region: Region
    countries: tuple[str, ...]
    """ISO codes of the marketplaces it sells in."""
    client_id: str
    client_secret: str
    refresh_token: str
    store_name: str = "Sandbox Store"
    restricted_role: bool = True
    """Whether the app may read personal data; without it those fields are absent."""
    report_columns: tuple[ReportColumns, ...] = ("shipping_group",)
    """What the account's listing reports have beside the columns of all, by feature of the account."""

    def __post_init__(self) -> None:
        for country in self.countries:
            if country not in BY_COUNTRY or BY_COUNTRY[country].region != self.region:
                raise ValueError(f"no marketplace {country!r} in region {self.region}")

    def __repr__(self) -> str:
        return f"AccountSpec({self.seller_id})"


def demo_accounts() -> tuple[AccountSpec, ...]:
    """The demo's population: one seller in Europe, one in North America."""
    return (
        _account("A1SANDBOXEU", "EU", ("GB", "DE", "FR"), "Contoso Household"),
        _account("A2SANDBOXNA", "NA", ("US", "CA"), "Contoso Household USA"),
    )


class SandboxOptions(msgspec.Struct, frozen=True, kw_only=True):
    """All options; ValueError for names that do not exist."""

    seed: int = 1
    accounts: tuple[AccountSpec, ...] = msgspec.field(default_factory=demo_accounts)
    orders: int = 0
    """Orders that exist at the start, last updated over the past `days`."""
    days: float = 7.0
    quiet_seconds: float = 300.0
    """They are older than this; with 300 the first search sees all of them."""
    orders_per_hour: float = 0.0
    """New orders over all accounts, in buyers' time; 0: nothing happens but what a test does."""
    speed: float = 1.0
    """Buyers' time against the clock. Budgets, tokens and instants always follow the clock."""
    rates: dict[str, float] = {}
    """Granted rates by operation, requests a second; the others are as published."""
    faults: dict[str, float] = {}
    """Rates by fault; see `faults.KNOWN`."""
    change_delay: float = 2.0
    """Seconds until a change shows in answers."""
    token_seconds: int = 3600
    """Life of an access token."""
    feed_seconds: float = 60.0
    """What a feed takes whatever is in it, a quarter of it in the queue; one at a time for each type."""
    feed_message_seconds: float = 0.02
    """What each of its messages adds."""
    feed_stuck_seconds: float = 7200.0
    """How much longer a feed takes by the fault `feed_stuck`."""
    late_effect_seconds: float = 9000.0
    """How much later a message has its effect by the fault `late_effect`; its report comes in time."""
    listing_write_seconds: float = 3.0
    """How long after it was accepted a write to a listing is applied, by whatever route."""
    document_seconds: float = 300.0
    """Life of an address to upload to or download from."""
    gzip_results: bool = False
    """Result documents are compressed."""
    listings: int = 0
    """Seller SKUs in each marketplace, first of all those that buyers order; any number costs the same."""
    report_seconds: float = 30.0
    """What a report takes whatever is in it, a quarter of it in the queue; one at a time for each type."""
    report_row_seconds: float = 0.0002
    """What each of its rows adds."""
    report_sigma: float = 0.0
    """Spread of that time (log-normal, seeded); 0: none."""
    report_repeat_seconds: float | None = None
    """An identical report within this time is cancelled; None: what Amazon does with its type."""
    listing_cache_seconds: float = 3600.0
    """So long a listing report shows what the one before it showed."""
    order_report_lag: float = 1800.0
    """Seconds until a change of an order is in reports, at most; some are there at once."""
    gzip_reports: bool = True
    localized_reports: bool = False
    """Listing reports of Japan have Japanese header names, unless preferredReportDocumentLocale is en_US."""
    restricted_reports: tuple[str, ...] = ()
    """More report types whose documents need a restricted data token: Amazon's lists disagree."""
    finances_delay: float = 3600.0
    """Seconds until a refund is among the transactions."""
    convention: Convention = Convention()

    def __post_init__(self) -> None:
        _refuse_unknown("operation", self.rates, PUBLISHED)
        _refuse_unknown("fault", self.faults, KNOWN)
        if self.speed <= 0 or self.orders_per_hour < 0 or self.orders < 0:
            raise ValueError("speed must be above 0, orders and orders_per_hour not below")
        if not all(0 < rate < inf for rate in self.rates.values()):
            raise ValueError("a granted rate must be a number above 0")
        times = (self.feed_seconds, self.feed_message_seconds, self.feed_stuck_seconds)
        times = (*times, self.listing_write_seconds)
        if min(*times, self.late_effect_seconds, self.document_seconds, self.finances_delay) < 0:
            raise ValueError("times of feeds, writes, documents and finances cannot be below 0")
        if not 0 <= self.listings <= MOST:
            raise ValueError(f"listings must be from 0 to {MOST}")
        times = (self.report_seconds, self.report_row_seconds, self.report_sigma)
        if min(*times, self.listing_cache_seconds, self.order_report_lag) < 0:
            raise ValueError("report times, listing_cache_seconds and order_report_lag cannot be below 0")


def parse_rates(entries: Iterable[str]) -> dict[str, float]:
    """`OPERATION=PER_SECOND` entries as on the command line. ValueError says what is wrong."""
    rates: dict[str, float] = {}
    for entry in entries:
        name, _, rate = entry.partition("=")
        _refuse_unknown("operation", (name,), PUBLISHED)
        try:
            rates[name] = float(rate)
        except ValueError:
            raise ValueError(f"operation {name} needs a rate, as in {name}=1") from None
    return rates


def _account(seller_id: str, region: Region, countries: tuple[str, ...], store_name: str) -> AccountSpec:
    return AccountSpec(
        seller_id=seller_id,
        region=region,
        countries=countries,
        client_id=f"amzn1.application-oa2-client.sandbox-{region.lower()}",
        client_secret=f"amzn1.oa2-cs.v1.sandbox-{region.lower()}",
        refresh_token=f"Atzr|sandbox-{region.lower()}",
        store_name=store_name,
    )


def _refuse_unknown(what: str, names: Iterable[str], known: Iterable[str]) -> None:
    for name in names:
        if name not in known:
            raise ValueError(f"unknown {what} {name!r}; known are {', '.join(known)}")
