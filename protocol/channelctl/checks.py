"""The steps of `account test` and `channel test`, each with its own verdict (semantics A4)."""

import click

from channel_protocol.accounts import CheckLine, Tested
from channelctl.output import Columns, flat, note, print_json, print_table
from channelctl.shared import Caller

__all__ = ["print_checks"]

COLUMNS: Columns[CheckLine] = {"Step": "step", "Check": "name", "Verdict": "verdict", "Result": "message"}


def print_checks(caller: Caller, tested: Tested) -> None:
    """Print the steps, and end with exit code 1 if one failed."""
    if caller.json:
        print_json([flat(line) for line in tested.lines])
    else:
        print_table(tested.lines, COLUMNS)
        for line in tested.lines:
            if line.hint:
                note(f"hint: step {line.step}: {line.hint}")
    if not tested.ok:
        click.get_current_context().exit(1)
