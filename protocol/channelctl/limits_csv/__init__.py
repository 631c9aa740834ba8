"""Limits of single listings as files of CSV."""
