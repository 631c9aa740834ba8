"""The reports actor of one account over a pretended Amazon, which makes reports when a test says so."""

import gzip
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import httpx
import msgspec

from channeld.amazon.transport import make_client
from channeld.book.reports.wishing import wish
from channeld.concerns.kit import Kit
from channeld.concerns.order_rate import OrderRate
from channeld.concerns.reports import Reports
from channeld.concerns.sync_board import SyncBoard
from channeld.domain.report.states import State
from channeld.runtime.checked_clock import CheckedClock
from channeld.runtime.child import ChildSpec
from channeld.runtime.status import ActorStatus
from channeld.runtime.supervisor import Supervisor
from channeld.store import audit, reports
from channeld.store.reports import ReportRecord
from channeld.store.unit import Changes, Unit
from tests.support.amazon_api import Rig
from tests.support.book_shop import Shop, open_shop
from tests.support.fake_clock import START, FakeClock

__all__ = [
    "FBA",
    "LISTINGS",
    "ORDERS",
    "UK",
    "AtAmazon",
    "Desk",
    "lost",
    "open_desk",
    "refused",
    "shown",
    "unheard",
]

UK = "A1F83G8C2ARO7P"
FBA, LISTINGS = "GET_AFN_INVENTORY_DATA", "GET_MERCHANT_LISTINGS_ALL_DATA"
ACTOR = "eu/reports"
ORDERS = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL"
TABLE = b"seller-sku\tasin\tQuantity Available\r\nMUG\tB01\t3\r\nPOT\tB02\t4\r\nbad\r\nJUG\tB03\t5\r\n"

Trouble = Callable[[Callable[[], httpx.Response]], httpx.Response]
"""What becomes of one request: it may let Amazon act, and answer something else or nothing."""


def refused(status: int, message: str = "no") -> Trouble:
    """Amazon does not act."""
    error = {"code": "InvalidInput", "message": message}
    return lambda act: httpx.Response(status, json={"errors": [error]})


