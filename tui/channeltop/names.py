"""Several names in one text, with commas between. Pure."""

from collections.abc import Iterable

__all__ = ["completed", "written"]


def written(names: Iterable[str]) -> str:
    """The names as they are typed; one that has a comma itself stands in quotes."""
    return ", ".join(_quoted(name) if set('",') & set(name) else name for name in names)


def completed(typed: str, known: Iterable[str]) -> str | None:
    """The text with the name that is begun at its end written out; None if no other one begins so.

    Names that would have to stand in quotes are left to the person.
    """
    before, comma, last = typed.rpartition(",")
    start = last.lstrip()
    if not start:
        return None
    taken = {name.strip().casefold() for name in before.split(",")}
    for name in known:
        begins = name.casefold().startswith(start.casefold())
        if begins and name.casefold() not in taken and not set('",') & set(name):
            return before + comma + last[: len(last) - len(start)] + name
    return None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
