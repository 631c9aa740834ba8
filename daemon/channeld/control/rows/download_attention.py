"""Listing downloads that a person should know of: the last one failed, or its report is doubted."""

from sqlalchemy import Connection

from channeld.store import channels, downloads
from channeld.store.names import Names

__all__ = ["download_attention"]


def download_attention(connection: Connection, known: Names) -> tuple[str, ...]:
    """Until the next one ends well."""
    enabled = [channel.id for channel in channels.all_channels(connection) if channel.enabled]
    last = downloads.latest(connection, enabled)
    return tuple(
        f"{known.channel(each.channel_id)}: {each.reason} {each.hint}".strip()
        for each in last.values()
        if each.state == "failed" or (each.state == "done" and each.doubt not in ("", "repeated"))
    )
