"""Levels of stock as files of CSV."""
