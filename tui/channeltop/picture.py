"""`python -m channeltop.picture FILE`: the monitor with sample rows as an SVG file, always the same."""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import anyio
import click
import msgspec

from channel_protocol import PROTOCOL_VERSION
from channel_protocol.base import Reply, Request
from channel_protocol.session import TOPICS, Attached, Delta, Hello, Snapshot
from channeltop import sample
from channeltop.app import ChannelTop
from channeltop.sample_answers import answer

__all__ = ["StandingClock", "main", "picture", "self_contained"]


class StandingClock:
    """It is always the sample's instant."""

    def now(self) -> datetime:
        return sample.NOW

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep_forever()


class SampleDaemon:
    """Answers with sample rows."""

    hello = Hello(protocol=PROTOCOL_VERSION, daemon="0.1.0", boot_id="sample", may_write=True)

    async def request(self, request: Request) -> Reply:
        return answer(request) or Attached(topics=TOPICS)

    async def events(self) -> AsyncIterator[Snapshot | Delta]:
        for topic in TOPICS:
            rows = msgspec.Raw(msgspec.json.encode(sample.rows(topic)))
            yield Snapshot(topic=topic, chunk=0, last=True, rows=rows)
        await anyio.sleep_forever()


@asynccontextmanager
async def connect(path: Path) -> AsyncGenerator[SampleDaemon]:
    """A connection to the sample daemon, wherever `path` is."""
    yield SampleDaemon()


async def picture(width: int, height: int, *keys: str, light: bool = False) -> str:
    """The monitor as SVG text, `width` by `height` cells, after those keys were pressed."""
    app = ChannelTop("sample", connect=connect, clock=StandingClock())
    async with app.run_test(size=(width, height)) as pilot:
        await pilot.pause()
        for key in ("D", *keys) if light else keys:
            await pilot.press(key)
            await pilot.pause()
            app.repaint()
        app.repaint()
        await pilot.pause()
        return self_contained(app.export_screenshot(title="channeltop"))


def self_contained(svg: str) -> str:
    """Without the fonts that it would fetch from elsewhere; the viewer's own monospaced one serves."""
    return re.sub(r"<!--.*?-->|@font-face \{.*?\}", "", svg, flags=re.DOTALL)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--width", default=124, show_default=True, help="Cells.")
@click.option("--height", default=34, show_default=True, help="Cells.")
@click.option("--light", is_flag=True, help="The light theme.")
@click.option("--press", default="", metavar="KEYS", help="Keys to press first, separated by commas.")
def main(file: Path, width: int, height: int, light: bool, press: str) -> None:
    """Draw the monitor with sample rows into FILE."""
    keys = press.split(",") if press else []
    file.write_text(asyncio.run(picture(width, height, *keys, light=light)), encoding="utf-8")


if __name__ == "__main__":
    main()
