"""Outbound work moves on: each move with its audit entry in one unit of work (design, section 4)."""
