"""Listings come in: a download from its start to its end, a page of rows at a time."""
