"""The way of a report over a real port, of a size that is made in a thread and sent in chunks."""

from functools import partial

import anyio
import httpx

from channeld.runtime.clock import SystemClock
from channeld.sandbox import Market, SandboxOptions, serve
from tests.support.sandbox_client import USER_AGENT, SandboxClient
from tests.support.sandbox_reports import GB, ITEMS, ask, download, rows, status_of

LISTINGS = 8_000


async def test_a_report_and_an_item_over_a_real_port() -> None:
    options = SandboxOptions(
        listings=LISTINGS, report_seconds=0, report_row_seconds=0, gzip_reports=False, change_delay=0
    )
    market = Market(SystemClock(), options)
    async with anyio.create_task_group() as group:
        port = await group.start(partial(serve, market))
        base, headers = f"http://127.0.0.1:{port}", {"user-agent": USER_AGENT}
        async with httpx.AsyncClient(base_url=base, headers=headers) as http:
            client = SandboxClient(http, market.options.accounts[0])
            await client.log_in()
            report = await status_of(client, (await ask(client)).json()["reportId"])
            _, answer = await download(client, report)
            assert int(answer.headers["content-length"]) == len(answer.content) > 1_000_000
            assert len(await rows(client, report)) == LISTINGS
            item = await client.get(f"{ITEMS}/LAMP%2FDESK%2001", {"marketplaceIds": GB})
            assert item.json()["sku"] == "LAMP/DESK 01"
        group.cancel_scope.cancel()
