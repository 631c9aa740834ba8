"""What `channeld check` looks at."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from channeld.config import Config

__all__ = ["Subject"]


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One installation, as its settings describe it."""

    settings: Config
    database: Path
    socket: Path
    environ: Mapping[str, str]
    key_file: Path | None = None
    thorough: bool = False
