"""Reports: asking for them, and reading their tables line by line."""
