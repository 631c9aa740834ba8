"""The columns of one report: where things stand in its lines, and reading single values of them."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b

from channeld.amazon.errors import UnreadableReport
from channeld.amazon.reports.header import find_places
from channeld.amazon.reports.types import ReportType

__all__ = ["Columns", "read_columns"]

READER = 1
"""To be raised whenever lines are read in another way than before: then all of them are news once."""
_AROUND = " \0\r\n\u00a0\u3000\ufeff"
"""What has been met around the names of columns."""
_BEYOND_LATIN = bytes(range(0x80, 0xA0))
"""Where cp1252 and Latin-1 differ."""
_MARKUP = (b"<", b"{", b"[")
_KEY: Mapping[str, str] = {"listings": "seller-sku", "orders": "amazon-order-id"}
"""Without this column lines mean nothing."""
_HINT = (
    "Amazon may have changed the report. Set English as the account's language in Seller Central and order it"
    " again; please report it with the names of its columns if it stays so."
)


class Columns:
    """Where things stand in the lines of one report; `read_columns` makes it from the header."""

    def __init__(
        self,
        header: bytes,
        charset: str,
        *,
        names: tuple[str, ...],
        places: Mapping[str, int],
        guessed: tuple[str, ...] = (),
        is_quoted: bool = False,
    ) -> None:
        self.charset = charset
        self.names = names
        """As the header has them."""
        self.places = places
        """Amazon's English name → place in the line, from 0; only of columns that are known and there."""
        self.guessed = guessed
        """Those of `places` whose names are not known, so that only their place tells what they are."""
        self.width = 1 + max(places.values(), default=-1)
        """How many columns a line must have for all of `places`."""
        self._is_quoted = is_quoted
        self._sku = places.get("seller-sku", -1)
        self._mark = blake2b(b"%d\0%s\0%s" % (READER, charset.encode(), header), digest_size=8)

    def sku_of(self, raw: bytes) -> str:
        """The line's SKU, as readers give it; empty if it has none."""
        if self._sku < 0:
            return ""
        cells = raw.split(b"\t", self._sku + 1)
        if self._sku >= len(cells):
            return ""
        sku = self._decoded(cells[self._sku])
        return (_unquoted(sku) if self._is_quoted else sku).strip()

    def fingerprint(self, raw: bytes) -> int:
        """64 bits, signed: the same line under the same header is the same."""
        mark = self._mark.copy()
        mark.update(raw)
        return int.from_bytes(mark.digest(), "big", signed=True)

    def cells_of(self, raw: bytes) -> tuple[list[str], int]:
        """All values of a line as they are, and how many letters of them could not be read (U+FFFD)."""
        row = self._decoded(raw)
        cells = row.split("\t")
        if (
            len(cells) != raw.count(b"\t") + 1 or "\ufffd" in row
        ):  # what is damaged may reach into what follows
            cells = [self._decoded(cell) for cell in raw.split(b"\t")]
        return [_unquoted(cell) for cell in cells] if self._is_quoted else cells, row.count("\ufffd")

    def _decoded(self, content: bytes) -> str:
        """Some reports leave two NULs where a value is blank."""
        text = content.decode(self._quickest(content), "replace")
        return text.replace("\0", " ") if "\0" in text else text

    def _quickest(self, content: bytes) -> str:
        """A charset that reads this content as its own does, and sooner: half of the work is decoding."""
        if content.isascii():
            return "ascii"
        is_latin = self.charset == "cp1252" and len(content.translate(None, _BEYOND_LATIN)) == len(content)
        return "latin-1" if is_latin else self.charset


def read_columns(header: bytes, charset: str, kind: ReportType) -> Columns:
    """The columns of a report of that type. Header and charset are the splitter's.

    A table whose names are all quoted is a quoted one: so are its values, or those of them that are.
    Raises `UnreadableReport` for what is no table, is quoted in part, for listings without SKUs and orders
    without ids.
    """
    if not header.strip() or header.lstrip().startswith(_MARKUP):
        raise UnreadableReport("it is not a table", _HINT)
    cells = [cell.decode(charset, "replace").strip(_AROUND) for cell in header.split(b"\t")]
    is_quoted = _is_quoted(cells)
    names = tuple(_unquoted(cell).strip(_AROUND) if is_quoted else cell for cell in cells)
    named, guessed = find_places(names, kind)
    key = _KEY.get(kind.contents)
    if key and key not in {**named, **guessed}:
        raise UnreadableReport(f"none of its {len(names)} columns is called {key}", _HINT)
    return Columns(
        header, charset, names=names, places={**named, **guessed}, guessed=tuple(guessed), is_quoted=is_quoted
    )


def _is_quoted(cells: Sequence[str]) -> bool:
    """Raises `UnreadableReport` if that cannot be told: a SKU with quotes would be another SKU."""
    filled = [cell for cell in cells if cell]
    quoted = [cell for cell in filled if _unquoted(cell) != cell]
    if 0 < len(quoted) < len(filled):
        raise UnreadableReport("some names of its columns are quoted and others are not", _HINT)
    return bool(quoted)


def _unquoted(cell: str) -> str:
    bare = cell.strip()
    if len(bare) > 1 and bare[0] == bare[-1] == '"':
        return bare[1:-1].replace('""', '"')
    return cell
