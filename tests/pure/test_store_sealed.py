"""A new key reaches everything that is sealed: each column of bytes says what it holds."""

from sqlalchemy import LargeBinary

from channeld.store import tables
from channeld.store.sealed import FINGERPRINTS, SEALED


def test_every_column_of_bytes_is_sealed_or_a_fingerprint_or_a_fact() -> None:
    held = {
        f"{table.name}.{column.name}"
        for table in tables.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    sealed = {f"{each.table.name}.{each.column}" for each in SEALED}
    fingerprints = {f"{column.table.name}.{column.name}" for column in FINGERPRINTS}
    assert held == sealed | fingerprints | {"meta.value", "listing_details.digest"}  # Amazon's catalogue


def test_a_value_is_bound_to_the_row_that_its_key_names() -> None:
    for each in SEALED:
        assert set(each.key) <= set(each.table.columns.keys())
        values = [str(number) for number, _ in enumerate(each.key)]
        assert each.context(*values) == "/".join((each.table.name, *values))
