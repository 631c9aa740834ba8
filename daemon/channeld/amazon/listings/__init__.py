"""Listings, read through Amazon's listings operations."""
