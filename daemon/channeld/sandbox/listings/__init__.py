"""Listings: a catalogue of any size that is computed, what was changed in it, and reading it item by item."""
