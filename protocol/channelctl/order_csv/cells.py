"""One cell of a CSV file: what is around its value taken away, and read as what it should be.

No message repeats a cell: with columns that have slipped it may be somebody's name.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

__all__ = ["Cells", "trimmed"]

AS_FORMULA = re.compile(r'="(?P<text>[^"]*)"')
"""How a spreadsheet is made to leave a number alone."""
GUARDED = re.compile(r"'(?='*[=+\-@\t\r\n＝＋－＠])")
"""The apostrophe that keeps a spreadsheet from taking a text for a formula (`channelctl.table_cells`)."""
SHORTENED = re.compile(r"[0-9]([.,][0-9]+)?[eE]\+[0-9]+")
WHOLE = re.compile(r"0*([1-9][0-9]{0,8})")
AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,8})?")
INVISIBLE = "\ufeff\u200b\u200e\u200f\u2060"
YES = "yes", "y", "true", "on", "1", "x"
NO = "no", "n", "false", "off", "0", ""


def trimmed(cell: str) -> str:
    """Without blanks and what cannot be seen around it, and without what a spreadsheet's formulas need."""
    text = _bare(cell)
    if formula := AS_FORMULA.fullmatch(text):
        text = _bare(formula["text"])
    return GUARDED.sub("", text, count=1) if GUARDED.match(text) else text


def _bare(text: str) -> str:
    while (bare := text.strip().strip(INVISIBLE)) != text:
        text = bare
    return text


class Cells:
    """Reads the cells of one row, and keeps what is wrong and what they mean."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self._cells = cells
        self.problems: list[str] = []
        self.meaning: dict[str, str] = {}
        """By column, written in one way only; what is left out is not in it. Requests that share a
        `command_id` must be the same to the daemon, for which capitals make no difference."""

    def text(self, name: str, *, needed: bool = False, default: str = "") -> str:
        """Any text, as it was written."""
        text = self._cells.get(name, "")
        if not text and needed:
            self._refuse(name, "is missing")
        if SHORTENED.fullmatch(text):
            self._refuse(name, "was shortened by a spreadsheet: format the column as text and enter it anew")
        return self._keep(name, text or default)

    def word(self, name: str, *, needed: bool = False, default: str = "") -> str:
        """A text that means the same however its capitals are written; as it was written."""
        text = self.text(name, needed=needed, default=default)
        self._keep(name, text.casefold())
        return text

    def quantity(self) -> int | None:
        """A whole number of units, from 1."""
        text = self._cells.get("quantity", "")
        found = WHOLE.fullmatch(text)
        if text and not found:
            self._refuse("quantity", "must be a whole number from 1")
        return int(self._keep("quantity", found[1])) if found else None

    def amount(self) -> str:
        """A decimal above zero without zeros at its ends, as text; empty without one."""
        text = self._cells.get("amount", "")
        if not (AMOUNT.fullmatch(text) and Decimal(text)):
            if text:
                self._refuse("amount", "must be above zero and look like 10.00, with a point and no currency")
            return ""
        return self._keep("amount", f"{Decimal(text).normalize():f}")

    def yes(self, name: str) -> bool:
        """Yes or no; empty is no."""
        text = self._cells.get(name, "").lower()
        if text not in (*YES, *NO):
            self._refuse(name, "must be yes or no")
        return bool(self._keep(name, "yes" if text in YES else ""))

    def instant(self, name: str) -> datetime | None:
        """A time in UTC; without a zone it is local."""
        text = self._cells.get(name, "")
        if not text:
            return None
        try:
            at = datetime.fromisoformat(text).astimezone(UTC)
        except (ValueError, OverflowError):  # the latter next to the years 1 and 9999
            self._refuse(name, "must be a time such as 2026-01-31T12:00:00Z")
            return None
        self._keep(name, at.isoformat())
        return at

    def together(self, one: str, other: str) -> None:
        """Both or neither."""
        if bool(self._cells.get(one)) != bool(self._cells.get(other)):
            self._refuse(
                *((one, f"needs {_a(other)}") if self._cells.get(one) else (other, f"needs {_a(one)}"))
            )

    def only_with(self, name: str, other: str) -> None:
        """The first only where the other is."""
        if self._cells.get(name) and not self._cells.get(other):
            self._refuse(name, f"needs {_a(other)}")

    def _refuse(self, name: str, why: str) -> None:
        self.problems.append(f"{name} {why}")

    def _keep(self, name: str, text: str) -> str:
        if text:
            self.meaning[name] = text
        return text


def _a(name: str) -> str:
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
