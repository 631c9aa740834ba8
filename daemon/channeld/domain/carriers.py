"""From one's own shipping services to Amazon's carriers and methods (semantics I15).

A target is typed as `CARRIER / METHOD`, such as `Royal Mail / Tracked 24`; the method may be left out.
`Other: My Courier / METHOD`, or a carrier that Amazon has no code for, becomes Amazon's code `Other` with a
name.
"""

import re
import shlex
from collections.abc import Collection, Mapping

import msgspec

from channeld.domain.mapping import normal
from channeld.domain.settings import nearest
from channeld.errors import Problem

__all__ = ["OTHER", "Carrier", "other_text", "parse_carrier", "resolve"]

OTHER = "Other"
"""Amazon's code for a carrier without one; it needs a name."""
_LONGEST = 100
"""Of a carrier's name and of a method."""
_MOST_NAMED = 10
_ALIKE = 0.75
"""How like a code a name must be to be taken for one that was mistyped: many carriers' names are alike."""
_SPACED = re.compile(r"\s+/\s*|\s*/\s+")
_SLASH = re.compile(r"/")
_EXPLICIT = re.compile(r"other\s*:", re.IGNORECASE)


class Carrier(msgspec.Struct, frozen=True, kw_only=True):
    """A carrier as Amazon is told it."""

    code: str
    """One of Amazon's codes, written Amazon's way, or `Other`."""
    name: str = ""
    """With `Other` only."""
    method: str = ""


def parse_carrier(text: str, known_codes: Collection[str]) -> Carrier:
    """A target as it is typed. Raises `ValueError` that says what it must be."""
    given = text.strip()
    name, method = given, ""
    if _code(given, known_codes) is None:
        separator = _SPACED if _SPACED.search(given) else _SLASH
        name, method, *_ = *separator.split(given, maxsplit=1), ""
    return _carrier(name.strip(), method.strip(), known_codes)


def other_text(text: str, known_codes: Collection[str]) -> str:
    """What Amazon is told of a target without a code, and the code that may be meant; empty with a code.

    Raises `ValueError` as `parse_carrier`.
    """
    carrier = parse_carrier(text, known_codes)
    if carrier.code != OTHER:
        return ""
    close = None if _EXPLICIT.match(text.strip()) else nearest(carrier.name, known_codes, _ALIKE)
    meant = f"; did you mean its code {close}?" if close else "."
    return f"Amazon has no code for that carrier and will be told {OTHER}, named {carrier.name}{meant}"


def resolve(
    carrier: str | None,
    service: str,
    mapped: Mapping[str, str],
    known_codes: Collection[str],
    *,
    channel: str,
) -> Carrier | Problem:
    """The carrier that Amazon is told, or what is to be done before the order can be processed.

    `carrier` as a person named it: then `service` is the method, unless one comes with the carrier. Without
    one the mapping of `service` decides; `mapped` is the channel's, by normalised word.
    """
    try:
        if carrier is not None:
            found = parse_carrier(carrier, known_codes)
            return _carrier(_name(found), found.method or service.strip(), known_codes)
        target = mapped.get(normal(service))
        return parse_carrier(target, known_codes) if target else _not_mapped(service, mapped, channel)
    except ValueError as error:
        return Problem(key="service" if carrier is None else "carrier", message=f"Carrier {error}")


def _carrier(typed: str, method: str, known_codes: Collection[str]) -> Carrier:
    """Raises `ValueError`."""
    name = _EXPLICIT.sub("", typed, count=1).strip() if _EXPLICIT.match(typed) else typed
    if not name or name.upper() == OTHER.upper():
        raise ValueError(f"must be named, such as `{OTHER}: My Courier`")
    for each in (name, method):
        if len(each) > _LONGEST or not each.isprintable():
            raise ValueError(f"and method must be texts of at most {_LONGEST} printable characters")
    code = _code(typed, known_codes)
    return Carrier(code=code, method=method) if code else Carrier(code=OTHER, name=name, method=method)


def _name(carrier: Carrier) -> str:
    return f"{OTHER}: {carrier.name}" if carrier.code == OTHER else carrier.code


def _code(typed: str, known_codes: Collection[str]) -> str | None:
    """Amazon's code for what was typed, whatever its case, spaces and hyphens; `Other` is not one."""
    for form in (str.upper, _letters):
        by_form = {form(code): code for code in known_codes if code != OTHER}
        if form(typed) in by_form:
            return by_form[form(typed)]
    return None


def _letters(text: str) -> str:
    return "".join(each for each in text if each.isalnum()).upper()


def _not_mapped(service: str, mapped: Mapping[str, str], channel: str) -> Problem:
    """The question is asked now, and not by a refusal of Amazon's a day later."""
    if not service.strip():
        message = "name a carrier, or a service of yours that is mapped to one"
        return Problem(key="carrier", message=f"{message}: {_known(mapped)}")
    name = service.strip()
    command = f'channelctl mapping despatch set {shlex.quote(channel)} {shlex.quote(name)} "CARRIER / METHOD"'
    message = f"{name} is not mapped to a carrier of Amazon's; {_known(mapped)}. Map it with `{command}`"
    return Problem(key="service", message=message, nearest=nearest(name, mapped))


def _known(mapped: Mapping[str, str]) -> str:
    names = sorted(mapped)
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f"mapped are {', '.join(names[:_MOST_NAMED])}{more}" if names else "no service is mapped yet"
