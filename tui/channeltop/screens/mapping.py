"""Payment and shipping words with what they are mapped to, and the locations.

The daemon has no topic for them: they are asked for when the page opens, after each change, and now and then.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from msgspec.structs import replace
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from channel_protocol.base import Reply, Request
from channel_protocol.locations import AddLocation, ListLocations, LocationList, LocationRow
from channel_protocol.mappings import ListMappings, MappingList, MappingRow, RemoveMapping, SetMapping
from channeltop.asked import Asked, Raised
from channeltop.mapping import KINDS, LISTS, Lists, Offering, headline, in_order, offerings, own_words
from channeltop.model import Model
from channeltop.replies import told
from channeltop.screens.entry import Entry, EntryField
from channeltop.screens.mapping_columns import (
    CARRIER_COLUMNS,
    LOCATION_COLUMNS,
    OFFERING_COLUMNS,
    WORD_COLUMNS,
    location_text,
    offering_text,
    word_key,
    word_text,
)
from channeltop.screens.mapping_texts import (
    EMPTY,
    KIND_TEXTS,
    described_location,
    described_offering,
    described_word,
    removal,
)
from channeltop.screens.offering_from import choose_locations
from channeltop.screens.page import Page
from channeltop.screens.question import Question
from channeltop.widgets.filter_box import FilterBox
from channeltop.widgets.list_names import ListName, ListNames
from channeltop.widgets.table import Table
from channeltop.widgets.told import Told
from channeltop.widgets.tones import toned

__all__ = ["MappingPage"]

ASKED_EVERY = 30.0
"""Seconds after which the lists are asked for again while the page is looked at."""
MOST = 10_000
KEYS = {"payment": "p", "shipping": "s", "despatch": "c", "locations": "l", "inventory": "i"}
MakeRequest = Callable[[Mapping[str, str]], Request]


class MappingPage(Page):
    """What is not mapped stands first. Five lists, of which one is shown."""

    MODE = "mapping"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", key_display="/", tooltip="filter all lists"),
        Binding(
            "enter",
            "map",
            "Map",
            tooltip="map the word, or map it to something else; choose a channel's locations",
        ),
        Binding("a", "add", "Add", tooltip="add a word beforehand, or a location"),
        Binding("x", "remove", "Remove", tooltip="forget the mapping of the word; asks first"),
        *(
            Binding(KEYS[name], f"list('{name}')", title, show=False, tooltip=f"the list of {title.lower()}")
            for name, title in LISTS.items()
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._lists = Lists()
        self._asked_at: datetime | None = None
        self._channels: tuple[str, ...] = ()
        self._here = KINDS[0]
        self._words = {
            kind: Table(
                CARRIER_COLUMNS if kind == "despatch" else WORD_COLUMNS, key=word_key, text=word_text, id=kind
            )
            for kind in KINDS
        }
        self._locations: Table[LocationRow] = Table(
            LOCATION_COLUMNS, key=lambda row: row.location, text=location_text, id="locations"
        )

        self._inventory: Table[Offering] = Table(
            OFFERING_COLUMNS, key=lambda row: row.channel, text=offering_text, id="inventory"
        )

    @property
    def _tables(self) -> Mapping[str, Table[MappingRow] | Table[LocationRow] | Table[Offering]]:
        return {**self._words, "locations": self._locations, "inventory": self._inventory}

    # --- what is shown -----------------------------------------------------------------------------

    def body(self) -> Iterable[Widget]:
        yield ListNames(self._titles(), self._here)
        yield FilterBox()
        with ContentSwitcher(initial=self._here, id="lists"):
            yield from self._tables.values()
        yield Told(id="description")

    def on_mount(self) -> None:
        self._tables[self._here].focus()

    def on_screen_resume(self) -> None:
        self._asked_at = None
        super().on_screen_resume()

    def show(self, model: Model, now: datetime) -> None:
        super().show(model, now)
        self._know(tuple(sorted(model.channels)))
        for name, table in self._tables.items():
            table.empty = EMPTY[name] if self._is_here(name) else "Waiting for the daemon."
        if not model.fresh:
            self._asked_at = None
        elif self._asked_at is None or (now - self._asked_at).total_seconds() >= ASKED_EVERY:
            self._ask()
        self._describe()

    def _is_here(self, name: str) -> bool:
        return getattr(self._lists, name) is not None

    def _ask(self) -> None:
        self._asked_at = self.now
        for kind in KINDS:
            request = ListMappings(kind=kind, limit=MOST)
            self.post_message(Asked(request, lambda reply, kind=kind: self._words_came(kind, reply)))
        self.post_message(Asked(ListLocations(limit=MOST), self._locations_came))

    def _words_came(self, kind: str, reply: Reply | None) -> None:
        if isinstance(reply, MappingList) and self.is_attached:
            rows = in_order(reply.rows)
            self._lists = replace(self._lists, **{kind: rows})
            self._words[kind].empty = EMPTY[kind]
            self._words[kind].show(rows, self.now)
            self._came()

    def _locations_came(self, reply: Reply | None) -> None:
        if isinstance(reply, LocationList) and self.is_attached:
            self._lists = replace(self._lists, locations=reply.rows)
            self._locations.show(reply.rows, self.now)
            self._offer()
            self._came()

    def _know(self, channels: tuple[str, ...]) -> None:
        if channels != self._channels:
            self._channels = channels
            self._offer()
            self._came()

    def _offer(self) -> None:
        """Which channel offers from where is told with the locations."""
        if self._lists.locations is not None:
            rows = offerings(self._channels, self._lists.locations)
            self._lists = replace(self._lists, inventory=rows)
            self._inventory.show(rows, self.now)

    def _came(self) -> None:
        self.query_one(ListNames).show(self._titles(), self._here)
        self._describe()

    def _titles(self) -> Mapping[str, Content]:
        return {name: toned(f"{KEYS[name]} ", "accent") + headline(self._lists, name) for name in LISTS}

    def _describe(self) -> None:
        text = Content()
        if word := self._word:
            text = described_word(word)
        elif self._here == "locations" and (location := self._locations.selected):
            text = described_location(location)
        elif offering := self._offering:
            text = described_offering(offering)
        self.query_one("#description", Told).tell(text)

    @property
    def _word(self) -> MappingRow | None:
        """The word below the cursor, if words are shown."""
        return self._words[self._here].selected if self._here in KINDS else None

    @property
    def _offering(self) -> Offering | None:
        """The channel below the cursor, if what they offer is shown."""
        return self._inventory.selected if self._here == "inventory" else None

    # --- what people do ----------------------------------------------------------------------------

    def on_table_highlighted(self) -> None:
        self._describe()

    def on_table_chosen(self) -> None:
        self.action_map()

    def on_filter_box_filtered(self, event: FilterBox.Filtered) -> None:
        for table in self._tables.values():
            table.filter(event.wanted)
        self._describe()

    def on_filter_box_left(self) -> None:
        self._tables[self._here].focus()

    def on_list_name_chosen(self, event: ListName.Chosen) -> None:
        self.action_list(event.list_name)

    def action_filter(self) -> None:
        self.query_one(FilterBox).open()

    def action_list(self, name: str) -> None:
        self._here = name
        self.query_one("#lists", ContentSwitcher).current = name
        self._tables[name].focus()
        self._came()

    def action_map(self) -> None:
        if offering := self._offering:
            own = [row.location for row in self._lists.locations or () if row.kind == "own"]
            choose_locations(self, offering, own, self._ask)
        elif row := self._word:
            target = EntryField(
                key="target",
                label=KIND_TEXTS[row.kind].target,
                text=row.target or "",
                offered=self._offered(row.kind),
            )
            self._enter(
                f"{LISTS[row.kind]}: {row.tag} on {row.channel}",
                described_word(row),
                [target],
                lambda texts: SetMapping(
                    command_id="", kind=row.kind, channel=row.channel, tag=row.tag, target=texts["target"]
                ),
            )

    def action_add(self) -> None:
        if self._here == "locations":
            self._enter(
                "Add a location",
                Content("A location of your own, from which orders are sent."),
                [EntryField(key="location", label="Name")],
                lambda texts: AddLocation(command_id="", location=texts["location"]),
            )
            return
        if self._here == "inventory":
            self.action_map()
            return
        kind = self._here
        texts_of = KIND_TEXTS[kind]
        only = self._channels[0] if len(self._channels) == 1 else ""
        fields = [
            EntryField(key="channel", label="Channel", text=only, offered=self._channels),
            EntryField(key="tag", label=texts_of.word),
            EntryField(key="target", label=texts_of.target, offered=self._offered(kind)),
        ]
        self._enter(
            texts_of.add,
            Content(texts_of.follow),
            fields,
            lambda texts: SetMapping(
                command_id="",
                kind=kind,
                channel=texts["channel"],
                tag=texts["tag"],
                target=texts["target"],
            ),
        )

    def action_remove(self) -> None:
        row = self._word
        if row is None or row.target is None:
            self.notify("There is no mapping here to remove.", severity="warning")
            return
        request = RemoveMapping(command_id="", kind=row.kind, channel=row.channel, tag=row.tag)
        question = Question(f"Forget the {row.kind} mapping of {row.tag}?", removal(row), "forget it")
        self.post_message(Raised(question, lambda agreed: self._change(request) if agreed else None))

    def _offered(self, kind: str) -> tuple[str, ...]:
        return own_words(self._lists.words(kind))

    def _enter(self, title: str, body: Content, fields: list[EntryField], request: MakeRequest) -> None:
        self.post_message(Raised(Entry(title, body, fields, request), self._changed))

    def _change(self, request: Request) -> None:
        self.post_message(Asked(request, self._changed))

    def _changed(self, reply: Reply | None) -> None:
        if reply is not None:
            self.notify(told(reply, self.now), markup=False)
            self._ask()
