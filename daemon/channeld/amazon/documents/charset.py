"""Bytes of a document to text: which characters they stand for (Amazon's reference, sections 6, 7 and 15)."""

import codecs
import re

__all__ = ["charset_in", "decoded", "mark_of"]

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_IN_HEADER = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE | re.ASCII)
_IN_XML = re.compile(rb"""\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{1,40})["']""", re.ASCII)
_KNOWN = re.compile(
    r"utf-8|utf-16(-[lb]e)?|cp125[0-8]|iso8859-\d{1,2}|cp932|shift_jis|euc_jp|gbk|gb18030|big5"
)
_WIDER = {"ascii": "utf-8", "iso8859-1": "cp1252", "shift_jis": "cp932"}
"""What is called by the narrower name is often written in the wider one."""


def mark_of(content: bytes) -> tuple[bytes, str]:
    """The byte order mark that it begins with and the charset that it stands for; two empty ones without."""
    return next((pair for pair in _MARKS if content.startswith(pair[0])), (b"", ""))


def charset_in(content_type: str) -> str:
    """Python's name of the charset that a content type names; empty if it names none."""
    said = _IN_HEADER.search(content_type)
    return _python_name(said[1]) if said else ""


def decoded(content: bytes, content_type: str) -> str:
    """The text, by its mark, its content type, its XML declaration, or else as UTF-8.

    What cannot be read becomes U+FFFD: a damaged letter in a description must not hide what it describes.
    """
    mark, charset = mark_of(content)
    if not mark:
        charset = charset_in(content_type) or _declared(content) or "utf-8"
    return content[len(mark) :].decode(charset, "replace")


def _declared(content: bytes) -> str:
    declared = _IN_XML.match(content)
    return _python_name(declared[1].decode()) if declared else ""


def _python_name(charset: str) -> str:
    """UTF-8 for what is not the name of a charset that documents come in."""
    try:
        name = codecs.lookup(charset).name
    except LookupError:
        return "utf-8"
    name = _WIDER.get(name, name)
    return name if _KNOWN.fullmatch(name) else "utf-8"
