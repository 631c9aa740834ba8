"""Bytes of a document to text: which characters they stand for (Amazon's reference, sections 15 and 6)."""

import codecs
import re

__all__ = ["decoded"]

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_IN_HEADER = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE | re.ASCII)
_IN_XML = re.compile(rb"""\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{1,40})["']""", re.ASCII)
_KNOWN = re.compile(
    r"utf-8|utf-16(-[lb]e)?|cp125[0-8]|iso8859-\d{1,2}|cp932|shift_jis|euc_jp|gbk|gb18030|big5"
)
_WIDER = {"ascii": "utf-8", "iso8859-1": "cp1252", "shift_jis": "cp932"}
"""What is called by the narrower name is often written in the wider one."""


def decoded(content: bytes, content_type: str) -> str:
    """The text, by its mark, its content type, its XML declaration, or else as UTF-8.

    What cannot be read becomes U+FFFD: a damaged letter in a description must not hide what it describes.
    """
    for mark, charset in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(charset, "replace")
    said = _IN_HEADER.search(content_type)
    name = said[1] if said else ""
    if not name and (declared := _IN_XML.match(content)):
        name = declared[1].decode()
    return content.decode(_python_name(name), "replace")


def _python_name(charset: str) -> str:
    """UTF-8 for what is not the name of a charset that documents come in."""
    try:
        name = codecs.lookup(charset).name if charset else "utf-8"
    except LookupError:
        return "utf-8"
    name = _WIDER.get(name, name)
    return name if _KNOWN.fullmatch(name) else "utf-8"
