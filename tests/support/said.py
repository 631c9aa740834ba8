"""What the programs can say, read from their source: error codes, waits, log lines, audit codes."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

__all__ = ["audit_codes", "error_codes", "log_lines", "waits"]

ROOT = Path(__file__).parents[2]
OURS = "daemon/channeld", "protocol", "tui"
CODE = re.compile(r"[a-z]+(_[a-z]+)+|[a-z]+")
AREAS = (
    "account|actor|cancellation|channel|despatch|email|feed|item"
    "|key|listing|location|mapping|order|price|refund|report|stock|work"
)
"""What codes of the audit trail begin with."""
DOTTED = re.compile(rf"({AREAS})\.[a-z_]+")
ERRORS = "ChanneldError", "ClientError"
KINDS = "account", "actor", "channel", "location"
"""Whose names can be unknown."""
LEVELS = "debug", "info", "warning", "error", "exception", "critical"
LOGGERS = "log", "_log", "logger"
WAITS = {"receive": 0, "waits": 0, "_pause": 1}
"""What says that an actor waits, and which of its arguments says for what."""


@cache
def _trees() -> tuple[ast.Module, ...]:
    files = (file for folder in OURS for file in sorted((ROOT / folder).rglob("*.py")))
    return tuple(ast.parse(file.read_text("utf-8")) for file in files if "sandbox" not in file.parts)


@cache
def _calls() -> tuple[tuple[str, ast.Call], ...]:
    """Every call with the name of what is called."""
    nodes = (node for tree in _trees() for node in ast.walk(tree))
    return tuple((_name(node.func), node) for node in nodes if isinstance(node, ast.Call))


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _text(node: ast.expr | None) -> str:
    """A constant text; what is put into it by the running program is an ellipsis."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_text(part) if isinstance(part, ast.Constant) else "…" for part in parts)
        case _:
            return ""


def _ways(node: ast.expr) -> Iterator[ast.expr]:
    """What an expression may come to."""
    if isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse)
    else:
        yield node


@cache
def _error_classes() -> frozenset[str]:
    """The classes of errors that carry a code, and whatever is derived from them."""
    found = set(ERRORS)
    classes = [node for tree in _trees() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    while more := {each.name for each in classes if found & {_name(base) for base in each.bases}} - found:
        found |= more
    return frozenset(found)


@cache
def error_codes() -> frozenset[str]:
    """The codes of errors that a person or a program may be given."""
    given = {
        text
        for name, call in _calls()
        if (name in _error_classes() or name in ("_Failure", "__init__", "_unusable"))
        and call.args
        and CODE.fullmatch(text := _text(call.args[0]))
    }
    given |= {
        _text(word.value)
        for name, call in _calls()
        for word in call.keywords
        if name == "Refused" and word.arg == "code" and _text(word.value)
    }
    given |= {
        code for name, call in _calls() if name == "_refused" for code in map(_text, call.args[1:2]) if code
    }
    kinds = {f"unknown_{kind}" for kind in KINDS}
    return frozenset(given | kinds | _codes_beside_their_class())


def _codes_beside_their_class() -> set[str]:
    """Of tables: `(NotFound, "not_found", …)`."""
    tuples = (node for tree in _trees() for node in ast.walk(tree) if isinstance(node, ast.Tuple))
    return {
        text
        for node in tuples
        if len(node.elts) > 1
        and _name(node.elts[0]) in _error_classes()
        and CODE.fullmatch(text := _text(node.elts[1]))
    }


@cache
def waits() -> frozenset[str]:
    """What an actor says that it waits for."""
    said = [
        call.args[WAITS[name]] for name, call in _calls() if name in WAITS and len(call.args) > WAITS[name]
    ]
    found = {_text(way) for node in said for way in _ways(node)}
    keywords = {
        _text(keyword.value)
        for _, call in _calls()
        for keyword in call.keywords
        if keyword.arg == "waits_for"
    }
    return frozenset(text for text in found | keywords if text)


@cache
def log_lines() -> frozenset[str]:
    """The events that are logged."""
    return frozenset(
        _text(call.args[0])
        for name, call in _calls()
        if name in LEVELS
        and isinstance(call.func, ast.Attribute)
        and _name(call.func.value) in LOGGERS
        and call.args
    )


@cache
def audit_codes() -> frozenset[str]:
    """The codes of entries of the audit trail: whatever looks like one and is no tag of a message."""
    constants = (node for tree in _trees() for node in ast.walk(tree) if isinstance(node, ast.Constant))
    texts = {each.value for each in constants if isinstance(each.value, str) and DOTTED.fullmatch(each.value)}
    columns = {"work.id"}
    return frozenset(texts - _tags() - columns) | {"mapping.set"}  # the tag of a request, too


def _tags() -> set[str]:
    """Of messages and of what stands in them."""
    classes = [node for tree in _trees() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    return {_text(word.value) for each in classes for word in each.keywords if word.arg == "tag"}
