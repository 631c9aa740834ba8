"""Checks of the database's inside: key, schema, whose it is, damage. Nothing of it is shown."""

from pathlib import Path

from sqlalchemy import inspect

from channeld.admin.check_result import CheckResult, failed, fine, skipped, warning
from channeld.admin.subject import Subject
from channeld.book.ledger.holding import is_foreign
from channeld.store import looking, meta, rotation
from channeld.store.cipher import Cipher
from channeld.store.instance import find_instance
from channeld.store.keys import FoundKey, find_key, key_path, read_key_file
from channeld.store.looking import has_log
from channeld.store.migrate import missing_migrations

__all__ = ["contents", "installation", "key", "schema"]


def key(subject: Subject) -> CheckResult:
    """Whether it is there, and the one that the database was sealed with."""
    found = _found(subject)
    is_new = not _is_written(subject.database)
    if found is None:
        path = key_path(subject.database)
        if is_new:
            return fine("key", f"There is none yet; the first start makes {path}.")
        return failed(
            "key",
            f"There is a database, but no key for it: no credential, no CHANNELD_KEY, no {path}.",
            "Put the key file back from where it was saved. Where systemd gives the key to the service, name "
            "its file with --key-file.",
        )
    if is_new or not _has_facts(subject.database):
        return fine("key", f"From {found.source}.")
    return _tried(subject.database, found)


def schema(subject: Subject) -> CheckResult:
    """Whether this version of channeld can work with the database."""
    if not _is_written(subject.database):
        return skipped("schema", "There is no database yet.")
    with looking.looking(subject.database) as connection:
        missing = missing_migrations(connection)
    if missing:
        many = f"{len(missing)} migration{'s' if len(missing) > 1 else ''}"
        return fine("schema", f"Older than this version: the next start runs {many}. Back up first.")
    return fine("schema", "As this version of channeld has it.")


def installation(subject: Subject) -> CheckResult:
    """Whether the database is this installation's, so that what it holds is sent."""
    if not (_is_written(subject.database) and _has_facts(subject.database)):
        return skipped("instance", "There is no database yet.")
    own = find_instance(subject.settings.instance_id, subject.database)
    with looking.looking(subject.database) as connection:
        if not is_foreign(connection, own):
            return fine("instance", "The database is this installation's.")
    return warning(
        "instance",
        "The database is another installation's: nothing is sent to Amazon.",
        "If the other one will never run again, `channelctl work adopt` takes its work over; else use its "
        "own database. The same machine with a new id: set `instance_id`, or adopt.",
    )


def contents(subject: Subject) -> CheckResult:
    """Whether the file is damaged."""
    if not _is_written(subject.database):
        return skipped("contents", "There is no database yet.")
    had_log = has_log(subject.database)
    with looking.looking(subject.database) as connection:
        problems = looking.damage(connection, thorough=subject.thorough)
    if problems and not had_log and has_log(subject.database):
        return skipped("contents", "A daemon started meanwhile; check again.")
    if problems:
        return failed(
            "contents",
            f"The database is damaged: {'; '.join(problems)}.",
            "Stop the service, keep the damaged file, and put the last backup in its place.",
        )
    return fine("contents", "No damage found." if subject.thorough else "No damage found (quick check).")


def _found(subject: Subject) -> FoundKey | None:
    if subject.key_file is None:
        return find_key(subject.environ, subject.database)
    key = read_key_file(subject.key_file)
    return FoundKey(key, str(subject.key_file), ours=False) if key else None


def _tried(database: Path, found: FoundKey) -> CheckResult:
    with looking.looking(database) as connection:
        if rotation.other_key(connection, found.key):
            return warning(
                "key",
                f"{found.source}; a replacement of the key was interrupted.",
                "The next start ends it; or stop the service and run `channeld key rotate`.",
            )
        meta.open_check(connection, Cipher(found.key))
    return fine("key", f"{found.source} opens the database.")


def _has_facts(database: Path) -> bool:
    """Whether at least the first migration has run."""
    with looking.looking(database) as connection:
        return inspect(connection).has_table("meta")


def _is_written(database: Path) -> bool:
    return database.is_file() and database.stat().st_size > 0
