"""Personal data and secrets: never in clear on disk, gone when they are removed."""

from datetime import timedelta
from pathlib import Path

from channeld.store import accounts, commands, orders, personal, quarantine
from channeld.store.accounts import Secrets
from channeld.store.commands import Answered
from channeld.store.personal import Personal
from channeld.store.quarantine import Quarantined
from channeld.store.store import Store
from tests.support.fake_clock import START
from tests.support.store_samples import add_account, add_channel, open_store, order

CANARY = "Wilhelmina Canary, 7 Cage Street"
FIELDS = {"recipient.name": CANARY, "buyer.buyerEmail": "canary@marketplace.amazon.co.uk"}


async def stored_order(store: Store) -> int:
    uk = (await store.write(add_channel)).id
    keys = await store.write(lambda unit: orders.save_page(unit, [order(uk, 1)]))
    (pk,) = keys.values()
    await store.write(
        lambda unit: personal.put(
            unit, store.cipher, [Personal(order_pk=pk, fields=FIELDS, purge_at=START + timedelta(days=30))]
        )
    )
    return pk


def on_disk(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.iterdir()) if "channeld.db" in file.name)


async def test_personal_data_comes_back_and_is_never_in_clear_on_disk(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        pk = await stored_order(store)
        found = await store.read(lambda c: personal.get(c, store.cipher, pk))
        assert found is not None
        assert found.fields == FIELDS
        assert CANARY not in repr(found)
        assert b"Canary" not in on_disk(tmp_path)
        assert b"canary@" not in on_disk(tmp_path)
    assert b"Canary" not in on_disk(tmp_path)


async def test_what_is_due_is_removed_for_good_even_in_its_sealed_form(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        pk = await stored_order(store)
        sealed = await store.read(
            lambda c: c.exec_driver_sql("SELECT sealed FROM personal_data").scalar_one()
        )
        assert sealed in on_disk(tmp_path)
        assert await store.read(lambda c: personal.due(c, START + timedelta(days=29), 10)) == []
        now = START + timedelta(days=30)
        overdue = await store.read(lambda c: personal.due(c, now, 10))
        assert [each.order_pk for each in overdue] == [pk]
        await store.write(lambda unit: personal.purge(unit, [pk], now))
        await store.checkpoint()
        assert sealed not in on_disk(tmp_path)
        assert sealed[-16:] not in on_disk(tmp_path)
        found = await store.read(lambda c: personal.get(c, store.cipher, pk))
        assert found == Personal(order_pk=pk, fields={}, purged_at=now)
        assert await store.read(lambda c: personal.due(c, now, 10)) == []


async def test_a_later_purge_date_counts_and_recovering_stores_the_data_again(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        pk = await stored_order(store)
        later = START + timedelta(days=60)
        kept = Personal(order_pk=pk, fields=FIELDS, purge_at=later)
        await store.write(lambda unit: personal.put(unit, store.cipher, [kept]))
        assert await store.read(lambda c: personal.due(c, START + timedelta(days=59), 10)) == []
        overdue = await store.read(lambda c: personal.due(c, later, 10))
        assert [each.order_pk for each in overdue] == [pk]
        await store.write(lambda unit: personal.purge(unit, [pk], later))
        again = Personal(order_pk=pk, fields=FIELDS, purge_at=later)
        await store.write(lambda unit: personal.put(unit, store.cipher, [again]))
        assert await store.read(lambda c: personal.get(c, store.cipher, pk)) == again


async def test_a_quarantined_order_is_sealed_and_purged_too(tmp_path: Path) -> None:
    entry = Quarantined(
        account_id=1,
        order_id="202-1",
        reason="is not a decimal number",
        field="orderItems[0].proceeds",
        first_at=START,
        last_at=START,
        purge_at=START + timedelta(days=30),
    )
    async with open_store(tmp_path) as store:
        await store.write(add_account)
        await store.write(lambda unit: quarantine.put(unit, store.cipher, entry, b'{"clear": 1}', FIELDS))
        assert b"Canary" not in on_disk(tmp_path)
        assert await store.read(lambda c: quarantine.personal(c, store.cipher, 1, "202-1")) == FIELDS
        assert await store.write(lambda unit: quarantine.purge_due(unit, START, 10)) == 0
        now = START + timedelta(days=30)
        assert await store.write(lambda unit: quarantine.purge_due(unit, now, 10)) == 1
        assert await store.read(lambda c: quarantine.personal(c, store.cipher, 1, "202-1")) == {}
        assert await store.read(lambda c: quarantine.payload(c, 1, "202-1")) == b'{"clear": 1}'


async def test_secrets_are_sealed_and_forgotten_with_the_account(tmp_path: Path) -> None:
    given = Secrets(client_secret="amzn1.canary.secret", refresh_token="Atzr|canary-token")  # noqa: S106 (made up)
    async with open_store(tmp_path) as store:
        account = await store.write(add_account)
        await store.write(lambda unit: accounts.set_secrets(unit, store.cipher, account.id, given, START))
        assert await store.read(lambda c: accounts.secrets(c, store.cipher, account.id)) == given
        assert "canary" not in repr(given)
        assert b"canary" not in on_disk(tmp_path)
        await store.write(lambda unit: accounts.remove(unit, account.id, START))
        assert await store.read(lambda c: accounts.secrets(c, store.cipher, account.id)) is None


async def test_answers_that_may_hold_personal_data_are_sealed(tmp_path: Path) -> None:
    answer = Answered(
        command_id="c1",
        at=START,
        request_type="order.reveal",
        fingerprint=b"f" * 32,
        answer=CANARY.encode(),
        sealed=True,
    )
    async with open_store(tmp_path) as store:
        await store.write(lambda unit: commands.remember(unit, store.cipher, answer))
        assert b"Canary" not in on_disk(tmp_path)
        assert await store.read(lambda c: commands.answered(c, store.cipher, "c1")) == answer
        assert CANARY not in repr(answer)
