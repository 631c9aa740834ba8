"""The house: who may import whom, how large things may grow, and what the packaging promises."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[2]
CODE = ("daemon", "protocol", "tui")
LONGEST_FILE = 400
LONGEST_FUNCTION = 50


def sources() -> Iterator[Path]:
    for folder in CODE:
        yield from (ROOT / folder).rglob("*.py")


def test_import_contracts_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    assert lint_imports(config_filename="pyproject.toml", no_cache=True) == 0


@pytest.mark.parametrize("folder", CODE)
def test_no_file_and_no_function_grows_without_bounds(folder: str) -> None:
    too_long: list[str] = []
    for path in (ROOT / folder).rglob("*.py"):
        text = path.read_text()
        if text.count("\n") > LONGEST_FILE:
            too_long.append(str(path))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    too_long.append(f"{path}: {node.name}")

    assert not too_long


def test_only_the_clock_reads_the_time_or_sleeps() -> None:
    forbidden = re.compile(r"datetime\.now\(|time\.time\(|anyio\.sleep\((?!0)|asyncio\.sleep\(|time\.sleep\(")
    offenders = [
        str(path)
        for path in sources()
        if path.name != "clock.py" and "daemon" in path.parts and forbidden.search(path.read_text())
    ]

    assert not offenders


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path)
        for path in sources()
        if path.name != "__init__.py" and not ast.get_docstring(ast.parse(path.read_text()))
    ]

    assert not silent


def test_every_version_is_pinned_and_no_address_is_named() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)
    direct = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    everything = project["tool"]["uv"]["constraint-dependencies"]
    names = {re.split(r"[\[=]", pin)[0].lower() for pin in everything}

    assert all("==" in pin for pin in [*direct, *everything])
    assert {re.split(r"[\[=]", pin)[0].lower() for pin in direct} <= names
    assert "://" not in text


def test_the_lock_file_stays_out_of_the_repository() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "uv.lock"],  # noqa: S607 (git is wherever it is)
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert listed.stdout == ""
