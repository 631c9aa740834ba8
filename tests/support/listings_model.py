"""What Amazon's published models say of changes to listings, and what becomes of attributes by them."""

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["applied", "check_feed", "check_patches"]

OPERATIONS = ("add", "replace", "merge", "delete")
SELECTORS = {"fulfillment_availability": ("fulfillment_channel_code",)}
LARGEST_NUMBER = 2**31 - 1


def check_patches(patches: Sequence[Mapping[str, Any]]) -> None:
    """One or more, each with an operation and the path of a whole attribute, and a list of objects."""
    assert patches
    for patch in patches:
        assert set(patch) == {"op", "path", "value"}
        assert patch["op"] in OPERATIONS
        empty, root, *attribute = patch["path"].split("/")
        assert (empty, root) == ("", "attributes") and len(attribute) == 1 and attribute[0]
        value: Sequence[Any] = patch["value"]
        assert value and all(type(entry) is dict and entry for entry in value)


def check_feed(document: Any) -> None:
    """Schema 2.0 of listings feeds, as far as changes of attributes go."""
    assert set(document) == {"header", "messages"}
    header = document["header"]
    assert header["version"] == "2.0" and isinstance(header["sellerId"], str)
    assert set(header) <= {"sellerId", "version", "issueLocale", "report"}
    numbers = [message["messageId"] for message in document["messages"]]
    assert 1 <= len(numbers) <= 25_000
    assert len(set(numbers)) == len(numbers)
    for message in document["messages"]:
        assert set(message) == {"messageId", "sku", "operationType", "productType", "patches"}
        assert 1 <= message["messageId"] <= LARGEST_NUMBER
        assert message["operationType"] == "PATCH"
        assert message["sku"] and message["productType"]
        check_patches(message["patches"])


def applied(attributes: Mapping[str, Any], patches: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The attributes after those changes: `merge` goes into the entry with the same selector."""
    after = dict(attributes)
    for patch in patches:
        name = patch["path"].rpartition("/")[2]
        if patch["op"] == "merge":
            after[name] = _merged(after.get(name, []), patch["value"], SELECTORS[name])
        else:
            assert patch["op"] == "replace"
            after[name] = patch["value"]
    return after


def _merged(
    entries: Sequence[Mapping[str, Any]], said: Sequence[Mapping[str, Any]], selectors: Sequence[str]
) -> list[Mapping[str, Any]]:
    merged = {tuple(entry.get(name) for name in selectors): entry for entry in entries}
    for entry in said:
        key = tuple(entry.get(name) for name in selectors)
        assert all(key), "a merge names its entry"
        merged[key] = {**merged.get(key, {}), **entry}
    return list(merged.values())
