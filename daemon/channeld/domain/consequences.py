"""What a change of a channel's settings will do, said before it is done (semantics A1 to F1). Pure.

Every sentence is about what the book does with these settings, and says so when that is nothing.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from channeld.domain.channel_settings import ChannelSettings
from channeld.domain.email import NOT_DISCLOSED
from channeld.domain.outbound_consequences import OUTBOUND_RULES
from channeld.domain.price_consequences import PRICE_RULES
from channeld.domain.settings_move import Consequence, Facts, Move
from channeld.domain.stock_consequences import STOCK_RULES

__all__ = ["consequences"]

LONG_GAP = timedelta(hours=24)
TAX_KEYS = "vcs_enabled", "use_channel_tax", "tax_rate", "ignore_facilitator_tax"


Rule = Callable[[Move, Facts], Iterator[Consequence]]


def consequences(move: Move, facts: Facts) -> tuple[Consequence, ...]:
    """Everything to be said about a change, in the order of the specification."""
    if not move.keys:
        return ()
    return tuple(each for rule in _RULES for each in rule(move, facts))


def _switched_on(move: Move, facts: Facts) -> Iterator[Consequence]:
    if "enabled" not in move.keys or not move.after.enabled:
        return
    since = f"Orders updated since {_moment(move.cursor_after)} will be read"
    if move.cursor_before is None:
        days = move.after.order_look_back_days
        yield _say("enabled", f"{since}: the look-back of {_number(days, 'day')}.")
        return
    yield _say("enabled", f"{since}: up to there they were read before.")
    gap = move.now - move.cursor_before
    if gap > LONG_GAP:
        days = gap.total_seconds() / 86_400
        text = f"Orders of the last {days:.1f} days will be read now, which may take a while."
        yield Consequence(key="enabled", text=text, warning=True)


def _switched_off(move: Move, facts: Facts) -> Iterator[Consequence]:
    if "enabled" not in move.keys or move.after.enabled:
        return
    yield _say(
        "enabled", "This channel receives and sends nothing new; a request that is on its way may finish."
    )
    waiting = [
        _number(count, what)
        for count, what in (
            (facts.parked, "parked order"),
            (facts.quarantined, "quarantined order"),
            (facts.emails_pending, "e-mail look-up"),
        )
        if count
    ]
    if waiting:
        yield _say("enabled", f"These wait meanwhile: {_listed(waiting)}.")
    if facts.is_downloading:
        yield _say("enabled", "The listing download that runs is abandoned; what it has brought stays.")
    yield _say("enabled", f"When it is enabled again, reading goes on from {_moment(move.cursor_after)}.")


def _vcs(move: Move, facts: Facts) -> Iterator[Consequence]:
    if "vcs_enabled" not in move.keys:
        return
    if move.after.vcs_enabled:
        yield _say("vcs_enabled", "This enrols nothing at Amazon: it says that you are enrolled there.")
        if move.after.ignore_facilitator_tax and "ignore_facilitator_tax" not in move.keys:
            yield _say("ignore_facilitator_tax", "Ignore Facilitator Tax has no effect from then on.")
    if "use_channel_tax" in move.implied:
        what = "on" if move.after.use_channel_tax else "off"
        yield _say("use_channel_tax", f"Use Channel Tax is switched {what} along with VCS Enabled.")


def _tax(move: Move, facts: Facts) -> Iterator[Consequence]:
    changed = move.keys & set(TAX_KEYS)
    if not changed:
        return
    key = next(key for key in TAX_KEYS if key in changed)
    if _counts(move.before, move) == _counts(move.after, move):
        yield _say(key, f"No order's tax or total is another one by this: {_why_not(changed, move)}.")
        return
    kept = f"; {_stored(facts)} those they came with"
    yield _say(key, f"The tax settings count for orders downloaded afterwards{kept if facts.orders else ''}.")


def _counts(settings: ChannelSettings, move: Move) -> tuple[bool, str, bool]:
    """What of the tax settings has an effect: Amazon's tax, our rate, facilitator tax left out."""
    policy = settings.tax_policy(move.marketplace)
    by_amazon = policy.use_channel_tax or policy.style == "added"
    return by_amazon, "" if by_amazon else policy.tax_rate, policy.ignore_facilitator


