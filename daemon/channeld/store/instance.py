"""Which installation this is, so that a copied database is known for one (design, section 4).

In this order: `instance_id` of the settings, the machine's id, the file `channeld.instance` beside the
database, which the first start makes. The machine's id is shown to nobody: a digest is kept and compared.
"""

import re
import secrets
from hashlib import blake2b
from pathlib import Path

import structlog

from channeld.errors import ChanneldError
from channeld.store.files import put_private

__all__ = ["MACHINE_ID", "find_instance", "instance_path", "load_instance"]

MACHINE_ID = Path("/etc/machine-id")
_FILE = "channeld.instance"
_ID = re.compile(r"[0-9a-f]{32}")
_DIGEST_BYTES = 16

_log = structlog.stdlib.get_logger(__name__)


def instance_path(database: Path) -> Path:
    """The file of an installation whose machine has no id."""
    return database.with_name(_FILE)


def load_instance(configured: str, database: Path, machine_id: Path = MACHINE_ID) -> str:
    """The id of this installation; where the machine has none, the first start makes one.

    Raises `ChanneldError("instance_unusable")`.
    """
    if found := find_instance(configured, database, machine_id):
        return found
    path = instance_path(database)
    try:
        put_private(path, f"{secrets.token_hex(16)}\n".encode(), replace=True)
    except OSError as error:
        raise _unusable(path, error.strerror or "it cannot be written") from None
    _log.warning("made a file with the id of this installation, as this machine has none", path=str(path))
    return _of_file(path)


def find_instance(configured: str, database: Path, machine_id: Path = MACHINE_ID) -> str:
    """As `load_instance`, but empty where there is none yet. Makes nothing."""
    if configured:
        return _digest("settings", configured)
    if machine := _read(machine_id):
        return _digest("machine", machine)
    return _of_file(instance_path(database))


def _of_file(path: Path) -> str:
    """The file's number is part of the id: copied along with its database, it is another installation's."""
    text = _read(path)
    return _digest("file", f"{text} {path.stat().st_ino}") if text else ""


def _read(path: Path) -> str:
    """A whole id; empty for none, such as that of a machine that has not been set up yet."""
    try:
        text = path.read_text("ascii").strip()
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        return ""
    except OSError as error:
        raise _unusable(path, error.strerror or "it cannot be read") from None
    return text if _ID.fullmatch(text) else ""


def _digest(source: str, text: str) -> str:
    return blake2b(f"{source}:{text}".encode(), digest_size=_DIGEST_BYTES, person=b"channeld").hexdigest()


def _unusable(path: Path, reason: str) -> ChanneldError:
    return ChanneldError(
        "instance_unusable",
        f"The id of this installation is not to be had: {path}: {reason}.",
        "Set `instance_id` in the settings file to a name of its own, or let the daemon read the file.",
    )
