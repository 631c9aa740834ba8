"""The header that Amazon wants from every program (Amazon's reference, section 2.3)."""

import platform
from importlib.metadata import version

__all__ = ["user_agent"]

_LONGEST = 500


def user_agent() -> str:
    """Name, version, attributes `Language` (mandatory) and `Platform`; ASCII, at most 500 characters."""
    language = f"Python/{platform.python_version()}"
    system = f"{platform.system()}/{platform.release()}"
    attributes = "; ".join(
        f"{_escaped(name, '=')}={_escaped(value, ';)')}"
        for name, value in (("Language", language), ("Platform", system[:200]))
    )
    text = f"channeld/{_escaped(version('channeld'), '(')} ({attributes})"
    return text.encode("ascii", "replace").decode()[:_LONGEST]


def _escaped(text: str, delimiters: str) -> str:
    """With a backslash before itself and before what would end this part."""
    return "".join("\\" + c if c == "\\" or c in delimiters else c for c in text)
