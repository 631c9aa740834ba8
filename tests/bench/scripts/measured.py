"""What a client of the ingest benchmark reports: one JSON line about its own work, start-up left out."""

import json
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager

__all__ = ["measured"]


@contextmanager
def measured(orders: int) -> Generator[None]:
    """Print orders, seconds, and seconds of this process's CPU that the block took."""
    began, cpu = time.perf_counter(), time.process_time()
    yield
    figures = {
        "orders": orders,
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
    }
    sys.stdout.write(json.dumps(figures) + "\n")
