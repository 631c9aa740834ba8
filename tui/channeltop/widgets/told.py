"""Text in a place of fixed size."""

from textual.content import Content
from textual.widgets import Static

__all__ = ["Told"]


class Told(Static):
    """Is painted only when its text is another one, and never moves what is around it."""

    def __init__(self, id: str) -> None:  # noqa: A002 (Textual's name for it)
        super().__init__(id=id)
        self._told = Content()

    def tell(self, text: Content) -> None:
        """Show this text."""
        if text.is_same(self._told):
            return
        self._told = text
        self.update(text, layout=False)
