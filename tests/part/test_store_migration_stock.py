"""In a database made before stock was counted, all that has left counts as taken (schema 0010)."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, Table, create_engine, insert

import channeld.store

SCRIPTS = Path(channeld.store.__file__).parent / "migrations"


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


def parcel(order_pk: int, units: int, work_id: int | None = None) -> dict[str, Any]:
    lines = f'[{{"order_item_id": "A", "quantity": {units}}}]'
    return {"order_pk": order_pk, "work_id": work_id, "lines": lines}


def test_as_many_units_are_taken_as_have_left(tmp_path: Path) -> None:
    """By Amazon's view, by parcels here, by both; not by parcels whose notes were dismissed."""
    engine = create_engine(f"sqlite:///{tmp_path}/book.db")
    with engine.begin() as connection:
        upgrade(connection, "0009")
        for order_pk, fulfilled in ((1, 2), (2, 0), (3, 1), (4, 3), (5, 0), (6, 0)):
            line = {"order_pk": order_pk, "ordered": 5, "fulfilled": fulfilled}
            add(connection, "order_lines", line | {"order_item_id": "A"})
        add(connection, "order_lines", {"order_pk": 3, "order_item_id": "B", "fulfilled": 0, "ordered": 5})
        add(connection, "work", {"id": 1, "key": "1", "state": "dismissed"})
        add(connection, "work", {"id": 2, "key": "2", "state": "rejected"})
        add(
            connection,
            "parcels",
            parcel(2, 1, 2),
            parcel(2, 1),
            parcel(3, 2),
            parcel(4, 1),
            parcel(5, 4, 1),
        )
        upgrade(connection, "0010")
        found = connection.exec_driver_sql(
            "SELECT order_pk, order_item_id, taken FROM order_lines ORDER BY order_pk, order_item_id"
        ).all()
    engine.dispose()
    assert found == [
        (1, "A", 2),
        (2, "A", 2),
        (3, "A", 2),
        (3, "B", 0),
        (4, "A", 3),
        (5, "A", 0),
        (6, "A", 0),
    ]
