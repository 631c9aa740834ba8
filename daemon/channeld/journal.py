"""Log entries for systemd's journal: priority, message, and each value in a field of its own.

`journalctl -u channeld` shows the message with its values; `journalctl CHANNELD_ACTOR=eu/order_download`
finds the entries of one actor. Times are the journal's.
"""

import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import cast

import structlog
from logging_journald import (  # pyright: ignore[reportMissingTypeStubs]
    Facility,
    JournaldTransport,
    check_journal_stream,
)
from structlog.typing import EventDict

__all__ = ["JournalLogger", "as_entry", "is_standard_error"]

PRIORITIES: Mapping[str, int] = {"critical": 2, "error": 3, "warning": 4, "info": 6, "debug": 7}
"""As syslog numbers them."""
PREFIX = "CHANNELD_"
"""So that no value takes the place of a field that the journal knows."""

_line = structlog.processors.LogfmtRenderer(bool_as_flag=False)


def is_standard_error() -> bool:
    """Whether what is written to standard error ends in the journal."""
    with suppress(OSError, ValueError):  # a standard error that is no file, a variable that is no number
        return check_journal_stream()
    return False


class Entry(dict[str, str | int]):
    """The fields of one entry."""


def as_entry(_logger: object, _method: str, event: EventDict) -> tuple[tuple[Entry], dict[str, object]]:
    """The last processor: what `JournalLogger` sends."""
    level = str(event.pop("level", "info"))
    message = str(event.pop("event", ""))
    values = {name: _as_text(value) for name, value in event.items() if value is not None}
    entry = Entry(
        MESSAGE=f"{message} {_logfmt(values)}".rstrip(),
        PRIORITY=PRIORITIES.get(level, PRIORITIES["info"]),
        SYSLOG_IDENTIFIER="channeld",
        SYSLOG_FACILITY=int(Facility.DAEMON),
        **{PREFIX + name.upper(): value for name, value in values.items()},
    )
    return (entry,), {}


class JournalLogger:
    """Sends entries to the journal's socket; to standard error, with priority, when it does not answer."""

    def __init__(self, *_names: object) -> None:
        """structlog gives names; the journal has them in fields."""

    def msg(self, entry: Entry) -> None:
        """With a socket of its own: entries are few, and the journal's may be a new one since the last."""
        try:
            transport = JournaldTransport(connected=False)
            with transport.socket:
                transport.send(entry.items())
        except OSError:
            sys.stderr.write(f"<{entry['PRIORITY']}>{str(entry['MESSAGE']).replace(chr(10), ' ')}\n")

    debug = info = warning = error = critical = exception = log = msg


def _logfmt(values: Mapping[str, str | int]) -> str:
    return str(_line(None, "", dict(values)))


def _as_text(value: object) -> str | int:
    if isinstance(value, (list, tuple)):
        return " ".join(map(str, cast("Iterable[object]", value)))
    return value if type(value) is int else str(value)
