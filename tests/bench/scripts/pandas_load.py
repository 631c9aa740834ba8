"""What one would write with pandas: a report into a table. `python -m … REPORT DATABASE` prints its seconds.

Needs the dependency group `bench`.
"""

import sqlite3
import sys
import time
from importlib import import_module
from typing import Any

pandas: Any = import_module("pandas")


def main(report: str, database: str) -> None:
    began = time.perf_counter()
    frame = pandas.read_csv(report, sep="\t", dtype=str, encoding="cp1252", quoting=3)
    connection = sqlite3.connect(database)
    frame.to_sql("listings", connection, if_exists="replace", index=False)
    connection.close()
    sys.stdout.write(f"{len(frame)} {time.perf_counter() - began}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
