"""What every page has: the top line, the banner, the footer, and a way to be shown the model."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer

from channeltop.model import Model
from channeltop.widgets.banner import Banner
from channeltop.widgets.masthead import Masthead
from channeltop.work import needs_person

__all__ = ["Command", "Page"]


class Command(NamedTuple):
    """Something that can be done now, for the command palette."""

    name: str
    help: str
    run: Callable[[], object]


class Page(Screen[None]):
    """A screen that shows a part of the model. The app calls `show` a few times a second at most."""

    MODE: ClassVar[str]
    """The page's name in `PAGES`."""
    now = datetime.fromtimestamp(0, UTC)
    """The instant of what is shown."""

    class Opened(Message):
        """The page came to the front; what it shows may be old."""

    def on_screen_resume(self) -> None:
        self.post_message(self.Opened())

    def compose(self) -> ComposeResult:
        yield Masthead(self.MODE)
        yield Banner()
        yield from self.body()
        yield Footer(compact=True)

    def body(self) -> Iterable[Widget]:
        """The page's own widgets."""
        raise NotImplementedError  # not abc: Textual has a metaclass of its own

    def commands(self) -> Iterable[Command]:
        """What can be done now and has no key of its own."""
        return ()

    def show(self, model: Model, now: datetime) -> None:
        """Hand the model's parts to the widgets."""
        self.now = now
        waiting = {"work": needs_person(model.work.values())}
        self.query_one(Masthead).show(model.link, waiting, now)
        self.query_one(Banner).show(model.link, now)
        self.set_class(bool(model.link.why), "-old")
