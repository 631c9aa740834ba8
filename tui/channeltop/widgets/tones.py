"""Tones of text outside tables, as variables of the theme."""

from collections.abc import Iterable

from textual.content import Content

from channeltop.tone import Tone

__all__ = ["joined", "toned"]

STYLES: dict[Tone, str] = {
    "": "",
    "good": "$text-success",
    "warn": "$text-warning",
    "bad": "$text-error",
    "accent": "$text-primary",
    "muted": "$secondary",
    "strong": "bold",
}


def toned(text: str, tone: Tone = "") -> Content:
    """Text in a tone; nothing in it is taken as markup."""
    return Content.styled(text, STYLES[tone]) if tone else Content(text)


def joined(parts: Iterable[Content], between: str = " · ") -> Content:
    """Parts in one line, with a muted separator; empty ones are left out."""
    return toned(between, "muted").join([part for part in parts if part.plain])
