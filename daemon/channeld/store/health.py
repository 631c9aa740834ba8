"""Whether the store works, as its last transactions and reads tell. Said once when that changes."""

from collections.abc import Callable, Iterable

import structlog

from channeld.store.failures import StoreFailure

__all__ = ["Health"]

STAYS = frozenset({"database_damaged", "database_gone"})
"""What a later success does not disprove: it may just not have met the damage."""

_log = structlog.stdlib.get_logger(__name__)


class Health:
    """What is wrong with the store, if anything. `on_change` must not wait. Belongs to the loop."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._on_change = on_change
        self.failure: StoreFailure | None = None
        """The latest failure; None while all is well."""

    def note(self, errors: Iterable[BaseException | None], *, wrote: bool) -> None:
        """What became of some work. Work that wrote nothing proves nothing."""
        failure = next((error for error in errors if isinstance(error, StoreFailure)), None)
        if failure is not None:
            self._failing(failure)
        elif wrote and self.failure is not None and self.failure.code not in STAYS:
            self._well(self.failure)

    def _failing(self, failure: StoreFailure) -> None:
        former = self.failure
        if former is not None and (former.code == failure.code or former.code in STAYS):
            return
        self.failure = failure
        _log.error("store failing", code=failure.code, reason=failure.message, hint=failure.hint)
        self._on_change()

    def _well(self, former: StoreFailure) -> None:
        self.failure = None
        _log.info("store works again", code=former.code)
        self._on_change()
