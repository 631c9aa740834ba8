"""Order feeds: documents, submission, watching, and what a processing report says."""
