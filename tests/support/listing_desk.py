"""The listing download of one channel over a pretended Amazon, whose reports are there at once."""

from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import anyio
import httpx
import msgspec

from channeld.amazon.transport import make_client
from channeld.book.listings.starting import start_download
from channeld.concerns.kit import Kit
from channeld.concerns.listing_download import ListingDownload
from channeld.concerns.order_rate import OrderRate
from channeld.concerns.sync_board import SyncBoard
from channeld.domain.listing.presence import APART
from channeld.domain.report.states import State
from channeld.runtime.actor import ActorContext
from channeld.runtime.checked_clock import CheckedClock
from channeld.runtime.mailbox import Mailbox
from channeld.store import audit, downloads, listing_details, listing_queries, reports
from channeld.store.channels import Channel
from channeld.store.downloads import DownloadRecord
from channeld.store.listing_queries import Filters, ShownListing
from channeld.store.store import Store
from channeld.store.unit import Unit
from tests.support.amazon_api import Rig
from tests.support.book_shop import Shop, open_shop
from tests.support.fake_clock import FakeClock

__all__ = ["HEADER", "AtAmazon", "Death", "Desk", "Life", "open_desk", "report_of", "row"]

HEADER = (
    "item-name\titem-description\tlisting-id\tseller-sku\tprice\tquantity\topen-date\tasin1\tproduct-id"
    "\tproduct-id-type\titem-condition\tfulfillment-channel\tstatus"
)


def row(sku: str, *, title: str = "", price: str = "9.99", quantity: str = "3", day: int = 1) -> str:
    """One line of a report."""
    opened = f"{day:02d}/03/2024 09:00:00 GMT"
    cells = (
        title or f"Thing {sku}", "", f"L-{sku}", sku, price, quantity, opened, f"B{sku}", f"B{sku}",
        "1", "11", "DEFAULT", "Active",
    )  # fmt: skip
    return "\t".join(cells)


def report_of(*rows: str, end: str = "\r\n") -> bytes:
    """A report in the charset that Amazon announces."""
    return (end.join((HEADER, *rows)) + end).encode("cp1252", "replace")


@dataclass
class AtAmazon:
    """What Amazon answers."""

    report: bytes = b""
    items: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    """What the listings operations show, by SKU."""
    asked: list[str] = field(default_factory=list[str])
    """Names of operations and documents, in their order."""
    answer: Callable[[str], httpx.Response | None] = lambda operation: None
    """Instead of what is usual."""
    boundary: Callable[[], None] = lambda: None

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "auth.test":
            return httpx.Response(200, json={"access_token": "t", "expires_in": 3600})
        operation, response = self._usual(request)
        self.boundary()
        self.asked.append(operation)
        found = self.answer(operation) or response
        self.boundary()
        return found

    def _usual(self, request: httpx.Request) -> tuple[str, httpx.Response]:
        path = request.url.path
        if request.url.host == "documents.test":
            headers = {"content-type": "text/plain; charset=Cp1252"}
            return "document", httpx.Response(200, content=_pieces(self.report), headers=headers)
        if "/documents/" in path:
            name = path.rpartition("/")[2]
            address = {"reportDocumentId": name, "url": f"https://documents.test/{name}"}
            return "getReportDocument", httpx.Response(200, json=address)
        if "identifiers" in request.url.params:
            skus = request.url.params["identifiers"].split(",")
            items = [self._item(sku) for sku in skus if sku in self.items]
            body = {"numberOfResults": len(items), "items": items}
            return "searchListingsItems", httpx.Response(200, json=body)
        sku = path.rpartition("/")[2]
        if sku not in self.items:
            error = {"code": "NotFound", "message": "no"}
            return "getListingsItem", httpx.Response(404, json={"errors": [error]})
        return "getListingsItem", httpx.Response(200, json=self._item(sku))

    def _item(self, sku: str) -> Mapping[str, Any]:
        summary = {"marketplaceId": "A1F83G8C2ARO7P", "itemName": f"Thing {sku}", "productType": "MUG"}
        return {"sku": sku, "summaries": [{**summary, **self.items[sku]}], "attributes": {}}


async def _pieces(content: bytes) -> AsyncGenerator[bytes]:
    """As it comes over a wire."""
    for start in range(0, len(content), 700):
        yield content[start : start + 700]


class Death(BaseException):
    """The process ends here."""


class Life:
    """Counts boundaries, and ends at one of them."""

    def __init__(self, ends_at: int | None = None) -> None:
        self.worlds: list[object] = []
        """What would be left at each boundary."""
        self.commits = 0
        self.look: Callable[[], object] = lambda: None
        self._ends_at = ends_at

    @property
    def boundaries(self) -> int:
        return len(self.worlds)

    @property
    def moments(self) -> list[int]:
        """Boundaries at which something is left that was not at the one before."""
        before = [object(), *self.worlds]
        return [at for at, world in enumerate(self.worlds, start=1) if world != before[at - 1]]

    def boundary(self) -> None:
        """Before and after each commit, request and visit to a worker thread."""
        self.worlds.append((self.commits, self.look()))
        if self._ends_at is not None and self.boundaries >= self._ends_at:
            raise Death


