"""Tones: what a piece of text means for the eye. Their colours are in the style sheet and the themes."""

from typing import Literal

__all__ = ["Tone"]

Tone = Literal["", "good", "warn", "bad", "accent", "muted", "strong"]
