"""Prices of listings: saved and judged, sent, read back; each step one unit of work (semantics G1)."""
