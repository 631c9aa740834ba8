"""The book on disk: tables, migrations, one writer with group commit, and one module for each aggregate.

Begin with `store.py` (opening), `writer.py` (how units of work are committed) and `tables/` (the schema). An
aggregate's functions take a `Unit` to write and a `Connection` to read, and return frozen structs: no SQL and
no rows leave this folder.
"""
