"""Items and links: every change with its audit entry, and the open orders that follow it."""
