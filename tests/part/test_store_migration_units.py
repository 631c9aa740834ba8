"""A database made before lines kept how many units were ordered at first is completed (schema 0006)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, Table, create_engine, insert

import channeld.store

SCRIPTS = Path(channeld.store.__file__).parent / "migrations"
SHOWN = '[{"order_item_id": "1", "quantity": 3}]'


def upgrade(connection: Connection, revision: str) -> None:
    """Run the migrations up to that one, without looking at foreign keys."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def add(connection: Connection, name: str, *rows: dict[str, Any]) -> None:
    """Rows of which only the interesting values are given."""
    table = Table(name, MetaData(), autoload_with=connection)
    blank = {
        column.name: 1 if column.type.python_type is int else ""
        for column in table.c
        if not column.nullable and not column.primary_key
    }
    for row in rows:
        connection.execute(insert(table).values({**blank, **row}))


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Connection]:
    """Of line 1 three were ordered, and Amazon shows two since one was cancelled; line 2 is as it was."""
    engine = create_engine(f"sqlite:///{tmp_path}/book.db")
    with engine.begin() as connection:
        upgrade(connection, "0005")
        add(connection, "order_lines", {"order_item_id": "1", "quantity": 2})
        add(connection, "order_lines", {"order_item_id": "2", "quantity": 4})
        refund = {"kind": "refund", "effect": "{}", "state": "needs_attention", "submitted_at": 7}
        add(
            connection,
            "work",
            {"id": 1, "key": "1", "kind": "cancellation", "effect": f'{{"shown": {SHOWN}}}'},
            refund | {"id": 2, "key": "2", "reason_code": "no_transaction"},
            refund | {"id": 3, "key": "3", "reason_code": "refused", "in_doubt": 0, "sent_at": 30},
            refund | {"id": 4, "key": "4", "reason_code": "no_transaction", "sent_at": 30},
            refund | {"id": 5, "key": "5", "reason_code": "refused", "in_doubt": 2, "sent_at": 30},
        )
        add(
            connection,
            "feeds",
            *({"id": number, "feed_id": "", "sent_at": 10 * number} for number in (1, 2, 3)),
        )
        results = ("error", "", "ok")
        for work_id in (4, 5):
            sent = [
                {"feed_pk": n, "message_id": work_id, "work_id": work_id, "result": result}
                for n, result in enumerate(results, start=1)
            ]
            add(connection, "feed_messages", *sent)
        kept = {"sealed": 0, "fingerprint": b"", "request_type": "order.refund"}
        add(
            connection,
            "commands",
            kept | {"command_id": "off", "answer": b'{"outcome":"not sent"}'},
            kept | {"command_id": "on", "answer": b'{"outcome":"queued"}'},
            kept | {"command_id": "odd", "answer": b"\x00"},
            kept
            | {"command_id": "cancel", "request_type": "order.cancel", "answer": b'{"outcome":"not sent"}'},
        )
        upgrade(connection, "0006")
        yield connection
    engine.dispose()


def test_lines_keep_how_many_amazon_showed_before_a_cancellation(book: Connection) -> None:
    found = book.exec_driver_sql("SELECT order_item_id, ordered, priced FROM order_lines ORDER BY id").all()
    assert found == [("1", 3, 2), ("2", 4, 4)]


def test_finances_are_read_again_for_what_they_did_not_show_in_time(book: Connection) -> None:
    assert book.exec_driver_sql("SELECT id FROM work WHERE look_at IS NOT NULL").all() == [(2,), (4,)]


def test_what_is_in_doubt_keeps_its_first_submission_that_may_have_been_paid(book: Connection) -> None:
    found = book.exec_driver_sql("SELECT id, in_doubt_since FROM work WHERE id IN (3, 4, 5)").all()
    assert found == [(3, None), (4, 30), (5, 20)]


def test_refunds_that_were_not_sent_may_be_asked_for_again(book: Connection) -> None:
    found = book.exec_driver_sql("SELECT command_id FROM commands ORDER BY command_id").all()
    assert found == [("cancel",), ("odd",), ("on",)]
