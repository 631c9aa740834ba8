"""Both themes can be read: text stands out from what is behind it (WCAG 2, 4.5 to 1)."""

import pytest
from textual.color import Color
from textual.theme import Theme

from channeltop.themes import DARK, LIGHT

READABLE = 4.5
TEXTS = ("foreground", "primary", "secondary", "success", "warning", "error")
GROUNDS = ("background", "surface", "panel")


def luminance(color: Color) -> float:
    parts = (part / 255 for part in color.rgb)
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def ground(theme: Theme, name: str) -> Color:
    """A ground, or the line below the cursor: a quarter of the primary colour over the background."""
    if name != "cursor":
        return Color.parse(getattr(theme, name))
    return Color.parse(str(theme.background)).blend(Color.parse(theme.primary), 0.25)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("text", TEXTS)
def test_every_tone_can_be_read_on_every_ground(theme: Theme, text: str) -> None:
    tone = Color.parse(getattr(theme, text))
    measured = {name: round(contrast(tone, ground(theme, name)), 1) for name in (*GROUNDS, "cursor")}
    assert min(measured.values()) >= READABLE, measured
