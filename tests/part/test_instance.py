"""Which installation this is: known again after a restart, another one for a copy (design, section 4)."""

import shutil
from pathlib import Path

import pytest

from channeld.errors import ChanneldError
from channeld.store.instance import find_instance, instance_path, load_instance

MACHINE = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    path = tmp_path / "machine-id"
    path.write_text(f"{MACHINE}\n")
    return path


def database(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder / "channeld.db"


def test_a_name_in_the_settings_goes_before_the_machine(tmp_path: Path, machine: Path) -> None:
    book = database(tmp_path / "a")
    named = load_instance("warehouse", book, machine)
    assert named == load_instance("warehouse", book, tmp_path / "none")
    assert len({named, load_instance("", book, machine), load_instance("office", book, machine)}) == 3


def test_the_machines_id_is_told_to_nobody(tmp_path: Path, machine: Path) -> None:
    book = database(tmp_path / "a")
    assert MACHINE not in load_instance("", book, machine)
    assert [path.name for path in book.parent.iterdir()] == []


@pytest.mark.parametrize("content", [None, "", "uninitialized\n", "\xff" * 32])
def test_a_machine_without_an_id_gets_one_that_stays(content: str | None, tmp_path: Path) -> None:
    book, machine = database(tmp_path / "a"), tmp_path / "machine-id"
    if content is not None:
        machine.write_text(content, "latin-1")
    assert find_instance("", book, machine) == ""
    first = load_instance("", book, machine)
    assert first
    assert load_instance("", book, machine) == find_instance("", book, machine) == first
    assert instance_path(book).stat().st_mode & 0o777 == 0o600


def test_a_copied_folder_is_another_installation(tmp_path: Path) -> None:
    book, none = database(tmp_path / "a"), tmp_path / "none"
    first = load_instance("", book, none)
    shutil.copytree(book.parent, tmp_path / "b")
    assert load_instance("", database(tmp_path / "b"), none) != first
    (tmp_path / "a").rename(tmp_path / "moved")
    assert load_instance("", database(tmp_path / "moved"), none) == first, "moved, it is the same one"


def test_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    book, none = database(tmp_path / "a"), tmp_path / "none"
    instance_path(book).write_text("half")
    assert load_instance("", book, none) == find_instance("", book, none) != ""


def test_an_id_that_cannot_be_had_says_what_to_do(tmp_path: Path) -> None:
    book, none = database(tmp_path / "a"), tmp_path / "none"
    instance_path(book).mkdir()
    with pytest.raises(ChanneldError) as caught:
        load_instance("", book, none)
    assert (caught.value.code, "instance_id" in caught.value.hint) == ("instance_unusable", True)
