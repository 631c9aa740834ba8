"""A form whose answer says what a change would do; the change is made after a question."""

from collections.abc import Callable, Mapping, Sequence

import msgspec
from textual.content import Content

from channel_protocol.base import Reply, Request
from channeltop.asked import Asked, Raised
from channeltop.screens.entry import Entry, EntryField
from channeltop.screens.page import Page
from channeltop.screens.question import Question

__all__ = ["Consideration", "consider"]

Texts = Mapping[str, str]


class Consideration(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a person and of the daemon."""

    title: str
    body: Content
    fields: Sequence[EntryField]
    preview: Callable[[Texts], Request]
    """Texts as typed → what shows the consequences; what is wrong with them is said in the form."""
    question: Callable[[Reply], Content | None]
    """Of the preview's answer; None when nothing would change."""
    change: Callable[[Texts, Reply], Request]
    """What does it."""


def consider(page: Page, wanted: Consideration, done: Callable[[Reply], None]) -> None:
    """Ask for texts, show what they would do, and do it when a person agrees."""
    typed: dict[str, str] = {}

    def asked_for(texts: Texts) -> Request:
        typed.update(texts)
        return wanted.preview(texts)

    def previewed(reply: Reply | None) -> None:
        if reply is None:
            return
        body = wanted.question(reply)
        if body is None:
            page.notify("It is so already: nothing was changed.")
            return
        question = Question(wanted.title, body, "saves")
        page.post_message(Raised(question, lambda agreed: change(reply) if agreed else None))

    def change(seen: Reply) -> None:
        request = wanted.change(typed, seen)
        page.post_message(Asked(request, lambda reply: done(reply) if reply is not None else None))

    form = Entry(wanted.title, wanted.body, wanted.fields, asked_for, saves_on="ctrl+s", saves="what it does")
    page.post_message(Raised(form, previewed))
