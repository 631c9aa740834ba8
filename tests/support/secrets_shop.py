"""A database with one of everything that is sealed, and what must be read back from it."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, text

from channeld.runtime.clock import Clock
from channeld.store import accounts, commands, personal, quarantine
from channeld.store.accounts import Secrets
from channeld.store.cipher import Cipher
from channeld.store.commands import Answered
from channeld.store.orders import save_page
from channeld.store.personal import Personal
from channeld.store.quarantine import Quarantined
from channeld.store.store import Store
from channeld.store.unit import Unit
from tests.support.fake_clock import START, FakeClock
from tests.support.store_samples import add_channel, order

__all__ = ["ORDERS", "fill", "read_everything", "sealed_values"]

ORDERS = 5
SECRETS = Secrets(client_secret="the-client-secret", refresh_token="the-refresh-token")  # noqa: S106 (a sample)


async def fill(database: Path, key: bytes, clock: Clock | None = None) -> None:
    """Make it."""
    async with Store.open(database, clock or FakeClock(), key) as store:
        await store.write(lambda unit: _fill(unit, store.cipher))


def _fill(unit: Unit, cipher: Cipher) -> None:
    channel = add_channel(unit)
    accounts.set_secrets(unit, cipher, channel.account_id, SECRETS, START)
    save_page(unit, [order(channel.id, number) for number in range(ORDERS)])
    personal.put(unit, cipher, [_personal(pk) for pk in _order_pks(unit.connection)])
    entry = Quarantined(
        account_id=channel.account_id,
        order_id="202-1",
        reason="r",
        field="f",
        first_at=START,
        last_at=START,
        purge_at=START + timedelta(days=9),
    )
    quarantine.put(unit, cipher, entry, b"{}", {"buyer.name": "a quarantined buyer"})
    for sealed in (True, False):
        commands.remember(
            unit,
            cipher,
            Answered(
                command_id=f"command-{sealed}",
                at=START,
                request_type="t",
                fingerprint=cipher.digest(b"asked"),
                answer=b'{"answer":"kept"}',
                sealed=sealed,
            ),
        )


def _personal(pk: int) -> Personal:
    # Longer than a page, so that it lies in pages of its own.
    return Personal(order_pk=pk, fields={"address": f"buyer {pk} " * 600}, purge_at=START + timedelta(days=9))


def read_everything(connection: Connection, cipher: Cipher) -> list[object]:
    """Everything sealed, opened. Raises when a value does not open."""
    account_id = connection.scalar(text("SELECT id FROM accounts")) or 0
    pks = _order_pks(connection)
    return [
        accounts.secrets(connection, cipher, account_id),
        [personal.get(connection, cipher, pk) for pk in pks],
        quarantine.personal(connection, cipher, account_id, "202-1"),
        *(_answer(connection, cipher, f"command-{sealed}") for sealed in (True, False)),
    ]


def sealed_values(connection: Connection) -> list[bytes]:
    """The bytes as they are stored."""
    queries = (
        "SELECT secrets FROM accounts",
        "SELECT sealed FROM personal_data",
        "SELECT sealed FROM quarantine",
        "SELECT answer FROM commands WHERE sealed",
        "SELECT value FROM meta WHERE key = 'key_check'",
    )
    return [bytes(value) for query in queries for value in connection.scalars(text(query))]


def _answer(connection: Connection, cipher: Cipher, command_id: str) -> bytes:
    found = commands.answered(connection, cipher, command_id)
    assert found is not None
    return found.answer


def _order_pks(connection: Connection) -> list[int]:
    return list(connection.scalars(text("SELECT id FROM orders ORDER BY id")))
