"""Listings, read and changed through Amazon's listings operations."""
