"""Faults on request: by chance (`NAME=RATE`, seeded) or planned by a test for the next so many times."""

from collections.abc import Mapping
from random import Random

import msgspec

__all__ = ["KNOWN", "Faults", "Fired", "parse_faults"]

KNOWN = {
    "throttle_burst": "429 for ten requests on end although tokens are there",
    "error_500": "500 InternalFailure",
    "error_503": "503 ServiceUnavailable",
    "timeout": "the answer is held until the client gives up",
    "reset": "the connection is closed without an answer",
    "truncated": "the body ends in the middle",
    "missing_orders": "an order is left out of a search",
    "duplicates": "an order comes twice, in a page or on the next",
    "clock_skew": "the Date header is a quarter of an hour ahead",
    "poison": "an order breaks Amazon's own model",
    "latency": "answers take this many seconds (not a share)",
    "empty_page": "a page of transactions is empty although there are more",
    "reset_after": "a write takes effect, then the connection is closed without an answer",
    "error_500_after": "a write takes effect, then the answer is 500 InternalFailure",
    "no_effect": "a despatch, cancellation, refund or listing write is taken as valid, and nothing happens",
    "late_effect": "a message of a feed or listing write acts late_effect_seconds later (detail: seconds)",
    "write_invalid": "a listing write is INVALID",
    "late_issue": "a listing write that was accepted becomes an issue of the listing instead",
    "feed_stuck": "a feed takes feed_stuck_seconds longer (detail: seconds), and its lane waits",
    "feed_cancelled": "a feed is CANCELLED at once",
    "feed_fatal": "a feed ends FATAL with half of its messages done (detail: none, all)",
    "report_missing": "a feed is DONE without a result document",
    "report_contradicts": "a feed's report counts an error without a result (detail results: the reverse)",
    "report_stuck": "a report stays IN_PROGRESS (detail queued: IN_QUEUE; or so many seconds longer)",
    "report_cancelled": "a report is CANCELLED when its turn comes",
    "report_fatal": "a report ends FATAL with a document that explains it",
    "report_truncated": "a report ends in the middle of a row (detail gzip: in the middle of its gzip)",
    "report_short": "three of ten rows of a report are missing, and it looks complete",
    "report_lost_rows": "a report lacks its first and every fiftieth row (detail: these SKUs or order ids)",
    "report_empty": "a report is DONE with nothing but its header",
    "url_lapsed": "the address of a report has lapsed when it is given out",
    "unknown_carrier": "a carrier code is refused",
    "missing_bound": "the search does not tell its upper bound",
    "lwa_server_error": "the token endpoint answers server_error",
    "lwa_unavailable": "the token endpoint answers temporarily_unavailable",
}
"""Name and effect. The rate is the share of requests (of orders, where it says an order), 0 to 1."""

BURST = 10


class Fired(msgspec.Struct, frozen=True):
    """A fault that happens now; `detail` chooses a variant where there are several."""

    detail: str = ""


class _Planned(msgspec.Struct):
    left: int | None
    detail: str
    only: dict[str, str]


class Faults:
    """Asked at each place where something can go wrong; planned ones come before chance."""

    def __init__(self, rates: Mapping[str, float], random: Random) -> None:
        self.rates = dict(rates)
        self._random = random
        self._planned: dict[str, list[_Planned]] = {}

    def plan(self, name: str, times: int | None = 1, *, detail: str = "", **only: str) -> None:
        """Let it happen the next so many times (None: for ever), where `only` fits.

        `only` may name seller_id, operation (of what happens to a feed or report and in it: its type),
        order_id and sku; `detail` is the seconds of `latency`, the kind of `poison` (see
        `poison.POISONS`), and what `KNOWN` says. ValueError for an unknown fault.
        """
        _known(name)
        self._planned.setdefault(name, []).append(_Planned(times, detail, only))

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._planned.clear()
        self.rates.clear()

    def fires(self, name: str, **where: str) -> Fired | None:
        """Whether it happens here and now."""
        if planned := self._take_planned(name, where):
            return planned
        rate = self.rates.get(name, 0.0)
        if not rate or self._random.random() >= rate:
            return None
        if name == "throttle_burst":
            self.plan(name, BURST - 1, **where)
        return Fired()

    def latency(self, **where: str) -> float:
        """Seconds that this answer takes longer: the planned one's detail, else the rate.

        They pass by the sandbox's clock: a fake one has to be moved while the answer is under way.
        """
        planned = self._take_planned("latency", where)
        return float(planned.detail) if planned else self.rates.get("latency", 0.0)

    def _take_planned(self, name: str, where: Mapping[str, str]) -> Fired | None:
        for planned in self._planned.get(name, ()):
            if planned.only.items() <= where.items():
                planned.left = None if planned.left is None else planned.left - 1
                self._planned[name] = [entry for entry in self._planned[name] if entry.left != 0]
                return Fired(planned.detail)
        return None


def parse_faults(text: str) -> dict[str, float]:
    """`NAME=RATE,…` as on the command line. ValueError names what is wrong and the known names."""
    rates: dict[str, float] = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        name, _, rate = entry.partition("=")
        _known(name)
        try:
            rates[name] = float(rate)
        except ValueError:
            raise ValueError(f"fault {name} needs a rate, as in {name}=0.1") from None
        if not 0 <= rates[name] <= (60 if name == "latency" else 1):
            raise ValueError(f"fault {name}: the rate {rate} is out of range")
    return rates


def _known(name: str) -> None:
    if name not in KNOWN:
        raise ValueError(f"unknown fault {name!r}; known are {', '.join(KNOWN)}")
