"""The XML form of a processing report, read by the names of its elements wherever they stand."""

from typing import Literal
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from channeld.amazon.errors import UnreadableReport, plain_code, plain_text
from channeld.amazon.feeds.reports.report import FeedReport, MessageResult, message_id_of

__all__ = ["read_xml"]

_DEEPEST = 40
_MOST_RESULTS = 200_000
_LONGEST_FIELD = 20_000
_COUNTS = ("MessagesProcessed", "MessagesSuccessful", "MessagesWithError", "MessagesWithWarning")
_NO_ERROR = ("warn", "info", "succ")
"""How the words of results begin that are about something which was done all the same."""


def read_xml(text: str) -> FeedReport:
    """Any order, further elements, name spaces and another root are let pass; several reports are added up.

    Raises `UnreadableReport` for what is not well-formed, has a document type or entities, is nested too
    deeply, or has nothing of a processing report in it.
    """
    found = _Found()
    try:
        parser = DefusedXMLParser(target=found, forbid_dtd=True)
        parser.feed(text)
        parser.close()
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        reason = "it is not well-formed XML, or has what a report must not have"
    else:
        return found.report()
    raise UnreadableReport(reason)


class _Found:
    """Takes what the parser sees, and keeps what says something; never a tree."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._text: list[str] = []
        self._length = 0
        self._result: dict[str, str] | None = None
        self._counts: dict[str, int] = {}
        self._statuses: set[str] = set()
        self._results: list[MessageResult] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if len(self._open) >= _DEEPEST:
            raise ValueError("nested too deeply")
        self._open.append(_local(tag))
        self._forget_text()
        if self._open[-1] == "Result":
            self._result = {}

    def data(self, text: str) -> None:
        """A piece of the text of the element that is open."""
        if self._length < _LONGEST_FIELD:
            self._text.append(text)
            self._length += len(text)

    def end(self, tag: str) -> None:
        """The element ends."""
        name, text = self._open.pop(), "".join(self._text).strip()
        self._forget_text()
        if name == "Result" and self._result is not None:
            self._keep(_result(self._result))
            self._result = None
        elif self._result is not None:
            if text:
                self._result.setdefault(name, text)
        elif name in _COUNTS:
            self._counts[name] = self._counts.get(name, 0) + _count(text)
        elif name == "StatusCode":
            self._statuses.add(text.lower())

    def close(self) -> None:
        """The document ends."""

    def report(self) -> FeedReport:
        """What was found. Raises `UnreadableReport` if that is nothing."""
        if not (self._counts or self._results or self._statuses):
            raise UnreadableReport("it has nothing of a processing report in it")
        processed, successful, with_error, with_warning = map(self._counts.get, _COUNTS)
        return FeedReport(
            processed=processed,
            successful=successful,
            with_error=with_error,
            with_warning=with_warning,
            is_complete=self._statuses <= {"complete"},
            results=tuple(self._results),
        )

    def _keep(self, result: MessageResult) -> None:
        self._results.append(result)
        if len(self._results) > _MOST_RESULTS:
            raise ValueError("too many results")

    def _forget_text(self) -> None:
        self._text.clear()
        self._length = 0


def _local(tag: str) -> str:
    """The name without its name space, and without the prefix of one."""
    return tag.rpartition("}")[2].rpartition(":")[2]


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError("a count is not a number")
    return int(text)


def _result(fields: dict[str, str]) -> MessageResult:
    return MessageResult(
        message_id=message_id_of(fields.get("MessageID", "")),
        outcome=_outcome(fields.get("ResultCode", "")),
        code=plain_code(fields.get("ResultMessageCode")),
        text=plain_text(fields.get("ResultDescription")),
    )


def _outcome(word: str) -> Literal["error", "warning"]:
    return "warning" if word.lower().startswith(_NO_ERROR) else "error"
