"""The texts of the mapping page: what a row means, and what a change will and will not do."""

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace
from textual.content import Content

from channel_protocol.locations import LocationRow
from channel_protocol.mappings import MappingRow
from channeltop.format import things
from channeltop.mapping import Offering
from channeltop.pages import key_of
from channeltop.widgets.tones import joined, toned

__all__ = ["EMPTY", "KIND_TEXTS", "described_location", "described_offering", "described_word", "removal"]

EMPTY = {
    "payment": "No payment word was met yet. They appear with the first orders; a adds one beforehand.",
    "shipping": "No shipping word was met yet. They appear with the first orders; a adds one beforehand.",
    "despatch": "No service of yours is mapped to a carrier of Amazon's yet. a adds one.",
    "locations": "There is no location. a adds one.",
    "inventory": "There is no channel yet.",
}


class KindTexts(msgspec.Struct, frozen=True, kw_only=True):
    """How one kind of mapping is spoken of."""

    word: str
    """What is mapped."""
    target: str
    """What it is mapped to."""
    add: str
    """The title of the form for a new one."""
    follow: str
    """Which orders follow it."""
    removed: tuple[str, str]
    """What happens without it."""


_INBOUND = KindTexts(
    word="Amazon's word",
    target="Yours",
    add="",
    follow="Orders downloaded from then on follow it; earlier ones stay as they are.",
    removed=(
        "Orders downloaded from now on get the default for it, and need attention.",
        "Orders that are stored already stay as they are.",
    ),
)
KIND_TEXTS: Mapping[str, KindTexts] = {
    "payment": replace(_INBOUND, add="Map a payment word beforehand"),
    "shipping": replace(_INBOUND, add="Map a shipping word beforehand"),
    "despatch": KindTexts(
        word="Your service",
        target="Amazon's CARRIER / METHOD",
        add="Map a service of yours to a carrier of Amazon's",
        follow="Orders processed from then on follow it. One that it does not list: Other: NAME / METHOD.",
        removed=(
            "Orders processed with it from now on are refused until it is mapped, or a carrier is named.",
            "Notes that were made already stay as they are.",
        ),
    ),
}


def described_word(row: MappingRow) -> Content:
    """What its orders got, and what to do."""
    target = toned("not mapped", "warn") if row.target is None else toned(row.target, "good")
    met = things(row.orders, "order") if row.orders else "not met on an order yet"
    if row.kind == "despatch":
        met = ""
    first = joined((toned(f"{row.tag} on {row.channel}", "strong"), target, Content(met)))
    return Content("\n").join((first, _default_line(row)))


def _default_line(row: MappingRow) -> Content:
    texts = KIND_TEXTS[row.kind]
    if row.kind == "despatch" and row.target is not None:
        return toned(texts.follow, "muted")
    stored = f"{things(row.unmapped, 'order')} stored with the default" if row.unmapped else ""
    if row.target is None:
        return toned(f"{stored}. " if stored else "", "warn") + toned(
            f"enter maps it. {texts.follow}", "accent"
        )
    return toned(f"{stored} before it was mapped, and they keep it." if stored else "", "muted")


def described_location(row: LocationRow) -> Content:
    """Whose orders go there, and how that is changed."""
    kind = "own location" if row.kind == "own" else "fulfilment centre of Amazon's, whose orders are locked"
    first = joined((toned(row.location, "strong"), Content(kind), Content(_held(row))))
    if row.kind != "own":
        return first
    users = f"New orders of {row.channels} are saved here" if row.channels else "No channel saves orders here"
    where = f"a channel's location is one of its settings ({key_of('settings')})"
    stock = f"{row.offered_by} offers its stock" if row.offered_by else "No channel offers its stock"
    lines = (first, toned(f"{users}; {where}.", "muted"), toned(f"{stock}; i has what each offers.", "muted"))
    return Content("\n").join(lines)


def described_offering(row: Offering) -> Content:
    """What a channel offers, and how that is changed."""
    where = ", ".join(row.locations)
    offers = Content(f"offers what lies at {where}") if where else toned("offers from no location", "muted")
    follow = "enter chooses its locations; what that does is shown first. Orders are not concerned."
    return Content("\n").join((joined((toned(row.channel, "strong"), offers)), toned(follow, "accent")))


def _held(row: LocationRow) -> str:
    return f"{things(row.orders, 'order')}, {row.open_orders:,} of them open" if row.orders else "no orders"


def removal(row: MappingRow) -> Content:
    """What it means to forget a mapping."""
    return Content("\n").join(
        (
            joined((toned(row.tag, "strong") + f" on {row.channel}", toned(row.target or "", "good")), " → "),
            Content(),
            *map(Content, KIND_TEXTS[row.kind].removed),
        )
    )
