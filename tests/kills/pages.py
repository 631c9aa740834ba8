"""No page of a search is read twice for nothing.

The token of the next page is stored in the transaction that stores a page. So what a killed daemon left
says to the page how far it had come, and whoever goes on must go on there:

- a page that had been stored is never asked for again, in no later life;
- within one life a page that was answered whole is not asked for again;
- of the pages that were answered in a life, at most one for each account is asked for again later: the one
  that was on its way or not stored yet when the daemon was killed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias
from urllib.parse import parse_qsl, urlsplit

__all__ = ["Page", "Query", "asked_again", "page_of", "wrong_pages"]

Query: TypeAlias = frozenset[tuple[str, str]]
"""A search: all its parameters but the page token."""
TOKEN = "paginationToken"  # noqa: S105 (a parameter's name)


class Page(NamedTuple):
    """A request for one page."""

    query: Query
    token: str
    """Empty for the first page."""
    life: int
    whole: bool
    """Whether it was answered with a page that can be read."""


def page_of(target: str, life: int, whole: bool) -> Page:
    """The page that a request asks for; `target` is its path and query, or its URL."""
    parameters = parse_qsl(urlsplit(target).query)
    token = next((value for name, value in parameters if name == TOKEN), "")
    return Page(frozenset(p for p in parameters if p[0] != TOKEN), token, life, whole)


def asked_again(pages: Sequence[Page]) -> int:
    """How many answered pages were asked for, and answered, once more."""
    return sum(times - 1 for times in Counter((p.query, p.token) for p in pages if p.whole).values())


def wrong_pages(pages: Sequence[Page], left: Sequence[Mapping[Query, str]], accounts: int = 1) -> list[str]:
    """What was read twice for nothing, in words; `left[n]` are the page tokens that the n-th life left."""
    return [*_stored_and_asked_again(pages, left), *_twice_in_a_life(pages), *_too_many(pages, accounts)]


def _stored_and_asked_again(pages: Sequence[Page], left: Sequence[Mapping[Query, str]]) -> list[str]:
    wrong: list[str] = []
    for life, tokens in enumerate(left):
        for query, token in tokens.items():
            if not token:
                continue
            before = {page.token for page in pages if page.query == query and page.life <= life} - {token}
            again = [p for p in pages if p.query == query and p.life > life and p.token in before]
            wrong += [f"life {page.life} asked for a page that life {life} had stored" for page in again]
    return wrong


def _twice_in_a_life(pages: Sequence[Page]) -> list[str]:
    seen = Counter((page.query, page.token, page.life) for page in pages if page.whole)
    return [f"life {life} asked twice for one page" for (_, _, life), times in seen.items() if times > 1]


def _too_many(pages: Sequence[Page], accounts: int) -> list[str]:
    lives: dict[tuple[Query, str], list[int]] = {}
    for page in pages:
        if page.whole:
            lives.setdefault((page.query, page.token), []).append(page.life)
    lost = Counter(life for each in lives.values() for life in each[:-1])
    return [f"life {life} lost {pages} pages" for life, pages in lost.items() if pages > accounts]