def _why_not(changed: frozenset[str], move: Move) -> str:
    reasons = {
        "Ignore Facilitator Tax has no effect while VCS Enabled is on": (
            "ignore_facilitator_tax" in changed and move.after.vcs_enabled
        ),
        f"on {move.marketplace.name} Amazon's own tax is added to prices in any case": (
            "ignore_facilitator_tax" not in changed and move.marketplace.tax == "added"
        ),
        "the tax rate has no effect while Use Channel Tax is on": (
            "tax_rate" in changed and move.after.use_channel_tax
        ),
    }
    return (
        "; ".join(text for text, holds in reasons.items() if holds)
        or "tax is split by the tax rate as before"
    )


def _email(move: Move, facts: Facts) -> Iterator[Consequence]:
    if "not_disclosed_email" not in move.keys:
        return
    instead = move.after.not_disclosed_email or f"the text {NOT_DISCLOSED}"
    pending = facts.emails_pending
    looked_for = f", {_number(pending, 'order')} looked for now among them" if pending else ""
    yield _say(
        "not_disclosed_email",
        f"Orders without a disclosed address get {instead} from now on{looked_for}; "
        "orders that have an address or its stand-in keep it.",
    )


def _look_back(move: Move, facts: Facts) -> Iterator[Consequence]:
    if "order_look_back_days" not in move.keys:
        return
    if move.cursor_before:
        yield _say(
            "order_look_back_days",
            f"No effect: orders are read up to {_moment(move.cursor_before)} already; the look-back is"
            " for the first download only.",
        )
    elif not move.after.enabled:
        days = _number(move.after.order_look_back_days, "day")
        yield _say("order_look_back_days", f"The first download will reach back {days}.")


def _offset(move: Move, facts: Facts) -> Iterator[Consequence]:
    if "order_received_offset" not in move.keys:
        return
    hours = move.after.order_received_offset_minutes / 60
    kept = f"; {_stored(facts)} the date"
    yield _say(
        "order_received_offset",
        f"Order Received Date of orders downloaded afterwards: purchase time in UTC {hours:+g} h"
        f"{kept if facts.orders else ''}.",
    )


def _location(move: Move, facts: Facts) -> Iterator[Consequence]:
    if "order_location" not in move.keys:
        return
    stay = facts.open_elsewhere
    kept = f"; {_number(stay, 'open or parked order')} elsewhere {'stays' if stay == 1 else 'stay'} there"
    yield _say(
        "order_location", f"New orders are saved in {move.after.order_location}{kept if stay else ''}."
    )


def _fba(move: Move, facts: Facts) -> Iterator[Consequence]:
    if "fba_enabled" not in move.keys:
        return
    place = facts.fba_location
    if not move.after.fba_enabled:
        stored = _number(facts.fba_stored, "stored one")
        kept = f"; {stored} in {place} still {'follows' if facts.fba_stored == 1 else 'follow'} Amazon"
        yield _say(
            "fba_enabled", f"New FBA orders are only counted, not saved{kept if facts.fba_stored else ''}."
        )
        return
    how = "which is there already" if facts.fba_location_exists else "which is made now and stays"
    yield _say("fba_enabled", f"FBA orders are saved, locked, in the location {place}, {how}.")
    if facts.fba_counted:
        seen = _number(facts.fba_counted, "FBA order")
        yield _say(
            "fba_enabled",
            f"{seen} so far only counted: saved when Amazon changes them, or by `channelctl order recover`.",
        )


def _full_listings(move: Move, facts: Facts) -> Iterator[Consequence]:
    if "download_full_listings" not in move.keys:
        return
    if move.after.download_full_listings:
        yield _say(
            "download_full_listings",
            "From the next listing download on each listing is read in full: about 100 a second.",
        )
    else:
        text = "Listing downloads bring what Amazon's report has; details that were read stay as they are."
        yield _say("download_full_listings", text)


def _trouble(move: Move, facts: Facts) -> Iterator[Consequence]:
    if move.is_troubled and move.after.enabled:
        yield _say("enabled", "Amazon refused to search this channel: it is asked again with the next one.")


_RULES: tuple[Rule, ...] = (
    _switched_on,
    _switched_off,
    _vcs,
    _tax,
    _email,
    _look_back,
    _offset,
    _location,
    _full_listings,
    _fba,
    *STOCK_RULES,
    *OUTBOUND_RULES,
    *PRICE_RULES,
    _trouble,
)


def _say(key: str, text: str) -> Consequence:
    return Consequence(key=key, text=text)


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "the look-back"


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _stored(facts: Facts) -> str:
    return f"{_number(facts.orders, 'stored order')} {'keeps' if facts.orders == 1 else 'keep'}"


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
