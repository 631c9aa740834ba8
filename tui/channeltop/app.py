"""The monitor's app: owns the connection and the model, and shows the model to the page on top.

The connection posts events; at a steady pace, however many there were, they are folded into the model and the
page on top is repainted.
"""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen

from channel_protocol.client import connect as connect_to_daemon
from channel_protocol.errors import ClientError, RequestRefused
from channeltop.asked import Asked, OrderOpened, Raised
from channeltop.clock import Clock, SystemClock
from channeltop.commands import Commands, new_command_id
from channeltop.connection import Connect, Connection
from channeltop.events import Event
from channeltop.fold import fold_all, gaps
from channeltop.keys import SIGNS
from channeltop.model import Model
from channeltop.pages import PAGES, key_of
from channeltop.replies import failed, told
from channeltop.screens.audit_trail import AuditTrail
from channeltop.screens.help import Help
from channeltop.screens.listings import Listings
from channeltop.screens.mapping import MappingPage
from channeltop.screens.order_detail import OrderDetail
from channeltop.screens.orders import Orders
from channeltop.screens.overview import Overview
from channeltop.screens.page import Command, Page
from channeltop.screens.quarantine import Quarantine
from channeltop.screens.reports import Reports
from channeltop.screens.settings import Settings
from channeltop.screens.ship_by import ShipBy
from channeltop.screens.stock import Stock
from channeltop.screens.work import Work
from channeltop.themes import DARK, LIGHT

__all__ = ["REPAINT_EVERY", "ChannelTop"]

REPAINT_EVERY = 0.5
"""Seconds between repaints."""
PAGE_KEYS = "the pages, as the top line names them"


PAGE_TYPES = (
    Overview,
    Orders,
    Quarantine,
    AuditTrail,
    Settings,
    MappingPage,
    Work,
    ShipBy,
    Listings,
    Reports,
    Stock,
)
PACE = 0.05
"""Seconds in which events gather before they are read."""
connect_calmly = partial(connect_to_daemon, pace=PACE)


class ChannelTop(App[None]):
    """`ChannelTop(socket_path).run()`, or `await …run_async()` in a running loop."""

    TITLE = "channeld"
    CSS_PATH = Path(__file__).with_name("channeltop.tcss")
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {  # Textual's type for it
        page.MODE: page for page in PAGE_TYPES
    }
    DEFAULT_MODE = "overview"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(key_of(mode), f"switch_mode('{mode}')", name, show=False, tooltip=PAGE_KEYS)
            for mode, name in PAGES.items()
        ),
        Binding("D", "toggle_light", "Dark or light", show=False, tooltip="dark or light"),
        Binding("question_mark", "help", "Help", key_display="?", tooltip="this help"),
        Binding("q", "quit", "Quit", tooltip="quit; channeld goes on"),
    ]

    def __init__(
        self,
        socket_path: Path | str,
        *,
        connect: Connect = connect_calmly,
        clock: Clock | None = None,
        command_id: Callable[[], str] = new_command_id,
    ) -> None:
        self._clock = clock or SystemClock()
        super().__init__()
        self.model = Model()
        self._commands = Commands(command_id)
        self._arrived: list[Event] = []
        """What the connection posted since the last repaint."""
        self._connection = Connection(Path(socket_path), connect, self._clock, self._arrived.append)
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.theme = DARK.name

    def on_mount(self) -> None:
        self.run_worker(self._connection.run(), name="connection")
        self.run_worker(self._repaint_steadily(), name="repaint")

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        for mode, name in PAGES.items():
            yield SystemCommand(name, f"Open the page {name}", lambda mode=mode: self.switch_mode(mode))
        if isinstance(screen, Page):
            yield from (SystemCommand(*command) for command in (*screen.commands(), *self._keyed(screen)))
        yield SystemCommand(
            "Dark or light", "Change between the dark and the light theme", self.action_toggle_light
        )
        yield SystemCommand("Help", "Every key, and what the signs mean", self.action_help)
        yield SystemCommand("Quit", "Leave the monitor; channeld goes on", self.action_quit)

    def _keyed(self, page: Page) -> Iterable[Command]:
        """What the page and what has the focus in it do on a key."""
        for key, active in page.active_bindings.items():
            node, binding = active.node, active.binding
            wanted = (binding.show or binding.tooltip) and not binding.system
            if wanted and binding.description and node is not self and active.enabled:
                run = partial(self.run_action, binding.action, node)
                yield Command(f"{binding.description}  ({SIGNS.get(key, key)})", binding.tooltip, run)

    # --- the model ---------------------------------------------------------------------------------

    def repaint(self) -> None:
        """Fold what arrived, and show the model as it is now to the page on top."""
        before, self.model = self.model, fold_all(self.model, self._arrived)
        self._arrived.clear()
        if missed := gaps(before, self.model):
            self.run_worker(self._subscribe_again(missed))
        if isinstance(self.screen, Page) and self.screen.is_mounted:
            self.screen.show(self.model, self._clock.now())

    async def _repaint_steadily(self) -> None:
        while True:
            self.repaint()
            await self._clock.sleep(REPAINT_EVERY)

    async def _subscribe_again(self, topics: tuple[str, ...]) -> None:
        try:
            await self._connection.subscribe(*topics)
        except ClientError as error:
            self.notify(str(error), severity="error", markup=False)

    # --- what pages ask ----------------------------------------------------------------------------

    def on_page_opened(self) -> None:
        self.repaint()

    def on_asked(self, message: Asked) -> None:
        self.run_worker(self._ask(message))

    async def _ask(self, asked: Asked) -> None:
        try:
            reply = await self._connection.request(self._commands.identified(asked.request))
        except ClientError as error:
            if isinstance(error, RequestRefused):
                self._commands.answered(asked.request)
            if asked.failed:
                asked.failed(error)
                return
            self.notify(failed(error, asked.request), severity="error", markup=False)
            if asked.then:
                asked.then(None)
            return
        self._commands.answered(asked.request)
        if asked.then:
            asked.then(reply)
        else:
            self.notify(told(reply, self._clock.now()), markup=False)

    def on_order_opened(self, message: OrderOpened) -> None:
        self.on_raised(Raised(OrderDetail(message.order_id, message.channel)))

    def on_raised(self, message: Raised) -> None:
        """Something is asked, or opened, once: a key that was pressed twice finds it on top already."""
        if not isinstance(self.screen, (ModalScreen, type(message.screen))):
            self.push_screen(message.screen, message.then)
        elif message.then:
            message.then(None)

    # --- keys --------------------------------------------------------------------------------------

    def action_toggle_light(self) -> None:
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name

    def action_help(self) -> None:
        self.push_screen(Help(type(self)))
