"""Which columns are sealed, and the name that binds each value to its row.

Everything that is encrypted stands here, so that a new key reaches all of it. The daemon's own check of its
key (`meta.check_key`) is apart: whoever replaces the key writes it last.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Column, Table

from channeld.store import tables

__all__ = [
    "ACCOUNT_SECRETS",
    "ANSWERS",
    "FINGERPRINTS",
    "PERSONAL_DATA",
    "QUARANTINED",
    "SEALED",
    "SealedColumn",
]


class SealedColumn(NamedTuple):
    """A column of sealed values; `key` are the columns that name a row."""

    table: Table
    column: str
    key: Sequence[str]
    flag: str = ""
    """A column that says whether the value is sealed; empty when all are."""

    def context(self, *key: object) -> str:
        """What a value is bound to, such as `personal_data/17`."""
        return "/".join((self.table.name, *map(str, key)))


ACCOUNT_SECRETS = SealedColumn(tables.accounts, "secrets", ("id",))
PERSONAL_DATA = SealedColumn(tables.personal_data, "sealed", ("order_pk",))
QUARANTINED = SealedColumn(tables.quarantine, "sealed", ("account_id", "order_id"))
ANSWERS = SealedColumn(tables.commands, "answer", ("command_id",), flag="sealed")

SEALED = (ACCOUNT_SECRETS, PERSONAL_DATA, QUARANTINED, ANSWERS)

FINGERPRINTS: Sequence[Column[bytes]] = (tables.orders.c.fingerprint, tables.commands.c.fingerprint)
"""Keyed fingerprints (`Cipher.digest`). They cannot be made anew from what is stored, and under a key that
leaked one could guess at what they are of, so a new key empties them: an empty one is unknown."""
