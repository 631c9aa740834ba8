"""The processing report of a JSON_LISTINGS_FEED (schema 2.0)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import msgspec

from channeld.sandbox.listings.item_shape import listings_item

if TYPE_CHECKING:
    from channeld.sandbox.market import Market

__all__ = ["Report", "Wanted", "Wrong", "report_json"]

DataSet = Literal[
    "summaries",
    "attributes",
    "issues",
    "offers",
    "fulfillmentAvailability",
    "procurement",
    "relationships",
    "productTypes",
]


class Wanted(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What of the listings the report is to show."""

    included_data: Annotated[list[DataSet], msgspec.Meta(min_length=1)]
    api_version: Literal["2021-08-01"]


class Wrong(NamedTuple):
    """An issue because of which a message, or without a number the whole document, was not accepted."""

    message: int | None
    sku: str
    code: str
    text: str
    attribute: str


class Report(msgspec.Struct):
    """What became of the messages of a feed."""

    feed_id: str
    seller_id: str
    country: str
    wanted: Wanted | None = None
    processed: int = 0
    invalid: int = 0
    accepted: list[str] = []
    """The SKUs of the messages that were."""
    wrong: list[Wrong] = []


def report_json(market: Market, report: Report) -> bytes:
    """The result document."""
    issues = [_issue(each) for each in report.wrong]
    summary: dict[str, Any] = {
        "errors": len(issues),
        "warnings": 0,
        "messagesProcessed": report.processed,
        "messagesAccepted": len(report.accepted),
        "messagesInvalid": report.invalid,
    }
    where = {"seller_id": report.seller_id, "operation": "JSON_LISTINGS_FEED"}
    if how := market.faults.fires("report_contradicts", **where):
        issues = _contradict(summary, issues, results=how.detail == "results")
    header: dict[str, Any] = {"sellerId": report.seller_id, "version": "2.0", "feedId": report.feed_id}
    body: dict[str, Any] = {"header": header, "issues": issues, "summary": summary}
    if report.wanted:
        items = _items(market, report, set(report.wanted.included_data))
        header["report"] = report.wanted
        summary["itemSummary"] = {"items": len(items), **_severities(items)}
        body["items"] = items
    return msgspec.json.encode(body)


def _issue(wrong: Wrong) -> dict[str, Any]:
    body: dict[str, Any] = {"code": wrong.code, "severity": "ERROR", "message": wrong.text}
    about = {"messageId": wrong.message, "sku": wrong.sku, "attributeName": wrong.attribute}
    return {name: value for name, value in about.items() if value} | body


def _contradict(
    summary: dict[str, Any], issues: list[dict[str, Any]], *, results: bool
) -> list[dict[str, Any]]:
    """A report that cannot be: an invalid message without an issue, or issues that the counts deny."""
    processed = summary["messagesProcessed"]
    denied = 0 if results else min(1, processed)
    summary |= {"errors": denied, "messagesInvalid": denied, "messagesAccepted": processed - denied}
    return (
        (issues or [_issue(Wrong(1, "", "90000900", "The attributes are invalid.", ""))]) if results else []
    )


def _items(market: Market, report: Report, included: set[str]) -> list[dict[str, Any]]:
    """The listings that were written to, as they are shown by now: mostly what they were before."""
    view = market.listings.shown(report.seller_id, report.country, market.clock.now())
    found = (view.get(sku) for sku in dict.fromkeys(report.accepted))
    return [listings_item(listing, included, view) for listing in found if listing]


def _severities(items: list[dict[str, Any]]) -> dict[str, int]:
    found = [issue["severity"] for item in items for issue in item.get("issues", ())]
    return {"errors": found.count("ERROR"), "warnings": found.count("WARNING")}
