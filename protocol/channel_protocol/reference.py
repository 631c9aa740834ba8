"""The reference of the wire, made from the structs and the docstrings beside their fields."""

import ast
import inspect
import textwrap
import types
import typing
from datetime import datetime
from functools import cache

import msgspec

from channel_protocol import MAX_CLIENT_LINE, MAX_DAEMON_LINE, PROTOCOL_VERSION, session
from channel_protocol.base import Message, Problem, Reply, Request, Row, WriteRequest
from channel_protocol.codec import MODULES, replies, requests, rows

__all__ = ["Entry", "Field", "entries", "markdown"]

Kind = type[msgspec.Struct]
WORDS: dict[object, str] = {
    str: "text",
    int: "integer",
    float: "number",
    bool: "boolean",
    datetime: "time",
    type(None): "null",
    msgspec.Raw: "array of rows",
}
EVENTS = session.Hello, session.Snapshot, session.Delta
CHAPTERS = {
    "request": "Requests",
    "write": "Requests that change something",
    "reply": "Replies",
    "event": "Events",
    "row": "Rows",
    "part": "Parts",
}


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a message."""

    name: str
    type: str
    """In JSON's words; `time` is ISO 8601 in UTC."""
    required: bool
    default: str | None
    """As JSON; None for a required field."""
    doc: str


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of message, row, or part of one."""

    name: str
    """The value of its field `type`; for a part the name of its struct."""
    kind: str
    """`request`, `write`, `reply`, `event`, `row` or `part`."""
    doc: str
    fields: tuple[Field, ...]


@cache
def entries() -> tuple[Entry, ...]:
    """Everything that crosses the socket, by kind and name."""
    asked = tuple(kind for kind in requests() if not issubclass(kind, WriteRequest))
    changing = tuple(kind for kind in requests() if issubclass(kind, WriteRequest))
    by_chapter: dict[str, tuple[Kind, ...]] = {
        "request": asked,
        "write": changing,
        "reply": replies(),
        "event": EVENTS,
        "row": rows(),
        "part": _parts(),
    }
    return tuple(_entry(chapter, kind) for chapter, kinds in by_chapter.items() for kind in kinds)


def markdown() -> str:
    """The whole reference as Markdown."""
    lines = [
        f"# channeld's protocol, version {PROTOCOL_VERSION}",
        "",
        "Newline-delimited JSON over a Unix socket, one message a line, whose field `type` says what it is;",
        f"at most {MAX_CLIENT_LINE} bytes from a client, {MAX_DAEMON_LINE} to one.",
        "The daemon speaks first (`hello`). A reply repeats the `id` of its request, or is `refused`.",
        "Several requests may be under way at once, and unknown fields are ignored.",
        "A `time` is ISO 8601 in UTC, an amount of money an integer in minor units of its currency.",
    ]
    for chapter, title in CHAPTERS.items():
        lines += ["", f"## {title}"]
        for entry in entries():
            if entry.kind == chapter:
                lines += _section(entry)
    return "\n".join(lines) + "\n"


def _section(entry: Entry) -> list[str]:
    lines = ["", f"### `{entry.name}`"]
    if entry.doc:
        lines += ["", entry.doc]
    if entry.fields:
        lines += ["", "| field | type | default | meaning |", "|---|---|---|---|"]
    for field in entry.fields:
        default = "required" if field.default is None else f"`{field.default}`"
        lines.append(f"| `{field.name}` | {field.type} | {default} | {' '.join(field.doc.split())} |")
    return lines


def _parts() -> tuple[Kind, ...]:
    """Structs that only occur inside messages."""
    found: dict[str, Kind] = {"Problem": Problem}
    for module in MODULES:
        for name, kind in vars(module).items():
            if not (isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
                continue
            if not issubclass(kind, (Request, Reply, Row)) and kind not in (Message, *EVENTS):
                found[name] = kind
    return tuple(found[name] for name in sorted(found))


def _entry(chapter: str, kind: Kind) -> Entry:
    docs = _docs(kind)
    tag = kind.__struct_config__.tag
    return Entry(
        name=str(tag) if tag else kind.__name__,
        kind=chapter,
        doc=inspect.cleandoc(kind.__doc__ or "") if "__doc__" in vars(kind) else "",
        fields=tuple(_field(field, docs.get(field.name, "")) for field in msgspec.structs.fields(kind)),
    )


def _field(field: msgspec.structs.FieldInfo, doc: str) -> Field:
    return Field(
        name=field.name,
        type=_words(field.type),
        required=field.required,
        default=None if field.required else _default(field),
        doc=doc,
    )


def _default(field: msgspec.structs.FieldInfo) -> str:
    factory: typing.Any = field.default_factory
    value: object = field.default if factory is msgspec.NODEFAULT else factory()
    return msgspec.json.encode(value).decode()


def _words(annotation: typing.Any) -> str:
    """A type as JSON knows it."""
    arguments = typing.get_args(annotation)
    match typing.get_origin(annotation):
        case types.UnionType | typing.Union:
            return " or ".join(_words(part) for part in arguments)
        case origin if origin is tuple:
            return f"array of {_words(arguments[0])}"
        case origin if origin is dict:
            return f"object of {_words(arguments[1])}"
        case typing.Literal:
            return " or ".join(f"`{word}`" for word in arguments)
        case _:
            return WORDS.get(annotation) or f"`{_name(annotation)}`"


def _name(kind: Kind) -> str:
    return str(kind.__struct_config__.tag or kind.__name__)


@cache
def _docs(kind: Kind) -> dict[str, str]:
    """The docstring below each field, also of fields that are inherited."""
    found: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        if issubclass(base, msgspec.Struct) and base not in (msgspec.Struct, Message):
            found |= _own_docs(base)
    return found


def _own_docs(kind: type) -> dict[str, str]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    assert isinstance(tree, ast.ClassDef)
    found: dict[str, str] = {}
    for before, after in zip(tree.body, tree.body[1:], strict=False):
        match before, after:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                found[name] = inspect.cleandoc(text)
            case _:
                pass
    return found
