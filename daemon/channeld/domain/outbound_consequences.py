"""What a change of a channel's settings will do to what is sent to Amazon (semantics A1, C1 to C3)."""

from collections.abc import Iterator, Mapping

from channeld.domain.settings_move import Consequence, Facts, Move

__all__ = ["OUTBOUND_RULES"]

_SWITCHES: Mapping[str, tuple[str, str]] = {
    "despatch_notes": (
        "Orders that are processed from now on are despatched at Amazon too; those processed before are not.",
        "Amazon is not told of orders that are processed from now on.",
    ),
    "order_cancellations": (
        "Orders that are cancelled from now on are cancelled at Amazon too, which gives the money back.",
        "Orders that are cancelled from now on stay open at Amazon, and count there as late when not sent.",
    ),
    "order_refunds": (
        "Refunds that are made from now on are sent to Amazon, which pays the buyer.",
        "Refunds that are made from now on are not sent: no buyer gets money by them.",
    ),
}
"""What is said when it is switched on, and when it is switched off."""


def _switches(move: Move, facts: Facts) -> Iterator[Consequence]:
    for key, (on, off) in _SWITCHES.items():
        if key not in move.keys:
            continue
        if getattr(move.after, key):
            yield Consequence(key=key, text=f"{on}{_not_yet(move)}")
        else:
            kept = f" What is queued is sent all the same: {_pieces(facts.queued)}." if facts.queued else ""
            yield Consequence(key=key, text=f"{off}{kept}")


def _not_yet(move: Move) -> str:
    return " Dry run is on: nothing is sent until it is off." if move.after.dry_run else ""


def _dry_run(move: Move, facts: Facts) -> Iterator[Consequence]:
    if "dry_run" not in move.keys:
        return
    if move.after.dry_run:
        waits = f" It holds {_pieces(facts.queued)}." if facts.queued else ""
        text = (
            "This channel sends nothing that changes anything at Amazon until it is off; all is still"
            f" shown.{waits}"
        )
        yield Consequence(key="dry_run", text=text)
    elif not move.after.enabled:
        yield Consequence(key="dry_run", text=f"The channel is off: nothing is sent{_held(facts)}.")
    elif facts.queued:
        yield _is_sent("dry_run", facts)
    else:
        yield Consequence(key="dry_run", text="From now on it is sent; nothing waits for it.")


def _held(facts: Facts) -> str:
    return f"; it holds {_pieces(facts.queued)}" if facts.queued else ""


def _enabled(move: Move, facts: Facts) -> Iterator[Consequence]:
    if "enabled" not in move.keys or not facts.queued:
        return
    if not move.after.enabled:
        text = f"Outbound work is kept and not sent: {_pieces(facts.queued)}."
        yield Consequence(key="enabled", text=text)
    elif not move.after.dry_run and "dry_run" not in move.keys:
        yield _is_sent("enabled", facts)


def _is_sent(key: str, facts: Facts) -> Consequence:
    """It reaches buyers and money, and cannot be taken back."""
    return Consequence(key=key, text=f"What is queued is sent now: {_pieces(facts.queued)}.", warning=True)


def _pieces(count: int) -> str:
    return f"{count:,} {'piece' if count == 1 else 'pieces'} of outbound work"


OUTBOUND_RULES = (_switches, _dry_run, _enabled)
