"""The wire between channeld and its clients: messages, codec, client.

Newline-delimited JSON, one message a line, at most `MAX_CLIENT_LINE` bytes from a client and
`MAX_DAEMON_LINE` bytes to one. The daemon speaks first, with `Hello`. Unknown fields are ignored on
both sides, so an older client lives with a newer daemon.
"""

PROTOCOL_VERSION = 1
MAX_CLIENT_LINE = 1 << 20
MAX_DAEMON_LINE = 8 << 20
