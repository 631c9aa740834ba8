"""Feeds for orders and listings: documents, submission, watching, and what a processing report says."""
