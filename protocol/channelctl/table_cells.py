"""Values as cells of a CSV file that people open in a spreadsheet.

A text that a spreadsheet would take for a formula (it begins with = + - @, a tab or a line break, and is no
number) gets an apostrophe in front, as titles, SKUs and names are other people's words. One that looks as if
it had got one already gets another, so that reading takes away what writing put there.
"""

import re
from datetime import datetime

__all__ = ["cell", "harmless"]

NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def cell(value: object) -> str:
    """Any value of a row: times are ISO 8601 in UTC, yes and no are true and false."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case _:
            return harmless(str(value))


def harmless(text: str) -> str:
    """A text that no spreadsheet carries out."""
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text
