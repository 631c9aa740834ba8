"""Amazon's reasons for a refund and for a cancellation (Amazon's reference, section 5.2)."""

from collections.abc import Collection, Mapping

from channeld.domain.settings import nearest
from channeld.errors import Problem

__all__ = ["CANCEL_REASONS", "REFUND_REASONS", "cancel_reason_for", "read_reason"]

REFUND_REASONS = (
    "NoInventory",
    "CustomerReturn",
    "GeneralAdjustment",
    "CouldNotShip",
    "DifferentItem",
    "Abandoned",
    "CustomerCancel",
    "PriceError",
    "ProductOutofStock",
    "CustomerAddressIncorrect",
    "Exchange",
    "Other",
    "CarrierCreditDecision",
    "RiskAssessmentInformationNotValid",
    "CarrierCoverageFailure",
    "TransactionRecord",
    "Undeliverable",
    "RefusedDelivery",
)
CANCEL_REASONS = (
    "NoInventory",
    "ShippingAddressUndeliverable",
    "CustomerExchange",
    "BuyerCanceled",
    "GeneralAdjustment",
    "CarrierCreditDecision",
    "RiskAssessmentInformationNotValid",
    "CarrierCoverageFailure",
    "CustomerReturn",
    "MerchandiseNotReceived",
    "CannotVerifyInformation",
    "PricingError",
    "RejectOrder",
    "WeatherDelay",
)
_SAID_AS: Mapping[str, str] = {
    "CouldNotShip": "NoInventory",
    "Abandoned": "BuyerCanceled",
    "CustomerCancel": "BuyerCanceled",
    "PriceError": "PricingError",
    "ProductOutofStock": "NoInventory",
    "CustomerAddressIncorrect": "ShippingAddressUndeliverable",
    "Exchange": "CustomerExchange",
    "Undeliverable": "ShippingAddressUndeliverable",
}
"""Reasons for a refund that a cancellation has another word for."""


def read_reason(typed: str, known: Collection[str]) -> str | Problem:
    """The reason written Amazon's way, or what is wrong with it and the nearest one."""
    given = typed.strip()
    found = {reason.lower(): reason for reason in known}.get(given.lower())
    if found:
        return found
    message = f"must be one of Amazon's reasons: {', '.join(known)}"
    return Problem(key="reason", message=message, nearest=nearest(given, known))


def cancel_reason_for(refund_reason: str) -> str:
    """What Amazon is told when money is given back by cancelling."""
    if refund_reason in CANCEL_REASONS:
        return refund_reason
    return _SAID_AS.get(refund_reason, "GeneralAdjustment")
