"""Columns below each other on a terminal: a few lines, as any library for it would take longer to load than
`channelctl status` takes as a whole."""

from collections.abc import Sequence
from itertools import zip_longest

__all__ = ["aligned", "width"]

GAP = "  "


def aligned(
    cells: Sequence[Sequence[str]], headings: Sequence[str] = (), rights: Sequence[bool] = ()
) -> list[str]:
    """Lines of text: the headings with a rule below them, then the rows. Empty without rows.

    `rights` says of each column whether it stands to the right. A cell may have several lines.
    """
    if not cells:
        return []
    columns = list(zip(headings or cells[0], *cells, strict=True))
    widths = [max(width(line) for cell in column for line in _lines(cell)) for column in columns]
    rule = ["-" * each for each in widths]
    rows = [headings, rule, *cells] if headings else cells
    sides = [*rights, *[False] * (len(widths) - len(rights))]
    return [
        _padded(line, widths, sides) for row in rows for line in zip_longest(*map(_lines, row), fillvalue="")
    ]


def width(text: str) -> int:
    """How many cells of a terminal it takes: two for a wide character, none for one that joins the last."""
    if text.isascii():
        return len(text)
    import unicodedata  # here, as most of what is shown is plain

    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    none = sum(unicodedata.category(character) in ("Mn", "Me", "Cf") for character in text)
    return len(text) + wide - none


def _lines(cell: str) -> list[str]:
    return cell.splitlines() or [""]


def _padded(cells: Sequence[str], widths: Sequence[int], rights: Sequence[bool]) -> str:
    padded: list[str] = []
    for cell, wanted, right in zip(cells, widths, rights, strict=True):
        blank = " " * (wanted - width(cell))
        padded.append(blank + cell if right else cell + blank)
    return GAP.join(padded).rstrip()
