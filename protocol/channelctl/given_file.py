"""A text that a person names: a file, or standard input."""

import sys
from pathlib import Path

import click

__all__ = ["read_text"]


def read_text(source: str, *, most: int, what: str) -> str:
    """The text of the file, or of standard input for `-`; at most so many MiB, as a device has no end.

    UTF-8 with or without a mark at its beginning, CRLF as a newline. `what` says in words what it
    should be. Raises `click.UsageError`.
    """
    try:
        raw = _start(source, (most << 20) + 1)
        if len(raw) > most << 20:
            raise click.UsageError(f"{source} is larger than {most} MiB, too large for {what}.")
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise click.UsageError(f"{source} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise click.UsageError(f"{source} is not a text in UTF-8.") from None


def _start(source: str, most: int) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read(most)
    with Path(source).open("rb") as file:
        return file.read(most)
