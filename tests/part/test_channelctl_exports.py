"""`price export`, `listing export --limits`, `listing limits`: pages, and files that can be loaded."""

from collections.abc import Callable
from pathlib import Path

import pytest

from channel_protocol.base import Request
from channel_protocol.limits import LimitsList, ListingLimitsRow, ListLimits
from channel_protocol.prices import ListPrices, PriceList
from tests.support.ctl import Ctl
from tests.support.fake_daemon import FakeDaemon
from tests.support.monitor_prices import price

LIMITS = "sku,end_when,stock_percentage,max_listed,ignore_sync\n"
LISTINGS = "channel,sku,item,link,asin\nuk,MUG,,unlinked,B01\n"


def own(sku: str, *texts: str) -> ListingLimitsRow:
    names = ("end_when", "stock_percentage", "max_listed", "ignore_sync")
    values = dict(zip(names, (*texts, "", "", "", ""), strict=False))
    return ListingLimitsRow(channel="uk", sku=sku, **values)


def limits_pages(*pages: tuple[ListingLimitsRow, ...]) -> Callable[[Request], list[LimitsList]]:
    """Each page after the last row of the one before."""

    def answer(request: Request) -> list[LimitsList]:
        assert isinstance(request, ListLimits)
        number = next((n for n, page in enumerate(pages, 1) if page[-1].sku == request.after), 0)
        page = pages[number]
        return [LimitsList(rows=page, after=page[-1].sku, more=number + 1 < len(pages))]

    return answer


def test_limits_are_exported_page_by_page_as_import_takes_them(
    daemon: FakeDaemon, ctl: Ctl, tmp_path: Path
) -> None:
    daemon.script(
        ListLimits, limits_pages((own("A", "0"), own("=B", "3", "33.3")), (own("C", "", "", "5", "on"),))
    )
    file = tmp_path / "limits.csv"
    assert ctl("listing", "export", "uk", str(file), "--limits").stdout == f"3 listings written to {file}.\n"
    assert file.read_text() == f"{LIMITS}A,zero,,,\n'=B,3,33.3,,\nC,,,5,on\n"
    lines = ctl("listing", "export", "uk", "-", "--limits", "--format", "jsonl").stdout.splitlines()
    assert len(lines) == 3
    assert '"end_when":"0"' in lines[0]
    assert ctl("listing", "export", "uk", "-", "--limits", "--link", "linked").exit_code == 2


def test_limits_are_listed_and_what_is_left_out_is_said(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.script(ListLimits, limits_pages((own("A", "0"), own("B", "3")), (own("C", "", "", "5", "on"),)))
    text = ctl("listing", "limits", "uk").stdout
    assert all(word in text for word in ("End When", "Max Listed", "Ignore Sync", "on"))
    assert "There are more" not in text
    assert (
        "`channelctl listing export uk FILE --limits`"
        in ctl("listing", "limits", "uk", "--limit", "2").stdout
    )
    assert ctl.json("listing", "limits", "uk", "--limit", "1") == [
        {
            "channel": "uk",
            "sku": "A",
            "end_when": "0",
            "stock_percentage": "",
            "max_listed": "",
            "ignore_sync": "",
        }
    ]
    daemon.on(ListLimits, LimitsList(rows=(), after="", more=False))
    assert "Nothing is set for a listing alone" in ctl("listing", "limits", "uk").stdout


def test_prices_are_exported_page_by_page(daemon: FakeDaemon, ctl: Ctl, tmp_path: Path) -> None:
    def answer(request: Request) -> list[PriceList]:
        assert isinstance(request, ListPrices)
        start = 500 if request.after else 0
        rows = tuple(price(number) for number in range(start, start + 500))
        return [PriceList(rows=rows, after=rows[-1].sku, more=not start)]

    daemon.script(ListPrices, answer)
    file = tmp_path / "prices.csv"
    assert "1,000 prices written" in ctl("price", "export", "uk", str(file)).stdout
    found = file.read_text().splitlines()
    assert len(found) == 1_001
    assert found[0].split(",")[:5] == ["sku", "price", "min_price", "max_price", "currency"]


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("listing", "import", "uk", "-"), "`channelctl listing export CHANNEL FILE --limits` writes"),
        (("price", "import", "uk", "-"), "`channelctl price export CHANNEL FILE` writes"),
    ],
)
def test_a_file_of_another_export_is_refused_with_the_command_that_writes_the_right_one(
    ctl: Ctl, words: tuple[str, ...], hint: str
) -> None:
    result = ctl(*words, typed=LISTINGS)
    assert result.exit_code == 1
    assert hint in result.stderr
