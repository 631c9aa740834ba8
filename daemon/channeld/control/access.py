"""Who is on the other side of a connection, and what that peer may do (design, section 7)."""

import os
import pwd
import socket
import struct
import sys

import msgspec

__all__ = ["Access", "SocketRules", "access_of", "peer_uid"]

ROOT = 0
UCRED = struct.Struct("3i")
"""Linux: process, user, group."""
XUCRED = struct.Struct("=Iih2x16I")
"""macOS: version, user, number of groups, groups."""
SOL_LOCAL, LOCAL_PEERCRED = 0, 1


class SocketRules(msgspec.Struct, frozen=True, kw_only=True):
    """Who besides the daemon's user and root may use the socket."""

    group: str = ""
    """Its members may connect and read; empty for nobody."""
    group_may_write: bool = False


class Access(msgspec.Struct, frozen=True):
    """What one connection may do."""

    may_read: bool
    may_write: bool
    user: str
    """The user's name, or the number of one without a name."""


def access_of(uid: int, rules: SocketRules) -> Access:
    """What a user may do. That others are members of the group, the socket's mode has made sure."""
    is_owner = uid in (ROOT, os.geteuid())
    is_member = bool(rules.group) and not is_owner
    return Access(
        may_read=is_owner or is_member,
        may_write=is_owner or (is_member and rules.group_may_write),
        user=_name_of(uid),
    )


def peer_uid(connection: socket.socket) -> int:
    """The user of the process that connected, as the kernel knows it."""
    if sys.platform == "darwin":
        return XUCRED.unpack(connection.getsockopt(SOL_LOCAL, LOCAL_PEERCRED, XUCRED.size))[1]
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, UCRED.size)
    return UCRED.unpack(credentials)[1]


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
