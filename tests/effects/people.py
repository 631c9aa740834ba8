"""What people ask of the daemon, with command ids that stay, and what others do at Amazon meanwhile."""

from collections import Counter

import msgspec

from channel_protocol.base import Reply, WriteRequest
from channel_protocol.errors import ClientError, RequestRefused
from channel_protocol.feeds import FeedAbandoned
from channel_protocol.work import DismissWork, RetryWork, WorkChanged
from channeld.sandbox.refunds import Refund
from tests.effects.asked import ANSWERS, requests_of
from tests.effects.elsewhere import act_elsewhere
from tests.effects.mortal import MortalClock
from tests.effects.passing import pass_until_a_feed_is_stuck, pass_until_a_person_is_needed
from tests.effects.plan import ELSEWHERE, Deed, Plan
from tests.support.daemon import Daemon

__all__ = ["People"]


class People:
    """Do what the plan says, one after the other, and remember what they were answered."""

    def __init__(self, plan: Plan, order_ids: list[str]) -> None:
        self.order_ids = order_ids
        """By the number of the order in the plan."""
        self.answers: dict[str, Reply] = {}
        """By command id; those that were refused are not here."""
        self.refused: dict[str, str] = {}
        self.changed_answers: list[str] = []
        self.paid_elsewhere: list[Refund] = []
        self.dismissed: set[int] = set()
        self.abandoned: set[int] = set()
        """Feeds by their number."""
        self.forced: Counter[int] = Counter()
        """How often a piece of work was tried again by force."""
        self._plan = plan
        self._asked: dict[int, list[WriteRequest]] = {}
        self._done_elsewhere: set[int] = set()

    def done(self) -> Counter[str]:
        """Deeds by kind: requests that were accepted, and what others did."""
        done: Counter[str] = Counter(self._plan.deeds[number].kind for number in self._done_elsewhere)
        for number, requests in self._asked.items():
            accepted = sum(request.command_id in self.answers for request in requests)
            done[self._plan.deeds[number].kind] += accepted
        return done

    async def act(self, daemon: Daemon, clock: MortalClock) -> None:
        """From the first on: what was answered is asked again as well, as nobody may know of the answer."""
        for number, deed in enumerate(self._plan.deeds):
            if number not in self._asked and number not in self._done_elsewhere:
                await (clock.pass_by if deed.pause > 1000 else clock.advance)(deed.pause)
                if deed.awaits:
                    await self._await(daemon, clock, deed)
            if clock.is_dead:
                return
            if deed.kind in ELSEWHERE:
                self._act_elsewhere(daemon, number, deed)
            else:
                await self._ask(daemon, clock, number, deed)

    async def _await(self, daemon: Daemon, clock: MortalClock, deed: Deed) -> None:
        database = daemon.folder / "channeld.db"
        if deed.kind == "abandon":
            await pass_until_a_feed_is_stuck(database, clock)
        else:
            await pass_until_a_person_is_needed(database, clock, self.order_ids[deed.order])

    def _act_elsewhere(self, daemon: Daemon, number: int, deed: Deed) -> None:
        """Amazon does not forget it when the daemon dies."""
        if number in self._done_elsewhere:
            return
        paid = act_elsewhere(daemon.market, daemon.market.order(self.order_ids[deed.order]), deed)
        if paid:
            self.paid_elsewhere.append(paid)
        self._done_elsewhere.add(number)

    async def _ask(self, daemon: Daemon, clock: MortalClock, number: int, deed: Deed) -> None:
        if number not in self._asked:
            order = daemon.market.order(self.order_ids[deed.order])
            try:
                composed = await requests_of(daemon, deed, order, number)
            except ClientError:
                if not clock.is_dead:
                    raise
                return
            self._asked[number] = composed
        for request in self._asked[number]:
            if request.command_id not in self.refused and not clock.is_dead:
                await self._ask_one(daemon, clock, request)

    async def _ask_one(self, daemon: Daemon, clock: MortalClock, request: WriteRequest) -> None:
        try:
            answer = await daemon.client.request(request, ANSWERS[type(request)])
        except RequestRefused as refusal:
            if not clock.is_dead:
                self.refused[request.command_id] = f"{refusal.code}: {refusal}"
            return
        except ClientError:
            if not clock.is_dead:
                raise
            return
        if not clock.is_dead:
            self._remember(request, msgspec.structs.replace(answer, id=0))

    def _remember(self, request: WriteRequest, answer: Reply) -> None:
        before = self.answers.get(request.command_id)
        if before is None:
            self.answers[request.command_id] = answer
            self._note_decision(request, answer)
        elif before != answer:
            self.changed_answers.append(f"{request.command_id} was answered {before}, then {answer}")

    def _note_decision(self, request: WriteRequest, answer: Reply) -> None:
        if isinstance(answer, FeedAbandoned):
            self.abandoned.add(answer.row.number)
        if not isinstance(answer, WorkChanged):
            return
        ids = [row.work_id for row in answer.rows]
        if isinstance(request, DismissWork):
            self.dismissed.update(ids)
        elif isinstance(request, RetryWork) and request.force:
            self.forced.update(ids)
