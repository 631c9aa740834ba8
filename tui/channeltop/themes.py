"""The two palettes: calm, and readable on a dark and on a light terminal."""

from textual.theme import Theme

__all__ = ["DARK", "LIGHT"]

DARK = Theme(
    name="channeld-dark",
    dark=True,
    primary="#7ab7ff",
    secondary="#8592a6",
    accent="#7ab7ff",
    success="#74c693",
    warning="#e0b565",
    error="#f0787f",
    foreground="#d6dce6",
    background="#10141b",
    surface="#151a23",
    panel="#1c2330",
    variables={"footer-background": "#151a23", "footer-key-foreground": "#7ab7ff"},
)
LIGHT = Theme(
    name="channeld-light",
    dark=False,
    primary="#1b5ea8",
    secondary="#66707e",
    accent="#1b5ea8",
    success="#24713f",
    warning="#8a5a00",
    error="#b3261e",
    foreground="#23272e",
    background="#fcfcfa",
    surface="#f3f3ef",
    panel="#e9e9e3",
    variables={"footer-background": "#f3f3ef", "footer-key-foreground": "#1b5ea8"},
)
