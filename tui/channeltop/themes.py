"""The two palettes: calm, and readable on a dark and on a light terminal."""

from textual.theme import Theme

__all__ = ["DARK", "LIGHT"]

DARK = Theme(
    name="channeld-dark",
    dark=True,
    primary="#7ab7ff",
    secondary="#99a6ba",
    accent="#7ab7ff",
    success="#74c693",
    warning="#e0b565",
    error="#f88c92",
    foreground="#d6dce6",
    background="#10141b",
    surface="#151a23",
    panel="#1c2330",
    variables={"footer-background": "#151a23", "footer-key-foreground": "#7ab7ff"},
)
LIGHT = Theme(
    name="channeld-light",
    dark=False,
    primary="#164f90",
    secondary="#4c5562",
    accent="#164f90",
    success="#1b6236",
    warning="#744b00",
    error="#a11d16",
    foreground="#23272e",
    background="#fcfcfa",
    surface="#f3f3ef",
    panel="#e9e9e3",
    variables={"footer-background": "#f3f3ef", "footer-key-foreground": "#164f90"},
)
