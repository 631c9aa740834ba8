"""The feeds of the simulated Amazon of `patched_amazon`: each takes a minute and 20 ms a message."""

import json
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

FIXED, EACH = 60.0, 0.02
_FEEDS, _DOCUMENTS, _PLACE = "/feeds/2021-06-30/feeds", "/feeds/2021-06-30/documents", "/place/"
_MESSAGE = re.compile(rb'"messageId"')

Answer = tuple[int, object]


class Fed(NamedTuple):
    """One feed."""

    document_id: str
    created: str
    began_at: float
    messages: int


class Feeds:
    """Documents and feeds; those are worked through one after the other."""

    def __init__(self) -> None:
        self._documents: dict[str, bytes] = {}
        self._feeds: dict[str, Fed] = {}
        self._free_at = 0.0

    def answer(self, method: bytes, host: str, path: str, body: bytes) -> Answer | None:
        """None: it is about something else."""
        name = path.rpartition("/")[2]
        answers: Mapping[tuple[bytes, str], Callable[[], Answer]] = {
            (b"POST", _DOCUMENTS): lambda: (201, self._document(host)),
            (b"PUT", _PLACE + name): lambda: self._uploaded(name, body),
            (b"GET", _PLACE + name): lambda: (200, self._report(name)),
            (b"POST", _FEEDS): lambda: (202, self._create(json.loads(body))),
            (b"GET", f"{_FEEDS}/{name}"): lambda: (200, self._shown(name)),
            (b"GET", f"{_DOCUMENTS}/{name}"): lambda: (
                200,
                {"feedDocumentId": name, "url": host + _PLACE + name},
            ),
            (b"GET", _FEEDS): lambda: (200, {"feeds": [self._shown(each) for each in self._feeds]}),
        }
        found = answers.get((method, path))
        return found() if found else None

    def _document(self, host: str) -> object:
        name = f"document-{len(self._documents)}"
        self._documents[name] = b""
        return {"feedDocumentId": name, "url": host + _PLACE + name}

    def _uploaded(self, name: str, body: bytes) -> Answer:
        self._documents[name] = body
        return 200, {}

    def _create(self, wanted: Mapping[str, str]) -> object:
        name, document = f"{len(self._feeds) + 1}", wanted["inputFeedDocumentId"]
        messages = len(_MESSAGE.findall(self._documents[document]))
        began_at = max(self._free_at, time.monotonic())
        self._free_at = began_at + FIXED + EACH * messages
        self._feeds[name] = Fed(
            document, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), began_at, messages
        )
        return {"feedId": name}

    def _shown(self, name: str) -> object:
        feed = self._feeds[name]
        is_done = time.monotonic() >= feed.began_at + FIXED + EACH * feed.messages
        shown = {"feedId": name, "feedType": "JSON_LISTINGS_FEED", "createdTime": feed.created}
        if not is_done:
            return {**shown, "processingStatus": "IN_PROGRESS"}
        return {**shown, "processingStatus": "DONE", "resultFeedDocumentId": f"report-{name}"}

    def _report(self, name: str) -> object:
        feed_id = name.rpartition("-")[2]
        counts = dict.fromkeys(("messagesProcessed", "messagesAccepted"), self._feeds[feed_id].messages)
        summary = {"errors": 0, "warnings": 0, **counts, "messagesInvalid": 0}
        return {
            "header": {"sellerId": "A1SANDBOXEU", "version": "2.0", "feedId": feed_id},
            "issues": [],
            "summary": summary,
        }
