"""A processing report in whichever form it came, told by its content."""

from channeld.amazon.errors import UnreadableReport
from channeld.amazon.feeds.reports.flat_form import read_flat
from channeld.amazon.feeds.reports.json_form import read_json
from channeld.amazon.feeds.reports.report import FeedReport
from channeld.amazon.feeds.reports.xml_form import read_xml

__all__ = ["LARGEST", "read_report", "trimmed"]

LARGEST = 64 * 2**20
"""Characters: far above a report about ten thousand messages."""


def read_report(text: str) -> FeedReport:
    """Read XML, JSON (listings), or tab-separated text. Raises `UnreadableReport`, and nothing else.

    What it is called by its content type has been wrong; its first character is not.
    """
    if len(text) > LARGEST:
        raise UnreadableReport("it is too large")
    content = trimmed(text)
    if content.startswith("<"):
        return read_xml(content)
    if content.startswith("{"):
        return read_json(content)
    return read_flat(text)


def trimmed(text: str) -> str:
    """Without a mark or blanks before it begins."""
    return text.lstrip("\ufeff \t\r\n")
