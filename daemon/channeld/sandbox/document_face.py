"""The addresses of the documents of feeds and reports: they know no access token, and refuse one."""

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from channeld.sandbox.disturbance import Disturbance, Where
from channeld.sandbox.feeds.documents import StorageRefusal
from channeld.sandbox.market import Market
from channeld.sandbox.refusal import Refusal
from channeld.sandbox.reports.body import Body, first_bytes

__all__ = ["DocumentFace"]


class DocumentFace:
    """Its operations are `uploadDocument` and `downloadDocument`."""

    def __init__(self, market: Market, disturbance: Disturbance) -> None:
        self._market = market
        self._disturbance = disturbance
        self._making = anyio.Lock()

    async def serve(self, request: Request) -> Response:
        """One upload or download."""
        upload = request.method == "PUT"
        owner = self._market.documents.owner(request.path_params["token"])
        where = {"seller_id": owner, "operation": "uploadDocument" if upload else "downloadDocument"}
        await request.body()
        await self._disturbance.be_slow(where)
        try:
            if disturbed := await self._disturbance.no_answer(request, where):
                return disturbed
            self._disturbance.break_down(where)
            given = await (self._take(request) if upload else self._give(request, where))
            if upload and (cut := await self._disturbance.cut_after(request, where)):
                return cut
        except StorageRefusal as refusal:
            self._disturbance.count(where, refusal.status)
            return Response(refusal.body(), refusal.status, media_type="application/xml")
        except Refusal as refusal:
            return self._disturbance.refuse(where, refusal, {})
        self._disturbance.count(where, given.status_code)
        return given

    async def _take(self, request: Request) -> Response:
        _check_headers(request)
        token, content_type = request.path_params["token"], request.headers.get("content-type", "")
        self._market.documents.upload(token, content_type, await request.body(), self._market.clock.now())
        return Response(status_code=200)

    async def _give(self, request: Request, where: Where) -> Response:
        _check_headers(request)
        token = request.path_params["token"]
        document, headers = self._market.documents.download(token, self._market.clock.now())
        half = self._market.faults.fires("truncated", **where) is not None
        if document.body is not None:
            return await self._give_report(document.body, headers, gzipped=document.gzipped, half=half)
        content = document.content or b""
        return Response(content[: len(content) // 2] if half else content, 200, headers)

    async def _give_report(
        self, body: Body, headers: dict[str, str], *, gzipped: bool, half: bool
    ) -> Response:
        """Made in a thread, as it may be large, and sent in chunks."""
        async with self._making:
            with self._market.clock.working():
                packed = await anyio.to_thread.run_sync(self._market.reports.store.get, body)
        length = len(packed.content) if gzipped else packed.plain_length
        chunks = packed.chunks() if gzipped else packed.plain()
        if half:
            length, chunks = length // 2, first_bytes(chunks, length // 2)
        return StreamingResponse(chunks, 200, {**headers, "content-length": str(length)})


def _check_headers(request: Request) -> None:
    for name in request.headers:
        if name == "authorization" or name.startswith("x-amz-"):
            raise StorageRefusal(403, "AccessDenied", "There were headers present which were not signed")