class AtAmazon:
    """Reports as Amazon has them. They stay in the queue until they are moved."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.made: dict[str, dict[str, Any]] = {}
        self.documents: dict[str, bytes] = {}
        self.asked: list[str] = []
        """Names of operations, in their order."""
        self.at: dict[str, list[datetime]] = defaultdict(list)
        self.is_quick = False
        """It makes reports at once."""
        self.table = TABLE
        """What stands in the reports that it makes by itself."""
        self.on_boundary: Callable[[], Awaitable[None]] = anyio.lowlevel.checkpoint
        """Before and after each request is acted on."""
        self._troubles: defaultdict[str, list[Trouble]] = defaultdict(list)

    def plan(self, operation: str, *troubles: Trouble) -> None:
        """What becomes of its next requests, one after another."""
        self._troubles[operation] += troubles

    def add(self, report_type: str, status: str = "IN_QUEUE", *, ago: timedelta = timedelta(0)) -> str:
        """A report of the UK, whoever asked for it."""
        return self._make({"reportType": report_type, "marketplaceIds": [UK]}, ago, status)

    def move(self, report_id: str, status: str, document: bytes | None = None) -> None:
        """It stands otherwise now."""
        report = self.made[report_id] | {"processingStatus": status}
        if document is not None:
            self.documents[f"D-{report_id}"] = document
            report["reportDocumentId"] = f"D-{report_id}"
        self.made[report_id] = report

    def count(self, operation: str) -> int:
        return self.asked.count(operation)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "auth.test":
            return httpx.Response(200, json={"access_token": "t", "expires_in": 3600})
        operation, act = self._route(request)
        self.asked.append(operation)
        self.at[operation].append(self._clock.now())
        planned = self._troubles[operation]
        await self.on_boundary()
        response = planned.pop(0)(act) if planned else act()
        await self.on_boundary()
        return response

    def _route(self, request: httpx.Request) -> tuple[str, Callable[[], httpx.Response]]:
        path, last = request.url.path, request.url.path.rpartition("/")[2]
        if request.url.host == "documents.test":
            content = gzip.compress(self.documents[last])
            headers = {"content-type": "text/plain; charset=Cp1252"}
            return "document", lambda: httpx.Response(200, content=_pieces(content), headers=headers)
        if "/documents/" in path:
            address = {"reportDocumentId": last, "url": f"https://documents.test/{last}"}
            return "getReportDocument", lambda: httpx.Response(
                200, json=address | {"compressionAlgorithm": "GZIP"}
            )
        if request.method == "POST":
            return "createReport", lambda: self._create(request)
        if request.method == "DELETE":
            return "cancelReport", lambda: self._cancel(last)
        if last == "reports":
            return "getReports", lambda: self._list(request.url.params)
        return "getReport", lambda: self._show(last)

    def _make(self, wanted: dict[str, Any], ago: timedelta, status: str) -> str:
        report_id = str(9001 + len(self.made))
        created = self._clock.now() - ago
        self.made[report_id] = {
            **wanted,
            "reportId": report_id,
            "processingStatus": "IN_QUEUE",
            "createdTime": created.isoformat(),
        }
        self.move(report_id, status, self.table if status == "DONE" else None)
        return report_id

    def _create(self, request: httpx.Request) -> httpx.Response:
        wanted = msgspec.json.decode(request.content, type=dict[str, Any])
        report_id = self._make(wanted, timedelta(0), "DONE" if self.is_quick else "IN_QUEUE")
        return httpx.Response(202, json={"reportId": report_id})

    def _show(self, report_id: str) -> httpx.Response:
        found = self.made.get(report_id)
        return httpx.Response(200, json=found) if found else httpx.Response(404)

    def _list(self, query: httpx.QueryParams) -> httpx.Response:
        since = datetime.fromisoformat(query["createdSince"]).astimezone(UTC)
        types = query["reportTypes"].split(",")
        found = [
            each
            for each in self.made.values()
            if each["reportType"] in types and datetime.fromisoformat(each["createdTime"]) >= since
        ]
        return httpx.Response(200, json={"reports": found})

    def _cancel(self, report_id: str) -> httpx.Response:
        if self.made[report_id]["processingStatus"] != "IN_QUEUE":
            return httpx.Response(400, json={"errors": [{"code": "InvalidInput", "message": "begun"}]})
        self.move(report_id, "CANCELLED")
        return httpx.Response(200)


async def _pieces(content: bytes) -> AsyncGenerator[bytes]:
    """As it comes over a wire."""
    for start in range(0, len(content), 100):
        yield content[start : start + 100]


class Desk:
    """A shop with the reports actor running."""

    def __init__(self, shop: Shop, amazon: AtAmazon, supervisor: Supervisor) -> None:
        self.shop = shop
        self.amazon = amazon
        self._supervisor = supervisor

    async def want(
        self, report_type: str = FBA, purpose: str = "person", *, minutes: float = 2, **more: Any
    ) -> int:
        """The number of a new report, which is asked for."""

        def add(unit: Any) -> ReportRecord:
            return wish(
                unit,
                account_id=self.shop.account_id,
                report_type=report_type,
                marketplaces=(UK,),
                purpose=purpose,
                now=self.shop.now,
                by=more.pop("by", "ann"),
                **more,
            )

        number = (await self.shop.store.write(add)).id
        await self.pass_time(minutes=minutes)
        return number

    async def want_of(self, report_type: str, *marketplaces: Sequence[str]) -> list[int]:
        """Numbers of new reports, wanted together; they are asked for in the next minute."""

        def add(unit: Unit) -> list[int]:
            wished = [
                wish(
                    unit,
                    account_id=self.shop.account_id,
                    report_type=report_type,
                    marketplaces=each,
                    purpose="listings",
                    now=self.shop.now,
                )
                for each in marketplaces
            ]
            return [report.id for report in wished]

        numbers = await self.shop.store.write(add)
        await self.pass_time(minutes=1)
        return numbers

    async def pass_time(self, **time: float) -> None:
        await self.shop.clock.advance(timedelta(**time).total_seconds())

    async def oversleep(self, **time: float) -> None:
        """The machine sleeps for so long, and is awake for some minutes then."""
        self.shop.clock.jump(timedelta(**time).total_seconds())
        await self.pass_time(minutes=6)

    async def report(self, number: int) -> ReportRecord:
        found = await self.shop.store.read(lambda c: reports.get(c, number))
        assert found is not None
        return found

    async def all(self) -> list[ReportRecord]:
        """The oldest first."""
        return list(reversed(await self.shop.store.read(lambda c: reports.latest(c, 100))))

    async def told(self, number: int) -> list[str]:
        """Codes of the audit trail about it, the oldest first."""
        entries = await self.shop.store.read(lambda c: audit.entries(c, 1000))
        return [entry.code for entry in reversed(entries) if entry.details.get("report") == str(number)]

    async def make(self, number: int, document: bytes = TABLE) -> None:
        """Amazon makes it; the actor has seen that a minute later."""
        self.amazon.move((await self.report(number)).report_id, "DONE", document)
        await self.pass_time(minutes=1)

    @property
    def actor(self) -> ActorStatus:
        return self._supervisor.status(ACTOR)


@asynccontextmanager
async def open_desk(
    folder: Path,
    amazon: AtAmazon | None = None,
    clock: FakeClock | None = None,
    *,
    kit: Callable[[Kit], Kit] = lambda kit: kit,
) -> AsyncGenerator[Desk]:
    """Opened again in the same folder with the same Amazon and clock, the daemon was restarted."""
    clock = clock or FakeClock(START)
    amazon = amazon or AtAmazon(clock)
    rig = Rig(clock, lambda request: httpx.Response(500))
    http = make_client(httpx.MockTransport(amazon))
    rig.partner._http = rig.tokens._http = http  # pyright: ignore[reportPrivateUsage]

    def heard(_status: ActorStatus, _notable: bool) -> None:
        """Nobody listens."""

    async with Supervisor(clock, heard) as supervisor:

        def committed(changes: Changes) -> None:
            if "report_wanted" in changes or "settings" in changes:
                supervisor.wake(ACTOR)

        async with open_shop(folder, clock, committed) as shop:
            tools = kit(
                Kit(
                    clock=CheckedClock(clock),
                    store=shop.store,
                    partner=rig.partner,
                    budgets=rig.budgets,
                    board=SyncBoard(),
                    order_rate=OrderRate(),
                    http=http,
                    instance="the machine of the tests",
                )
            )
            spec = ChildSpec(
                id=ACTOR,
                group="eu",
                account="eu",
                concern="reports",
                run=lambda context: Reports(tools, shop.account_id).run(context),
            )
            supervisor.add(spec)
            await clock.settle()
            try:
                yield Desk(shop, amazon, supervisor)
            finally:
                with anyio.CancelScope(shield=True):
                    await http.aclose()
                    await rig.http.aclose()
                await supervisor.stop(10)


def lost(act: Callable[[], httpx.Response]) -> httpx.Response:
    """Amazon has acted, and its answer does not arrive."""
    act()
    raise httpx.ReadError("the wire is cut")


def unheard(act: Callable[[], httpx.Response]) -> httpx.Response:
    """It may have left, and Amazon never heard of it."""
    raise httpx.ReadError("the wire is cut")


async def shown(desk: Desk, number: int) -> tuple[State, str]:
    found = await desk.report(number)
    return found.state, found.reason
