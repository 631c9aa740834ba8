"""putListingsItem, patchListingsItem, deleteListingsItem (official model `listingsItems_2021-08-01.json`)."""

from collections.abc import Callable, Mapping
from typing import Any

from channeld.sandbox.listings.item_shape import issue_shape
from channeld.sandbox.listings.patching import Malformed
from channeld.sandbox.listings.query import country_of, same_seller
from channeld.sandbox.listings.reads import ITEM
from channeld.sandbox.listings.submissions import Outcome, Submission
from channeld.sandbox.listings.write import Deleted, Patched, Put, Write
from channeld.sandbox.marketplaces import BY_COUNTRY
from channeld.sandbox.operations import Call, Operation, read_body
from channeld.sandbox.refusal import invalid, throttled
from channeld.sandbox.rules import parameters

__all__ = ["OPERATIONS"]

PREVIEW = "VALIDATION_PREVIEW"
DELETES = frozenset(("marketplaceIds", "issueLocale"))
WRITES = DELETES | {"includedData", "mode"}
INCLUDED = ("identifiers", "issues")


def _patch(call: Call) -> dict[str, Any]:
    return _written(call, "patchListingsItem", WRITES, lambda: read_body(call, Patched))


def _put(call: Call) -> dict[str, Any]:
    return _written(call, "putListingsItem", WRITES, lambda: read_body(call, Put))


def _delete(call: Call) -> dict[str, Any]:
    return _written(call, "deleteListingsItem", DELETES, Deleted)


def _written(call: Call, route: str, known: frozenset[str], read: Callable[[], Write]) -> dict[str, Any]:
    """200 says what Amazon thinks of it, INVALID too. Refusal 400, 403, 415, or 429 for previews."""
    same_seller(call.path, call.account)
    given = parameters(call.query, known)
    country, preview, included = country_of(given, call.account), _is_preview(given), _included(given)
    if preview:
        _admit_preview(call)
    now = call.market.stamp()
    submission = Submission(
        seller_id=call.account.spec.seller_id,
        country=country,
        sku=call.path["sku"],
        write=read(),
        route=route,
        said_at=now,
    )
    submissions = call.market.submissions
    try:
        outcome = submissions.judge(submission) if preview else submissions.submit(submission, now)
    except Malformed as error:
        raise invalid(str(error)) from None
    return _answer(call, submission, outcome, included, preview=preview)


def _is_preview(given: Mapping[str, str]) -> bool:
    if given.get("mode", PREVIEW) != PREVIEW:
        raise invalid("mode has an unknown value.", f"Known is {PREVIEW}.")
    return "mode" in given


def _included(given: Mapping[str, str]) -> set[str]:
    included = set(given.get("includedData", "issues").split(","))
    if not included <= set(INCLUDED):
        raise invalid("includedData has an unknown value.", f"Known are {', '.join(INCLUDED)}.")
    if "identifiers" in included and "mode" not in given:
        raise invalid(f"identifiers can only be included when mode is {PREVIEW}.")
    return included


def _admit_preview(call: Call) -> None:
    """Previews have a budget of their own beside the operation's."""
    if not call.account.buckets[PREVIEW].take(call.market.clock.monotonic()):
        call.market.truth.over_budget[call.account.spec.seller_id, PREVIEW] += 1
        raise throttled()


def _answer(
    call: Call, submission: Submission, outcome: Outcome, included: set[str], *, preview: bool
) -> dict[str, Any]:
    marketplace = BY_COUNTRY[submission.country]
    status = "VALID" if preview and outcome.status == "ACCEPTED" else outcome.status
    body: dict[str, Any] = {
        "sku": submission.sku,
        "status": status,
        "submissionId": outcome.submission_id,
    }
    if "issues" in included:
        body["issues"] = [issue_shape(issue, marketplace) for issue in outcome.issues]
    if "identifiers" in included:
        listing = call.market.listings.shelf(submission.seller_id, submission.country).get(submission.sku)
        found = [{"marketplaceId": marketplace.id, "asin": listing.asin}] if listing else []
        body["identifiers"] = found if status == "VALID" else []
    return body


OPERATIONS = (
    Operation("patchListingsItem", ITEM, _patch, method="PATCH"),
    Operation("putListingsItem", ITEM, _put, method="PUT"),
    Operation("deleteListingsItem", ITEM, _delete, method="DELETE"),
)
