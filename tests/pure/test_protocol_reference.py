"""The reference of the wire covers the wire."""

import json

import msgspec
import pytest

from channel_protocol.base import WriteRequest
from channel_protocol.codec import MODULES, messages, replies, requests, rows, tag_of
from channel_protocol.reference import Entry, entries, markdown


def entry(name: str) -> Entry:
    return next(entry for entry in entries() if entry.name == name)


def test_every_message_and_row_has_one_entry() -> None:
    names = [entry.name for entry in entries()]
    expected = {tag_of(kind) for kind in (*requests(), *messages(), *rows())}
    assert expected <= set(names)
    assert len(names) == len(set(names))


def test_every_struct_of_the_wire_is_covered_with_all_its_fields() -> None:
    covered = {entry.name: {field.name for field in entry.fields} for entry in entries()}
    for module in MODULES:
        for kind in vars(module).values():
            if (
                isinstance(kind, type)
                and issubclass(kind, msgspec.Struct)
                and kind.__module__ == module.__name__
            ):
                name = str(kind.__struct_config__.tag or kind.__name__)
                assert covered[name] == {field.name for field in msgspec.structs.fields(kind)}


def test_kinds_tell_reading_from_changing() -> None:
    kinds = {entry.name: entry.kind for entry in entries()}
    for request in requests():
        assert kinds[tag_of(request)] == ("write" if issubclass(request, WriteRequest) else "request")
    assert all(kinds[tag_of(reply)] == "reply" for reply in replies())
    assert kinds["snapshot"] == kinds["delta"] == kinds["hello"] == "event"


def test_a_field_has_its_type_default_and_docstring_also_when_inherited() -> None:
    fields = {field.name: field for field in entry("order.sync").fields}
    assert fields["channel"].type == "text or null"
    assert fields["channel"].default == "null"
    assert fields["channel"].doc == "None: every enabled channel."
    assert fields["command_id"].required
    assert fields["command_id"].default is None
    assert fields["command_id"].doc.startswith("Made by the client")
    assert fields["wait"].default == "0.0"


@pytest.mark.parametrize(
    ("name", "field", "words"),
    [
        ("order.list.reply", "rows", "array of `order`"),
        ("order.show.reply", "facts", "object of text"),
        ("order.show.reply", "items", "array of `OrderLine`"),
        ("OrderLine", "components", "object of integer"),
        ("order", "ship_by", "time or null"),
        ("delta", "rows", "array of rows"),
        ("refused", "problems", "array of `Problem`"),
        ("channel.show.reply", "settings", "array of `setting`"),
        ("item.save", "mode", "`add` or `set` or `import`"),
    ],
)
def test_types_are_named_as_json_has_them(name: str, field: str, words: str) -> None:
    assert next(each.type for each in entry(name).fields if each.name == field) == words


def test_an_entry_has_the_docstring_of_its_own_struct_and_no_other() -> None:
    assert entry("order.recover").doc.startswith("Read one order by its id")
    assert entry("order.list.reply").doc == ""


def test_the_markdown_names_every_entry_and_every_table_row_is_whole() -> None:
    text = markdown()
    assert all(f"### `{each.name}`" in text for each in entries())
    assert all(line.count("|") == 5 for line in text.splitlines() if line.startswith("|"))


def test_it_is_json_as_it_is() -> None:
    assert json.loads(msgspec.json.encode(entries()))[0]["kind"] == "request"
