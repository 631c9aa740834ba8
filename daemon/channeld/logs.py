"""Logging for people on a terminal, and for the journal elsewhere.

What is logged is chosen where it is logged: names, codes, times and request ids, never bodies, secrets or
anything personal.
"""

import logging
import sys

import structlog

from channeld.config import LogConfig

__all__ = ["set_up"]

NOISY = ("httpx", "httpcore", "aiosqlite", "sqlalchemy", "alembic", "asyncio", "uvicorn")


def set_up(config: LogConfig) -> None:
    """Write to standard error: text on a terminal, one JSON object a line elsewhere."""
    as_text = config.format == "text" or (config.format == "auto" and sys.stderr.isatty())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(colors=as_text and sys.stderr.isatty())
            if as_text
            else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, config.level.upper())),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.ERROR)
