"""One actor a file: where runtime, domain, store and Amazon meet."""
