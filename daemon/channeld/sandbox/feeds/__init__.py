"""Feeds 2021-06-30 and the three order feeds: documents, lanes, what each message does, reports."""
