"""The checks of `channeld check`, in the order in which they are told."""

import os
from collections.abc import Mapping
from pathlib import Path

from channel_protocol.paths import client_socket
from channeld import config
from channeld.admin import check_database, check_place
from channeld.admin.check_result import CheckResult, fine, judged, skipped
from channeld.admin.subject import Subject
from channeld.config import Config

__all__ = ["check_all"]

CHECKS = {
    "database": check_place.database,
    "disk": check_place.disk,
    "key": check_database.key,
    "schema": check_database.schema,
    "instance": check_database.installation,
    "contents": check_database.contents,
    "socket": check_place.socket,
    "daemon": check_place.daemon,
}


def check_all(
    file: str | None,
    *,
    database: str | None = None,
    socket: str | None = None,
    key_file: Path | None = None,
    thorough: bool = False,
    environ: Mapping[str, str] = os.environ,
) -> list[CheckResult]:
    """Every check's verdict; what depends on settings that cannot be read is skipped."""

    def read() -> CheckResult:
        given.append(config.load(file, database=database, socket=socket, environ=environ))
        given[0].database_path(environ)  # an address of another kind of database is a mistake in them
        path = config.settings_file(file, environ)
        return fine("settings", f"{path} is valid." if path else "There is no settings file: defaults.")

    given: list[Config] = []
    settings = judged("settings", read)
    if settings.verdict == "failed":
        return [settings, *(skipped(name, "The settings cannot be read.") for name in CHECKS)]
    subject = _subject(given[0], environ, key_file, thorough=thorough)
    return [settings, *(judged(name, lambda look=look: look(subject)) for name, look in CHECKS.items())]


def _subject(
    settings: Config, environ: Mapping[str, str], key_file: Path | None, *, thorough: bool
) -> Subject:
    return Subject(
        settings=settings,
        database=settings.present_database(environ),
        socket=client_socket(settings.socket.path or None, environ),
        environ=environ,
        key_file=key_file,
        thorough=thorough,
    )
