"""An account's line to Amazon, as actors use it: credentials read anew for each request, waits shown."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from channeld.amazon.access import AccountAccess
from channeld.amazon.budgets import Priority
from channeld.amazon.operations import Call
from channeld.book.account_access import account_access
from channeld.concerns.halting import halt_for
from channeld.concerns.kit import Kit
from channeld.errors import ChanneldError
from channeld.runtime.actor import ActorContext

__all__ = ["AccountLine"]

T = TypeVar("T")


class AccountLine:
    """Sends for one account."""

    def __init__(self, kit: Kit, account_id: int, context: ActorContext) -> None:
        self._kit = kit
        self.account_id = account_id
        self._context = context

    async def access(self) -> AccountAccess:
        """Raises `ChanneldError("secrets_missing")`."""
        store = self._kit.store
        return await store.read(lambda c: account_access(c, store.cipher, self.account_id))

    async def send(
        self,
        call: Call[T],
        priority: Priority = Priority.MONEY,
        due: datetime | None = None,
        deadline: datetime | None = None,
        leaves: Callable[[], None] = lambda: None,
    ) -> T:
        """The answer. Raises the errors of `amazon.errors`; none of them is a halt yet.

        `due`: of requests that wait for the account's budget, the one that is due first goes first;
        `deadline`: it waits no longer than until then. `leaves` is told each time that it has its token.
        """
        answer = await self._kit.partner.send(
            await self.access(),
            call,
            priority=priority,
            due=due,
            deadline=deadline,
            waits=self._context.waits,
            leaves=leaves,
        )
        return answer.value

    async def ask(self, call: Call[T], priority: Priority = Priority.MONEY) -> T:
        """The same for a read, of which a refusal that only a person can lift halts the actor."""
        try:
            return await self.send(call, priority)
        except ChanneldError as error:
            raise halt_for(error) or error from None
