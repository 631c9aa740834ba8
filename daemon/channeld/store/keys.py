"""Where the key comes from; never from the database.

In this order: the systemd credential `channeld.key`, the variable `CHANNELD_KEY` (the value itself), the file
`channeld.key` beside the database. Each holds 32 bytes, as base64, hex, or raw (files only). The file is made
by the first start, and only while there is no database yet: a new key cannot open an old one.
"""

import base64
import binascii
import secrets
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import structlog

from channeld.errors import ChanneldError
from channeld.store.cipher import KEY_BYTES
from channeld.store.files import prepare_directory, put_private

__all__ = [
    "KEY_FILE",
    "FoundKey",
    "find_key",
    "key_path",
    "load_key",
    "new_key",
    "put_key_file",
    "read_key_file",
]

KEY_FILE = "channeld.key"

_FIND_OR_MAKE = (
    "Check the path of the database, and that the daemon's user owns its directory; or set CHANNELD_KEY."
)
_READ = (
    "It must belong to the user who runs this. If systemd hands it over: "
    "check LoadCredential= in the unit, then restart the service."
)

_log = structlog.stdlib.get_logger(__name__)


class FoundKey(NamedTuple):
    """A key and where it came from."""

    key: bytes
    source: str
    """A path, or `CHANNELD_KEY`."""
    ours: bool
    """Whether it is the file beside the database, which we may replace."""

    def __repr__(self) -> str:
        return f"FoundKey(source={self.source!r}, …)"


def key_path(database: Path) -> Path:
    """The key file of a database."""
    return database.with_name(KEY_FILE)


def load_key(environ: Mapping[str, str], database: Path) -> bytes:
    """The 32 bytes of the key; the first start of all makes it.

    Raises `ChanneldError`: `key_missing`, `key_invalid`, `key_exposed` or `key_unreachable`, and what
    `files.prepare_directory` raises where a first key would be made.
    """
    if found := find_key(environ, database):
        return found.key
    prepare_directory(database)
    if database.is_file() and database.stat().st_size:
        raise _missing(key_path(database))
    return _create(key_path(database))


def find_key(environ: Mapping[str, str], database: Path) -> FoundKey | None:
    """The key that there is; None when there is none. Makes nothing.

    Raises `ChanneldError`: `key_invalid`, `key_exposed` or `key_unreachable`.
    """
    credentials = environ.get("CREDENTIALS_DIRECTORY")
    if credentials and _exists(credential := Path(credentials) / KEY_FILE, _READ):
        return FoundKey(_parse(_read(credential), str(credential)), str(credential), ours=False)
    if text := environ.get("CHANNELD_KEY"):
        return FoundKey(_parse(text.encode(), "CHANNELD_KEY"), "CHANNELD_KEY", ours=False)
    key = read_key_file(path := key_path(database))
    return FoundKey(key, str(path), ours=True) if key else None


def read_key_file(path: Path) -> bytes | None:
    """The key in a file of somebody's own; None when there is no such file. Raises as `find_key`."""
    if not _exists(path, _FIND_OR_MAKE):
        return None
    _refuse_exposed(path)
    return _parse(_read(path), str(path))


def new_key() -> bytes:
    """A key that nobody has."""
    return secrets.token_bytes(KEY_BYTES)


def put_key_file(path: Path, key: bytes, *, replace: bool = False) -> None:
    """Write a key (mode 0600). Raises `ChanneldError("key_unreachable")`, also for a file that is there."""
    with _reached(path, _FIND_OR_MAKE):
        put_private(path, base64.b64encode(key) + b"\n", replace=replace)


@contextmanager
def _reached(path: Path, hint: str) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise ChanneldError(
            "key_unreachable",
            f"The key file {path} cannot be reached or made: {error.strerror}.",
            hint,
        ) from None


def _exists(path: Path, hint: str) -> bool:
    with _reached(path, hint):
        return path.exists()


def _read(path: Path) -> bytes:
    # Not "invalid": whoever then made a new key could not open the database with it.
    with _reached(path, _READ):
        return path.read_bytes()


def _parse(given: bytes, source: str) -> bytes:
    if len(given) == KEY_BYTES:
        return given
    text = given.strip()
    decode = binascii.unhexlify if len(text) == 2 * KEY_BYTES else base64.b64decode
    try:
        key = decode(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise _invalid(source, f"does not hold {KEY_BYTES} bytes as base64 or hex")
    return key


def _create(path: Path) -> bytes:
    key = new_key()
    put_key_file(path, key)
    _log.warning("made a new key file; keep a copy of it apart from the database's backups", path=str(path))
    return key


def _refuse_exposed(path: Path) -> None:
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        raise ChanneldError(
            "key_exposed",
            f"The key file {path} can be read by others (mode {mode:04o}).",
            f"chmod 600 {path}",
        )


def _missing(path: Path) -> ChanneldError:
    return ChanneldError(
        "key_missing",
        f"There is a database, but no key for it: no credential, no CHANNELD_KEY, no {path}.",
        "Put the key file back from where it was saved, or set CHANNELD_KEY.",
    )


def _invalid(source: str, problem: str) -> ChanneldError:
    return ChanneldError(
        "key_invalid", f"The key in {source} {problem}.", "openssl rand -base64 32 makes one."
    )
