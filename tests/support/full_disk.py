"""Disks that are full or read-only: by a limit inside SQLite, and, where the system allows it, real ones."""

import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest

from channeld.store.store import Store
from channeld.store.unit import Unit

__all__ = ["filled", "pages_left", "small_disk", "switched", "without_limit"]

PLENTY = 2**30


async def pages_left(store: Store, pages: int) -> None:
    """From now on the database may grow by so many pages; beyond them SQLite says that the disk is full."""

    def limit(unit: Unit) -> None:
        used = unit.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        unit.connection.exec_driver_sql(f"PRAGMA max_page_count = {used + pages}")

    await store.write(limit)


async def without_limit(store: Store) -> None:
    """There is room again."""
    await pages_left(store, PLENTY)


@contextmanager
def small_disk(at: Path, size: str) -> Generator[Path]:
    """A file system of its own in memory, such as `1m`; skips the test where nobody may mount one."""
    at.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(at)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:  # noqa: S603
        pytest.skip("only root may mount a small disk")
    try:
        yield at
    finally:
        subprocess.run(["/bin/umount", "--lazy", str(at)], check=True)  # noqa: S603


def switched(disk: Path, how: Literal["ro", "rw"]) -> bool:
    """Mount the small disk again read-only or writable; False when the kernel refuses, as for open files."""
    command = ["/bin/mount", "-o", f"remount,{how}", str(disk)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603


def filled(disk: Path, *, leaving: int = 0) -> Path:
    """A file that takes all the room there is, but for so many bytes; remove it to make room again."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        room = shutil.disk_usage(disk).free - leaving
        file.write(bytes(max(0, room)))
    return ballast
