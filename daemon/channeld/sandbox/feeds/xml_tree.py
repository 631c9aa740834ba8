"""XML into a small tree, with all that can hurt refused: document types, entities, depth."""

from xml.parsers import expat

import msgspec

__all__ = ["Node", "Unreadable", "parse"]

DEEPEST = 20


class Unreadable(Exception):
    """The document is not XML, or not what its feed type asks for; the message says why."""


class Node(msgspec.Struct):
    name: str
    attributes: dict[str, str]
    children: list["Node"] = []
    text: str = ""

    def child(self, name: str) -> "Node | None":
        return next((child for child in self.children if child.name == name), None)

    def value(self, name: str) -> str:
        """The text of that child, empty when there is none."""
        child = self.child(name)
        return child.text.strip() if child else ""

    def all(self, name: str) -> list["Node"]:
        return [child for child in self.children if child.name == name]


def parse(content: bytes) -> Node:
    """The root element. Unreadable when it is not well-formed or has a document type."""
    tree = _Tree()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = tree.doctype
    parser.StartElementHandler = tree.start
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.characters
    parser.buffer_text = True
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Unreadable(f"The document is not well-formed XML: {error}") from None
    return tree.top.children[0]


class _Tree:
    def __init__(self) -> None:
        self.top = Node("", {})
        self._open = [self.top]

    def doctype(self, *_: object) -> None:
        raise Unreadable("A document type declaration is not allowed.")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) > DEEPEST:
            raise Unreadable("The document is nested too deeply.")
        node = Node(name, attributes)
        self._open[-1].children.append(node)
        self._open.append(node)

    def end(self, _name: str) -> None:
        self._open.pop()

    def characters(self, data: str) -> None:
        self._open[-1].text += data
