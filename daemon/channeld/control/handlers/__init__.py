"""Handlers by topic. Each is a few lines: call a command, wake an actor, or read from the store."""
