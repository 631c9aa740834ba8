"""What a change of a channel's settings will do to prices that are saved (semantics G1)."""

from collections.abc import Iterator

from channeld.domain.settings_move import Consequence, Facts, Move

__all__ = ["PRICE_RULES"]


def _switched(move: Move, facts: Facts) -> Iterator[Consequence]:
    if "price_change" not in move.keys:
        return
    if move.after.price_change:
        text = "Prices that are saved from now on are sent to Amazon; older ones only by `price push`."
        yield Consequence(key="price_change", text=f"{text}{_not_yet(move)}")
        return
    wait = "that waits is" if facts.prices_waiting == 1 else "that wait are"
    dropped = f" {_prices(facts.prices_waiting)} {wait} not sent." if facts.prices_waiting else ""
    text = "Prices that are saved from now on are kept and not sent."
    yield Consequence(key="price_change", text=f"{text}{dropped}")


def _not_yet(move: Move) -> str:
    if not move.after.enabled:
        return " The channel is off: nothing is sent until it is on."
    return " Dry run is on: nothing is sent until it is off." if move.after.dry_run else ""


def _let_go(move: Move, facts: Facts) -> Iterator[Consequence]:
    """What was held back by it reaches buyers at once."""
    before, after = move.before, move.after
    held = not before.enabled or before.dry_run
    leaves = after.enabled and not after.dry_run and after.price_change
    if held and leaves and before.price_change and facts.prices_pending:
        key = "dry_run" if "dry_run" in move.keys else "enabled"
        text = f"Prices that wait are sent now: {_prices(facts.prices_pending)}."
        yield Consequence(key=key, text=text, warning=True)


def _prices(count: int) -> str:
    return f"{count:,} {'price' if count == 1 else 'prices'}"


PRICE_RULES = (_switched, _let_go)
