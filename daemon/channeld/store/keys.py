"""Where the key comes from; never from the database.

In this order: the systemd credential `channeld.key`, the variable `CHANNELD_KEY` (the value itself), the file
`channeld.key` beside the database. Each holds 32 bytes, as base64, hex, or raw (files only). The file is made
by the first start, and only while there is no database yet: a new key cannot open an old one.
"""

import base64
import binascii
import os
import secrets
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

import structlog

from channeld.errors import ChanneldError
from channeld.store.cipher import KEY_BYTES
from channeld.store.files import prepare_directory

__all__ = ["KEY_FILE", "load_key"]

KEY_FILE = "channeld.key"

_log = structlog.stdlib.get_logger(__name__)


def load_key(environ: Mapping[str, str], database: Path) -> bytes:
    """The 32 bytes of the key.

    Raises `ChanneldError`: `key_missing`, `key_invalid`, `key_exposed` or `key_unreachable`, and what
    `files.prepare_directory` raises where a first key would be made.
    """
    credentials = environ.get("CREDENTIALS_DIRECTORY")
    if credentials and _exists(credential := Path(credentials) / KEY_FILE):
        return _parse(_read(credential), str(credential))
    if text := environ.get("CHANNELD_KEY"):
        return _parse(text.encode(), "CHANNELD_KEY")
    path = database.with_name(KEY_FILE)
    if _exists(path):
        _refuse_exposed(path)
        return _parse(_read(path), str(path))
    prepare_directory(database)
    if database.is_file() and database.stat().st_size:
        raise _missing(path)
    return _create(path)


@contextmanager
def _reached(path: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise ChanneldError(
            "key_unreachable",
            f"The key file {path} cannot be reached or made: {error.strerror}.",
            "Check the path of the database, and that the daemon's user owns its directory; "
            "or set CHANNELD_KEY.",
        ) from None


def _exists(path: Path) -> bool:
    with _reached(path):
        return path.exists()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _invalid(str(path), f"cannot be read: {error.strerror}") from None


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
    key = secrets.token_bytes(KEY_BYTES)
    with _reached(path):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            _write(handle, key)
        except OSError:
            path.unlink()  # half a key would stop every later start
            raise
    _log.warning("made a new key file; keep a copy of it apart from the database's backups", path=str(path))
    return key


def _write(handle: int, key: bytes) -> None:
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(key) + b"\n")
        file.flush()
        os.fsync(file.fileno())


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
