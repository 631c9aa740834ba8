"""From the channel's words for payment and shipping to one's own, and back (semantics I14, I15)."""

from collections.abc import Iterable, Mapping

__all__ = ["DEFAULT", "KINDS", "look_up", "normal", "payment_tag", "shipping_tag", "word"]

DEFAULT = "Default"
"""What an unmapped word becomes; it never blocks an order."""

KINDS = ("payment", "shipping", "despatch")
"""The first two lead from the channel's words to one's own, the last from one's services to its carriers."""


def normal(word: str) -> str:
    """Words are compared trimmed and case-blind."""
    return word.strip().upper()


def payment_tag(methods: Iterable[str]) -> str:
    """One tag for all methods of an order, joined by `+` in a fixed order; empty without any."""
    return "+".join(sorted({normal(method) for method in methods if method.strip()}))


def shipping_tag(service_level: str) -> str:
    """The tag of an order's service level; empty when Amazon gave none."""
    return normal(service_level)


def word(kind: str, typed: str) -> str:
    """The tag that a person means: for payment, several methods may be typed in any order."""
    return payment_tag(typed.split("+")) if kind == "payment" else normal(typed)


def look_up(tag: str, targets: Mapping[str, str]) -> tuple[str, bool]:
    """One's own word, and whether it was mapped. An order without the word is not an unmapped one."""
    target = targets.get(tag)
    return (target or DEFAULT), (target is not None or not tag)
