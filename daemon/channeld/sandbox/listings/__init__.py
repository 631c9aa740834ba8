"""Listings: a catalogue of any size that is computed, what was changed in it, reads and writes of items."""