class _MortalStore:
    def __init__(self, store: Store, life: Life) -> None:
        self._store = store
        self._life = life

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def write(self, work: Callable[[Unit], Any]) -> Any:
        self._life.boundary()
        done = await self._store.write(work)
        self._life.commits += 1
        self._life.boundary()
        return done


class _MortalClock:
    def __init__(self, clock: CheckedClock, life: Life) -> None:
        self._clock = clock
        self._life = life

    def __getattr__(self, name: str) -> Any:
        return getattr(self._clock, name)

    @contextmanager
    def working(self) -> Generator[None]:
        with self._clock.working():
            yield
        self._life.boundary()


class Desk:
    """A shop whose channel `uk` downloads listings."""

    def __init__(self, shop: Shop, amazon: AtAmazon, kit: Kit) -> None:
        self.shop = shop
        self.amazon = amazon
        self.kit = kit
        self._number = 0

    async def begin(self, report: bytes | None = None, *, automatic: bool = False) -> DownloadRecord:
        """A download whose report is there."""
        if report is not None:
            self.amazon.report = report
        channel = await self.channel()
        now = self.shop.now

        def start(unit: Unit) -> DownloadRecord:
            started = start_download(unit, channel, automatic=automatic, by="ann", now=now)
            wish = reports.get(unit.connection, started.report_pk or 0)
            assert wish is not None
            there = {"state": State.AVAILABLE, "document_id": f"D{wish.id}", "report_id": f"R{wish.id}"}
            reports.save(unit, msgspec.structs.replace(wish, **there))
            return started

        return await self.shop.store.write(start)

    async def run(self, *, minutes: float = 60) -> None:
        """The actor for a while, or until it dies."""
        clock = self.shop.clock
        context = ActorContext("uk/listing_download", clock, Mailbox("uk/listing_download"))
        channel = await self.channel()
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(ListingDownload(self.kit, channel.account_id, channel.id).run, context)
                await clock.advance(60 * minutes)
                tasks.cancel_scope.cancel()
        except BaseExceptionGroup as group:
            if group.split(Death)[1] is not None:
                raise

    async def download(self, report: bytes, *, automatic: bool = False) -> DownloadRecord:
        """A whole one; the next follows when Amazon shows another moment."""
        begun = await self.begin(report, automatic=automatic)
        await self.run(minutes=APART.total_seconds() / 60)
        return await self.found(begun.id)

    async def found(self, download_id: int) -> DownloadRecord:
        record = await self.shop.store.read(lambda c: downloads.get(c, download_id))
        assert record is not None
        return record

    async def channel(self) -> Channel:
        return await self.shop.channel(1)

    async def listings(self) -> dict[str, ShownListing]:
        """By SKU."""
        page = await self.shop.store.read(lambda c: listing_queries.page(c, 1, Filters(), "", 10_000))
        return {each.sku: each for each in page.rows}

    async def presences(self) -> dict[str, str]:
        return {sku: each.presence for sku, each in (await self.listings()).items()}

    async def details(self) -> dict[str, listing_details.Stored]:
        """By SKU."""
        known = {each.id: sku for sku, each in (await self.listings()).items()}
        stored = await self.shop.store.read(lambda c: listing_details.of_listings(c, list(known)))
        return {known[id_]: each for id_, each in stored.items()}

    async def told(self) -> Sequence[str]:
        """Codes of the audit trail, the oldest first."""
        entries = await self.shop.store.read(lambda c: audit.entries(c, 1000))
        return [entry.code for entry in reversed(entries)]

    def spooled(self) -> list[str]:
        """Files that are left beside the database."""
        return [path.name for path in (self.shop.store.path.parent / "spool").glob("*")]


def _files(folder: Path) -> list[tuple[str, int]]:
    return sorted((path.name, path.stat().st_size) for path in (folder / "spool").glob("*"))


@asynccontextmanager
async def open_desk(
    folder: Path, amazon: AtAmazon | None = None, life: Life | None = None, **settings: str
) -> AsyncGenerator[Desk]:
    """Opened again in the same folder, the daemon was restarted; `life`: it ends at some moment."""
    clock = FakeClock()
    amazon = amazon or AtAmazon()
    rig = Rig(clock, lambda request: httpx.Response(500))
    http = make_client(httpx.MockTransport(amazon))
    rig.partner._http = rig.tokens._http = http  # pyright: ignore[reportPrivateUsage]
    async with open_shop(folder, clock) as shop:
        if not await shop.store.read(lambda c: c.exec_driver_sql("SELECT id FROM channels").first()):
            await shop.open_channel("uk", "UK", **settings)
        kit = Kit(
            clock=CheckedClock(clock),
            store=shop.store,
            partner=rig.partner,
            budgets=rig.budgets,
            board=SyncBoard(),
            order_rate=OrderRate(),
            http=http,
            instance="the machine of the tests",
        )
        if life is not None:
            mortal = cast("Any", _MortalStore(shop.store, life)), cast("Any", _MortalClock(kit.clock, life))
            kit = replace(kit, store=mortal[0], clock=mortal[1])
            amazon.boundary = life.boundary
            life.look = lambda: (len(amazon.asked), _files(folder))
        try:
            yield Desk(shop, amazon, kit)
        finally:
            amazon.boundary = lambda: None
            with anyio.CancelScope(shield=True):
                await http.aclose()
                await rig.http.aclose()
