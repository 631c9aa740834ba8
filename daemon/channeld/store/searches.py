"""Running order searches: token, frozen request and page number, so that a restart goes on (semantics C5)."""

from datetime import datetime
from typing import Literal, TypeAlias, get_args

import msgspec
from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from channeld.store import backfills, tables
from channeld.store.rows import first_as
from channeld.store.unit import Unit

__all__ = ["Search", "SearchKind", "abandon", "finish", "leave", "running", "save"]

SearchKind: TypeAlias = Literal["live", "catch_up"]

_searches = tables.searches
_running = select(_searches).where(
    _searches.c.account_id == bindparam("account"), _searches.c.kind == bindparam("kind")
)
_columns = [column.name for column in _searches.c if column.name != "id"]
_insert = insert(_searches).values({name: bindparam(name) for name in _columns})
_save = _insert.on_conflict_do_update(
    index_elements=["account_id", "kind"], set_={name: _insert.excluded[name] for name in _columns}
)


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """One search that is not complete. An account has one live and one catch-up search at most."""

    account_id: int
    kind: SearchKind
    channel_ids: tuple[int, ...]
    query: str
    """The frozen request as JSON text."""
    started_at: datetime
    page_token: str = ""
    """Empty before the first page."""
    next_page: int = 1
    slice_from: datetime | None = None
    slice_to: datetime | None = None
    applied: int = 0
    """Orders inserted or changed so far."""
    id: int = 0


def save(unit: Unit, search: Search) -> None:
    """Store how far a search has come; a search of that account and kind is replaced."""
    values = msgspec.structs.asdict(search)
    del values["id"]
    unit.connection.execute(_save, values)
    unit.changed("search", (search.account_id, search.kind))


def finish(unit: Unit, account_id: int, kind: SearchKind) -> None:
    """Forget a search: it is complete, or must begin again."""
    unit.connection.execute(
        delete(_searches).where(_searches.c.account_id == account_id, _searches.c.kind == kind)
    )
    unit.changed("search", (account_id, kind))


def leave(unit: Unit, account_id: int, channel_id: int) -> None:
    """A channel was switched off: it gets nothing of the searches that are under way (semantics C5)."""
    backfills.drop(unit, account_id, channel_id)
    for kind in get_args(SearchKind):
        search = running(unit.connection, account_id, kind)
        if search is not None and channel_id in search.channel_ids:
            others = tuple(each for each in search.channel_ids if each != channel_id)
            save(unit, msgspec.structs.replace(search, channel_ids=others))


def abandon(unit: Unit, account_id: int) -> None:
    """Searches that are under way must move no cursor any more; they begin again from where it is."""
    backfills.drop(unit, account_id)
    for kind in get_args(SearchKind):
        finish(unit, account_id, kind)


def running(connection: Connection, account_id: int, kind: SearchKind) -> Search | None:
    """The search of that kind, if one is running."""
    return first_as(connection, Search, _running, {"account": account_id, "kind": kind})
