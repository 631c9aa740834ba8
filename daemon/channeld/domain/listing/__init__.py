"""Listings, as rules and values without I/O: what Amazon reports of them."""
