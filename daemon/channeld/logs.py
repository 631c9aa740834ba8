"""Logging: text for people on a terminal, fields for systemd's journal, JSON elsewhere.

What is logged is chosen where it is logged: names, codes, times and request ids, never bodies, secrets or
anything personal.
"""

import logging
import sys
from collections.abc import Sequence

import structlog
from structlog.typing import Processor

from channeld.config import LogConfig
from channeld.journal import JournalLogger, as_entry, is_standard_error
from channeld.runtime.reason import frames_of

__all__ = ["set_up"]

NOISY = ("httpx", "httpcore", "sqlalchemy", "alembic", "asyncio", "uvicorn")


def set_up(config: LogConfig) -> None:
    """Write as the settings say; `auto` looks at where standard error goes."""
    format_ = _chosen() if config.format == "auto" else config.format
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            without_its_text,
            *_rendering(format_),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, config.level.upper())),
        logger_factory=JournalLogger
        if format_ == "journal"
        else structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.ERROR)


def without_its_text(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """An exception is logged with class and place: its text may hold an address or a token."""
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else sys.exc_info()[1] if given else None
    if error is not None:
        event["error"] = type(error).__name__
        event["frames"] = frames_of(error)
    return event


def _chosen() -> str:
    if sys.stderr.isatty():
        return "text"
    return "journal" if is_standard_error() else "json"


def _rendering(format_: str) -> Sequence[Processor]:
    if format_ == "journal":
        return [as_entry]
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    if format_ == "text":
        return [stamp, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    return [stamp, structlog.processors.JSONRenderer()]
