"""Download listings on a key, alike on every page that has it."""

from textual.content import Content

from channel_protocol.errors import ClientError
from channel_protocol.listings import DownloadListings
from channeltop.asked import Asked, Raised
from channeltop.replies import failed
from channeltop.screens.page import Page
from channeltop.screens.question import Question

__all__ = ["Downloading"]

TOO_EARLY = "asked_recently"
"""What the daemon refuses with shortly after a success."""


class Downloading:
    """Of one page."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def download(self, channel: str) -> None:
        """Begin, or attach to the one that runs; shortly after a success it asks first."""
        request = DownloadListings(command_id="", channel=channel)
        self._page.post_message(Asked(request, failed=lambda error: self._refused(error, request)))

    def _refused(self, error: ClientError, request: DownloadListings) -> None:
        if error.code != TOO_EARLY:
            self._page.notify(failed(error, request), severity="error", markup=False)
            return
        again = DownloadListings(command_id="", channel=request.channel, again=True)
        body = Content(f"{error.message}\nAmazon would answer with the same, or with nothing.")
        question = Question(f"Download the listings of {request.channel} again?", body, "downloads them")

        def answered(agreed: bool | None) -> None:
            if agreed:
                self._page.post_message(Asked(again))

        self._page.post_message(Raised(question, answered))
