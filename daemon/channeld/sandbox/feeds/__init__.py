"""Feeds 2021-06-30, the three order feeds and that of listings: documents, lanes, messages, reports."""
