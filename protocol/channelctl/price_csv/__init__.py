"""Prices of listings as files of CSV."""
