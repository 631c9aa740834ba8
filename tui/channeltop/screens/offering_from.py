"""The locations that a channel offers from: chosen after their consequences were shown."""

from collections.abc import Callable, Mapping, Sequence

from textual.content import Content

from channel_protocol.base import Reply
from channel_protocol.channels import ChannelPreviewed, PreviewChannel, SetChannel
from channeltop.mapping import Offering
from channeltop.names import written
from channeltop.replies import told
from channeltop.screens.considered import Consideration, consider
from channeltop.screens.entry import EntryField
from channeltop.screens.page import Page
from channeltop.screens.settings_texts import preview
from channeltop.widgets.tones import toned

__all__ = ["choose_locations"]

KEY = "inventory_locations"
HINT = "Names with commas between; nothing: nothing is sent. Each listing's stock is their sum."


def choose_locations(page: Page, row: Offering, known: Sequence[str], changed: Callable[[], None]) -> None:
    """`known`: locations of one's own, which are completed while typing."""

    def values(texts: Mapping[str, str]) -> dict[str, str]:
        return {KEY: texts[KEY]}

    def done(reply: Reply) -> None:
        page.notify(told(reply, page.now), markup=False)
        changed()

    field = EntryField(
        key=KEY, label="Inventory locations", text=written(row.locations), offered=known, several=True
    )
    names = toned(f"Known: {', '.join(known)}" if known else "No location is known yet.", "accent")
    wanted = Consideration(
        title=f"Locations that {row.channel} offers from",
        body=Content("\n").join((toned(HINT, "muted"), names)),
        fields=[field],
        preview=lambda texts: PreviewChannel(channel=row.channel, values=values(texts)),
        question=_consequences,
        change=lambda texts, seen: SetChannel(
            command_id="",
            channel=row.channel,
            values=values(texts),
            settings_mark=seen.settings_mark if isinstance(seen, ChannelPreviewed) else None,
        ),
    )
    consider(page, wanted, done)


def _consequences(reply: Reply) -> Content | None:
    return preview(reply, ()) if isinstance(reply, ChannelPreviewed) and reply.changes else None
