"""The life of a report, move by move, with what the audit trail says of it."""
