"""Process settings: one TOML file, read into frozen structs (design, section 8).

Unknown keys are refused, and all problems are reported at once, each with its section and key. Accounts,
channels and their settings are not here: they are data in the store.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import msgspec
from platformdirs import site_config_dir, user_config_dir, user_state_dir

from channel_protocol.paths import SOCKET_NAME, runtime_directory
from channeld.domain.settings import nearest
from channeld.errors import ChanneldError, Problem

__all__ = ["AmazonConfig", "Config", "LogConfig", "SocketConfig", "StoreConfig", "load", "settings_file"]

DATABASE_NAME = "channeld.db"
SERVICE_DATABASE = Path("/var/lib/channeld") / DATABASE_NAME
"""Where the service of `config/channeld.service` has it."""


class StoreConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the book is."""

    database: str = ""
    """Path of the database file; empty: `channeld.db` in the service's or the user's state directory."""


class SocketConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who may talk to the daemon."""

    path: str = ""
    """Path of the socket; empty: `channeld.sock` in the runtime directory."""
    group: str = ""
    """A group whose members may read; empty: only the daemon's user and root."""
    group_may_write: bool = False
    """Whether members of the group may also change things."""


class LogConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is logged, and how."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    """The least serious thing that is logged."""
    format: Literal["auto", "text", "json", "journal"] = "auto"
    """`auto`: text on a terminal, the journal's fields where standard error is the journal, else JSON."""


class AmazonConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What Amazon's documents do not agree on."""

    listings_feed_messages: Annotated[int, msgspec.Meta(ge=1, le=25_000)] = 10_000
    """Messages in one listings feed, 1 to 25,000. Some of Amazon's documents say 10,000, others 25,000."""


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file. Its sections are `[store]`, `[socket]`, `[log]` and `[amazon]`."""

    instance_id: str = ""
    """This installation's name, unlike that of any other; empty: the machine's id. A database that was made
    under another name sends nothing until it is adopted."""
    store: StoreConfig = StoreConfig()
    socket: SocketConfig = SocketConfig()
    log: LogConfig = LogConfig()
    amazon: AmazonConfig = AmazonConfig()

    def database_path(self, environ: Mapping[str, str] = os.environ) -> Path:
        """The database file: systemd's state directory, else the user's, unless something else was set."""
        if self.store.database:
            return _as_path(self.store.database)
        state = environ.get("STATE_DIRECTORY", "").split(":")[0] or user_state_dir(
            "channeld", appauthor=False
        )
        return Path(state) / DATABASE_NAME

    def present_database(self, environ: Mapping[str, str] = os.environ) -> Path:
        """The database of a shell that is not the service: one's own, else the service's if that is there."""
        own = self.database_path(environ)
        is_chosen = self.store.database or environ.get("STATE_DIRECTORY")
        return SERVICE_DATABASE if not is_chosen and not own.exists() and _there(SERVICE_DATABASE) else own

    def socket_path(self, environ: Mapping[str, str] = os.environ) -> Path:
        """The socket file."""
        if self.socket.path:
            return Path(self.socket.path).expanduser()
        return runtime_directory(environ) / SOCKET_NAME


def load(
    file: str | None = None,
    *,
    database: str | None = None,
    socket: str | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Config:
    """The settings of this process: the file, then the environment, then what was given by hand.

    Raises `ChanneldError` with every problem.
    """
    path = settings_file(file, environ)
    config = read(path) if path else Config()
    store, at = config.store, config.socket
    if given := database or environ.get("CHANNELD_DATABASE"):
        store = msgspec.structs.replace(store, database=given)
    if given := socket or environ.get("CHANNELD_SOCKET"):
        at = msgspec.structs.replace(at, path=given)
    return msgspec.structs.replace(config, store=store, socket=at)


def read(path: Path) -> Config:
    """One TOML file. Raises `ChanneldError`."""
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise ChanneldError(
            "bad_config", f"{path}: {reason}", "Check the path and its permissions."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ChanneldError("bad_config", f"{path} is not valid TOML: {error}", "Correct the file.") from None
    problems: list[Problem] = []
    config = _section(Config, document, "", problems)
    if problems:
        raise ChanneldError(
            "bad_config",
            f"{path} has {len(problems)} problem(s).",
            "Nothing was started; correct them all.",
            problems,
        )
    return config


def _section(kind: type[Any], table: Mapping[str, Any], prefix: str, problems: list[Problem]) -> Any:
    """Each key by itself, so that every problem is found."""
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    values: dict[str, Any] = {}
    for key, value in table.items():
        name = f"{prefix}{key}"
        field = fields.get(key)
        expected: Any = field.type if field else None
        if field is None:
            problems.append(Problem(key=name, message="is not a setting", nearest=nearest(key, fields)))
        elif (
            isinstance(field.type, type)
            and issubclass(field.type, msgspec.Struct)
            and isinstance(value, dict)
        ):
            values[key] = _section(expected, cast("dict[str, Any]", value), f"{name}.", problems)
        else:
            try:
                values[key] = msgspec.convert(value, expected)
            except msgspec.ValidationError as error:
                problems.append(Problem(key=name, message=str(error)))
    return kind(**values)


def settings_file(given: str | None = None, environ: Mapping[str, str] = os.environ) -> Path | None:
    """The file that was named, else `CHANNELD_CONFIG`, else the system's, else the user's, else none."""
    if given := given or environ.get("CHANNELD_CONFIG"):
        return Path(given).expanduser()
    standard = (
        Path(site_config_dir("channeld", appauthor=False)),
        Path(user_config_dir("channeld", appauthor=False)),
    )
    places = (Path("/etc/channeld"), *standard)
    return next((file for place in places if (file := place / "channeld.toml").is_file()), None)


def _there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # the directory is somebody else's
        return False


def _as_path(text: str) -> Path:
    """A path, or an `sqlite:///` URL. Raises `ChanneldError` for other databases."""
    if text.startswith("sqlite:///"):
        text = text.removeprefix("sqlite:///")
    elif "://" in text:
        raise ChanneldError(
            "bad_config",
            "The database must be an SQLite file.",
            "Give a path, or sqlite:///path/to/channeld.db.",
        )
    return Path(text).expanduser()
