"""Reports as files beside the database: fetched once, and gone on with after a death.

A file counts when its facts are there, which are written last. Everything here blocks: for worker threads.
"""

import os
from collections.abc import Collection, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import msgspec

from channeld.errors import ChanneldError

__all__ = ["Spool", "SpoolFacts", "explained", "remove_orphans", "spool_of", "spooled_ids"]

_FOLDER = "spool"
_PIECE = 256 * 1024


class SpoolFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a file."""

    document_id: str
    """Of which of Amazon's documents it is."""
    charset: str
    """As it was announced; empty if none was."""
    size: int
    """Bytes."""
    rows: int
    truncated: str = ""
    """Why it cannot be all of it; else empty."""


class Spool:
    """The file of one download."""

    def __init__(self, folder: Path, download_id: int) -> None:
        self.folder = folder
        self._rows = folder / f"{download_id}.rows"
        self._facts = folder / f"{download_id}.json"

    def begin(self) -> BinaryIO:
        """A new file, for nobody else to read. Raises `ChanneldError("spool_failed")`."""
        with explained():
            self.folder.mkdir(mode=0o700, exist_ok=True)
            self.remove()
            descriptor = os.open(self._rows, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            return os.fdopen(descriptor, "wb")

    def settle(self, file: BinaryIO, facts: SpoolFacts) -> None:
        """It is whole, and stays so. Raises `ChanneldError("spool_failed")`."""
        with explained():
            file.flush()
            os.fsync(file.fileno())
            draft = self._facts.with_suffix(".draft")
            draft.touch(mode=0o600)
            draft.write_bytes(msgspec.json.encode(facts))
            draft.replace(self._facts)

    def facts(self, document_id: str) -> SpoolFacts | None:
        """Of a file that is whole, and of that document; else None."""
        try:
            found = msgspec.json.decode(self._facts.read_bytes(), type=SpoolFacts)
            is_whole = self._rows.stat().st_size == found.size and found.document_id == document_id
        except (OSError, ValueError):
            return None
        return found if is_whole else None

    def pieces(self) -> Generator[bytes]:
        """Its bytes, a piece at a time. Raises `ChanneldError("spool_failed")`."""
        with explained(), self._rows.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece

    def remove(self) -> None:
        """It is not needed any more; the facts first."""
        self._facts.unlink(missing_ok=True)
        self._rows.unlink(missing_ok=True)


def spool_of(database: Path, download_id: int) -> Spool:
    """The file of a download, in a folder beside the database."""
    return Spool(database.parent / _FOLDER, download_id)


def spooled_ids(database: Path) -> set[int]:
    """Downloads of which files are there."""
    return {int(path.stem) for path in (database.parent / _FOLDER).glob("*") if path.stem.isdigit()}


def remove_orphans(database: Path, ended: Collection[int]) -> None:
    """Remove the files of these downloads. What cannot be removed is left to the next time."""
    for path in (database.parent / _FOLDER).glob("*"):
        if path.stem.isdigit() and int(path.stem) in ended:
            with suppress(OSError):
                path.unlink()


@contextmanager
def explained() -> Generator[None]:
    """Failures of the disk inside the block as `ChanneldError("spool_failed")`."""
    try:
        yield
    except OSError as error:
        raise ChanneldError(
            "spool_failed",
            f"A report could not be kept beside the database: {error.strerror or 'the disk fails'}.",
            "Free some space there, or check the folder's owner and mode; the download goes on by itself.",
        ) from error
