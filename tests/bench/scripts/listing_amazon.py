"""An Amazon with one listing report at a time, which is there at once; a process of its own.

`python -m tests.bench.scripts.listing_amazon FOLDER` prints its base URL. The report is the file `now.tsv.gz`
of the folder, as it is when it is asked for.
"""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

_REPORTS = "/reports/2021-06-30"
_count = 0


def main(folder: Path) -> None:
    def now() -> str:
        return datetime.now(UTC).isoformat().replace("+00:00", "Z")

    async def token(request: Request) -> Response:
        return JSONResponse({"access_token": "Atza|bench", "token_type": "bearer", "expires_in": 3600})

    async def orders(request: Request) -> Response:
        bound = (datetime.now(UTC) - timedelta(minutes=2)).isoformat().replace("+00:00", "Z")
        return JSONResponse({"orders": [], "lastUpdatedBefore": bound})

    async def reports(request: Request) -> Response:
        global _count
        if request.method == "GET":
            return JSONResponse({"reports": []})
        _count += 1
        return JSONResponse({"reportId": str(_count)}, 202)

    async def report(request: Request) -> Response:
        number = request.path_params["number"]
        shown = {
            "reportId": number,
            "reportType": "GET_MERCHANT_LISTINGS_ALL_DATA",
            "processingStatus": "DONE",
            "createdTime": now(),
            "reportDocumentId": f"document-{number}",
        }
        return JSONResponse(shown)

    async def document(request: Request) -> Response:
        url = f"{request.base_url}file"
        return JSONResponse(
            {"reportDocumentId": request.path_params["name"], "url": url, "compressionAlgorithm": "GZIP"}
        )

    async def file(request: Request) -> Response:
        return FileResponse(folder / "now.tsv.gz", headers={"content-type": "text/plain; charset=Cp1252"})

    app = Starlette(
        routes=[
            Route("/auth/o2/token", token, methods=["POST"]),
            Route("/orders/2026-01-01/orders", orders),
            Route(f"{_REPORTS}/reports", reports, methods=["GET", "POST"]),
            Route(f"{_REPORTS}/reports/{{number}}", report),
            Route(f"{_REPORTS}/documents/{{name}}", document),
            Route("/file", file),
        ]
    )
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    socket = server.config.bind_socket()
    sys.stdout.write(f"http://127.0.0.1:{socket.getsockname()[1]}\n")
    sys.stdout.flush()
    server.run([socket])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
