"""Orders answered by a CSV file: process, cancel, refund, a request a row."""
